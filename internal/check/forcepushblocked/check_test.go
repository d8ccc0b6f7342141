package forcepushblocked_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/forcepushblocked"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestForcePushBlocked(t *testing.T) {
	checktest.Run(t, forcepushblocked.Evaluate, []checktest.Case{
		checktest.It("blocked", checktest.Repositories(fact.Repository{ForcePushBlocked: new(true)}), checktest.Pass, "are blocked"),
		checktest.It("not blocked", checktest.Repositories(fact.Repository{ForcePushBlocked: new(false)}), checktest.Fail, "are not blocked"),
		checktest.It("rated", checktest.Scorecard("Branch-Protection", 6), checktest.Pass, ""),
		checktest.It("not said", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
	})
}
