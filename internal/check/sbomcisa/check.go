// Package sbomcisa scores a bill of materials against the draft minimum elements of 2025.
package sbomcisa

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for the fields of the draft that a bill of materials can show.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachSubject(f, "Data fields of the draft of 2025", func(i check.InventoryFact) (ground.Answer, string, string) {
		answer, words, value := ground.Filled(i, 100, ground.Supplier, ground.Version, ground.Identifier, ground.Hash, ground.Licence)
		value += fmt.Sprintf("; dependencies %d; authors %d", i.Dependencies, i.Authors)
		doc := ground.Name(i.Document)
		switch {
		case answer != ground.Yes:
		case i.Dependencies == 0 && i.Components > 1:
			answer, words = ground.No, fmt.Sprintf("The %s does not say how its components depend on each other.", doc)
		case i.Authors == 0:
			answer, words = ground.No, fmt.Sprintf("The %s does not name an author.", doc)
		case i.Tool == "":
			answer, words = ground.No, fmt.Sprintf("The %s does not name the tool that made it.", doc)
		}
		return answer, words, value
	})
}
