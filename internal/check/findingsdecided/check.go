// Package findingsdecided asks whether somebody looked at every finding.
package findingsdecided

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// days that a finding may wait for a decision.
const days = 14

// Evaluate looks for open findings that waited too long.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	waiting := ground.Findings(f, func(x check.FindingFact) bool {
		return ground.Open(x) && x.DecidedBy == "" && x.FirstSeen <= f.Now-ground.Days(days)
	})
	for _, x := range waiting {
		g.Computed("Finding without a decision", ground.Called(x))
	}
	matched := g.Matched(f)
	switch {
	case len(waiting) > 0:
		return g.Fail("%s has waited for a decision since %s.%s", ground.Called(waiting[0]), ground.Day(waiting[0].FirstSeen), ground.Others(len(waiting)-1))
	case !matched:
		return g.Cannot("No component of this release was compared with advisories. %s", ground.NoFindings)
	}
	return g.Pass("No finding has waited for a decision for %d days or more.", days)
}
