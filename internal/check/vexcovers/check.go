// Package vexcovers asks whether the statements can cover what was found.
package vexcovers

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

//go:embed check.yaml
var Definition string

// Evaluate counts. Fewer statements than vulnerabilities cannot cover them; that
// there are enough does not show that they do.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	said := 0
	for _, s := range f.Statements {
		n := 0
		for _, count := range s.Fact.ByStatus {
			n += max(count, 0)
		}
		said += n
		g.Beside(s.Document, "VEX statements", fmt.Sprint(n))
	}
	matched := g.Matched(f)
	found := map[string]bool{}
	for _, x := range f.Findings {
		if ground.Open(x) || x.Verdict == finding.NotAffectedByDecision || x.Verdict == finding.Fixed {
			found[x.ID] = true
		}
	}
	switch {
	case len(f.Statements) == 0 && matched && len(found) == 0 && ground.Unassessed(f) == 0:
		return g.Nothing("No vulnerability was found, so there is nothing to state.")
	case len(f.Statements) == 0:
		return g.Cannot("There is no VEX document for this release. Push one (OpenVEX, CycloneDX VEX or CSAF VEX).")
	case said < len(found):
		return g.Fail("%s for %s.", ground.Count(said, "VEX statement", "VEX statements"), ground.Count(len(found), "vulnerability found", "vulnerabilities found"))
	case !matched:
		return g.Cannot("No component of this release was compared with advisories. %s", ground.NoFindings)
	case len(found) == 0 && said == 0:
		return g.Nothing("No vulnerability was found, and the VEX documents state nothing.")
	}
	return g.Pass("%s for %s.", ground.Count(said, "VEX statement", "VEX statements"), ground.Count(len(found), "vulnerability found", "vulnerabilities found"))
}
