// Package sbomsupplier asks whether it is known who stands behind the components.
package sbomsupplier

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// share of the components, in percent, that has to name a supplier. Some small
// packages name nobody anywhere, so it is not all of them.
const share = 90

// Evaluate asks who supplied the components.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachSubject(f, "Components with a supplier", func(i check.InventoryFact) (ground.Answer, string, string) {
		return ground.Filled(i, share, ground.Supplier)
	})
}
