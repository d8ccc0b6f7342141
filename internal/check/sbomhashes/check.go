// Package sbomhashes asks whether components can be compared with the real files.
package sbomhashes

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for a hash of every component.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachSubject(f, "Components with a hash", func(i check.InventoryFact) (ground.Answer, string, string) {
		return ground.Filled(i, 100, ground.Hash)
	})
}
