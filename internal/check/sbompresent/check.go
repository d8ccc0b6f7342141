// Package sbompresent asks whether a release has a bill of materials that lists anything.
package sbompresent

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate passes when every subject that a bill of materials describes has one
// with components.
func Evaluate(f check.Facts) check.Verdict {
	if empty(f.Inventories) {
		g := ground.New(f)
		for _, i := range f.Inventories {
			g.Saw(i.Document, "Components", "0")
		}
		return g.Fail("The %s lists no component.", name(f.Inventories))
	}
	return ground.EachSubject(f, "Components", func(i check.InventoryFact) (ground.Answer, string, string) {
		return ground.Yes, fmt.Sprintf("The %s lists %s.", ground.Name(i.Document), ground.Count(i.Components, "component", "components")), fmt.Sprint(i.Components)
	})
}

func empty(list []check.InventoryFact) bool {
	for _, i := range list {
		if i.Components > 0 {
			return false
		}
	}
	return len(list) > 0
}

// name is the same whatever the order.
func name(list []check.InventoryFact) string {
	first := ""
	for _, i := range list {
		if n := ground.Name(i.Document); first == "" || n < first {
			first = n
		}
	}
	return first
}
