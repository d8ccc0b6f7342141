package nobinaries_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/nobinaries"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestNoBinariesInSource(t *testing.T) {
	checktest.Run(t, nobinaries.Evaluate, []checktest.Case{
		checktest.It("none", checktest.Repositories(fact.Repository{FilesListed: true}), checktest.Pass, "No executable file"),
		checktest.It("two", checktest.Repositories(fact.Repository{Binaries: []string{"bin/tool", "a.dll"}}), checktest.Fail, "2 executable files in its tree, one of them a.dll"),
		checktest.It("the tree was not listed", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
		checktest.It("rated", checktest.Scorecard("Binary-Artifacts", 10), checktest.Pass, ""),
		checktest.It("rated lower", checktest.Scorecard("Binary-Artifacts", 9), checktest.Fail, ""),
	})
}
