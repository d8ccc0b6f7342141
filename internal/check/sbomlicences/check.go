// Package sbomlicences asks whether the licence of every component is known.
package sbomlicences

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for a licence of every component.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachSubject(f, "Components with a licence", func(i check.InventoryFact) (ground.Answer, string, string) {
		return ground.Filled(i, 100, ground.Licence)
	})
}
