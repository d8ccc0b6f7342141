package feedsfresh_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/feedsfresh"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestFeedsFresh(t *testing.T) {
	of := func(days int) check.Facts {
		return checktest.With(checktest.Matched(), func(f *check.Facts) { f.Coverage.FeedsAsOf = int64(checktest.Now - days*checktest.Day) })
	}
	checktest.Run(t, feedsfresh.Evaluate, []checktest.Case{
		checktest.It("of yesterday", of(1), checktest.Pass, "28 February 2026"),
		checktest.It("three days old", of(3), checktest.Fail, "26 February 2026"),
		checktest.It("nothing compared", check.Facts{}, checktest.Cannot, "Push"),
	})
}
