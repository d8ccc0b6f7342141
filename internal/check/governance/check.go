// Package governance asks who may do what.
package governance

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
		What: "Roles",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.File(r, fact.FileGovernance, name, "Roles in %s are written down in %s.", "%s does not say who has which role.")
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
