package sbomvalid_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomvalid"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestSBOMValid(t *testing.T) {
	checktest.Run(t, sbomvalid.Evaluate, []checktest.Case{
		checktest.It("no fault", checktest.Inventories(checktest.Bill(nil)), checktest.Pass, ""),
		checktest.It("three faults", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Faults = 3 })), checktest.Fail, "has 3 faults"),
		checktest.It("no components", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Components = 0 })), checktest.Cannot, ""),
	})
}
