package sourcerecorded_test

import (
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sourcerecorded"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestSourceCommitRecorded(t *testing.T) {
	of := func(name string) check.Facts {
		return checktest.With(released(nil), func(f *check.Facts) { f.Repositories = checktest.List(fact.Repository{Repository: name}) })
	}
	checktest.Run(t, sourcerecorded.Evaluate, []checktest.Case{
		checktest.It("named", released(nil), checktest.Pass, "of github.com/example/shop"),
		checktest.It("a repository of the system", of("git@github.com:example/shop.git"), checktest.Pass, "4b825dc642cb6eb9a060e54bf8d69288fbee4904"),
		checktest.It("another repository", of("https://github.com/example/other"), checktest.Fail, "github.com/example/shop, which is no repository"),
		checktest.It("no commit", released(func(a *fact.Attestation) { a.Commit = "" }), checktest.Fail, "does not name the source"),
		checktest.It("does not count", released(func(a *fact.Attestation) { a.Counts = false }), checktest.Cannot, ""),
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
