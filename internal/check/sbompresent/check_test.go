package sbompresent_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sbompresent"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestSBOMPresent(t *testing.T) {
	empty := func(i *check.InventoryFact) { i.Components = 0 }
	checktest.Run(t, sbompresent.Evaluate, []checktest.Case{
		checktest.It("one list", checktest.Inventories(checktest.Bill(nil)), checktest.Pass, "lists 100 components"),
		checktest.It("an empty list", checktest.Inventories(checktest.Bill(empty)), checktest.Fail, "lists no component"),
		checktest.It("an empty list beside a full one of the same thing", checktest.Inventories(checktest.Bill(empty), checktest.Bill(nil)), checktest.Pass, "100"),
		checktest.It("an empty list of a second thing", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Components, i.Subject = 0, "worker 1" }), checktest.Bill(nil)), checktest.Cannot, "lists no component"),
	})
}
