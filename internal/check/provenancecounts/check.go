// Package provenancecounts asks whether the origin of a release is proved.
package provenancecounts

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for provenance that counts and covers a file.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	covering, why := g.Provenance(f)
	if why == nil {
		return g.Pass("Build provenance that was verified names a file of this release, by %s.", ground.Signer(covering[0].Fact))
	}
	counting, others := ground.Attestations(f, ground.SLSA)
	for _, a := range others {
		g.Saw(a.Document, "Provenance that does not count", ground.Problem(a.Fact))
	}
	switch {
	case len(ground.Files(f)) == 0 || len(counting)+len(others) == 0:
		return *why
	case len(counting) > 0:
		return g.Fail("The provenance by %s speaks of other files than those of this release.", ground.Signer(counting[0].Fact))
	}
	return g.Fail("The provenance of this release does not count: %s.", ground.Problem(others[0].Fact))
}
