package infrastructurescan_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/infrastructurescan"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestInfrastructureScanClean(t *testing.T) {
	run := fact.Scan{Tool: "trivy", Kind: fact.Infrastructure, Rules: []fact.Rule{{ID: "DS002"}}, RulesTotal: 1}
	severe, broken, silent := run, run, run
	severe.Severe, severe.First = 1, []fact.Result{{Rule: "DS002", Level: "error", File: "Dockerfile", Line: 4}}
	broken.Failed, silent.Rules = true, nil
	checktest.Run(t, infrastructurescan.Evaluate, []checktest.Case{
		checktest.It("nothing severe", checktest.Scans(run), checktest.Pass, "trivy"),
		checktest.It("something severe", checktest.Scans(severe), checktest.Fail, "DS002 in Dockerfile line 4"),
		checktest.It("something severe in one of two runs", checktest.Scans(run, severe), checktest.Fail, ""),
		checktest.It("a run that broke off", checktest.Scans(broken), checktest.Cannot, "ended well"),
		checktest.It("a run without rules", checktest.Scans(silent), checktest.Cannot, ""),
	})
}
