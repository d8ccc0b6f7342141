package sbomattested_test

import (
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomattested"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestSBOMSigned(t *testing.T) {
	of := func(change func(*fact.Attestation)) check.Facts {
		return released(func(a *fact.Attestation) {
			a.PredicateType = "https://spdx.dev/Document/v2.3"
			if change != nil {
				change(a)
			}
		})
	}
	checktest.Run(t, sbomattested.Evaluate, []checktest.Case{
		checktest.It("SPDX", of(nil), checktest.Pass, "attested by"),
		checktest.It("CycloneDX", of(func(a *fact.Attestation) { a.PredicateType = "https://cyclonedx.org/bom/v1.6" }), checktest.Pass, ""),
		checktest.It("does not count", of(func(a *fact.Attestation) { a.Counts, a.Problem = false, "expired." }), checktest.Fail, "does not count: expired."),
		checktest.It("of another file", of(func(a *fact.Attestation) { a.Subjects = nil }), checktest.Fail, "another file"),
		checktest.It("provenance only", released(nil), checktest.Cannot, "Push the attestations"),
		checktest.It("files not known", check.Facts{Attestations: of(nil).Attestations}, checktest.Cannot, "touchstone.artifacts/v1"),
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
