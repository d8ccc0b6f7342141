package fixnottaken_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/fixnottaken"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestFixesTaken(t *testing.T) {
	old := func(days int, fixed ...string) check.Facts {
		return checktest.Matched(checktest.Finding(advisory.BandLow, days, func(x *check.FindingFact) { x.Fixed = fixed }))
	}
	checktest.Run(t, fixnottaken.Evaluate, []checktest.Case{
		checktest.It("nothing found", checktest.Matched(), checktest.Pass, ""),
		checktest.It("89 days", old(89, "1.0.1"), checktest.Pass, ""),
		checktest.It("90 days", old(90, "1.0.1"), checktest.Fail, "since 1 December 2025 and is put right in 1.0.1"),
		checktest.It("90 days without a fix", old(90), checktest.Pass, ""),
		checktest.It("nothing compared", check.Facts{}, checktest.Cannot, "Push"),
	})
}
