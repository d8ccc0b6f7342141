package match_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/match"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
)

// events reads "introduced 0 fixed 1.2".
func events(s string) (out []advisory.Event) {
	words := strings.Fields(s)
	for i := 0; i+1 < len(words); i += 2 {
		out = append(out, advisory.Event{Kind: advisory.EventKind(words[i]), Version: words[i+1]})
	}
	return out
}

func of(ecosystem, name string, ranges ...string) advisory.Affected {
	a := advisory.Affected{Ecosystem: ecosystem, Name: name}
	for _, r := range ranges {
		a.Ranges = append(a.Ranges, advisory.Range{Type: advisory.Ecosystem, Events: events(r)})
	}
	return a
}

func index(list ...advisory.Advisory) *match.Index {
	x := match.New()
	for _, a := range list {
		x.Add(a, 1)
	}
	return x
}

func id(ecosystem, key, version string) purl.Identity {
	return purl.Identity{Ecosystem: ecosystem, Key: key, Name: key, Version: version}
}

func TestRanges(t *testing.T) {
	git := advisory.Range{Type: advisory.Git, Repo: "https://example.org/r", Events: events("introduced 0 fixed abc")}
	with := func(a advisory.Affected, set func(*advisory.Affected)) advisory.Affected { set(&a); return a }
	for _, c := range []struct {
		name                 string
		in                   advisory.Affected
		affected, not, doubt string // versions
	}{
		{"introduced and fixed", of("npm", "p", "introduced 1.0.0 fixed 2.0.0"), "1.0.0 1.9.9", "0.9.0 2.0.0 3.0.0 1.0.0-rc.1", "latest"},
		{"from the beginning", of("npm", "p", "introduced 0 fixed 2.0.0"), "0.0.0 0.0.0-0 1.9.9", "2.0.0", ""},
		{"never fixed", of("npm", "p", "introduced 1.0.0"), "1.0.0 99.0.0", "0.9.9", ""},
		{"last affected", of("npm", "p", "introduced 1.0.0 last_affected 2.0.0"), "1.0.0 2.0.0", "2.0.1 0.9.0", ""},
		{"events in any order", of("npm", "p", "fixed 4.0.0 introduced 3.0.0 fixed 2.0.0 introduced 1.0.0"), "1.5.0 3.5.0", "2.5.0 4.0.0 0.5.0", ""},
		{"a limit", of("npm", "p", "introduced 1.0.0 limit 2.0.0"), "1.5.0", "2.0.0 3.0.0", ""},
		{"several limits: before one of them is enough", of("npm", "p", "introduced 0 limit 1.0.0 limit 2.0.0"), "1.5.0", "2.0.0", ""},
		{"a limit without end", of("npm", "p", "introduced 0 limit * fixed 3.0.0"), "2.0.0", "3.0.0", ""},
		{"two ranges", of("npm", "p", "introduced 1.0.0 fixed 1.1.0", "introduced 2.0.0 fixed 2.1.0"), "1.0.5 2.0.5", "1.5.0 2.1.0", ""},
		{"an empty range", of("npm", "p", "introduced 1.0.0 fixed 1.0.0"), "", "0.9.0 1.0.0 1.0.1", ""},
		{"no ranges but names", with(of("PyPI", "p"), func(a *advisory.Affected) { a.Versions = []string{"1.0", "weird"} }), "1.0 1.0.0 weird", "1.1", ""},
		{"a range of commits first", with(of("PyPI", "p", "introduced 0 fixed 1.2"), func(a *advisory.Affected) { a.Ranges = slices.Insert(a.Ranges, 0, git) }), "1.1", "1.2", ""},
		{"commits and nothing else", with(of("PyPI", "p"), func(a *advisory.Affected) { a.Ranges = []advisory.Range{git} }), "", "", "1.0"},
		{"commits beside named versions", with(of("PyPI", "p"), func(a *advisory.Affected) { a.Ranges, a.Versions = []advisory.Range{git}, []string{"1.0"} }), "1.0", "1.1", ""},
		{"an event that is no version", of("npm", "p", "introduced 0 fixed soon"), "", "", "1.0.0"},
		{"a broken range beside one that decides", of("npm", "p", "introduced 0 fixed soon", "introduced 1.0.0 fixed 2.0.0"), "1.5.0", "", "3.0.0"},
		{"neither ranges nor names", of("npm", "p"), "", "1.0.0", ""},
		{"semantic versions in another ecosystem", with(of("PyPI", "p"), func(a *advisory.Affected) {
			a.Ranges = []advisory.Range{{Type: advisory.Semver, Events: events("introduced 1.0.0 fixed 1.0.1")}}
		}), "1.0.0", "1.0.1 1.0.0-rc1", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := index(advisory.Advisory{ID: "A-1", Affected: []advisory.Affected{c.in}})
			try := func(versions string, hits, unsure int) {
				for _, v := range strings.Fields(versions) {
					if m := x.Match(id(c.in.Ecosystem, "p", v)); len(m.Hits) != hits || len(m.Unsure) != unsure {
						t.Errorf("%s: %d hits and %d in doubt, want %d and %d", v, len(m.Hits), len(m.Unsure), hits, unsure)
					}
				}
			}
			try(c.affected, 1, 0)
			try(c.not, 0, 0)
			try(c.doubt, 0, 1)
		})
	}
}

func TestWordsOfARange(t *testing.T) {
	x := index(advisory.Advisory{ID: "A-1", Affected: []advisory.Affected{of("npm", "p", "introduced 0 fixed 1.0.0 introduced 2.0.0 fixed 2.1.0 introduced 3.0.0 last_affected 3.5.0")}})
	for v, want := range map[string]string{"0.5.0": "< 1.0.0 | 1.0.0 2.1.0", "2.0.5": ">= 2.0.0, < 2.1.0 | 2.1.0", "3.1.0": ">= 3.0.0, <= 3.5.0 | "} {
		h := x.Match(id("npm", "p", v)).Hits[0]
		if got := strings.Join(h.Ranges, "; ") + " | " + strings.Join(h.Fixed, " "); got != want {
			t.Errorf("%s: %q, want %q", v, got, want)
		}
	}
}

func TestReleasesOfADistribution(t *testing.T) {
	x := index(advisory.Advisory{ID: "D-1", Affected: []advisory.Affected{of("Debian:11", "openssl", "introduced 0 fixed 1.1.1-2"), of("Debian:12", "openssl", "introduced 0 fixed 3.0.0-1")}},
		advisory.Advisory{ID: "D-2", Affected: []advisory.Affected{of("Debian", "openssl", "introduced 0 fixed 0.9-1")}})
	for _, c := range []struct {
		ecosystem, version, hits, unsure string
	}{
		{"Debian:12", "1.1.1-5", "D-1", ""},
		{"Debian:11", "1.1.1-5", "", ""},
		{"Debian:13", "0.1-1", "D-2", ""},
		{"Debian", "1.1.1-5", "", "D-1"},
		{"Debian", "9.0-1", "", ""},
		{"Debian", "0.1-1", "D-2", "D-1"},
	} {
		m := x.Match(id(c.ecosystem, "openssl", c.version))
		if got := ids(m.Hits) + "|" + ids(m.Unsure); got != c.hits+"|"+c.unsure {
			t.Errorf("%s %s: %s", c.ecosystem, c.version, got)
		}
	}
}

func ids(hits []match.Hit) string {
	var out []string
	for _, h := range hits {
		out = append(out, h.Record.ID)
	}
	return strings.Join(out, " ")
}

func TestAnAdvisoryIsReplacedWithdrawnAndRemoved(t *testing.T) {
	x := index(advisory.Advisory{ID: "A-1", Affected: []advisory.Affected{of("npm", "p", "introduced 0 fixed 2.0.0")}},
		advisory.Advisory{ID: "A-2", Affected: []advisory.Affected{of("npm", "p", "introduced 0")}})
	has := func(want string) {
		t.Helper()
		if got := ids(x.Match(id("npm", "p", "1.0.0")).Hits); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	has("A-1 A-2")
	x.Add(advisory.Advisory{ID: "A-1", Affected: []advisory.Affected{of("npm", "p", "introduced 0 fixed 0.5.0")}}, 2)
	has("A-2")
	x.Add(advisory.Advisory{ID: "A-2", Withdrawn: 5, Affected: []advisory.Affected{of("npm", "p", "introduced 0")}}, 2)
	has("")
	if g := x.Group("A-2"); len(g.Records) != 1 || g.Records[0].Withdrawn != 5 {
		t.Error("a withdrawn record is kept")
	}
	x.Remove("A-1")
	x.Remove("A-1")
	if x.Len() != 1 {
		t.Errorf("%d records", x.Len())
	}
}

func TestAQuarantinedRecordMakesItsPackagesUnassessable(t *testing.T) {
	x := match.New()
	feeds := match.Feeds{AsOf: map[string]int64{"npm": 1}}
	cover := func() match.Coverage {
		return x.Cover(inventory.Component{Name: "p", PURL: "pkg:npm/p@1.0.0"}, feeds)
	}
	x.Quarantine(advisory.Quarantined{ID: "A-1", Reason: "broken", Packages: []advisory.Package{{Ecosystem: "npm", Name: "p"}}})
	if c := cover(); c.Verdict != finding.CannotAssess || c.Reason != finding.AdvisoryQuarantined || c.Quarantined[0] != "A-1" {
		t.Errorf("%+v", c)
	}
	if q := x.Quarantined(); len(q) != 1 || q[0].Reason != "broken" {
		t.Errorf("%+v", q)
	}
	x.Add(advisory.Advisory{ID: "A-1", Affected: []advisory.Affected{of("npm", "p", "introduced 2.0.0")}}, 2)
	if c := cover(); c.Verdict != finding.NotAffected || len(x.Quarantined()) != 0 {
		t.Errorf("it can be read now: %+v", c)
	}
}

func TestCover(t *testing.T) {
	x := index(advisory.Advisory{ID: "A-1", Affected: []advisory.Affected{of("npm", "p", "introduced 0 fixed 2.0.0"), of("Go", "github.com/A/b", "introduced 0")}})
	feeds := match.Feeds{AsOf: map[string]int64{"npm": 100, "Go": 10}, Now: 200, MaxAge: 150}
	for _, c := range []struct {
		name    string
		in      inventory.Component
		verdict finding.Verdict
		reason  finding.Reason
	}{
		{"affected", inventory.Component{Name: "p", PURL: "pkg:npm/p@1.0.0"}, finding.Affected, ""},
		{"ranges were compared", inventory.Component{Name: "p", PURL: "pkg:npm/p@2.0.0"}, finding.NotAffected, ""},
		{"nothing names it", inventory.Component{Name: "q", PURL: "pkg:npm/q@1.0.0"}, finding.NoKnown, ""},
		{"the feed is old", inventory.Component{Name: "github.com/x/y", PURL: "pkg:golang/github.com/x/y@v1.0.0"}, finding.CannotAssess, finding.FeedStale},
		{"the feed is old and it is affected all the same", inventory.Component{Name: "github.com/A/b", PURL: "pkg:golang/github.com/A/b@v1.0.0"}, finding.Affected, ""},
		{"a path that differs in case is another module", inventory.Component{Name: "github.com/a/b", PURL: "pkg:golang/github.com/a/b@v1.0.0"}, finding.CannotAssess, finding.FeedStale},
		{"no feed", inventory.Component{Name: "p", PURL: "pkg:pypi/p@1.0"}, finding.CannotAssess, finding.FeedMissing},
		{"no version", inventory.Component{Name: "p", PURL: "pkg:npm/p"}, finding.CannotAssess, finding.NoVersion},
		{"no identity", inventory.Component{Name: "p", Version: "1"}, finding.CannotAssess, finding.NoIdentity},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := x.Cover(c.in, feeds); got.Verdict != c.verdict || got.Reason != c.reason {
				t.Errorf("got %s %s", got.Verdict, got.Reason)
			}
		})
	}
}

func TestGroupFollowsAliasesBothWaysAndKeepsWhoAssertedThem(t *testing.T) {
	x := index(advisory.Advisory{ID: "GHSA-1", Aliases: []string{"CVE-1"}}, advisory.Advisory{ID: "PYSEC-1", Aliases: []string{"CVE-1", "CVE-2"}}, advisory.Advisory{ID: "GO-1"})
	for _, start := range []string{"GHSA-1", "CVE-1", "PYSEC-1", "CVE-2"} {
		g := x.Group(start)
		if got := strings.Join(g.IDs, " ") + "|" + strings.Join(g.Aliases, " "); got != "GHSA-1 PYSEC-1|CVE-1 CVE-2" {
			t.Errorf("from %s: %s", start, got)
		}
		if got := strings.Join(g.Asserted["CVE-1"], " "); got != "GHSA-1 PYSEC-1" {
			t.Errorf("CVE-1 is asserted by %s", got)
		}
	}
	if g := x.Group("CVE-9"); len(g.All()) != 0 {
		t.Errorf("nothing is held about it: %+v", g)
	}
}

// affectedByTheBook is the evaluation of the OSV schema written down again, straight
// from its text and for plain numbers, to compare with. It shares no code.
func affectedByTheBook(a advisory.Affected, v int) bool {
	num := func(s string) int {
		n := -1
		fmt.Sscanf(s, "%d", &n)
		return n
	}
	for _, named := range a.Versions {
		if num(named) == v {
			return true
		}
	}
	for _, r := range a.Ranges {
		if r.Type == advisory.Git {
			continue
		}
		limited, before := false, false
		var turns []advisory.Event
		for _, e := range r.Events {
			if e.Kind == advisory.Limit {
				limited = true
				before = before || e.Version == "*" || v < num(e.Version)
				continue
			}
			turns = append(turns, e)
		}
		if limited && !before {
			continue
		}
		for i := 1; i < len(turns); i++ { // insertion sort: what stands at one version stays as written
			for j := i; j > 0 && place(turns[j-1]) > place(turns[j]); j-- {
				turns[j-1], turns[j] = turns[j], turns[j-1]
			}
		}
		vulnerable := false
		for _, e := range turns {
			switch {
			case e.Kind == advisory.Introduced && (e.Version == "0" || v >= num(e.Version)):
				vulnerable = true
			case e.Kind == advisory.Fixed && v >= num(e.Version):
				vulnerable = false
			case e.Kind == advisory.LastAffected && v > num(e.Version):
				vulnerable = false
			}
		}
		if vulnerable {
			return true
		}
	}
	return false
}

func place(e advisory.Event) int {
	n := 0
	if e.Version != "0" || e.Kind != advisory.Introduced {
		fmt.Sscanf(e.Version, "%d", &n)
		n++
	}
	return n
}

func TestEvaluationIsThatOfTheSchema(t *testing.T) {
	kinds := []advisory.EventKind{advisory.Introduced, advisory.Fixed, advisory.LastAffected, advisory.Limit}
	rapid.Check(t, func(t *rapid.T) {
		ecosystem := rapid.SampledFrom([]string{"npm", "PyPI", "Maven", "Debian", "Alpine", "RubyGems"}).Draw(t, "ecosystem")
		a := advisory.Affected{Ecosystem: ecosystem, Name: "p"}
		for range rapid.IntRange(0, 3).Draw(t, "ranges") {
			r := advisory.Range{Type: rapid.SampledFrom([]advisory.RangeType{advisory.Ecosystem, advisory.Semver, advisory.Git}).Draw(t, "type")}
			for range rapid.IntRange(1, 5).Draw(t, "events") {
				e := advisory.Event{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), Version: fmt.Sprint(rapid.IntRange(1, 9).Draw(t, "version"))}
				if e.Kind == advisory.Introduced && rapid.Bool().Draw(t, "from the beginning") {
					e.Version = "0"
				}
				r.Events = append(r.Events, e)
			}
			a.Ranges = append(a.Ranges, r)
		}
		for range rapid.IntRange(0, 2).Draw(t, "named") {
			a.Versions = append(a.Versions, fmt.Sprint(rapid.IntRange(1, 9).Draw(t, "version")))
		}
		gitOnly := len(a.Versions) == 0 && !slices.ContainsFunc(a.Ranges, func(r advisory.Range) bool { return r.Type != advisory.Git })
		x := index(advisory.Advisory{ID: "A-1", Affected: []advisory.Affected{a}})
		for v := range 10 {
			if v == 0 {
				continue
			}
			m := x.Match(id(ecosystem, "p", fmt.Sprint(v)))
			if gitOnly && len(a.Ranges) > 0 {
				if len(m.Unsure) != 1 {
					t.Fatalf("commits say nothing of %d, and it was decided", v)
				}
				continue
			}
			if got, want := len(m.Hits) == 1, affectedByTheBook(a, v); got != want || len(m.Unsure) > 0 {
				t.Fatalf("%d: affected is %v, by the book %v: %+v", v, got, want, a)
			}
		}
	})
}

func TestMatchOnlyAsksSomeRecordsAlone(t *testing.T) {
	x := index(advisory.Advisory{ID: "A", Affected: []advisory.Affected{of("npm", "p", "introduced 0 fixed 2.0.0")}},
		advisory.Advisory{ID: "B", Affected: []advisory.Affected{of("npm", "p", "introduced 0")}})
	a, held := x.Get("A")
	if !held || a.ID != "A" {
		t.Fatalf("A: %+v", a)
	}
	if _, held := x.Get("C"); held {
		t.Error("a record that nobody has is held")
	}
	only := []*match.Record{a}
	if got := x.MatchOnly(id("npm", "p", "1.0.0"), only); len(got.Hits) != 1 || got.Hits[0].Record.ID != "A" {
		t.Errorf("1.0.0: %+v", got)
	}
	if got := x.MatchOnly(id("npm", "p", "3.0.0"), only); len(got.Hits) != 0 || got.Compared != 1 {
		t.Errorf("3.0.0, which only B affects: %+v", got)
	}
}

func TestARecordThatIsGoneIsNoLongerQuarantined(t *testing.T) {
	x := index()
	x.Quarantine(advisory.Quarantined{ID: "A", Reason: "broken", Packages: []advisory.Package{{Ecosystem: "npm", Name: "p"}}})
	if got := x.Match(id("npm", "p", "1.0.0")); len(got.Quarantined) != 1 {
		t.Errorf("%+v", got)
	}
	x.Release("A")
	x.Release("B")
	if got := x.Match(id("npm", "p", "1.0.0")); len(got.Quarantined)+len(x.Quarantined()) != 0 {
		t.Errorf("%+v", got)
	}
}
