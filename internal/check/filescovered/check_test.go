package filescovered_test

import (
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/filescovered"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestReleaseFilesSigned(t *testing.T) {
	second := func(f *check.Facts) {
		f.Artifacts[0].Fact.Files = append(f.Artifacts[0].Fact.Files, fact.Artifact{Name: "shop.msi", SHA256: strings.Repeat("cd", 32)})
	}
	checktest.Run(t, filescovered.Evaluate, []checktest.Case{
		checktest.It("one file", released(nil), checktest.Pass, "name 1 file"),
		checktest.It("by a statement of any kind", released(func(a *fact.Attestation) { a.PredicateType = "https://example.com/x" }), checktest.Pass, ""),
		checktest.It("a second file without one", checktest.With(released(nil), second), checktest.Fail, "the digest of shop.msi"),
		checktest.It("a statement that does not count", released(func(a *fact.Attestation) { a.Counts = false }), checktest.Fail, "shop.tar.gz"),
		checktest.It("a file without a digest", checktest.With(released(nil), func(f *check.Facts) { second(f); f.Artifacts[0].Fact.Files[1].SHA256 = "" }), checktest.Fail, "shop.msi"),
		checktest.It("no statement", checktest.With(released(nil), func(f *check.Facts) { f.Attestations = nil }), checktest.Cannot, "in-toto"),
		checktest.It("files not known", checktest.With(released(nil), func(f *check.Facts) { f.Artifacts = nil }), checktest.Cannot, "touchstone.artifacts/v1"),
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
