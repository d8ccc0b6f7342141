package ground

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestOneRepositoryHasOneName(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://github.com/Example/Shop.git", "github.com/example/shop"},
		{"git+https://github.com/example/shop@refs/tags/v1", "github.com/example/shop"},
		{"git@github.com:example/shop.git", "github.com/example/shop"},
		{"ssh://git@github.com/example/shop", "github.com/example/shop"},
		{"https://token@gitlab.example.com/a/b/", "gitlab.example.com/a/b"},
		{"github.com/example/shop", "github.com/example/shop"},
		{"  ", ""},
	} {
		if got := RepositoryName(c.in); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestADocumentIsNeverNewerThanItsReceipt(t *testing.T) {
	for _, c := range []struct {
		name               string
		produced, received int64
		want               int64
	}{
		{"made before it was received", 5, 7, 5},
		{"dated tomorrow", 9, 7, 7},
		{"not dated", 0, 7, 7},
		{"dated before 1970", -3, 7, 7},
		{"not received over the network", 5, 0, 5},
	} {
		if got := Made(check.Document{ProducedAt: c.produced, ReceivedAt: c.received}); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestTextOfDocumentsStaysOnOneLineAndShort(t *testing.T) {
	if got := Text(" a\nb\tc\u202ed\x00e "); got != "a b cde" {
		t.Errorf("%q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		got := Text(rapid.String().Draw(t, "text"))
		if n := len([]rune(got)); n > 120 || strings.ContainsAny(got, "\n\r\x00\u202e") {
			t.Fatalf("%d characters: %q", n, got)
		}
	})
}

func TestAPassRestsOnTheOldestDocumentThatItNeeds(t *testing.T) {
	g := New(check.Facts{Now: 100})
	g.Saw(check.Document{ReceivedAt: 40}, "a", "1")
	g.Saw(check.Document{ReceivedAt: 60}, "a", "2")
	g.Beside(check.Document{ReceivedAt: 10}, "b", "beside")
	if v := g.Pass("p."); v.At != 60 || v.FreshFrom != 40 {
		t.Errorf("at %d, fresh from %d", v.At, v.FreshFrom)
	}
	g.Computed("c", "holds now")
	if v := g.Pass("p."); v.At != 100 || v.FreshFrom != 40 {
		t.Errorf("with a computed fact: at %d, fresh from %d", v.At, v.FreshFrom)
	}
	if v := New(check.Facts{Now: 100}).Cannot("c."); v.At != 100 || v.FreshFrom != 0 {
		t.Errorf("without facts: at %d, fresh from %d", v.At, v.FreshFrom)
	}
}

func TestManyFactsAreCutAndSaySo(t *testing.T) {
	g := New(check.Facts{Now: 1})
	for i := range maxUsed + 5 {
		g.Computed("Finding", strings.Repeat("x", i))
	}
	v := g.Fail("f.")
	if last := v.Facts[len(v.Facts)-1]; len(v.Facts) != maxUsed+1 || last.Value != "5" {
		t.Errorf("%d facts, the last %+v", len(v.Facts), last)
	}
}

func TestFreshestOfThoseWhoSayTheSameCounts(t *testing.T) {
	repository := check.Of[fact.Repository]{Document: check.Document{ReceivedAt: 10}, Fact: fact.Repository{Repository: "a", MFARequired: new(true)}}
	rated := check.Of[fact.Scorecard]{Document: check.Document{ReceivedAt: 90}, Fact: fact.Scorecard{Repository: "a", Checks: map[string]fact.ScorecardCheck{"X": {Score: 10}}}}
	q := Question{What: "x", Scorecard: "X", AtLeast: 10, Missing: NoScorecard,
		Ask: func(_ string, r fact.Repository) (Answer, string) { return Flag(r.MFARequired, "yes.", "no.") }}
	v := q.Judge(check.Facts{Now: 100, Repositories: []check.Of[fact.Repository]{repository}, Scorecards: []check.Of[fact.Scorecard]{rated}})
	if v.Reason != "yes." || v.At != 90 || v.FreshFrom != 0 {
		t.Errorf("%+v", v)
	}
	rated.Fact.Checks = map[string]fact.ScorecardCheck{"X": {Score: 0}}
	v = q.Judge(check.Facts{Now: 100, Repositories: []check.Of[fact.Repository]{repository}, Scorecards: []check.Of[fact.Scorecard]{rated}})
	if v.Outcome != assessment.Pass || v.FreshFrom != 10 {
		t.Errorf("a rating that disagrees made the setting fresh: %+v", v)
	}
}

func TestARepositoryWithoutANameIsTheOnlyOneThatHasOne(t *testing.T) {
	named := func(names ...string) string {
		var said []Said
		for _, n := range names {
			said = append(said, Said{Subject: n})
		}
		var out []string
		for _, s := range merged(said) {
			out = append(out, s.Subject)
		}
		return strings.Join(out, ",")
	}
	for in, want := range map[string]string{",a": "a,a", ",a,b": ",a,b", ",": ",", "a,,a": "a,a,a"} {
		if got := named(strings.Split(in, ",")...); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestTwoDocumentsOfOneKindThatDisagreeAreNoYes(t *testing.T) {
	yes, no := Said{Answer: Yes, Words: "yes"}, Said{Answer: No, Words: "no"}
	if got := first([]Said{yes, no}); got.Answer != No {
		t.Error("the better answer was chosen")
	}
	if got := first([]Said{{Words: "?"}, {Answer: No, rank: 1}}); got.Answer != No {
		t.Error("silence of the first kind hid the second")
	}
	if got := best([]Said{no, yes, {}}); got.Answer != Yes {
		t.Error("one good document was not enough")
	}
}

func TestCWEsAreWrittenInOneWay(t *testing.T) {
	for in, want := range map[string]string{"CWE-79": "CWE-79", "cwe-079": "CWE-79", "CWE-000": "CWE-0", "NVD-CWE-Other": "NVD-CWE-Other", "": ""} {
		if got := CWE(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestOnlyADigestIsADigest(t *testing.T) {
	if !SHA256(strings.Repeat("0f", 32)) || SHA256(strings.Repeat("0F", 32)) || SHA256("ab") || SHA256(strings.Repeat("zz", 32)) {
		t.Error("SHA-256 is not told from other text")
	}
}
