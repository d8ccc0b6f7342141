// Package csaffinal asks whether advisories are finished.
package csaffinal

import (
	"cmp"
	_ "embed"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// days that an advisory may be interim.
const days = 30

// Evaluate looks at the status of each advisory.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	if len(f.Publications) == 0 {
		return g.Cannot("%s", ground.NoPublications)
	}
	bad, worst := 0, ""
	for _, p := range ground.Sorted(f.Publications) {
		status := strings.ToLower(p.Fact.Status)
		g.Saw(p.Document, "Status", cmp.Or(status, "not said")+", "+p.Fact.ID)
		words := ""
		switch {
		case status == "final":
		case status == "interim" && p.Fact.ReleasedAt > f.Now-ground.Days(days):
		case status == "interim":
			words = ground.Named(p.Fact) + " has been interim since " + ground.Day(p.Fact.ReleasedAt)
		default:
			words = ground.Named(p.Fact) + " is published with the status " + cmp.Or(ground.Text(status), "unknown")
		}
		if words != "" {
			bad++
			if worst == "" || words < worst {
				worst = words
			}
		}
	}
	if bad > 0 {
		return g.Fail("%s.%s", worst, ground.Others(bad-1))
	}
	return g.Pass("%s final, or not interim for long.", ground.Count(len(f.Publications), "advisory is", "advisories are"))
}
