// Package sbomvalid asks whether the bill of materials keeps the rules of its format.
package sbomvalid

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate passes documents without a fault.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachSubject(f, "Faults", func(i check.InventoryFact) (ground.Answer, string, string) {
		doc, value := ground.Name(i.Document), fmt.Sprint(i.Faults)
		if i.Faults > 0 {
			return ground.No, fmt.Sprintf("The %s has %s.", doc, ground.Count(i.Faults, "fault", "faults")), value
		}
		return ground.Yes, fmt.Sprintf("The %s breaks no rule of its format.", doc), value
	})
}
