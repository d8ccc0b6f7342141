package pathtraversal_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/pathtraversal"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestPathTraversalAbsent(t *testing.T) {
	run := func(cwe string, open int, failed bool) check.Facts {
		return checktest.Scans(fact.Scan{Tool: "CodeQL", Kind: fact.Static, Failed: failed, Rules: []fact.Rule{{ID: "js/path-injection", CWEs: []string{cwe}}}, RulesTotal: 1,
			ByRule: map[string]int{"js/path-injection": open}, First: []fact.Result{{Rule: "js/path-injection", File: "src/a.js", Line: 3}}})
	}
	checktest.Run(t, pathtraversal.Evaluate, []checktest.Case{
		checktest.It("the rule ran and found nothing", run("CWE-22", 0, false), checktest.Pass, "js/path-injection"),
		checktest.It("one result", run("CWE-22", 1, false), checktest.Fail, "js/path-injection in src/a.js line 3"),
		checktest.It("the run broke off", run("CWE-22", 0, true), checktest.Cannot, "ended well"),
		checktest.It("the rule looks for something else", run("CWE-1", 1, false), checktest.Cannot, "CWE-22"),
	})
}
