package testspass_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/testspass"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestTestsPass(t *testing.T) {
	results := func(list ...fact.Tests) check.Facts { return check.Facts{Tests: checktest.List(list...)} }
	good := fact.Tests{Tests: 20, Skipped: 2}
	checktest.Run(t, testspass.Evaluate, []checktest.Case{
		checktest.It("all passed", results(good), checktest.Pass, "18 tests ran and passed"),
		checktest.It("one failed", results(fact.Tests{Tests: 20, Failures: 1, Failed: []string{"TestCart"}}), checktest.Fail, "1 test failed, one of them TestCart"),
		checktest.It("one broke off", results(good, fact.Tests{Tests: 1, Errors: 1}), checktest.Fail, "1 test failed."),
		checktest.It("all skipped", results(fact.Tests{Tests: 3, Skipped: 3}), checktest.Cannot, "No test is known"),
	})
}
