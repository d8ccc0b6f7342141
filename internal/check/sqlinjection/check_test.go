package sqlinjection_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/sqlinjection"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestSQLInjectionAbsent(t *testing.T) {
	rule := fact.Rule{ID: "js/sql-injection", CWEs: []string{"CWE-089"}}
	run := func(change func(*fact.Scan)) check.Facts {
		s := fact.Scan{Tool: "CodeQL", Kind: fact.Static, Rules: []fact.Rule{rule}, RulesTotal: 1}
		change(&s)
		return checktest.Scans(s)
	}
	found := func(s *fact.Scan) {
		s.ByCWE, s.ByRule = map[string]int{"CWE-89": 2}, map[string]int{rule.ID: 2}
		s.First = []fact.Result{{Rule: rule.ID, Level: "error", File: "src/db.js", Line: 12}, {Rule: rule.ID, File: "src/a.js", Line: 3}}
	}
	checktest.Run(t, sqlinjection.Evaluate, []checktest.Case{
		checktest.It("the rule ran and found nothing", run(func(*fact.Scan) {}), checktest.Pass, "rule js/sql-injection of CodeQL ran"),
		checktest.It("two results", run(found), checktest.Fail, "2 open results for SQL injection (CWE-89, CWE-564): js/sql-injection in src/a.js line 3"),
		checktest.It("results of a rule without a count by CWE", run(func(s *fact.Scan) { s.ByRule = map[string]int{rule.ID: 1} }), checktest.Fail, "1 open result"),
		checktest.It("results of a run that broke off count", run(func(s *fact.Scan) { found(s); s.Failed = true }), checktest.Fail, ""),
		checktest.It("silence of a run that broke off does not", run(func(s *fact.Scan) { s.Failed = true }), checktest.Cannot, "ended well"),
		checktest.It("nor does that of a run without a list of results", run(func(s *fact.Scan) { s.Unscanned = true }), checktest.Cannot, "has no list of results"),
		checktest.It("the rule was switched off", run(func(s *fact.Scan) { s.Rules[0].Disabled = true }), checktest.Cannot, "declares a rule"),
		checktest.It("another rule ran", run(func(s *fact.Scan) { s.Rules[0].CWEs = []string{"CWE-79"} }), checktest.Cannot, ""),
		checktest.It("more rules than are kept", run(func(s *fact.Scan) { s.Rules[0].CWEs, s.RulesTotal = nil, 9000 }), checktest.Cannot, "declare more"),
		checktest.It("a scanner of components", run(func(s *fact.Scan) { found(s); s.Kind = fact.Composition }), checktest.Cannot, ""),
		checktest.It("a scanner that nobody knows finds some", run(func(s *fact.Scan) { found(s); s.Kind = "" }), checktest.Fail, ""),
		checktest.It("and finds none", run(func(s *fact.Scan) { s.Kind = "" }), checktest.Cannot, ""),
	})
}
