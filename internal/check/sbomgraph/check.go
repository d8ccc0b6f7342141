// Package sbomgraph asks whether it is known how components come into the product.
package sbomgraph

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for edges. A product of one component has none to record.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachSubject(f, "Dependencies", func(i check.InventoryFact) (ground.Answer, string, string) {
		doc, value := ground.Name(i.Document), fmt.Sprint(i.Dependencies)
		switch {
		case i.Dependencies > 0:
			return ground.Yes, fmt.Sprintf("The %s records %s between %s.", doc, ground.Count(i.Dependencies, "dependency", "dependencies"), ground.Count(i.Components, "component", "components")), value
		case i.Components == 1:
			return ground.Unsaid, fmt.Sprintf("The %s has a single component, so there is no dependency to record.", doc), value
		}
		return ground.No, fmt.Sprintf("The %s lists %d components and not one dependency.", doc, i.Components), value
	})
}
