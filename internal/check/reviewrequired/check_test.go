package reviewrequired_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/reviewrequired"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestReviewRequired(t *testing.T) {
	checktest.Run(t, reviewrequired.Evaluate, []checktest.Case{
		checktest.It("two approvals", checktest.Repositories(fact.Repository{ReviewsRequired: new(2)}), checktest.Pass, "need 2 approvals"),
		checktest.It("none", checktest.Repositories(fact.Repository{ReviewsRequired: new(0)}), checktest.Fail, "need no approval"),
		checktest.It("not said, but rated", check.Facts{Repositories: checktest.Repositories(fact.Repository{Repository: "https://github.com/Example/shop.git"}).Repositories, Scorecards: checktest.Scorecard("Branch-Protection", 9).Scorecards}, checktest.Pass, "9 of 10"),
		checktest.It("said and rated differently", check.Facts{Repositories: checktest.Repositories(fact.Repository{Repository: "github.com/example/shop", ReviewsRequired: new(1)}).Repositories, Scorecards: checktest.Scorecard("Branch-Protection", 3).Scorecards}, checktest.Pass, "need 1 approval"),
		checktest.It("not said", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
	})
}
