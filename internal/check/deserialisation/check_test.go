package deserialisation_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/deserialisation"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestUnsafeDeserialisationAbsent(t *testing.T) {
	run := func(cwe string, open int, failed bool) check.Facts {
		return checktest.Scans(fact.Scan{Tool: "CodeQL", Kind: fact.Static, Failed: failed, Rules: []fact.Rule{{ID: "js/unsafe-deserialization", CWEs: []string{cwe}}}, RulesTotal: 1,
			ByRule: map[string]int{"js/unsafe-deserialization": open}, First: []fact.Result{{Rule: "js/unsafe-deserialization", File: "src/a.js", Line: 3}}})
	}
	checktest.Run(t, deserialisation.Evaluate, []checktest.Case{
		checktest.It("the rule ran and found nothing", run("CWE-502", 0, false), checktest.Pass, "js/unsafe-deserialization"),
		checktest.It("one result", run("CWE-502", 1, false), checktest.Fail, "js/unsafe-deserialization in src/a.js line 3"),
		checktest.It("the run broke off", run("CWE-502", 0, true), checktest.Cannot, "ended well"),
		checktest.It("the rule looks for something else", run("CWE-1", 1, false), checktest.Cannot, "CWE-502"),
	})
}
