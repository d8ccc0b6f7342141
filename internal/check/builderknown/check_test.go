package builderknown_test

import (
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/builderknown"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestBuilderKnown(t *testing.T) {
	checktest.Run(t, builderknown.Evaluate, []checktest.Case{
		checktest.It("named, and the signer verified", released(nil), checktest.Pass, "built by https://github.com/actions/runner"),
		checktest.It("not named", released(func(a *fact.Attestation) { a.Builder = "" }), checktest.Fail, "names no builder"),
		checktest.It("signed with a key", released(func(a *fact.Attestation) { a.Identity, a.KeyID = "", "k1" }), checktest.Fail, "bare key"),
		checktest.It("does not count", released(func(a *fact.Attestation) { a.Counts = false }), checktest.Cannot, "does not count: its signature was not verified"),
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
