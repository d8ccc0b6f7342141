package sbomhashes_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomhashes"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestSBOMHashes(t *testing.T) {
	checktest.Run(t, sbomhashes.Evaluate, []checktest.Case{
		checktest.It("all of them", checktest.Inventories(checktest.Bill(nil)), checktest.Pass, ""),
		checktest.It("one without", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Hashed = 99 })), checktest.Fail, "1 of 100 components"),
		checktest.It("no components", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Components = 0 })), checktest.Cannot, ""),
	})
}
