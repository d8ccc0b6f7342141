package mfarequired_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/mfarequired"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestMFARequired(t *testing.T) {
	checktest.Run(t, mfarequired.Evaluate, []checktest.Case{
		checktest.It("required", checktest.Repositories(fact.Repository{MFARequired: new(true)}), checktest.Pass, "is required"),
		checktest.It("not required", checktest.Repositories(fact.Repository{Repository: "github.com/example/shop", MFARequired: new(false)}), checktest.Fail, "No second factor is required to reach github.com/example/shop"),
		checktest.It("not said", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
	})
}
