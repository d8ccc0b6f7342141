// Package builderknown asks where a release was built, and who says so.
package builderknown

import (
	"cmp"
	_ "embed"

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
		g.Saw(a.Document, "Builder", cmp.Or(a.Fact.Builder, "not named"))
		switch {
		case a.Fact.Builder == "":
			return g.Fail("The provenance by %s names no builder.", ground.Signer(a.Fact))
		case a.Fact.Identity == "":
			return g.Fail("The provenance of %s is signed by a bare key and not by a verified identity.", ground.Text(a.Fact.Builder))
		}
	}
	return g.Pass("The release was built by %s, says %s.", ground.Text(covering[0].Fact.Builder), ground.Signer(covering[0].Fact))
}
