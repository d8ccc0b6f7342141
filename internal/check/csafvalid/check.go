// Package csafvalid asks whether programs can read the advisories.
package csafvalid

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate looks at the count of failed tests.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	if len(f.Publications) == 0 {
		return g.Cannot("%s", ground.NoPublications)
	}
	bad, worst := 0, ""
	for _, p := range ground.Sorted(f.Publications) {
		g.Saw(p.Document, "Failed tests", fmt.Sprintf("%d, %s", p.Fact.FailedTests, p.Fact.ID))
		if p.Fact.FailedTests > 0 {
			bad++
			if words := fmt.Sprintf("%s fails %s of CSAF", ground.Named(p.Fact), ground.Count(p.Fact.FailedTests, "mandatory test", "mandatory tests")); worst == "" || words < worst {
				worst = words
			}
		}
	}
	if bad > 0 {
		return g.Fail("%s.%s", worst, ground.Others(bad-1))
	}
	return g.Pass("%s the mandatory tests of CSAF.", ground.Count(len(f.Publications), "advisory passes", "advisories pass"))
}
