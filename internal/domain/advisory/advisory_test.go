package advisory_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
)

func TestBandOfFollowsTheRatingScales(t *testing.T) {
	for _, c := range []struct {
		scheme string
		score  float64
		want   advisory.Band
	}{
		{"CVSS_V3", 0, advisory.BandNone}, {"CVSS_V3", 0.1, advisory.BandLow}, {"CVSS_V3", 3.9, advisory.BandLow},
		{"CVSS_V3", 4, advisory.BandMedium}, {"CVSS_V3", 6.9, advisory.BandMedium}, {"CVSS_V4", 7, advisory.BandHigh},
		{"CVSS_V4", 8.9, advisory.BandHigh}, {"CVSS_V4", 9, advisory.BandCritical}, {"CVSS_V4", 10, advisory.BandCritical},
		{"CVSS_V2", 0, advisory.BandLow}, {"CVSS_V2", 3.9, advisory.BandLow}, {"CVSS_V2", 6.9, advisory.BandMedium}, {"CVSS_V2", 10, advisory.BandHigh},
		{"CVSS_V3", -1, advisory.Unrated}, {"CVSS_V3", 10.1, advisory.Unrated},
	} {
		if got := advisory.BandOf(c.scheme, c.score); got != c.want {
			t.Errorf("%s %v: got %s, want %s", c.scheme, c.score, got, c.want)
		}
	}
}

func TestPreferredTakesTheNewestVersionThatCanBeRead(t *testing.T) {
	v2, v3, v4 := advisory.Severity{Type: "CVSS_V2", Score: 10}, advisory.Severity{Type: "CVSS_V3", Score: 5}, advisory.Severity{Type: "CVSS_V4", Score: 4}
	broken, other := advisory.Severity{Type: "CVSS_V4", Score: -1}, advisory.Severity{Type: "Ubuntu", Score: -1}
	higher := advisory.Severity{Type: "CVSS_V3", Score: 7}
	for _, c := range []struct {
		says string
		in   []advisory.Severity
		want advisory.Severity
		ok   bool
	}{
		{"version 4 before higher scores of older ones", []advisory.Severity{v2, v4, v3}, v4, true},
		{"the higher of two", []advisory.Severity{v3, higher}, higher, true},
		{"one that can be read before a newer that cannot", []advisory.Severity{broken, v2}, v2, true},
		{"words when there is nothing else", []advisory.Severity{other}, other, true},
		{"nothing", nil, advisory.Severity{}, false},
	} {
		if got, ok := advisory.Preferred(c.in); got != c.want || ok != c.ok {
			t.Errorf("%s: got %+v, %v", c.says, got, ok)
		}
	}
}

// The published table, written out by hand: low, medium and high in each row.
const ssvcTable = `
none no partial        Track  Track  Track
none no total          Track  Track  Track*
none yes partial       Track  Track  Attend
none yes total         Track  Track  Attend
public_poc no partial  Track  Track  Track*
public_poc no total    Track  Track* Attend
public_poc yes partial Track  Track  Attend
public_poc yes total   Track  Track* Attend
active no partial      Track  Track  Attend
active no total        Track  Attend Act
active yes partial     Attend Attend Act
active yes total       Attend Act    Act`

func TestSSVCGivesAll36RowsOfTheTable(t *testing.T) {
	rows := 0
	for line := range strings.Lines(strings.TrimSpace(ssvcTable)) {
		f := strings.Fields(line)
		for i, m := range []advisory.Mission{advisory.MissionLow, advisory.MissionMedium, advisory.MissionHigh} {
			s := advisory.SSVC{Exploitation: advisory.Exploitation(strings.ReplaceAll(f[0], "_", " ")), Automatable: f[1] == "yes", Impact: advisory.Impact(f[2]), Mission: m}
			got, path, ok := s.Decide()
			if !ok || string(got) != f[3+i] || len(path) != 5 || !strings.HasSuffix(path[4], f[3+i]) {
				t.Errorf("%+v: got %s by %v, want %s", s, got, path, f[3+i])
			}
			rows++
		}
	}
	if rows != 36 {
		t.Errorf("%d rows", rows)
	}
	for _, s := range []advisory.SSVC{{}, {Exploitation: "active", Impact: "total"}, {Exploitation: "some", Impact: "total", Mission: "low"}} {
		if _, _, ok := s.Decide(); ok {
			t.Errorf("%+v is decided", s)
		}
	}
}

func TestAWorseAnswerNeverGivesALessUrgentOutcome(t *testing.T) {
	exploitations := []advisory.Exploitation{"none", "public poc", "active"}
	missions := []advisory.Mission{"low", "medium", "high"}
	impacts := []advisory.Impact{"partial", "total"}
	rapid.Check(t, func(t *rapid.T) {
		e, m, i, a := rapid.IntRange(0, 2).Draw(t, "e"), rapid.IntRange(0, 2).Draw(t, "m"), rapid.IntRange(0, 1).Draw(t, "i"), rapid.Bool().Draw(t, "a")
		e2, m2, i2, a2 := rapid.IntRange(e, 2).Draw(t, "e2"), rapid.IntRange(m, 2).Draw(t, "m2"), rapid.IntRange(i, 1).Draw(t, "i2"), a || rapid.Bool().Draw(t, "a2")
		mild, _, _ := advisory.SSVC{Exploitation: exploitations[e], Automatable: a, Impact: impacts[i], Mission: missions[m]}.Decide()
		worse, _, _ := advisory.SSVC{Exploitation: exploitations[e2], Automatable: a2, Impact: impacts[i2], Mission: missions[m2]}.Decide()
		if worse.Urgency() < mild.Urgency() || mild.Urgency() == 0 {
			t.Fatalf("%s, then %s", mild, worse)
		}
	})
}

func TestMissionOf(t *testing.T) {
	for _, c := range []struct {
		prevalence, wellBeing string
		want                  advisory.Mission
	}{
		{"minimal", "minimal", "low"}, {"minimal", "material", "medium"}, {"support", "minimal", "medium"}, {"support", "material", "medium"},
		{"essential", "minimal", "high"}, {"minimal", "irreversible", "high"}, {"none", "minimal", ""}, {"", "", ""},
	} {
		got, err := advisory.MissionOf(c.prevalence, c.wellBeing)
		if got != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s and %s: %q, %v", c.prevalence, c.wellBeing, got, err)
		}
	}
}

func TestFeedHealthSaysWhatIsNotNormal(t *testing.T) {
	const day = 24 * 3600 * 1_000_000
	well := advisory.FeedState{Ecosystem: "npm", Records: 1000, AsOf: 100 * day, Digest: "a"}
	change := func(f func(*advisory.FeedState)) advisory.FeedState { s := well; s.Digest = "b"; f(&s); return s }
	for _, c := range []struct {
		says              string
		previous, current advisory.FeedState
		now               int64
		want              string
	}{
		{"the first reading", advisory.FeedState{}, well, 100 * day, ""},
		{"nothing moved for a day", well, well, 101 * day, ""},
		{"nothing moved for three days", well, well, 103 * day, "stale"},
		{"grown", well, change(func(s *advisory.FeedState) { s.Records = 1100 }), 100 * day, ""},
		{"a few less", well, change(func(s *advisory.FeedState) { s.Records = 980 }), 100 * day, ""},
		{"many less", well, change(func(s *advisory.FeedState) { s.Records = 979 }), 100 * day, "shrank"},
		{"empty", well, change(func(s *advisory.FeedState) { s.Records = 0 }), 100 * day, "shrank"},
		{"older than before", well, change(func(s *advisory.FeedState) { s.AsOf = 99 * day }), 100 * day, "went-back"},
		{"a record in quarantine", well, change(func(s *advisory.FeedState) { s.Quarantined = 1 }), 100 * day, "quarantine"},
		{"a record in quarantine at the first reading", advisory.FeedState{}, change(func(s *advisory.FeedState) { s.Quarantined = 1 }), 100 * day, "quarantine"},
	} {
		var got []string
		for _, a := range advisory.FeedHealth(c.previous, c.current, c.now, advisory.DefaultFeedPolicy()) {
			got = append(got, a.Kind)
			if !strings.Contains(a.Detail, "npm") {
				t.Errorf("%s: %q does not name the feed", c.says, a.Detail)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: got %v, want %q", c.says, got, c.want)
		}
	}
}

func TestCompletenessCountsOnlyWhatTheAuthoritySays(t *testing.T) {
	product := advisory.CVEProduct{Vendor: "v", Product: "p", Versions: []advisory.CVEVersion{{Version: "1", LessThan: "*"}}}
	rated := []advisory.Severity{{Type: "CVSS_V3", Vector: "CVSS:3.0/x", Score: 5}}
	for _, c := range []struct {
		says          string
		record        advisory.CVE
		score, pledge int
	}{
		{"nothing", advisory.CVE{}, 0, 0},
		{"a weakness that somebody else added", advisory.CVE{ADP: []advisory.CVEContainer{{CWEs: []string{"CWE-1"}}}}, 0, 0},
		{"a weakness", advisory.CVE{CNA: advisory.CVEContainer{CWEs: []string{"CWE-1"}}}, 25, 50},
		{"a product by words alone, with no end to what is affected", advisory.CVE{CNA: advisory.CVEContainer{Affected: []advisory.CVEProduct{product}}}, 0, 0},
		{"a product with criteria beside it", advisory.CVE{CNA: advisory.CVEContainer{Affected: []advisory.CVEProduct{product}, Applicability: true}}, 25, 50},
		{"a package of a collection", advisory.CVE{CNA: advisory.CVEContainer{Affected: []advisory.CVEProduct{{CollectionURL: "https://pkg.go.dev", PackageName: "x"}}}}, 25, 0},
		{"a rating of version 3.0", advisory.CVE{CNA: advisory.CVEContainer{Severities: rated}}, 0, 0},
		{"a timeline without credits", advisory.CVE{CNA: advisory.CVEContainer{Timeline: true}}, 0, 0},
		{"a workaround", advisory.CVE{CNA: advisory.CVEContainer{Workaround: true}}, 5, 0},
	} {
		score, items := c.record.Completeness()
		if score != c.score || c.record.PledgeShare() != c.pledge || len(items) != 7 {
			t.Errorf("%s: %d and %d of %d items", c.says, score, c.record.PledgeShare(), len(items))
		}
	}
}
