package investigationsend_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/investigationsend"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

func TestInvestigationsEnd(t *testing.T) {
	open := func(days int) check.Facts {
		return checktest.Matched(checktest.Finding(advisory.BandLow, days, func(x *check.FindingFact) { x.Verdict = finding.UnderInvestigation }))
	}
	checktest.Run(t, investigationsend.Evaluate, []checktest.Case{
		checktest.It("nothing found", checktest.Matched(), checktest.Pass, ""),
		checktest.It("29 days", open(29), checktest.Pass, ""),
		checktest.It("30 days", open(30), checktest.Fail, "since 30 January 2026"),
		checktest.It("affected for long is another check", checktest.Matched(checktest.Finding(advisory.BandLow, 90, nil)), checktest.Pass, ""),
		checktest.It("nothing compared", check.Facts{}, checktest.Cannot, "Push"),
	})
}
