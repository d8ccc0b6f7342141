package securitytxt_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/securitytxt"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestSecurityTxtValid(t *testing.T) {
	checktest.Run(t, securitytxt.Evaluate, []checktest.Case{
		checktest.It("both fields", file(nil), checktest.Pass, "expires on 9 June 2026"),
		checktest.It("no contact", file(func(s *fact.SecurityTxt) { s.Contacts = nil }), checktest.Fail, "no contact"),
		checktest.It("a contact without encryption", file(func(s *fact.SecurityTxt) { s.Contacts = []string{"http://example.com"} }), checktest.Fail, "no contact by"),
		checktest.It("expired", file(func(s *fact.SecurityTxt) { s.ExpiresAt = checktest.Now }), checktest.Fail, "expired on 1 March 2026"),
		checktest.It("no expiry", file(func(s *fact.SecurityTxt) { s.ExpiresAt = 0 }), checktest.Fail, "does not say when"),
		checktest.It("expires in three years", file(func(s *fact.SecurityTxt) { s.ExpiresAt = checktest.Now + 1100*checktest.Day }), checktest.Fail, "more than a year"),
		checktest.It("a rule is broken", file(func(s *fact.SecurityTxt) { s.Broken = []string{"expires-twice"} }), checktest.Fail, "breaks rules of RFC 9116 (expires-twice)"),
		checktest.It("several are", file(func(s *fact.SecurityTxt) { s.Broken = []string{"uri", "https"} }), checktest.Fail, "(https, uri); its faults name the lines"),
		checktest.It("one of two has expired", checktest.With(file(nil), func(f *check.Facts) {
			f.SecurityTxts = append(f.SecurityTxts, file(func(s *fact.SecurityTxt) { s.ExpiresAt = 1 }).SecurityTxts...)
		}), checktest.Fail, "expired"),
		checktest.It("none", check.Facts{}, checktest.Cannot, "Push"),
	})
}

func TestAPassEndsWithTheFile(t *testing.T) {
	f := file(func(s *fact.SecurityTxt) { s.ExpiresAt = checktest.Now + 3*checktest.Day })
	f.Now = checktest.Now
	v := securitytxt.Evaluate(f)
	if until := (check.Definition{FreshDays: 30}).FreshUntil(v); until != checktest.Now+3*checktest.Day {
		t.Errorf("fresh until %d, %d days after the file", until, (until-checktest.Now)/checktest.Day)
	}
}

func file(change func(*fact.SecurityTxt)) check.Facts {
	s := fact.SecurityTxt{Contacts: []string{"mailto:security@example.com"}, ExpiresAt: checktest.Now + 100*checktest.Day}
	if change != nil {
		change(&s)
	}
	return check.Facts{SecurityTxts: checktest.List(s)}
}
