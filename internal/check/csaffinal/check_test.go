package csaffinal_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/csaffinal"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestCSAFFinal(t *testing.T) {
	of := func(status string, days int) check.Facts {
		return check.Facts{Publications: checktest.List(fact.Publication{ID: "EX-2026-1", Status: status, ReleasedAt: int64(checktest.Now - days*checktest.Day)})}
	}
	checktest.Run(t, csaffinal.Evaluate, []checktest.Case{
		checktest.It("final", of("final", 300), checktest.Pass, "1 advisory is final"),
		checktest.It("interim for a week", of("interim", 7), checktest.Pass, ""),
		checktest.It("interim for a month", of("interim", 30), checktest.Fail, "EX-2026-1 has been interim since 30 January 2026"),
		checktest.It("a draft", of("draft", 1), checktest.Fail, "status draft"),
		checktest.It("no status", of("", 1), checktest.Fail, "status unknown"),
		checktest.It("none", check.Facts{}, checktest.Cannot, "Push"),
	})
}
