// Package coveragecomplete asks whether every component could be assessed.
package coveragecomplete

import (
	"cmp"
	_ "embed"
	"fmt"
	"maps"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

//go:embed check.yaml
var Definition string

// Evaluate passes when no component could not be assessed. The commonest reason is
// named.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	matched := g.Matched(f)
	n := ground.Unassessed(f)
	switch {
	case n == 0 && !matched:
		return g.Cannot("No component of this release was compared with advisories. %s", ground.NoFindings)
	case n == 0:
		return g.Pass("Every component of the release was compared with advisories.")
	}
	reasons := slices.SortedFunc(maps.Keys(f.Coverage.Reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(f.Coverage.Reasons[b], f.Coverage.Reasons[a]), cmp.Compare(a, b))
	})
	why := ""
	for i, r := range reasons {
		g.Computed("Could not be assessed", fmt.Sprintf("%d, %s", f.Coverage.Reasons[r], r))
		if i == 0 {
			why = " Most often: " + finding.Reason(ground.Text(r)).Meaning()
			if why[len(why)-1] != '.' {
				why += "."
			}
		}
	}
	return g.Fail("%s could not be assessed.%s", ground.Count(n, "component", "components"), why)
}
