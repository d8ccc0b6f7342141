// Package sbomattested asks whether the bill of materials is signed.
package sbomattested

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for an attested bill of materials of a file of the release.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	files := ground.Files(f)
	counting, others := ground.Attestations(f, ground.BOM)
	covering := ground.Covering(counting, files)
	for _, a := range covering {
		g.Saw(a.Document, "Attested by", ground.Signer(a.Fact))
	}
	for _, a := range others {
		g.Beside(a.Document, "Attestation that does not count", ground.Problem(a.Fact))
	}
	switch {
	case len(files) == 0:
		return g.Cannot("The files of this release are not known. %s", ground.NoArtifacts)
	case len(covering) > 0:
		return g.Pass("A bill of materials of a file of this release is attested by %s.", ground.Signer(covering[0].Fact))
	case len(counting) > 0:
		return g.Fail("The attested bill of materials by %s is of another file than those of this release.", ground.Signer(counting[0].Fact))
	case len(others) > 0:
		return g.Fail("The attestation of the bill of materials does not count: %s.", ground.Problem(others[0].Fact))
	}
	return g.Cannot("No attestation of a bill of materials is known for this release. %s", ground.NoAttestations)
}
