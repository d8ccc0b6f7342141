// Package feedsfresh asks how old the advisories are.
package feedsfresh

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate compares the age of the oldest feed with what feeds are expected to do.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	if !g.Matched(f) {
		return g.Cannot("No component of this release was compared with advisories. %s", ground.NoFindings)
	}
	if f.Now-f.Coverage.FeedsAsOf > advisory.DefaultFeedPolicy().StaleAfter {
		return g.Fail("The oldest advisories that were used are of %s.", ground.Day(f.Coverage.FeedsAsOf))
	}
	return g.Pass("The oldest advisories that were used are of %s.", ground.Day(f.Coverage.FeedsAsOf))
}
