// Package buildinputs asks what went into a build.
package buildinputs

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate looks at every provenance that covers a file.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	covering, why := g.Provenance(f)
	if why != nil {
		return *why
	}
	for _, a := range covering {
		g.Saw(a.Document, "Inputs", fmt.Sprintf("parameters %t, materials %d", a.Fact.Parameters, a.Fact.Materials))
		switch {
		case !a.Fact.Parameters:
			return g.Fail("The provenance by %s does not record the parameters of the build.", ground.Signer(a.Fact))
		case a.Fact.Materials <= 0:
			return g.Fail("The provenance by %s does not record what went into the build.", ground.Signer(a.Fact))
		}
	}
	return g.Pass("The provenance records the parameters and %s of the build.", ground.Count(covering[0].Fact.Materials, "material", "materials"))
}
