// Package threatmodel asks for a threat model beside the source.
package threatmodel

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository. Whether the model is right is for a person to judge.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Threat model",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.File(r, fact.FileThreatModel, name, "The threat model of %s is %s.", "%s has no threat model.")
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
