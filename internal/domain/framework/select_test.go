package framework

import (
	"slices"
	"testing"
)

func idsOf(rs []*Requirement) []string {
	var out []string
	for _, r := range rs {
		out = append(out, r.ID)
	}
	return out
}

func TestSelectLeavesOutWhatDoesNotApply(t *testing.T) {
	f := sound()
	f.Sets = append(f.Sets, Set{ID: "late", Title: "Late set"})
	rs := f.Groups[0].Groups[0].Requirements
	rs[0].Sets = []string{"early"}
	rs[1].Sizes = []string{SizeLarger}
	f.Groups[1].Requirements[0].Stages = []string{"in_service"}
	tests := map[string]struct {
		set, stage, size string
		want             []string
	}{
		"a larger system, no limits":        {"", "", SizeLarger, []string{"A1.a", "A1.b", "B.1"}},
		"a system that is not larger":       {"", "", SizeAll, []string{"A1.a", "B.1"}},
		"a system of unrecorded size":       {"", "", "", []string{"A1.a", "B.1"}},
		"a set that one does not belong to": {"late", "", SizeLarger, []string{"A1.b", "B.1"}},
		"a stage that one is not for":       {"early", "concept", SizeLarger, []string{"A1.a", "A1.b"}},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			if got := idsOf(Select(f, tc.set, tc.stage, tc.size)); !slices.Equal(got, tc.want) {
				t.Errorf("got %v, want %v", got, tc.want)
			}
		})
	}
}

func TestTheSetIsSuggestedByStageWithAReason(t *testing.T) {
	f := sound()
	tests := map[string]struct {
		sets  []Set
		stage string
		want  string
	}{
		"the stage is named":               {f.Sets, "concept", "early"},
		"no set names the stage":           {f.Sets, "disposal", ""},
		"a set for every stage":            {append(f.Sets, Set{ID: "any", Title: "Any"}), "disposal", "any"},
		"the stage is not recorded":        {f.Sets, "", ""},
		"the framework has no sets at all": {nil, "concept", ""},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := sound()
			f.Sets = tc.sets
			got, why := SuggestSet(f, tc.stage)
			if got.ID != tc.want || why == "" {
				t.Errorf("got %q because %q", got.ID, why)
			}
		})
	}
}

func TestSuggestionsGoBothWays(t *testing.T) {
	a, b := sound(), sound()
	b.ID = "other"
	a.Crosswalks = []Crosswalk{{To: "other", Version: "1", Source: "S", Provenance: "P", Links: []Link{
		{"A", "B.1", Subset, "note"}, {"B.1", "A1", Related, ""}}}}
	all := []*Framework{a, b}

	got := Suggestions(all, a, "A1.a") // by its outer group
	if len(got) != 1 || got[0].ID != "B.1" || got[0].Relation != Subset || got[0].Note != "note" {
		t.Errorf("forwards: %+v", got)
	}
	got = Suggestions(all, b, "B.1")
	if len(got) != 1 || got[0].ID != "A" || got[0].Relation != Superset || !slices.Equal(idsOf(got[0].Requirements), []string{"A1.a", "A1.b"}) {
		t.Errorf("backwards: %+v", got)
	}
	b.Crosswalks = []Crosswalk{{To: "example", Version: "1", Source: "Other", Provenance: "P", Links: []Link{{"B.1", "A", Equal, ""}}}}
	if got := Suggestions(all, a, "A1.a"); len(got) != 1 || got[0].Source != "S" {
		t.Errorf("linked from both sides: %+v", got)
	}
	if got := Suggestions(all, a, "nothing"); got != nil {
		t.Errorf("for a requirement that is not there: %+v", got)
	}
}

// Trap 14: the same id means different things in two versions of CAF, so a link
// holds for the version that it names and an answer moves by the table only.
func TestAnIdentifierIsNotCarriedAcrossVersions(t *testing.T) {
	old, now, other := sound(), sound(), sound()
	now.Version, other.ID = "2", "other"
	now.Migrates = &Migration{From: "1", Links: []Link{{"A1.a", "A1.b", Equal, ""}}}
	other.Crosswalks = []Crosswalk{{To: "example", Version: "1", Source: "S", Provenance: "P", Links: []Link{{"B.1", "A1.a", Equal, ""}}}}
	all := []*Framework{old, now, other}

	if got := Suggestions(all, old, "A1.a"); len(got) != 1 {
		t.Errorf("in the named version: %+v", got)
	}
	if got := Suggestions(all, now, "A1.a"); len(got) != 0 {
		t.Errorf("in another version: %+v", got)
	}
	if got := Successors(now, "A1.a"); len(got) != 1 || got[0].To != "A1.b" {
		t.Errorf("successors: %+v", got)
	}
	if got := Successors(now, "B.1"); got != nil {
		t.Errorf("a successor that nobody named: %+v", got)
	}
}
