package check_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

const day = 24 * 3600 * 1_000_000

func TestAPassRunsOutWithTheOldestFactThatAges(t *testing.T) {
	for _, c := range []struct {
		name string
		days int
		v    check.Verdict
		want int64
	}{
		{"facts that do not age", 0, check.Verdict{At: 5 * day}, 0},
		{"one fact", 7, check.Verdict{At: 5 * day}, 12 * day},
		{"an older fact beside it", 7, check.Verdict{At: 5 * day, FreshFrom: 2 * day}, 9 * day},
		{"a time that is not known", 7, check.Verdict{}, 0},
	} {
		if got := (check.Definition{FreshDays: c.days}).FreshUntil(c.v); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestAnAdverseVerdictStaysUntilFactsAsNewClearIt(t *testing.T) {
	failed := check.Failed(5*day, "The build is not signed.")
	for _, c := range []struct {
		name  string
		v     check.Verdict
		stays bool
	}{
		{"an older pass", check.Passed(4*day, "p"), true},
		{"a pass as new", check.Passed(5*day, "p"), false},
		{"a newer pass", check.Passed(6*day, "p"), false},
		{"nothing to decide any more", check.NothingToDecide(6*day, "n"), false},
		{"newer facts that do not decide", check.Undecided(6*day, "u"), true},
		{"another failure, even an older one", check.Failed(4*day, "f"), false},
	} {
		if got := c.v.After(failed); (got.Reason == failed.Reason) != c.stays {
			t.Errorf("%s: %s", c.name, got.Reason)
		}
	}
	if got := check.Undecided(6*day, "u").After(check.Passed(5*day, "p")); got.Outcome != assessment.CannotAssess {
		t.Errorf("a pass was kept when the facts no longer decide")
	}
}

func TestEveryKindHasATitle(t *testing.T) {
	for _, k := range check.Kinds() {
		if k.Title() == string(k) {
			t.Errorf("%s has no title", k)
		}
	}
}
