package dynamicscan_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/dynamicscan"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestDynamicScanRan(t *testing.T) {
	run := fact.Scan{Tool: "ZAP", Kind: fact.Dynamic, Rules: []fact.Rule{{ID: "40018"}}, RulesTotal: 1}
	broken, silent, static := run, run, run
	broken.Failed, silent.Rules, silent.RulesTotal, static.Kind = true, nil, 0, fact.Static
	checktest.Run(t, dynamicscan.Evaluate, []checktest.Case{
		checktest.It("a run", checktest.Scans(run), checktest.Pass, "ZAP ran to its end with 1 rule"),
		checktest.It("a run that broke off", checktest.Scans(broken), checktest.Fail, "ZAP did not end well"),
		checktest.It("a run that does not say what it looked for", checktest.Scans(silent), checktest.Cannot, "does not say which rules"),
		checktest.It("a static one", checktest.Scans(static), checktest.Cannot, "Push"),
	})
}
