package privatereporting_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/privatereporting"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestPrivateReportingOn(t *testing.T) {
	checktest.Run(t, privatereporting.Evaluate, []checktest.Case{
		checktest.It("on", checktest.Repositories(fact.Repository{PrivateReporting: new(true)}), checktest.Pass, "in private"),
		checktest.It("off", checktest.Repositories(fact.Repository{PrivateReporting: new(false)}), checktest.Fail, "is off"),
		checktest.It("not said", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
	})
}
