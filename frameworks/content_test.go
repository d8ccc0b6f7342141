package frameworks

import (
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

func get(t *testing.T, id, version string) *framework.Framework {
	t.Helper()
	lib, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	f, err := lib.Get(id, version)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestEveryCompleteMODActivitySaysWhatItIsGoodForAndWhoDoesItWhen(t *testing.T) {
	var incomplete []string
	for _, a := range get(t, "mod-sbd", "2025").Activities {
		if a.Incomplete != "" {
			incomplete = append(incomplete, a.ID)
			continue
		}
		if len(a.Benefits) == 0 || len(a.Artefacts) == 0 || len(a.Responsible) == 0 || a.When == "" || len(a.Requirements) == 0 {
			t.Errorf("%s is not complete", a.ID)
		}
	}
	if !slices.Equal(incomplete, []string{"MOD-A09"}) {
		t.Errorf("incomplete: %v", incomplete)
	}
}

func TestAnAssessmentOfMODSystemsIsDueAfterThreeMonthsAtMost(t *testing.T) {
	for _, f := range []*framework.Framework{get(t, "mod-sbd", "2025"), get(t, "touchstone-foundation", "1.0"), get(t, "touchstone-in-service", "1.0")} {
		if f.Cadence.Months != 3 {
			t.Errorf("%s: %d months", f.Key(), f.Cadence.Months)
		}
	}
}

func TestOnlyLargerSystemsAnswerForTheOrganisationsGroundwork(t *testing.T) {
	f := get(t, "touchstone-foundation", "1.0")
	all, small := framework.Select(f, "foundation", "concept", framework.SizeLarger), framework.Select(f, "foundation", "concept", framework.SizeAll)
	if len(all) != 54 || len(small) != 33 {
		t.Errorf("%d for larger systems and %d for the rest, want 54 and 33", len(all), len(small))
	}
	if small[0].ID != "TSF-P08a" {
		t.Errorf("the first question for the rest is %s", small[0].ID)
	}
}

func TestEachStageHasOneSuggestedSet(t *testing.T) {
	early, late := get(t, "touchstone-foundation", "1.0"), get(t, "touchstone-in-service", "1.0")
	for _, stage := range framework.Stages() {
		a, _ := framework.SuggestSet(early, stage)
		b, _ := framework.SuggestSet(late, stage)
		if (a.ID == "") == (b.ID == "") {
			t.Errorf("%s: suggested %q and %q", stage, a.ID, b.ID)
		}
	}
}

func TestOurSetsSayThatTheyAreNotCAATs(t *testing.T) {
	for _, f := range []*framework.Framework{get(t, "touchstone-foundation", "1.0"), get(t, "touchstone-in-service", "1.0")} {
		if !strings.Contains(f.Note, "not the questions of the Ministry of Defence's assessment tool (CAAT)") || f.Alignment != framework.AlignedWith {
			t.Errorf("%s: alignment %s, note %q", f.Key(), f.Alignment, f.Note)
		}
		for _, r := range f.Requirements() {
			if r.Provenance != "P" {
				t.Errorf("%s is ours and marked %s", r.ID, r.Provenance)
			}
		}
	}
}

// The regimes that share the name Secure by Design stay apart.
func TestFrameworksOfOneNameHaveDifferentPublishers(t *testing.T) {
	lib, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	publishers := map[string]string{}
	for _, f := range lib.Heads() {
		if !strings.Contains(f.Title, "Secure by Design") {
			continue
		}
		// gov-sbd-adoption is another part of gov-sbd.
		if first, ok := publishers[f.Publisher]; ok && !strings.HasPrefix(f.ID, first) {
			t.Errorf("%s and %s have one publisher, %s", first, f.ID, f.Publisher)
		}
		publishers[f.Publisher] = f.ID
	}
	if len(publishers) < 3 {
		t.Errorf("publishers %v, want three at least", publishers)
	}
}

func TestOutcomesOfCAF4WithoutPartialIndicatorsHaveTwoLevels(t *testing.T) {
	f := get(t, "ncsc-caf", "4.0")
	var two []string
	for _, r := range f.Requirements() {
		switch n := len(f.LevelsOf(r)); n {
		case 2:
			two = append(two, r.ID)
		case 3:
		default:
			t.Errorf("%s has %d levels", r.ID, n)
		}
	}
	want := []string{"A1.a", "A1.b", "A1.c", "A2.c", "A3.a", "D1.b", "D1.c", "D2.a", "D2.b"}
	if !slices.Equal(two, want) {
		t.Errorf("two levels: %v, want %v", two, want)
	}
}

func TestAnswersToCAFMoveByTheTableAndNotByTheIdentifier(t *testing.T) {
	f := get(t, "ncsc-caf", "4.0")
	to := func(id string) []string {
		var out []string
		for _, k := range framework.Successors(f, id) {
			out = append(out, k.To)
		}
		return out
	}
	for from, want := range map[string]string{"A2.b": "A2.c", "C2.a": "C2.a", "C2.b": "C2.a", "A1.a": "A1.a"} {
		if got := to(from); len(got) == 0 || got[0] != want {
			t.Errorf("3.2 %s becomes %v, want %s first", from, got, want)
		}
	}
	for _, fresh := range []string{"A2.b", "A4.b", "C1.f"} {
		for _, k := range f.Migrates.Links {
			if k.To == fresh && k.Relation != framework.Related {
				t.Errorf("%s is new in 4.0, and %s is said to be it", fresh, k.From)
			}
		}
	}
}

func TestTheConfidenceProfileShipsWithoutThresholds(t *testing.T) {
	f := get(t, "gov-sbd", "2024")
	if f.RollUp.Function != framework.RollUpConfidenceProfile {
		t.Fatalf("roll-up %s", f.RollUp.Function)
	}
	claims := map[string]string{}
	for _, r := range f.Requirements() {
		levels := f.LevelsOf(r)
		claims[r.ID] = levels[len(levels)-1].ID
	}
	got, _ := framework.ConfidenceProfile(f, f.Requirements(), claims, nil)
	if got.Met != 38 || got.Band != framework.BandNotSet {
		t.Errorf("%+v", got)
	}
}

// The vendor's senior leader has to gain assurance of each principle.
func TestTheSROStandsBehindEveryPrincipleOfTheUKCode(t *testing.T) {
	f := get(t, "uk-software-security-code", "2025-05")
	for _, r := range f.Requirements() {
		if len(r.Roles) == 0 || r.Roles[0] != "sro" {
			t.Errorf("%s: roles %v", r.ID, r.Roles)
		}
	}
}

// A comparison that nobody but us has made must not look like a publisher's.
func TestOurOwnComparisonsAreMarkedAsProposals(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		for _, c := range f.Crosswalks {
			ours := strings.HasPrefix(c.Source, "Own ") || strings.HasPrefix(c.Source, "Editorial ")
			if ours != (c.Provenance == "P") {
				t.Errorf("%s to %s is marked %s; its source is %q", f.Key(), c.To, c.Provenance, c.Source)
			}
		}
	}
}

// Machine evidence is about systems, so what it speaks to must be answered by them.
func TestFrameworksForMachineEvidenceAreAnsweredBySystems(t *testing.T) {
	for _, f := range []*framework.Framework{get(t, "osps-baseline", "2026.08.28"), get(t, "cisa-cpg", "2.0"), get(t, "cisa-pledge", "2024-05"),
		get(t, "cyber-essentials", "3.3"), get(t, "uk-software-security-code", "2025-05"), get(t, "eu-cra", "2024-2847")} {
		if !slices.Contains(f.Subjects, "system") {
			t.Errorf("%s: answered by %v", f.Key(), f.Subjects)
		}
		for _, r := range f.Requirements() {
			if len(r.Machine) == 0 || len(r.Roles) == 0 {
				t.Errorf("%s %s names no machine input or nobody who answers", f.Key(), r.ID)
			}
		}
	}
}
