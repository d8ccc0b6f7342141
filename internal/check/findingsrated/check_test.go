package findingsrated_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/findingsrated"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestFindingsRated(t *testing.T) {
	checktest.Run(t, findingsrated.Evaluate, []checktest.Case{
		checktest.It("nothing found", checktest.Matched(), checktest.Pass, ""),
		checktest.It("a rated one", checktest.Matched(checktest.Finding(advisory.BandLow, 1, nil)), checktest.Pass, ""),
		checktest.It("an unrated one", checktest.Matched(checktest.Finding(advisory.Unrated, 1, nil)), checktest.Fail, "CVE-2026-1234 in pkg:npm/left@1.0.0 has no rating"),
		checktest.It("nothing compared", check.Facts{}, checktest.Cannot, "Push"),
	})
}
