package dangerousworkflow_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/dangerousworkflow"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
)

func TestNoDangerousWorkflow(t *testing.T) {
	checktest.Run(t, dangerousworkflow.Evaluate, []checktest.Case{
		checktest.It("none", checktest.Scorecard("Dangerous-Workflow", 10), checktest.Pass, ""),
		checktest.It("one", checktest.Scorecard("Dangerous-Workflow", 0), checktest.Fail, "0 of 10"),
		checktest.It("inconclusive", checktest.Scorecard("Dangerous-Workflow", -1), checktest.Cannot, ""),
	})
}
