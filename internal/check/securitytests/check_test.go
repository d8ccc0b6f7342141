package securitytests_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/securitytests"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestSecurityTestsRun(t *testing.T) {
	suites := func(list ...fact.Suite) check.Facts {
		return check.Facts{Tests: checktest.List(fact.Tests{Tests: 9, Suites: list})}
	}
	checktest.Run(t, securitytests.Evaluate, []checktest.Case{
		checktest.It("a suite that passed", suites(fact.Suite{Name: "shop/Authentication", Tests: 4}, fact.Suite{Name: "cart", Tests: 9}), checktest.Pass, "shop/Authentication"),
		checktest.It("a suite that failed", suites(fact.Suite{Name: "csrf", Tests: 4, Failures: 1}), checktest.Fail, "the suite csrf failed"),
		checktest.It("a suite that was skipped", suites(fact.Suite{Name: "login", Tests: 4, Skipped: 4}), checktest.Cannot, ""),
		checktest.It("no such suite", suites(fact.Suite{Name: "cart", Tests: 9}), checktest.Cannot, "named after a security function"),
	})
}
