package buildinputs_test

import (
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/buildinputs"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestBuildInputsRecorded(t *testing.T) {
	checktest.Run(t, buildinputs.Evaluate, []checktest.Case{
		checktest.It("both", released(nil), checktest.Pass, "3 materials"),
		checktest.It("no parameters", released(func(a *fact.Attestation) { a.Parameters = false }), checktest.Fail, "parameters"),
		checktest.It("no materials", released(func(a *fact.Attestation) { a.Materials = 0 }), checktest.Fail, "what went into"),
		checktest.It("does not count", released(func(a *fact.Attestation) { a.Counts = false }), checktest.Cannot, ""),
		checktest.It("of another file", released(func(a *fact.Attestation) { a.Subjects = nil }), checktest.Cannot, "other files"),
		checktest.It("no provenance", check.Facts{Artifacts: released(nil).Artifacts}, checktest.Cannot, "Push"),
	})
}

func released(change func(*fact.Attestation)) check.Facts {
	digest := strings.Repeat("ab", 32)
	a := fact.Attestation{PredicateType: "https://slsa.dev/provenance/v1", Signed: true, Counts: true, Identity: "https://github.com/example/shop/.github/workflows/release.yml",
		Subjects: []fact.Subject{{Name: "shop.tar.gz", Digests: map[string]string{"sha256": digest}}}, Builder: "https://github.com/actions/runner",
		Source: "git+https://github.com/example/shop", Commit: "4b825dc642cb6eb9a060e54bf8d69288fbee4904", Parameters: true, Materials: 3}
	if change != nil {
		change(&a)
	}
	return check.Facts{Attestations: checktest.List(a), Artifacts: checktest.List(fact.Artifacts{Files: []fact.Artifact{{Name: "shop.tar.gz", SHA256: digest}}})}
}
