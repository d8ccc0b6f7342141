package csafvalid_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/csafvalid"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestCSAFValid(t *testing.T) {
	with := func(failed ...int) check.Facts {
		var list []fact.Publication
		for _, n := range failed {
			list = append(list, fact.Publication{ID: "EX-2026-1", FailedTests: n})
		}
		return check.Facts{Publications: checktest.List(list...)}
	}
	checktest.Run(t, csafvalid.Evaluate, []checktest.Case{
		checktest.It("both pass", with(0, 0), checktest.Pass, "2 advisories pass"),
		checktest.It("one fails", with(0, 2), checktest.Fail, "EX-2026-1 fails 2 mandatory tests"),
		checktest.It("none", with(), checktest.Cannot, "Push"),
	})
}
