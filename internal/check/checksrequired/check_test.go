package checksrequired_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/checksrequired"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestChecksRequired(t *testing.T) {
	checktest.Run(t, checksrequired.Evaluate, []checktest.Case{
		checktest.It("required", checktest.Repositories(fact.Repository{ChecksRequired: new(true)}), checktest.Pass, "have to pass"),
		checktest.It("not required", checktest.Repositories(fact.Repository{ChecksRequired: new(false)}), checktest.Fail, "whatever its checks say"),
		checktest.It("rated", checktest.Scorecard("Branch-Protection", 8), checktest.Pass, ""),
		checktest.It("rated without them", checktest.Scorecard("Branch-Protection", 6), checktest.Fail, ""),
		checktest.It("not said", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
	})
}
