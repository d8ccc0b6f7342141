package sbomsupplier_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomsupplier"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestSBOMSuppliersKnown(t *testing.T) {
	with := func(n int) check.Facts {
		return checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Supplied = n }))
	}
	checktest.Run(t, sbomsupplier.Evaluate, []checktest.Case{
		checktest.It("all of them", with(100), checktest.Pass, ""),
		checktest.It("nine in ten", with(90), checktest.Pass, ""),
		checktest.It("one less", with(89), checktest.Fail, "11 of 100 components"),
		checktest.It("a list that names nobody", with(0), checktest.Fail, "100 of 100"),
		checktest.It("another part of the release without a list of its own components", checktest.Inventories(checktest.Bill(nil), checktest.Bill(func(i *check.InventoryFact) { i.Subject, i.Components = "worker 2", 0 })), checktest.Cannot, "Push"),
	})
}
