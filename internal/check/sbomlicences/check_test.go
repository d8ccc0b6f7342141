package sbomlicences_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomlicences"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestSBOMLicencesKnown(t *testing.T) {
	checktest.Run(t, sbomlicences.Evaluate, []checktest.Case{
		checktest.It("all of them", checktest.Inventories(checktest.Bill(nil)), checktest.Pass, ""),
		checktest.It("seven without", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Licensed = 93 })), checktest.Fail, "7 of 100 components"),
		checktest.It("no components", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Components = 0 })), checktest.Cannot, ""),
	})
}
