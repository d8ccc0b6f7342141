package provenancecounts_test

import (
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/provenancecounts"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestProvenanceCounts(t *testing.T) {
	checktest.Run(t, provenancecounts.Evaluate, []checktest.Case{
		checktest.It("verified, and of a file", released(nil), checktest.Pass, "by https://github.com/example/shop/.github/workflows/release.yml"),
		checktest.It("in an older version of the format", released(func(a *fact.Attestation) { a.PredicateType = "https://slsa.dev/provenance/v0.2" }), checktest.Pass, ""),
		checktest.It("not verified", released(func(a *fact.Attestation) { a.Counts, a.Problem = false, "the certificate chains to no trusted root" }), checktest.Fail, "chains to no trusted root"),
		checktest.It("of another file", released(func(a *fact.Attestation) { a.Subjects[0].Digests["sha256"] = strings.Repeat("cd", 32) }), checktest.Fail, "speaks of other files"),
		checktest.It("of the same name and another digest", released(func(a *fact.Attestation) { a.Subjects[0].Digests = map[string]string{"sha1": "ab"} }), checktest.Fail, "other files"),
		checktest.It("of another kind", released(func(a *fact.Attestation) { a.PredicateType = "https://example.com/review/v1" }), checktest.Cannot, "no build provenance"),
		checktest.It("files not known", checktest.With(released(nil), func(f *check.Facts) { f.Artifacts = nil }), checktest.Cannot, "touchstone.artifacts/v1"),
		checktest.It("a digest that is none", checktest.With(released(nil), func(f *check.Facts) { f.Artifacts[0].Fact.Files[0].SHA256 = "ab" }), checktest.Cannot, "not known"),
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
