package criticalfix_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/criticalfix"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestNoCriticalWithFix(t *testing.T) {
	fixed := func(b advisory.Band, versions ...string) check.Facts {
		return checktest.Matched(checktest.Finding(b, 1, func(x *check.FindingFact) { x.Fixed = versions }))
	}
	checktest.Run(t, criticalfix.Evaluate, []checktest.Case{
		checktest.It("nothing found", checktest.Matched(), checktest.Pass, ""),
		checktest.It("critical with a fix", fixed(advisory.BandCritical, "1.0.1"), checktest.Fail, "put right in 1.0.1"),
		checktest.It("critical with fixes on two lines", fixed(advisory.BandCritical, "2.0.3", "1.0.1"), checktest.Fail, "put right in 1.0.1"),
		checktest.It("critical without a fix", fixed(advisory.BandCritical), checktest.Pass, ""),
		checktest.It("high with a fix", fixed(advisory.BandHigh, "1.0.1"), checktest.Pass, ""),
		checktest.It("nothing compared", check.Facts{Findings: fixed(advisory.BandHigh).Findings}, checktest.Cannot, ""),
	})
}
