package ground

import (
	"cmp"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

// NoInventory says what to deliver when there is no bill of materials.
const NoInventory = "Push a software bill of materials (CycloneDX or SPDX) for this release."

// EachSubject asks the bills of materials of a release. Several may describe the
// same thing, made by different tools: one that answers yes is enough for its
// subject, and every subject has to have one.
func EachSubject(f check.Facts, what string, ask func(check.InventoryFact) (answer Answer, words, value string)) check.Verdict {
	g := New(f)
	var said []Said
	for _, i := range f.Inventories {
		answer, words, value := ask(i)
		if i.Components <= 0 {
			answer, words, value = Unsaid, fmt.Sprintf("The %s lists no component.", Name(i.Document)), "no components"
		}
		g.Beside(i.Document, what, value)
		said = append(said, Said{Subject: i.Subject, Answer: answer, Words: words, doc: i.Document})
	}
	return g.every(said, best, NoInventory)
}

// Element is a thing that a bill of materials should say of its components.
type Element struct {
	Name string // "a supplier"
	Has  func(check.InventoryFact) int
}

// Elements of bills of materials, by the names that the minimum elements use.
var (
	Supplier   = Element{"a supplier", func(i check.InventoryFact) int { return i.Supplied }}
	Version    = Element{"a version", func(i check.InventoryFact) int { return i.Versioned }}
	Identifier = Element{"an identifier that can be looked up", func(i check.InventoryFact) int { return i.Identified }}
	Hash       = Element{"a hash", func(i check.InventoryFact) int { return i.Hashed }}
	Licence    = Element{"a licence", func(i check.InventoryFact) int { return i.Licensed }}
)

// Filled is the answer whether at least percent of the components have each
// element. The element with the widest gap is named.
func Filled(i check.InventoryFact, percent int, elements ...Element) (Answer, string, string) {
	var worst Element
	gap, value := 0, ""
	for _, e := range elements {
		have := min(max(e.Has(i), 0), i.Components)
		value += fmt.Sprintf("%s %d of %d; ", e.Name, have, i.Components)
		if missing := i.Components - have; have*100 < percent*i.Components && missing > gap {
			worst, gap = e, missing
		}
	}
	value = value[:max(0, len(value)-2)]
	if gap > 0 {
		return No, fmt.Sprintf("%d of %d components in the %s do not have %s.", gap, i.Components, Name(i.Document), worst.Name), value
	}
	return Yes, fmt.Sprintf("The %s fills in what is asked for %s of %s.", Name(i.Document), Count(i.Components, "component", "components"),
		cmp.Or(Text(i.Subject), "a subject that it does not name")), value
}
