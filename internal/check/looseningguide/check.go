// Package looseningguide asks whether the product is safe until somebody loosens it.
package looseningguide

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository. Whether hardening steps are left is for a person to see.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Loosening guide",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.File(r, fact.FileLoosening, name, "The loosening guide of %s is %s.", "%s has no loosening guide.")
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
