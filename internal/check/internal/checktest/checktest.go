// Package checktest is for the tests of checks: facts as short as they can be
// written, and one table that every check is run through.
package checktest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

// Now is when the tests take place: 1 March 2026, noon.
const Now = 1772366400000000

// Day is a day in microseconds.
const Day = 24 * 3600 * 1_000_000

// The outcomes, under short names for tables.
const (
	Pass    = assessment.Pass
	Fail    = assessment.Fail
	Cannot  = assessment.CannotAssess
	Nothing = assessment.OutcomeNotApplicable
)

// Case is one row: what the check finds on the facts, and words that the reason
// has.
type Case struct {
	Name  string
	Facts check.Facts
	Want  assessment.Outcome
	Says  string
}

// It makes a row.
func It(name string, facts check.Facts, want assessment.Outcome, says string) Case {
	return Case{Name: name, Facts: facts, Want: want, Says: says}
}

// Run puts a check through its cases. Among them it has to pass, to fail and to
// abstain, and it has to abstain when there are no facts at all.
func Run(t *testing.T, evaluate func(check.Facts) check.Verdict, cases []Case) {
	t.Helper()
	seen := map[assessment.Outcome]bool{}
	for _, c := range append(cases, It("no facts at all", check.Facts{}, Cannot, "")) {
		t.Run(c.Name, func(t *testing.T) {
			c.Facts.Now = Now
			before := fmt.Sprintf("%+v", c.Facts)
			v := evaluate(c.Facts)
			seen[v.Outcome] = true
			if v.Outcome != c.Want || !strings.Contains(v.Reason, c.Says) {
				t.Errorf("%s: %s\nwant %s: … %s …", v.Outcome, v.Reason, c.Want, c.Says)
			}
			if !strings.HasSuffix(v.Reason, ".") || strings.Contains(v.Reason, "%!") || strings.Contains(v.Reason, "  ") {
				t.Errorf("%q is not a sentence", v.Reason)
			}
			if v.Outcome == Pass && len(v.Facts) == 0 {
				t.Error("it passes on no fact")
			}
			if v.At <= 0 || v.At > Now || v.FreshFrom > v.At {
				t.Errorf("at %d, fresh from %d", v.At, v.FreshFrom)
			}
			if after := fmt.Sprintf("%+v", c.Facts); after != before {
				t.Error("the check changed the facts")
			}
			if again := evaluate(c.Facts); !reflect.DeepEqual(v, again) {
				t.Errorf("the second time it says %+v", again)
			}
		})
	}
	for _, o := range []assessment.Outcome{Pass, Fail, Cannot} {
		if !seen[o] {
			t.Errorf("no case shows %s", o)
		}
	}
}

// Doc is a document that was made so many days ago.
func Doc(name string, days int) check.Document {
	at := int64(Now - days*Day)
	return check.Document{Digest: fmt.Sprintf("%x", name), Format: name, ProducedAt: at, ReceivedAt: at}
}

// Of is a fact in a document of a day ago.
func Of[T any](name string, f T) check.Of[T] { return check.Of[T]{Document: Doc(name, 1), Fact: f} }

// List is several facts, each in a document of its own.
func List[T any](facts ...T) []check.Of[T] {
	var out []check.Of[T]
	for i, f := range facts {
		out = append(out, Of(fmt.Sprintf("document-%d", i+1), f))
	}
	return out
}

// Repositories are facts with what repositories say.
func Repositories(list ...fact.Repository) check.Facts {
	return check.Facts{Repositories: List(list...)}
}

// Scorecard are facts with one rating.
func Scorecard(name string, score int) check.Facts {
	return check.Facts{Scorecards: List(fact.Scorecard{Repository: "github.com/example/shop", Score: 5,
		Checks: map[string]fact.ScorecardCheck{name: {Score: score, Reason: "a reason"}}})}
}

// Scans are facts with runs of scanners.
func Scans(list ...fact.Scan) check.Facts { return check.Facts{Scans: List(list...)} }

// Inventories are facts with bills of materials.
func Inventories(list ...check.InventoryFact) check.Facts { return check.Facts{Inventories: list} }

// Bill is a bill of materials with everything filled in, changed as f says.
func Bill(f func(*check.InventoryFact)) check.InventoryFact {
	i := check.InventoryFact{Document: Doc("cyclonedx-json", 1), Subject: "shop 1.2.0", Components: 100, Identified: 100, Versioned: 100,
		Licensed: 100, Hashed: 100, Supplied: 100, Dependencies: 150, Authors: 1, Types: map[string]int{"library": 100}, Ecosystems: map[string]int{"npm": 100}}
	i.Tool = "syft 1.20"
	if f != nil {
		f(&i)
	}
	return i
}

// Matched are facts of a release of which every component was compared with
// advisories of yesterday, with findings.
func Matched(list ...check.FindingFact) check.Facts {
	verdicts := map[finding.Verdict]int{finding.NoKnown: 100}
	for _, x := range list {
		verdicts[x.Verdict]++
	}
	return check.Facts{Findings: list, Coverage: check.CoverageFact{Verdicts: verdicts, FeedsAsOf: Now - Day}}
}

// Finding is an affected component with a vulnerability seen so many days ago.
func Finding(band advisory.Band, days int, f func(*check.FindingFact)) check.FindingFact {
	x := check.FindingFact{ID: "CVE-2026-1234", Component: "pkg:npm/left@1.0.0", Verdict: finding.Affected, Band: band, FirstSeen: int64(Now - days*Day)}
	if f != nil {
		f(&x)
	}
	return x
}

// With changes facts.
func With(facts check.Facts, change func(*check.Facts)) check.Facts {
	change(&facts)
	return facts
}
