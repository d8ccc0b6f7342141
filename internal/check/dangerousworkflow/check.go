// Package dangerousworkflow asks whether strangers can run code with the secrets of the build.
package dangerousworkflow

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate asks Scorecard, which gives ten points or none.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		Scorecard: "Dangerous-Workflow", AtLeast: 10,
		Missing: ground.NoRating,
	}.Judge(f)
}
