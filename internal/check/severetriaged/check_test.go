package severetriaged_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/severetriaged"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestSevereResultsTriaged(t *testing.T) {
	run := fact.Scan{Tool: "CodeQL", Kind: fact.Static, Rules: []fact.Rule{{ID: "js/xss"}}, RulesTotal: 1, Suppressed: 4, Open: map[string]int{"warning": 9}}
	severe, broken := run, run
	severe.Tool, severe.Severe = "ZAP", 2
	broken.Failed = true
	unscanned := run
	unscanned.Unscanned = true
	checktest.Run(t, severetriaged.Evaluate, []checktest.Case{
		checktest.It("only warnings and suppressed ones", checktest.Scans(run), checktest.Pass, "CodeQL"),
		checktest.It("two severe ones", checktest.Scans(severe), checktest.Fail, "2 severe results are open, found by ZAP"),
		checktest.It("severe ones in a run that broke off", checktest.Scans(run, func() fact.Scan { s := severe; s.Failed = true; return s }()), checktest.Fail, ""),
		checktest.It("a run without a list of results", checktest.Scans(unscanned), checktest.Cannot, "CodeQL has no list of results"),
		checktest.It("severe ones beside it", checktest.Scans(unscanned, severe), checktest.Fail, ""),
		checktest.It("a clean run beside it", checktest.Scans(unscanned, run), checktest.Pass, ""),
		checktest.It("a run that broke off", checktest.Scans(broken), checktest.Cannot, ""),
	})
}
