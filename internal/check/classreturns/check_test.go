package classreturns_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/classreturns"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestPublishedClassGone(t *testing.T) {
	facts := func(open int, cwes ...string) check.Facts {
		f := checktest.Scans(fact.Scan{Tool: "CodeQL", Kind: fact.Static, Rules: []fact.Rule{{ID: "js/xss", CWEs: []string{"CWE-79"}}}, RulesTotal: 1, ByRule: map[string]int{"js/xss": open}})
		f.CVEs = checktest.List(fact.CVERecord{ID: "CVE-2026-2", CWEs: cwes})
		return f
	}
	checktest.Run(t, classreturns.Evaluate, []checktest.Case{
		checktest.It("it was looked for and is gone", facts(0, "CWE-79"), checktest.Pass, "Rules for CWE-79 ran"),
		checktest.It("it is open elsewhere", facts(1, "CWE-79"), checktest.Fail, "(CWE-79)"),
		checktest.It("it is open and another is not looked for", facts(1, "CWE-22", "CWE-79"), checktest.Fail, "(CWE-79)"),
		checktest.It("another is not looked for", facts(0, "CWE-22", "CWE-79"), checktest.Cannot, "(CWE-22)"),
		checktest.It("no weakness in the records", facts(0), checktest.Cannot, "Push your records"),
	})
}
