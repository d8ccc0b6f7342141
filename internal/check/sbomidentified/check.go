// Package sbomidentified asks whether every component can be looked up.
package sbomidentified

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for an identifier and a version of every component.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachSubject(f, "Components that can be looked up", func(i check.InventoryFact) (ground.Answer, string, string) {
		return ground.Filled(i, 100, ground.Identifier, ground.Version)
	})
}
