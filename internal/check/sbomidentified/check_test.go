package sbomidentified_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomidentified"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestSBOMComponentsIdentified(t *testing.T) {
	checktest.Run(t, sbomidentified.Evaluate, []checktest.Case{
		checktest.It("all of them", checktest.Inventories(checktest.Bill(nil)), checktest.Pass, "100 components of shop 1.2.0"),
		checktest.It("two without an identifier", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Identified = 98 })), checktest.Fail, "2 of 100 components"),
		checktest.It("more without a version", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Identified, i.Versioned = 98, 90 })), checktest.Fail, "10 of 100 components in the cyclonedx-json by syft 1.20"),
		checktest.It("a list of nothing", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Components = 0 })), checktest.Cannot, "Push"),
	})
}
