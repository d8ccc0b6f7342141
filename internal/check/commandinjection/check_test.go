package commandinjection_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/commandinjection"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestCommandInjectionAbsent(t *testing.T) {
	run := func(cwe string, open int, failed bool) check.Facts {
		return checktest.Scans(fact.Scan{Tool: "CodeQL", Kind: fact.Static, Failed: failed, Rules: []fact.Rule{{ID: "js/command-line-injection", CWEs: []string{cwe}}}, RulesTotal: 1,
			ByRule: map[string]int{"js/command-line-injection": open}, First: []fact.Result{{Rule: "js/command-line-injection", File: "src/a.js", Line: 3}}})
	}
	checktest.Run(t, commandinjection.Evaluate, []checktest.Case{
		checktest.It("the rule ran and found nothing", run("CWE-78", 0, false), checktest.Pass, "js/command-line-injection"),
		checktest.It("one result", run("CWE-78", 1, false), checktest.Fail, "js/command-line-injection in src/a.js line 3"),
		checktest.It("the run broke off", run("CWE-78", 0, true), checktest.Cannot, "ended well"),
		checktest.It("the rule looks for something else", run("CWE-1", 1, false), checktest.Cannot, "CWE-78"),
	})
}
