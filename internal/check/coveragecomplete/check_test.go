package coveragecomplete_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/coveragecomplete"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

func TestCoverageComplete(t *testing.T) {
	checktest.Run(t, coveragecomplete.Evaluate, []checktest.Case{
		checktest.It("all of them", checktest.Matched(), checktest.Pass, ""),
		checktest.It("some could not", checktest.With(checktest.Matched(), func(f *check.Facts) {
			f.Coverage.Verdicts[finding.CannotAssess] = 3
			f.Coverage.Reasons = map[string]int{"no_version": 2, "feed_missing": 1}
		}), checktest.Fail, "3 components could not be assessed. Most often: The document gives no version"),
		checktest.It("for a reason that is new", checktest.With(checktest.Matched(), func(f *check.Facts) {
			f.Coverage.Verdicts[finding.CannotAssess] = 1
			f.Coverage.Reasons = map[string]int{"moonlight": 1}
		}), checktest.Fail, "Most often: moonlight."),
		checktest.It("no feed at all", checktest.With(checktest.Matched(), func(f *check.Facts) { f.Coverage.FeedsAsOf = 0 }), checktest.Cannot, "load advisories"),
	})
}
