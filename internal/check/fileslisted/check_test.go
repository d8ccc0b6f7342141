package fileslisted_test

import (
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/fileslisted"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestReleaseFilesListed(t *testing.T) {
	list := func(files ...fact.Artifact) check.Facts {
		return check.Facts{Artifacts: checktest.List(fact.Artifacts{Files: files})}
	}
	a, b := strings.Repeat("ab", 32), strings.Repeat("CD", 32)
	checktest.Run(t, fileslisted.Evaluate, []checktest.Case{
		checktest.It("two files", list(fact.Artifact{Name: "a", SHA256: a}, fact.Artifact{Name: "b", SHA256: b}), checktest.Pass, "2 files of the release are listed"),
		checktest.It("the same file twice", list(fact.Artifact{Name: "a", SHA256: a}, fact.Artifact{Name: "a", SHA256: strings.ToUpper(a)}), checktest.Pass, "1 file"),
		checktest.It("no digest", list(fact.Artifact{Name: "a", SHA256: a}, fact.Artifact{Name: "b"}), checktest.Fail, "b has no SHA-256 digest"),
		checktest.It("two digests", list(fact.Artifact{Name: "a", SHA256: a}, fact.Artifact{Name: "a", SHA256: b}), checktest.Fail, "a is listed with two digests"),
		checktest.It("an empty list", list(), checktest.Cannot, "Push the list"),
	})
}
