// Package classreturns asks whether a class of flaw that was published is still in the code.
package classreturns

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate judges each weakness of the maker's records by itself. A failure speaks
// first, then what could not be decided.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	var cwes []string
	for _, c := range f.CVEs {
		if c.Fact.State == "REJECTED" {
			continue
		}
		g.Beside(c.Document, "CVE record", c.Fact.ID)
		for _, cwe := range c.Fact.CWEs {
			if cwe = ground.CWE(cwe); strings.HasPrefix(cwe, "CWE-") && !slices.Contains(cwes, cwe) {
				cwes = append(cwes, cwe)
			}
		}
	}
	if len(cwes) == 0 {
		return g.Cannot("No CVE record of your own with a weakness is known. Push your records (CVE JSON 5).")
	}
	slices.Sort(cwes)
	var clean []check.Verdict
	var open *check.Verdict
	for _, cwe := range cwes {
		v := ground.Weakness{Name: "a weakness that you published", CWEs: []string{ground.Text(cwe)}, Kinds: []fact.ScanKind{fact.Static, fact.Dynamic}}.Judge(f)
		switch {
		case v.Outcome == assessment.Fail:
			return v
		case v.Outcome == assessment.Pass:
			clean = append(clean, v)
		case open == nil:
			open = &v
		}
	}
	if open != nil {
		return *open
	}
	for _, v := range clean {
		g.Joined(v)
	}
	return g.Pass("Rules for %s ran, and nothing is open.", ground.Text(strings.Join(cwes, ", ")))
}
