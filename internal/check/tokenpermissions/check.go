// Package tokenpermissions asks whether build jobs state the rights that they need.
package tokenpermissions

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
		Scorecard: "Token-Permissions", AtLeast: 10,
		Missing: ground.NoRating,
	}.Judge(f)
}
