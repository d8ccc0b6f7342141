package securitypolicy_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/securitypolicy"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestSecurityPolicyInSource(t *testing.T) {
	checktest.Run(t, securitypolicy.Evaluate, []checktest.Case{
		checktest.It("it is there", checktest.Repositories(fact.Repository{Files: map[fact.FileRole]string{fact.FileSecurity: "docs/it.md"}}), checktest.Pass, "docs/it.md"),
		checktest.It("it is not", checktest.Repositories(fact.Repository{Repository: "github.com/example/shop", FilesListed: true}), checktest.Fail, "github.com/example/shop"),
		checktest.It("the tree was not listed", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
		checktest.It("rated", checktest.Scorecard("Security-Policy", 6), checktest.Pass, ""),
		checktest.It("rated too low", checktest.Scorecard("Security-Policy", 0), checktest.Fail, "0 of 10"),
	})
}
