package decision_test

import (
	"math/rand"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
)

var subject = decision.Subject{Ecosystem: "npm", Key: "left-pad", Version: "1.0.0", System: "sys_1", Release: "rel_1"}

func TestResolve(t *testing.T) {
	person := func(id, author string, status decision.Status, made int64) decision.Decision {
		return decision.Decision{ID: id, Author: author, Source: decision.Person, Status: status, MadeAt: made, Ecosystem: "npm", Key: "left-pad"}
	}
	with := func(d decision.Decision, set func(*decision.Decision)) decision.Decision { set(&d); return d }
	vex := with(person("v", "supplier", decision.NotAffected, 1), func(d *decision.Decision) { d.Source = decision.OpenVEX })
	for _, c := range []struct {
		name      string
		list      []decision.Decision
		exploited bool
		want      decision.Status // "" = nothing decided
		by        string
		conflicts int
		refused   bool
	}{
		{"nobody decided", nil, false, "", "", 0, false},
		{"one person", []decision.Decision{person("a", "ann", decision.NotAffected, 1)}, false, decision.NotAffected, "a", 0, false},
		{"the newest of one author", []decision.Decision{person("a", "ann", decision.NotAffected, 1), person("b", "ann", decision.Affected, 2)}, false, decision.Affected, "b", 0, false},
		{"the newest of one author, the other way round", []decision.Decision{person("a", "ann", decision.Affected, 1), person("b", "ann", decision.NotAffected, 2)}, false, decision.NotAffected, "b", 0, false},
		{"two who disagree: both are kept, the cautious one decides", []decision.Decision{person("a", "ann", decision.Affected, 1), person("b", "bob", decision.NotAffected, 2)}, false, decision.Affected, "a", 1, false},
		{"two who agree", []decision.Decision{person("a", "ann", decision.Fixed, 1), person("b", "bob", decision.Fixed, 2)}, false, decision.Fixed, "b", 0, false},
		{"nearer wins over newer", []decision.Decision{
			with(person("a", "ann", decision.NotAffected, 1), func(d *decision.Decision) { d.Release = "rel_1" }), person("b", "bob", decision.Affected, 9)}, false, decision.NotAffected, "a", 0, false},
		{"about another release", []decision.Decision{with(person("a", "ann", decision.NotAffected, 1), func(d *decision.Decision) { d.Release = "rel_2" })}, false, "", "", 0, false},
		{"about another version", []decision.Decision{with(person("a", "ann", decision.NotAffected, 1), func(d *decision.Decision) { d.Versions = "2.0.0" })}, false, "", "", 0, false},
		{"about another package", []decision.Decision{with(person("a", "ann", decision.NotAffected, 1), func(d *decision.Decision) { d.Key = "right-pad" })}, false, "", "", 0, false},
		{"about the product as a whole", []decision.Decision{with(person("a", "ann", decision.NotAffected, 1), func(d *decision.Decision) { d.Key, d.Ecosystem, d.System = "", "", "sys_1" })}, false, decision.NotAffected, "a", 0, false},
		{"run out", []decision.Decision{with(person("a", "ann", decision.NotAffected, 1), func(d *decision.Decision) { d.ExpiresAt = 100 })}, false, "", "", 0, false},
		{"holds until the instant before", []decision.Decision{with(person("a", "ann", decision.NotAffected, 1), func(d *decision.Decision) { d.ExpiresAt = 101 })}, false, decision.NotAffected, "a", 0, false},
		{"withdrawn", []decision.Decision{with(person("a", "ann", decision.NotAffected, 1), func(d *decision.Decision) { d.WithdrawnAt = 50 })}, false, "", "", 0, false},
		{"a statement in a document", []decision.Decision{vex}, false, decision.NotAffected, "v", 0, false},
		{"a statement in a document does not clear what is exploited", []decision.Decision{vex}, true, "", "", 0, true},
		{"a person may clear what is exploited", []decision.Decision{vex, person("a", "ann", decision.NotAffected, 1)}, true, decision.NotAffected, "a", 0, true},
		{"a document may say that what is exploited does affect", []decision.Decision{with(vex, func(d *decision.Decision) { d.Status = decision.Affected })}, true, decision.Affected, "v", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := decision.Resolve(c.list, subject, 100, c.exploited)
			if got.Status != c.want || got.By.ID != c.by || len(got.Conflicting) != c.conflicts || got.Decided != (c.want != "") || (got.Refused != "") != c.refused {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func someDecision(t *rapid.T, i int) decision.Decision {
	return decision.Decision{
		ID: string(rune('a' + i)), Ecosystem: "npm", Key: rapid.SampledFrom([]string{"left-pad", "other"}).Draw(t, "key"),
		Versions: rapid.SampledFrom([]string{"", "1.0.0", "2.0.0"}).Draw(t, "version"), System: rapid.SampledFrom([]string{"", "sys_1"}).Draw(t, "system"),
		Release: rapid.SampledFrom([]string{"", "rel_1"}).Draw(t, "release"), Status: rapid.SampledFrom(decision.Statuses()).Draw(t, "status"),
		Source: rapid.SampledFrom([]decision.Source{decision.Person, decision.OpenVEX}).Draw(t, "source"), Author: rapid.SampledFrom([]string{"ann", "bob"}).Draw(t, "author"),
		MadeAt: rapid.Int64Range(1, 3).Draw(t, "made"), ExpiresAt: rapid.SampledFrom([]int64{0, 50, 200}).Draw(t, "expires"),
		WithdrawnAt: rapid.SampledFrom([]int64{0, 0, 10}).Draw(t, "withdrawn"),
	}
}

func TestResolveDoesNotDependOnTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := make([]decision.Decision, rapid.IntRange(0, 8).Draw(t, "n"))
		for i := range list {
			list[i] = someDecision(t, i)
		}
		exploited := rapid.Bool().Draw(t, "exploited")
		want := decision.Resolve(list, subject, 100, exploited)
		mixed := append([]decision.Decision(nil), list...)
		rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed"))).Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if d := cmp.Diff(want, decision.Resolve(mixed, subject, 100, exploited)); d != "" {
			t.Fatal(d)
		}
	})
}

func TestADocumentNeverClearsWhatIsExploited(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := make([]decision.Decision, rapid.IntRange(0, 8).Draw(t, "n"))
		for i := range list {
			list[i] = someDecision(t, i)
			list[i].Source = decision.OpenVEX
		}
		got := decision.Resolve(list, subject, 100, true)
		if got.Status == decision.NotAffected || got.Status == decision.Fixed {
			t.Fatalf("cleared by %+v", got.By)
		}
	})
}

func TestWordsAreClosed(t *testing.T) {
	if decision.Status("maybe").Valid() || !decision.Fixed.Valid() {
		t.Error("statuses")
	}
	if decision.Justification("because").Valid() || len(decision.Justifications()) != 5 {
		t.Error("justifications")
	}
}
