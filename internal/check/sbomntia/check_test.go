package sbomntia_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomntia"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestSBOMNTIAElements(t *testing.T) {
	checktest.Run(t, sbomntia.Evaluate, []checktest.Case{
		checktest.It("every field", checktest.Inventories(checktest.Bill(nil)), checktest.Pass, ""),
		checktest.It("suppliers missing", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Supplied = 12 })), checktest.Fail, "88 of 100 components in the cyclonedx-json by syft 1.20 (6379636c6f6e) do not have a supplier"),
		checktest.It("no dependencies", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Dependencies = 0 })), checktest.Fail, "depend on each other"),
		checktest.It("a single component needs no dependencies", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) {
			i.Components, i.Supplied, i.Versioned, i.Identified, i.Dependencies = 1, 1, 1, 1, 0
		})), checktest.Pass, "1 component "),
		checktest.It("made by nobody", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Authors, i.Tool = 0, "" })), checktest.Fail, "who made it"),
		checktest.It("hashes are not asked for", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Hashed, i.Licensed = 0, 0 })), checktest.Pass, ""),
		checktest.It("a good list beside a poor one of the same thing", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Supplied = 0 }), checktest.Bill(nil)), checktest.Pass, ""),
		checktest.It("no components", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Components = 0 })), checktest.Cannot, "lists no component"),
	})
}
