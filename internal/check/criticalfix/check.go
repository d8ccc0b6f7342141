// Package criticalfix asks for critical findings that have a remedy.
package criticalfix

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for affected components with a critical vulnerability and a
// version that puts it right.
func Evaluate(f check.Facts) check.Verdict {
	list := ground.Findings(f, func(x check.FindingFact) bool {
		return x.Verdict == finding.Affected && x.Band == advisory.BandCritical && len(x.Fixed) > 0
	})
	return ground.New(f).None(f, list, func(x check.FindingFact, _ int) string {
		return ground.Called(x) + " is critical and put right in " + ground.Least(x.Fixed) + "."
	}, "No critical vulnerability with a known fix is left in.")
}
