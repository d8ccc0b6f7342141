package directpush_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/directpush"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestDirectPushBlocked(t *testing.T) {
	checktest.Run(t, directpush.Evaluate, []checktest.Case{
		checktest.It("approval needed, administrators bound", checktest.Repositories(fact.Repository{ReviewsRequired: new(1), AdminsBound: new(true)}), checktest.Pass, "by administrators too"),
		checktest.It("a check needed, administrators bound", checktest.Repositories(fact.Repository{ReviewsRequired: new(0), ChecksRequired: new(true), AdminsBound: new(true)}), checktest.Pass, ""),
		checktest.It("administrators not bound", checktest.Repositories(fact.Repository{ReviewsRequired: new(2), AdminsBound: new(false)}), checktest.Fail, "do not bind administrators"),
		checktest.It("nothing needed", checktest.Repositories(fact.Repository{ReviewsRequired: new(0), ChecksRequired: new(false), AdminsBound: new(true)}), checktest.Fail, "without an approval or a check"),
		checktest.It("administrators not said", checktest.Repositories(fact.Repository{ReviewsRequired: new(1)}), checktest.Cannot, ""),
		checktest.It("approvals not said", checktest.Repositories(fact.Repository{AdminsBound: new(true), ChecksRequired: new(false)}), checktest.Cannot, ""),
		checktest.It("rated", checktest.Scorecard("Branch-Protection", 6), checktest.Pass, ""),
		checktest.It("rated too low", checktest.Scorecard("Branch-Protection", 5), checktest.Fail, ""),
	})
}
