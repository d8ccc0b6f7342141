package tokenpermissions_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/tokenpermissions"
)

func TestBuildJobsStateRights(t *testing.T) {
	checktest.Run(t, tokenpermissions.Evaluate, []checktest.Case{
		checktest.It("full marks", checktest.Scorecard("Token-Permissions", 10), checktest.Pass, "10 of 10"),
		checktest.It("less", checktest.Scorecard("Token-Permissions", 9), checktest.Fail, "9 of 10; 10 is asked (a reason)"),
		checktest.It("inconclusive", checktest.Scorecard("Token-Permissions", -1), checktest.Cannot, ""),
		checktest.It("another check only", checktest.Scorecard("Maintained", 10), checktest.Cannot, "does not have Token-Permissions"),
	})
}
