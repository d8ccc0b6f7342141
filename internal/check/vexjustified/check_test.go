package vexjustified_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/vexjustified"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestVEXJustified(t *testing.T) {
	vex := func(list ...fact.Statements) check.Facts { return check.Facts{Statements: checktest.List(list...)} }
	not := func(n, justified int) fact.Statements {
		return fact.Statements{Author: "Example", ByStatus: map[string]int{"not_affected": n, "fixed": 1}, Justified: justified}
	}
	checktest.Run(t, vexjustified.Evaluate, []checktest.Case{
		checktest.It("all of them", vex(not(3, 3)), checktest.Pass, "3 statements say not affected, each with a reason"),
		checktest.It("two without", vex(not(3, 1)), checktest.Fail, "2 statements of not affected in the document-1"),
		checktest.It("one document does not make up for another", vex(not(1, 1), not(1, 0)), checktest.Fail, "1 statement of not affected"),
		checktest.It("nothing is said to be not affected", vex(not(0, 0)), checktest.Nothing, ""),
		checktest.It("no document", check.Facts{}, checktest.Cannot, "Push one"),
	})
}
