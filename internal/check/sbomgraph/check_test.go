package sbomgraph_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomgraph"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestSBOMDependencyGraph(t *testing.T) {
	checktest.Run(t, sbomgraph.Evaluate, []checktest.Case{
		checktest.It("with edges", checktest.Inventories(checktest.Bill(nil)), checktest.Pass, "150 dependencies between 100 components"),
		checktest.It("a flat list", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Dependencies = 0 })), checktest.Fail, "100 components and not one dependency"),
		checktest.It("one component", checktest.Inventories(checktest.Bill(func(i *check.InventoryFact) { i.Components, i.Dependencies = 1, 0 })), checktest.Cannot, "single component"),
	})
}
