// Package overduefindings asks for findings past their due date.
package overduefindings

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for open findings whose due date has come.
func Evaluate(f check.Facts) check.Verdict {
	list := ground.Findings(f, func(x check.FindingFact) bool { return ground.Open(x) && x.DueAt != 0 && x.DueAt <= f.Now })
	return ground.New(f).None(f, list, func(x check.FindingFact, _ int) string {
		return ground.Called(x) + " was due on " + ground.Day(x.DueAt) + "."
	}, "No open finding is past its due date.")
}
