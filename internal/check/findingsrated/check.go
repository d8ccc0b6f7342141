// Package findingsrated asks whether the severity of every finding is known.
package findingsrated

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for open findings without a rating.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	unrated := ground.Findings(f, func(x check.FindingFact) bool {
		return ground.Open(x) && (x.Band == advisory.Unrated || x.Band == "")
	})
	for _, x := range unrated {
		g.Computed("Finding without a rating", ground.Called(x))
	}
	matched := g.Matched(f)
	switch {
	case len(unrated) > 0:
		return g.Fail("%s has no rating that can be read.%s", ground.Called(unrated[0]), ground.Others(len(unrated)-1))
	case !matched:
		return g.Cannot("No component of this release was compared with advisories. %s", ground.NoFindings)
	}
	return g.Pass("Every open finding has a rating.")
}
