package memorysafeshare_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/memorysafeshare"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestMemorySafeLanguages(t *testing.T) {
	checktest.Run(t, memorysafeshare.Evaluate, []checktest.Case{
		checktest.It("all of it", checktest.Repositories(written("Go", 100, "C", 0)), checktest.Pass, "0 percent"),
		checktest.It("a tenth is not", checktest.Repositories(written("Go", 90, "C", 10)), checktest.Pass, "10 percent"),
		checktest.It("more is not", checktest.Repositories(written("Go", 80, "C++", 20)), checktest.Fail, "20 percent of the source of the repository can have memory errors (Go, C++)"),
		checktest.It("not counted", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
	})
}

func written(a string, n int64, b string, m int64) fact.Repository {
	return fact.Repository{Languages: map[string]int64{a: n, b: m}}
}
