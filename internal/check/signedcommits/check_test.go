package signedcommits_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/signedcommits"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestSignedCommitsRequired(t *testing.T) {
	checktest.Run(t, signedcommits.Evaluate, []checktest.Case{
		checktest.It("required", checktest.Repositories(fact.Repository{SignedCommits: new(true)}), checktest.Pass, ""),
		checktest.It("not required", checktest.Repositories(fact.Repository{SignedCommits: new(false)}), checktest.Fail, "need no signature"),
		checktest.It("not said", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
	})
}
