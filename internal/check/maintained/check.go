// Package maintained asks whether somebody still looks after the source.
package maintained

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate asks Scorecard.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		Scorecard: "Maintained", AtLeast: 5,
		Missing: ground.NoRating,
	}.Judge(f)
}
