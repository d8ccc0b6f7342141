package testsskipped_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/testsskipped"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestTestsNotSkipped(t *testing.T) {
	results := func(tests, skipped int) check.Facts {
		return check.Facts{Tests: checktest.List(fact.Tests{Tests: tests, Skipped: skipped})}
	}
	checktest.Run(t, testsskipped.Evaluate, []checktest.Case{
		checktest.It("one in ten", results(10, 1), checktest.Pass, "9 of 10 tests ran"),
		checktest.It("two in ten", results(10, 2), checktest.Fail, "2 of 10 tests were skipped"),
		checktest.It("none at all", results(0, 0), checktest.Cannot, "Push"),
	})
}
