package sbomcisa_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomcisa"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestSBOMCISA2025Elements(t *testing.T) {
	checktest.Run(t, sbomcisa.Evaluate, []checktest.Case{
		checktest.It("every field", checktest.Inventories(checktest.Bill(nil)), checktest.Pass, ""),
		checktest.It("no hashes", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Hashed = 0 })), checktest.Fail, "do not have a hash"),
		checktest.It("no author", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Authors = 0 })), checktest.Fail, "name an author"),
		checktest.It("no tool", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Tool = "" })), checktest.Fail, "name the tool"),
		checktest.It("no dependencies", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Dependencies = 0 })), checktest.Fail, "depend"),
		checktest.It("no components", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Components = 0 })), checktest.Cannot, ""),
	})
}
