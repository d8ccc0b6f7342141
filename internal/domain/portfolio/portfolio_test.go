package portfolio

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

const today = civil.Date("2026-07-01")

func kinds(fs []Finding) string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Kind)
	}
	return strings.Join(out, " ")
}

func TestTrap10SensitiveIsHandlingWithinOfficialAndNotATier(t *testing.T) {
	if len(Tiers()) != 3 {
		t.Fatalf("%d tiers", len(Tiers()))
	}
	for in, want := range map[string]string{
		"OFFICIAL": "OFFICIAL", "official-sensitive": "OFFICIAL-SENSITIVE", " Official  Sensitive": "OFFICIAL-SENSITIVE", "OFFICIAL – SENSITIVE": "OFFICIAL-SENSITIVE",
		"secret": "SECRET", "TOP_SECRET": "TOP SECRET", "SECRET-SENSITIVE": "", "SENSITIVE": "", "": "", "RESTRICTED": "", "TOPSECRET": "",
	} {
		m, err := ParseMarking(in)
		if (err != nil) != (want == "") || m.String() != want {
			t.Errorf("%q reads as %q, %v", in, m, err)
		}
	}
}

func TestTrap10MarkingsAboveTheCeilingAreRefused(t *testing.T) {
	for text, refused := range map[string]bool{"OFFICIAL": false, "OFFICIAL-SENSITIVE": false, "SECRET": true, "TOP SECRET": true} {
		m, _ := ParseMarking(text)
		var p fault.Problems
		m.Within(&p, "/classification", DefaultCeiling())
		if (len(p) == 1) != refused {
			t.Errorf("%s: %v", text, p)
		}
	}
	var p fault.Problems
	Marking{Official, Sensitive}.Within(&p, "/m", Marking{Tier: Official})
	if len(p) != 1 {
		t.Error("a ceiling of OFFICIAL took OFFICIAL-SENSITIVE")
	}
}

func marking(t *rapid.T) Marking {
	return rapid.SampledFrom([]Marking{{}, {Tier: Official}, {Official, Sensitive}, {Tier: Secret}, {Tier: TopSecret}}).Draw(t, "m")
}

func TestHighestIsTheTopOfATotalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ms := rapid.SliceOf(rapid.Custom(marking)).Draw(t, "ms")
		top := Highest(ms...)
		for _, m := range ms {
			if m.Compare(top) > 0 {
				t.Fatalf("%s is above %s", m, top)
			}
		}
		if len(ms) > 0 && !slices.Contains(ms, top) {
			t.Fatal("the highest is none of them")
		}
		b, _ := json.Marshal(top)
		var back Marking
		if err := json.Unmarshal(b, &back); err != nil || back != top {
			t.Fatalf("%s came back as %v, %v", b, back, err)
		}
	})
}

func FuzzParseMarking(f *testing.F) {
	f.Add("OFFICIAL-SENSITIVE")
	f.Fuzz(func(t *testing.T, s string) {
		if m, err := ParseMarking(s); err == nil {
			if again, err := ParseMarking(m.String()); err != nil || again != m {
				t.Fatalf("%q reads as %v, then as %v", s, m, again)
			}
		}
	})
}

func TestUnitsFormATree(t *testing.T) {
	units := []Unit{{ID: "a"}, {ID: "b", Parent: "a"}, {ID: "c", Parent: "b"}, {ID: "d", Parent: "a"}, {ID: "x"}}
	if got := Subtree(units, "a"); !slices.Equal(got, []string{"a", "b", "d", "c"}) {
		t.Errorf("subtree %v", got)
	}
	if got := Path(units, "c"); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("path %v", got)
	}
	for _, c := range []struct {
		id, parent string
		ok         bool
	}{{"b", "x", true}, {"b", "", true}, {"a", "c", false}, {"a", "a", false}, {"a", "none", false}, {"c", "d", true}} {
		if err := MoveUnit(units, c.id, c.parent); (err == nil) != c.ok {
			t.Errorf("moving %s below %s: %v", c.id, c.parent, err)
		}
	}
}

func TestUnitMovesNeverMakeARing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		units := make([]Unit, n)
		for i := range units {
			units[i].ID = fmt.Sprint(i)
		}
		for range rapid.IntRange(0, 30).Draw(t, "moves") {
			i, j := rapid.IntRange(0, n-1).Draw(t, "i"), rapid.IntRange(0, n-1).Draw(t, "j")
			if MoveUnit(units, units[i].ID, units[j].ID) == nil {
				units[i].Parent = units[j].ID
			}
		}
		for _, u := range units {
			if top := Path(units, u.ID)[0]; units[slices.IndexFunc(units, func(v Unit) bool { return v.ID == top })].Parent != "" {
				t.Fatalf("the path of %s does not begin at a top: a ring", u.ID)
			}
		}
	})
}

func TestEveryMoveOfASystemIsInTheTableOrAConflict(t *testing.T) {
	allowed := 0
	for _, s := range States() {
		for _, a := range []Action{Register, FirstApproval, StartDisposal, CancelDisposal, Retire, Rehome, Abandon} {
			to, err := Move(s, a)
			switch {
			case err == nil:
				allowed++
				if s.ReadOnly() || to == s {
					t.Errorf("%s can %s to %s", s, a, to)
				}
			case !fault.Is(err, fault.Conflict) || to != s:
				t.Errorf("%s %s: %v", s, a, err)
			}
		}
	}
	if allowed != 11 {
		t.Errorf("%d moves are allowed", allowed)
	}
}

func full() System {
	return System{Name: "n", Kind: "service", Scope: "s", Sponsor: "p", Stage: "concept", Classification: Marking{Tier: Official}, Exposure: "none", State: Registered}
}

func TestRegistrationNamesWhatIsMissing(t *testing.T) {
	if p := Missing(full(), true); len(p) != 0 {
		t.Fatalf("a full profile lacks %v", p)
	}
	var got []string
	for _, p := range Missing(System{}, false) {
		got = append(got, p.Pointer)
	}
	if s := strings.Join(got, " "); s != "/name /kind /scope /sponsor /roles/sro /stage /classification" {
		t.Errorf("missing %s", s)
	}
	if _, p := ValidateSystem(System{Name: "x"}, DefaultCeiling()); len(p) != 0 {
		t.Errorf("a name alone is not enough to begin: %v", p)
	}
	bad := System{Kind: "boat", Stage: "x", Exposure: "y", Classification: Marking{Tier: Secret}, Special: true}
	if _, p := ValidateSystem(bad, DefaultCeiling()); len(p) != 6 {
		t.Errorf("problems %v", p)
	}
}

func TestTrap06AccountableIsNotResponsible(t *testing.T) {
	as := []Appointment{
		{ID: "3", Role: SRO, Name: "clicks for the owner", From: "2026-06-01", OnBehalfOf: "1"},
		{ID: "2", Role: SRO, Name: "stand-in", From: "2026-05-01", StandIn: true},
		{ID: "1", Role: SRO, Name: "owner", From: "2026-01-01", To: "2026-06-30"},
	}
	if h, _ := Holder(as, SRO, "2026-06-15"); h.ID != "1" {
		t.Errorf("accountable: %s", h.Name)
	}
	if h, _ := Holder(as, SRO, today); h.ID != "2" {
		t.Errorf("after the owner left, accountable: %s", h.Name)
	}
	if _, ok := Holder(as, SRO, "2025-12-31"); ok {
		t.Error("somebody was accountable before any appointment")
	}
	if _, p := ValidateAppointment(Appointment{Role: SRO, Name: "x", From: today, StandIn: true}); len(p) != 1 || p[0].Pointer != "/basis" {
		t.Errorf("a stand-in without authority: %v", p)
	}
}

func TestTrap13UnownedRiskIsAFinding(t *testing.T) {
	roles := []Appointment{{Role: SRO, Name: "a", From: "2026-01-01"}, {Role: DTSL, Name: "b", From: "2026-01-01"}}
	f := Facts{System: full(), Appointments: roles, Connections: []Connection{{ID: "c", OtherName: "Ledger"}}}
	if got := kinds(Findings(f, today)); got != "connection_unowned_here connection_unowned_there" {
		t.Errorf("findings %s", got)
	}
	f.Connections[0] = Connection{ID: "c", OtherName: "Ledger", OwnerHere: "x", OwnerThere: "y", CheckedOn: "2025-06-30"}
	if got := kinds(Findings(f, today)); got != "connection_owners_unchecked" {
		t.Errorf("named acceptors need a periodic check: %s", got)
	}
	f.Connections[0].CheckedOn = "2025-07-01"
	if got := Findings(f, today); len(got) != 0 {
		t.Errorf("findings without a gap: %v", got)
	}
}

func TestGapsInGovernanceAreFound(t *testing.T) {
	f := Facts{System: System{Name: "n", Classification: Marking{Tier: Secret}, State: Draft}, Obligations: []Obligation{{ID: "o", Title: "UK GDPR", Applies: "unknown"}},
		Appointments: []Appointment{{ID: "p", Role: DeliveryLead, User: "u", Name: "d", From: "2026-01-01", Skills: []string{"Threat modelling", "Risk"}}},
		Skills:       []SkillRecord{{User: "u", Skill: "threat modelling", AchievedOn: "2025-01-01", ExpiresOn: "2026-06-30"}, {User: "u", Skill: "risk", AchievedOn: "2025-01-01"}}}
	got := Findings(f, today)
	want := "no_sro no_dtsl no_psyo skills_unsupported profile_incomplete profile_incomplete profile_incomplete profile_incomplete exposure_unknown obligation_unknown"
	if kinds(got) != want {
		t.Errorf("findings %s", kinds(got))
	}
	for _, g := range got {
		if g.Kind == "skills_unsupported" && (!strings.Contains(g.Text, "Threat modelling.") || strings.Contains(g.Text, "Risk")) {
			t.Errorf("skills: %s", g.Text)
		}
		if g.Text == "" || g.Remedy == "" {
			t.Errorf("%s says nothing", g.Kind)
		}
	}
	f.System.State = Retired
	if len(Findings(f, today)) != 0 {
		t.Error("history has findings")
	}
}

func TestAccreditationsCountDownAndThenTransitionIsOverdue(t *testing.T) {
	a := Accreditation{Reference: "R", Expires: "2027-03-31"}
	for _, c := range []struct {
		day     civil.Date
		alert   int
		overdue bool
		next    civil.Date
	}{
		{"2026-03-30", 0, false, "2026-03-31"}, {"2026-03-31", 12, false, "2026-09-30"}, {"2026-09-30", 6, false, "2026-12-31"},
		{"2026-12-31", 3, false, "2027-02-28"}, {"2027-02-28", 1, false, "2027-04-01"}, {"2027-03-31", 1, false, "2027-04-01"}, {"2027-04-01", 1, true, ""},
	} {
		got := a.Countdown(c.day, false)
		if got.Alert != c.alert || got.Overdue != c.overdue || got.Next != c.next {
			t.Errorf("%s: %+v", c.day, got)
		}
	}
	if a.Countdown("2028-01-01", true) != (Countdown{}) || Transitioning(&a, true) || !Transitioning(&a, false) || Transitioning(nil, false) {
		t.Error("an approved assessment does not end the transition")
	}
	f := Facts{System: full(), Accreditation: &a}
	if got := kinds(Findings(f, "2027-04-01")); !strings.HasSuffix(got, "transition_overdue") {
		t.Errorf("findings %s", got)
	}
}

func TestConnectionsObligationsAndSkillsAreChecked(t *testing.T) {
	if _, p := ValidateConnection(Connection{System: "s", Other: "s", CheckedOn: "x"}); len(p) != 2 {
		t.Errorf("connection: %v", p)
	}
	if o, p := ValidateObligation(Obligation{Title: "t"}); len(p) != 0 || o.Applies != "unknown" {
		t.Errorf("an obligation without an answer: %v %v", o, p)
	}
	if _, p := ValidateObligation(Obligation{Title: "t", Applies: "no"}); len(p) != 1 || p[0].Pointer != "/justification" {
		t.Errorf("not applicable without a reason: %v", p)
	}
	if _, p := ValidateSkillRecord(SkillRecord{Skill: "s", Title: "t", Basis: "experience", AchievedOn: "2026-07-02"}, today); len(p) != 2 {
		t.Errorf("skill: %v", p)
	}
	if _, p := ValidateAccreditation(Accreditation{Reference: "r", Issued: "2026-01-02", Expires: "2026-01-01"}); len(p) != 1 {
		t.Errorf("accreditation: %v", p)
	}
	if _, p := ValidateUnit(Unit{Kind: "x"}); len(p) != 2 {
		t.Errorf("unit: %v", p)
	}
}
