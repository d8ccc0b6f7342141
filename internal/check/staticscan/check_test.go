package staticscan_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/staticscan"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestStaticScanRan(t *testing.T) {
	run := func(s fact.Scan) fact.Scan {
		s.Tool, s.Kind, s.RulesTotal = "CodeQL", fact.Static, len(s.Rules)
		return s
	}
	rules := []fact.Rule{{ID: "style"}, {ID: "js/xss", Security: true}}
	checktest.Run(t, staticscan.Evaluate, []checktest.Case{
		checktest.It("a run with a security rule", checktest.Scans(run(fact.Scan{Rules: rules})), checktest.Pass, "CodeQL ran to its end with 1 security rule"),
		checktest.It("a run that broke off", checktest.Scans(run(fact.Scan{Rules: rules, Failed: true})), checktest.Fail, "CodeQL did not end well"),
		checktest.It("a second run that ended well", checktest.Scans(run(fact.Scan{Rules: rules, Failed: true}), run(fact.Scan{Rules: rules})), checktest.Pass, ""),
		checktest.It("a rule that has a CWE is about security", checktest.Scans(run(fact.Scan{Rules: []fact.Rule{{ID: "a", CWEs: []string{"CWE-79"}}}})), checktest.Pass, ""),
		checktest.It("rules about style only", checktest.Scans(run(fact.Scan{Rules: rules[:1]})), checktest.Fail, "without a rule about security"),
		checktest.It("security rules that are switched off", checktest.Scans(run(fact.Scan{Rules: []fact.Rule{{ID: "js/xss", Security: true, Disabled: true}}})), checktest.Fail, ""),
		checktest.It("a run that does not list its rules", checktest.Scans(run(fact.Scan{})), checktest.Cannot, "does not say which rules"),
		checktest.It("a run without a list of results", checktest.Scans(run(fact.Scan{Rules: rules, Unscanned: true})), checktest.Cannot, "has no list of results"),
		checktest.It("beside a run that has one", checktest.Scans(run(fact.Scan{Rules: rules, Unscanned: true}), run(fact.Scan{Rules: rules})), checktest.Pass, ""),
		checktest.It("a run of another kind", checktest.Scans(fact.Scan{Tool: "ZAP", Kind: fact.Dynamic, Rules: rules}), checktest.Cannot, "Push"),
	})
}
