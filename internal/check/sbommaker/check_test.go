package sbommaker_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sbommaker"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestSBOMAuthorAndTool(t *testing.T) {
	checktest.Run(t, sbommaker.Evaluate, []checktest.Case{
		checktest.It("both", checktest.Inventories(checktest.Bill(nil)), checktest.Pass, ""),
		checktest.It("no author", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Authors = 0 })), checktest.Fail, "name an author"),
		checktest.It("no tool", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Tool = "" })), checktest.Fail, "name the tool"),
		checktest.It("no components", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Components = 0 })), checktest.Cannot, ""),
	})
}
