// Package investigationsend asks for investigations that do not end.
package investigationsend

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

//go:embed check.yaml
var Definition string

// days that an investigation may take.
const days = 30

// Evaluate looks for investigations that take too long.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	long := ground.Findings(f, func(x check.FindingFact) bool {
		return x.Verdict == finding.UnderInvestigation && x.FirstSeen <= f.Now-ground.Days(days)
	})
	for _, x := range long {
		g.Computed("Under investigation", ground.Called(x))
	}
	matched := g.Matched(f)
	switch {
	case len(long) > 0:
		return g.Fail("%s has been under investigation since %s.%s", ground.Called(long[0]), ground.Day(long[0].FirstSeen), ground.Others(len(long)-1))
	case !matched:
		return g.Cannot("No component of this release was compared with advisories. %s", ground.NoFindings)
	}
	return g.Pass("No finding has been under investigation for %d days or more.", days)
}
