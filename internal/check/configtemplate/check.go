// Package configtemplate asks for settings that customers can take as they are.
package configtemplate

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
		What: "Template of settings",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.File(r, fact.FileConfigTemplate, name, "The template of secure settings of %s is %s.", "%s has no template of secure settings.")
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
