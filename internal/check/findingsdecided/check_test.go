package findingsdecided_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/findingsdecided"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestFindingsDecided(t *testing.T) {
	seen := func(days int, by string) check.Facts {
		return checktest.Matched(checktest.Finding(advisory.BandLow, days, func(x *check.FindingFact) { x.DecidedBy = by }))
	}
	checktest.Run(t, findingsdecided.Evaluate, []checktest.Case{
		checktest.It("nothing found", checktest.Matched(), checktest.Pass, ""),
		checktest.It("13 days", seen(13, ""), checktest.Pass, ""),
		checktest.It("14 days", seen(14, ""), checktest.Fail, "since 15 February 2026"),
		checktest.It("14 days and decided", seen(14, "A. Person"), checktest.Pass, ""),
		checktest.It("nothing compared", check.Facts{}, checktest.Cannot, "Push"),
	})
}
