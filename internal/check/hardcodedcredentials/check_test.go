package hardcodedcredentials_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/hardcodedcredentials"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestHardcodedCredentialsAbsent(t *testing.T) {
	run := func(cwe string, open int, failed bool) check.Facts {
		return checktest.Scans(fact.Scan{Tool: "CodeQL", Kind: fact.Static, Failed: failed, Rules: []fact.Rule{{ID: "js/hardcoded-credentials", CWEs: []string{cwe}}}, RulesTotal: 1,
			ByRule: map[string]int{"js/hardcoded-credentials": open}, First: []fact.Result{{Rule: "js/hardcoded-credentials", File: "src/a.js", Line: 3}}})
	}
	checktest.Run(t, hardcodedcredentials.Evaluate, []checktest.Case{
		checktest.It("the rule ran and found nothing", run("CWE-798", 0, false), checktest.Pass, "js/hardcoded-credentials"),
		checktest.It("one result", run("CWE-798", 1, false), checktest.Fail, "js/hardcoded-credentials in src/a.js line 3"),
		checktest.It("the run broke off", run("CWE-798", 0, true), checktest.Cannot, "ended well"),
		checktest.It("the rule looks for something else", run("CWE-1", 1, false), checktest.Cannot, "CWE-798"),
	})
}
