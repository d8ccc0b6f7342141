package buildpinned_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/buildpinned"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestBuildStepsPinned(t *testing.T) {
	checktest.Run(t, buildpinned.Evaluate, []checktest.Case{
		checktest.It("pinned", checktest.Repositories(fact.Repository{ActionsPinned: new(true)}), checktest.Pass, ""),
		checktest.It("not pinned", checktest.Repositories(fact.Repository{ActionsPinned: new(false)}), checktest.Fail, "not pinned"),
		checktest.It("rated", checktest.Scorecard("Pinned-Dependencies", 9), checktest.Pass, ""),
		checktest.It("rated too low", checktest.Scorecard("Pinned-Dependencies", 8), checktest.Fail, ""),
		checktest.It("not said", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
	})
}
