package csafdiscoverable_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/csafdiscoverable"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestCSAFDiscoverable(t *testing.T) {
	leads := func(to ...string) check.Facts { return file(func(s *fact.SecurityTxt) { s.CSAF = to }) }
	checktest.Run(t, csafdiscoverable.Evaluate, []checktest.Case{
		checktest.It("it does", leads("https://example.com/.well-known/csaf/provider-metadata.json"), checktest.Pass, "provider-metadata.json"),
		checktest.It("to a page", leads("https://example.com/advisories"), checktest.Fail, "and not to a provider-metadata.json"),
		checktest.It("nowhere", leads(), checktest.Fail, "no CSAF field"),
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
