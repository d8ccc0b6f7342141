package overduefindings_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/overduefindings"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

func TestNoOverdueFinding(t *testing.T) {
	due := func(at int64, v finding.Verdict) check.FindingFact {
		return checktest.Finding(advisory.BandHigh, 20, func(x *check.FindingFact) { x.DueAt, x.Verdict = at, v })
	}
	checktest.Run(t, overduefindings.Evaluate, []checktest.Case{
		checktest.It("nothing found", checktest.Matched(), checktest.Pass, ""),
		checktest.It("due tomorrow", checktest.Matched(due(checktest.Now+checktest.Day, finding.Affected)), checktest.Pass, ""),
		checktest.It("due at this instant", checktest.Matched(due(checktest.Now, finding.Affected)), checktest.Fail, "was due on 1 March 2026"),
		checktest.It("without a due date", checktest.Matched(due(0, finding.Affected)), checktest.Pass, ""),
		checktest.It("overdue and fixed", checktest.Matched(due(checktest.Now-checktest.Day, finding.Fixed)), checktest.Pass, ""),
		checktest.It("two overdue", checktest.Matched(due(checktest.Now-checktest.Day, finding.Affected), due(checktest.Now-checktest.Day, finding.UnderInvestigation)), checktest.Fail, "1 other is like it"),
		checktest.It("nothing compared", check.Facts{Findings: nil}, checktest.Cannot, "Push"),
	})
}
