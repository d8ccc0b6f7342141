// Package sbomntia scores a bill of materials against the minimum elements of 2021.
package sbomntia

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for the seven fields. The name is there by the formats' own rules,
// and the time is that of the document.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachSubject(f, "Data fields of 2021", func(i check.InventoryFact) (ground.Answer, string, string) {
		answer, words, value := ground.Filled(i, 100, ground.Supplier, ground.Version, ground.Identifier)
		value += fmt.Sprintf("; dependencies %d; authors %d", i.Dependencies, i.Authors)
		switch {
		case answer != ground.Yes:
		case i.Dependencies == 0 && i.Components > 1:
			answer, words = ground.No, fmt.Sprintf("The %s does not say how its components depend on each other.", ground.Name(i.Document))
		case i.Authors == 0 && i.Tool == "":
			answer, words = ground.No, fmt.Sprintf("The %s does not say who made it.", ground.Name(i.Document))
		}
		return answer, words, value
	})
}
