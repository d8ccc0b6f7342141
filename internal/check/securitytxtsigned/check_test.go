package securitytxtsigned_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/securitytxtsigned"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestSecurityTxtSigned(t *testing.T) {
	canonical := []string{"https://example.com/.well-known/security.txt"}
	checktest.Run(t, securitytxtsigned.Evaluate, []checktest.Case{
		checktest.It("both", file(func(s *fact.SecurityTxt) { s.Signed, s.Canonical = true, canonical }), checktest.Pass, "belongs at https://example.com"),
		checktest.It("no signature", file(func(s *fact.SecurityTxt) { s.Canonical = canonical }), checktest.Fail, "no signature"),
		checktest.It("no address", file(func(s *fact.SecurityTxt) { s.Signed = true }), checktest.Fail, "does not name its own address"),
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
