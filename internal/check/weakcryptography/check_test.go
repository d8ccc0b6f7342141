package weakcryptography_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/weakcryptography"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestWeakCryptographyAbsent(t *testing.T) {
	run := func(cwe string, open int, failed bool) check.Facts {
		return checktest.Scans(fact.Scan{Tool: "CodeQL", Kind: fact.Static, Failed: failed, Rules: []fact.Rule{{ID: "js/weak-cryptographic-algorithm", CWEs: []string{cwe}}}, RulesTotal: 1,
			ByRule: map[string]int{"js/weak-cryptographic-algorithm": open}, First: []fact.Result{{Rule: "js/weak-cryptographic-algorithm", File: "src/a.js", Line: 3}}})
	}
	checktest.Run(t, weakcryptography.Evaluate, []checktest.Case{
		checktest.It("the rule ran and found nothing", run("CWE-327", 0, false), checktest.Pass, "js/weak-cryptographic-algorithm"),
		checktest.It("one result", run("CWE-327", 1, false), checktest.Fail, "js/weak-cryptographic-algorithm in src/a.js line 3"),
		checktest.It("the run broke off", run("CWE-327", 0, true), checktest.Cannot, "ended well"),
		checktest.It("the rule looks for something else", run("CWE-1", 1, false), checktest.Cannot, "CWE-327"),
	})
}
