package maintained_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/maintained"
)

func TestSourceMaintained(t *testing.T) {
	checktest.Run(t, maintained.Evaluate, []checktest.Case{
		checktest.It("worked on", checktest.Scorecard("Maintained", 5), checktest.Pass, ""),
		checktest.It("abandoned", checktest.Scorecard("Maintained", 0), checktest.Fail, "0 of 10"),
		checktest.It("too young", checktest.Scorecard("Maintained", -1), checktest.Cannot, ""),
	})
}
