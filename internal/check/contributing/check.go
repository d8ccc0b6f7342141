// Package contributing asks how others can take part.
package contributing

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Guide for contributors",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.File(r, fact.FileContributing, name, "The guide for contributors of %s is %s.", "%s has no guide for contributors.")
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
