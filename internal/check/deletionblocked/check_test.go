package deletionblocked_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/deletionblocked"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestBranchDeletionBlocked(t *testing.T) {
	checktest.Run(t, deletionblocked.Evaluate, []checktest.Case{
		checktest.It("blocked", checktest.Repositories(fact.Repository{Repository: "https://github.com/example/shop", DeletionBlocked: new(true)}), checktest.Pass, "github.com/example/shop cannot be deleted"),
		checktest.It("not blocked", checktest.Repositories(fact.Repository{DeletionBlocked: new(false)}), checktest.Fail, "can be deleted"),
		checktest.It("not said", checktest.Repositories(fact.Repository{}), checktest.Cannot, "do not say it"),
		checktest.It("blocked in one of two", checktest.Repositories(fact.Repository{Repository: "a", DeletionBlocked: new(true)}, fact.Repository{Repository: "b", DeletionBlocked: new(false)}), checktest.Fail, "of b can be deleted"),
		checktest.It("said of one of two", checktest.Repositories(fact.Repository{Repository: "a", DeletionBlocked: new(true)}, fact.Repository{Repository: "b"}), checktest.Cannot, "facts of b"),
		checktest.It("rated", checktest.Scorecard("Branch-Protection", 3), checktest.Pass, "3 of 10"),
		checktest.It("rated too low", checktest.Scorecard("Branch-Protection", 0), checktest.Fail, "0 of 10"),
		checktest.It("inconclusive", checktest.Scorecard("Branch-Protection", -1), checktest.Cannot, "could not tell"),
	})
}
