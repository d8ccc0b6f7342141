// Package fixnottaken asks for fixes that nobody takes.
package fixnottaken

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

//go:embed check.yaml
var Definition string

// days that a component may stay affected when a fixed version is known.
const days = 90

// Evaluate looks for affected components that waited too long.
func Evaluate(f check.Facts) check.Verdict {
	list := ground.Findings(f, func(x check.FindingFact) bool {
		return x.Verdict == finding.Affected && len(x.Fixed) > 0 && x.FirstSeen <= f.Now-ground.Days(days)
	})
	return ground.New(f).None(f, list, func(x check.FindingFact, _ int) string {
		return ground.Called(x) + " has been open since " + ground.Day(x.FirstSeen) + " and is put right in " + ground.Least(x.Fixed) + "."
	}, "No affected component has waited for 90 days with a fix at hand.")
}
