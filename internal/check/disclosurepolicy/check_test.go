package disclosurepolicy_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/disclosurepolicy"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestDisclosurePolicyLinked(t *testing.T) {
	checktest.Run(t, disclosurepolicy.Evaluate, []checktest.Case{
		checktest.It("linked", file(func(s *fact.SecurityTxt) { s.Policies = []string{"https://example.com/policy"} }), checktest.Pass, "https://example.com/policy"),
		checktest.It("without encryption", file(func(s *fact.SecurityTxt) { s.Policies = []string{"http://example.com/policy"} }), checktest.Fail, ""),
		checktest.It("not linked", file(nil), checktest.Fail, "does not link"),
		checktest.It("none", check.Facts{}, checktest.Cannot, "Push"),
	})
}

func file(change func(*fact.SecurityTxt)) check.Facts {
	s := fact.SecurityTxt{Contacts: []string{"mailto:security@example.com"}, ExpiresAt: checktest.Now + 100*checktest.Day}
	if change != nil {
		change(&s)
	}
	return check.Facts{SecurityTxts: checktest.List(s)}
}
