package assessment

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/evidence"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
)

var golden = flag.Bool("golden", false, "rewrite testdata")

const today = civil.Date("2026-07-01")

func sample(version string) *framework.Framework {
	return &framework.Framework{ID: "sample", Version: version,
		Scales: []framework.Scale{{ID: "s", Levels: []framework.Level{{ID: "not_met"}, {ID: "partly_met"}, {ID: "met"}}}},
		Sets:   []framework.Set{{ID: "early"}, {ID: "late", AppliesStages: []string{"in_service"}}},
		Groups: []framework.Group{{ID: "g", Requirements: []framework.Requirement{
			{ID: "r1", Title: "One"}, {ID: "r2", Title: "Two", Levels: []string{"not_met", "met"}},
			{ID: "r3", Title: "Three", Sets: []string{"late"}}, {ID: "r4", Title: "Four", Sizes: []string{"larger"}}, {ID: "r5", Title: "Five", Stages: []string{"in_service"}},
		}}}}
}

func ids(rs []*framework.Requirement) string {
	var out []string
	for _, r := range rs {
		out = append(out, r.ID)
	}
	return strings.Join(out, " ")
}

func TestEveryMoveIsInTheTableOrAPlainConflict(t *testing.T) {
	want := map[State]string{Due: "start lapse", Draft: "confirm submit", Ready: "reopen submit", SROReview: "return approve",
		Approved: "share supersede", Shared: "share supersede", Superseded: "", Lapsed: "start"}
	for _, s := range States() {
		var got []string
		for _, a := range Allowed(s) {
			got = append(got, string(a))
		}
		if strings.Join(got, " ") != want[s] {
			t.Errorf("%s allows %v", s, got)
		}
		for _, a := range Actions() {
			to, err := Move(s, a)
			if slices.Contains(Allowed(s), a) {
				if err != nil || s.Frozen() && !to.Frozen() {
					t.Errorf("%s %s gives %s, %v", s, a, to, err)
				}
				continue
			}
			text, _ := fault.Public(err)
			if !fault.Is(err, fault.Conflict) || to != s || !strings.HasSuffix(text, ".") {
				t.Errorf("%s %s gives %s, %v", s, a, to, err)
			}
		}
	}
}

func TestScopeFollowsSetStageAndSize(t *testing.T) {
	f := sample("1")
	for _, c := range []struct {
		s    Scope
		want string
	}{{Scope{}, "r1 r2 r3 r5"}, {Scope{Larger: true}, "r1 r2 r3 r4 r5"}, {Scope{Set: "early"}, "r1 r2 r5"}, {Scope{Set: "late", Stage: "concept"}, "r1 r2 r3"}} {
		if got := ids(InScope(f, c.s)); got != c.want {
			t.Errorf("%+v asks %s, want %s", c.s, got, c.want)
		}
	}
	if SuggestSet(f, "in_service") != "late" || SuggestSet(f, "concept") != "early" || SuggestSet(&framework.Framework{}, "x") != "" {
		t.Error("the wrong set is suggested")
	}
}

func TestResponsesAreCheckedFieldByField(t *testing.T) {
	f := sample("1")
	for _, c := range []struct {
		name, req string
		draft     Response
		want      string
	}{
		{"a level that exists", "r1", Response{Claim: at("partly_met")}, ""},
		{"a level that this requirement lacks", "r2", Response{Claim: at("partly_met")}, "/claim"},
		{"a requirement that does not exist", "r9", Response{Claim: at("met")}, "/requirement"},
		{"don't know without a date", "r1", Response{Claim: Claim{Kind: DontKnow}}, "/find_out_by"},
		{"don't know with a past date", "r1", Response{Claim: Claim{Kind: DontKnow}, FindOutBy: "2026-06-30"}, "/find_out_by"},
		{"don't know with a date needs no delegate", "r1", Response{Claim: Claim{Kind: DontKnow}, FindOutBy: today}, ""},
		{"not applicable without a reason", "r1", Response{Claim: Claim{Kind: NotApplicable}}, "/na_reason"},
		{"not applicable with a rationale", "r1", Response{Claim: Claim{Kind: NotApplicable}, Rationale: "No radio."}, ""},
		{"no answer may be saved", "r1", Response{Rationale: "Asked the architect."}, ""},
		{"an unknown kind", "r1", Response{Claim: Claim{Kind: "maybe"}}, "/claim"},
		{"100 kB", "r1", Response{Claim: at("met"), Rationale: strings.Repeat("x", 100_000)}, "/rationale"},
		{"NUL", "r1", Response{Claim: at("met"), Rationale: "a\x00"}, "/rationale"},
		{"invalid UTF-8", "r1", Response{Claim: Claim{Kind: NotApplicable}, NAReason: "\xff", Rationale: "x"}, "/na_reason"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, p := ValidateResponse(f, c.req, c.draft, today)
			if len(p) > 1 || len(p) == 1 && p[0].Pointer != c.want || len(p) == 0 && c.want != "" {
				t.Fatalf("got %v, want %q", p, c.want)
			}
		})
	}
	got, _ := ValidateResponse(f, "r1", Response{Claim: at("met"), FindOutBy: today, Delegate: "usr_1", NAReason: "x"}, today)
	if got.FindOutBy != "" || got.Delegate != "" || got.NAReason != "" {
		t.Errorf("fields of another kind of claim stay: %+v", got)
	}
}

func TestAnAssessmentIsCompleteWhenEveryQuestionInScopeIsAnswered(t *testing.T) {
	f := sample("1")
	scope := InScope(f, Scope{})
	rs := []Response{{Requirement: "r1", Claim: at("met")}, {Requirement: "r2", Claim: at("met"), Prior: true}, {Requirement: "r3", Claim: Claim{Kind: DontKnow}},
		{Requirement: "r4", Claim: at("met")}}
	err := Complete(scope, rs)
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.Invalid || len(e.Problems) != 2 || e.Problems[0].Pointer != "/responses/r2" || e.Problems[1].Pointer != "/responses/r5" {
		t.Fatalf("got %v", err)
	}
	confirmed, open := ConfirmSection(rs, []string{"r2", "r5"})
	if len(confirmed) != 1 || confirmed[0].Claim != at("met") || !slices.Equal(open, []string{"r5"}) || rs[1].Confirmed {
		t.Fatalf("confirming gave %v, open %v", confirmed, open)
	}
	rs[1] = confirmed[0]
	rs = append(rs, Response{Requirement: "r5", Claim: Claim{Kind: NotApplicable}})
	if err := Complete(scope, rs); err != nil {
		t.Errorf("a complete assessment: %v", err)
	}
}

func TestConflictsShowBothAndMergeNothing(t *testing.T) {
	c := Conflict{Base: Response{Claim: at("not_met")}, Mine: Response{Claim: at("met"), Rationale: "a"}, Theirs: Response{Claim: at("met"), Rationale: "b"}}
	if got := c.Fields(); !slices.Equal(got, []string{"rationale"}) {
		t.Errorf("differing fields %v", got)
	}
}

func TestCarryOverPutsWhatChangedFirstAndAsksForConfirmation(t *testing.T) {
	f := sample("1")
	prev := []Response{{Requirement: "r1", Claim: at("met"), At: 10, Confirmed: true, Version: 4}, {Requirement: "r2", Claim: at("met"), At: 10},
		{Requirement: "r3", Claim: at("met"), At: 10}, {Requirement: "r4", Claim: Claim{Kind: DontKnow}, FindOutBy: "2026-06-01"}, {Requirement: "gone", Claim: at("met")}}
	st := map[string]Standing{"r1": {Support: Documented, Since: 5}, "r2": {Support: Stale, Since: 20}, "r3": {Support: Contradicted}}
	got := CarryOver(prev, st, f, sample("1"), today)
	var order []string
	for _, r := range got {
		order = append(order, r.Requirement+":"+string(r.Attention))
		if !r.Prior || r.Confirmed || r.Version != 0 || r.Counts() {
			t.Errorf("%s is not asked again: %+v", r.Requirement, r)
		}
	}
	if s := strings.Join(order, " "); s != "r3:contradicted r2:stale r4:overdue r1:" {
		t.Errorf("order %s", s)
	}
	n := CountNeeds(InScope(f, Scope{Larger: true}), got)
	if n != (Needs{Total: 5, NeedYou: 4, ToConfirm: 1}) {
		t.Errorf("needs %+v", n)
	}
	if prev[0].Prior {
		t.Error("the previous answers were altered")
	}
}

func TestTrap14AnswersMoveBetweenVersionsOnlyByTheMigrationTable(t *testing.T) {
	old, next := sample("1"), sample("2")
	prev := []Response{{Requirement: "r1", Claim: at("partly_met"), Rationale: "one"}, {Requirement: "r2", Claim: at("met"), Rationale: "two"}, {Requirement: "r3", Claim: at("met"), Rationale: "three"}}
	if got := CarryOver(prev, nil, old, next, today); len(got) != 0 {
		t.Fatalf("equal identifiers were trusted: %v", got)
	}
	next.Migrates = &framework.Migration{From: "1", Links: []framework.Link{{From: "r1", To: "r2", Relation: "equal"}, {From: "r2", To: "r1", Relation: "equal"}, {From: "r3", To: "r3", Relation: "related"}}}
	got := map[string]Response{}
	for _, r := range CarryOver(prev, nil, old, next, today) {
		got[r.Requirement] = r
	}
	if r := got["r1"]; r.Claim != at("met") || r.Rationale != "two" {
		t.Errorf("an equal requirement: %+v", r)
	}
	if r := got["r2"]; r.Claim.Kind != Unanswered || r.Rationale != "one" || r.Attention != Reworded {
		t.Errorf("a level that no longer exists: %+v", r)
	}
	if r := got["r3"]; r.Claim.Kind != Unanswered || r.Rationale != "three" || r.Attention != Reworded {
		t.Errorf("a related requirement: %+v", r)
	}
	next.Migrates.From = "0"
	if len(CarryOver(prev, nil, old, next, today)) != 0 {
		t.Error("a table for another version was used")
	}
}

func item(id string, c Claim, s Support) Item {
	return Item{id, levels(), Standing{Claim: c, Support: s}}
}

func TestTheSupportGapCountsClaimsThatNothingCarries(t *testing.T) {
	items := []Item{item("a", at("met"), Documented), item("b", at("met"), Asserted), item("c", at("partly_met"), Contradicted), item("d", at("not_met"), Asserted),
		item("e", Claim{Kind: NotApplicable}, Asserted), item("f", Claim{Kind: DontKnow}, Asserted), item("g", at("met"), Stale), item("h", at("met"), Confirmed)}
	g := SupportGap(items)
	if share, ok := g.Share(); g != (Gap{3, 5}) || !ok || share != 0.6 {
		t.Errorf("gap %+v", g)
	}
	if _, ok := (Gap{}).Share(); ok {
		t.Error("there is a gap without a claim")
	}
}

func TestTrap16RollUpsShowTheDistributionAndTheWorst(t *testing.T) {
	items := []Item{item("a", at("met"), Documented), item("b", at("met"), Asserted), item("c", at("partly_met"), Asserted), item("d", Claim{Kind: NotApplicable}, Documented),
		item("e", Claim{Kind: DontKnow}, Asserted), item("f", Claim{}, Asserted)}
	d := Distribute(levels(), items)
	if d.Total != 6 || d.DontKnow != 1 || d.Unanswered != 1 || d.LowestLevel != "partly_met" || d.WorstSupport != Asserted || !slices.Equal(d.Worst, []string{"b", "c"}) {
		t.Errorf("got %+v", d)
	}
	if d.Rows[2].Level != "met" || d.Rows[2].Total != 2 || d.Rows[2].BySupport[Documented] != 1 || d.Rows[3].Level != "not_applicable" || d.Rows[3].Total != 1 {
		t.Errorf("rows %+v", d.Rows)
	}
	if e := Distribute(levels(), nil); e.WorstSupport != "" || e.LowestLevel != "" || len(e.Rows) != 4 {
		t.Errorf("of nothing: %+v", e)
	}
	noFraction(t, reflect.TypeOf(d))
}

// noFraction fails when a roll-up has room for an average.
func noFraction(t *testing.T, typ reflect.Type) {
	switch typ.Kind() {
	case reflect.Float32, reflect.Float64:
		t.Errorf("a roll-up holds a fraction")
	case reflect.Slice, reflect.Map:
		noFraction(t, typ.Elem())
	case reflect.Struct:
		for i := range typ.NumField() {
			noFraction(t, typ.Field(i).Type)
		}
	}
}

func TestTrap04ThereIsNoPassOrFail(t *testing.T) {
	for _, typ := range []reflect.Type{reflect.TypeOf(Distribution{}), reflect.TypeOf(Standing{}), reflect.TypeOf(Frozen{}), reflect.TypeOf(Gap{}), reflect.TypeOf(Needs{})} {
		for i := range typ.NumField() {
			name := strings.ToLower(typ.Field(i).Name)
			for _, bad := range []string{"pass", "fail", "score", "compliant", "certif", "accredit"} {
				if strings.Contains(name, bad) {
					t.Errorf("%s has a field %s", typ.Name(), typ.Field(i).Name)
				}
			}
		}
	}
	for _, s := range States() {
		if l := strings.ToLower(s.Label()); l == "" || strings.Contains(l, "pass") || strings.Contains(l, "fail") {
			t.Errorf("state %s is labelled %q", s, l)
		}
	}
	low := []Response{}
	for _, r := range InScope(sample("1"), Scope{}) {
		low = append(low, Response{Requirement: r.ID, Claim: at("not_met")})
	}
	if err := Complete(InScope(sample("1"), Scope{}), low); err != nil {
		t.Errorf("an honest assessment that meets nothing cannot be sent: %v", err)
	}
}

func TestDistributionsAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Item {
			in := drawInput(t)
			return Item{"r", in.Levels, Evaluate(in, drawNow.Draw(t, "now"), nil)}
		})).Draw(t, "items")
		d := Distribute(levels(), items)
		sum := d.DontKnow + d.Unanswered
		for _, r := range d.Rows {
			row := 0
			for _, n := range r.BySupport {
				row += n
			}
			if row != r.Total {
				t.Fatalf("row %+v", r)
			}
			sum += r.Total
		}
		if sum != d.Total || d.Total != len(items) {
			t.Fatalf("%d of %d counted", sum, len(items))
		}
	})
}

func TestProfilesCompareClaimsWithTargets(t *testing.T) {
	p := framework.Profile{Targets: map[string]string{"r1": "partly_met", "r2": "met", "r3": "met", "r4": "met"}}
	reached, below := AgainstProfile(sample("1"), p, map[string]Claim{"r1": at("met"), "r2": at("not_met"), "r3": {Kind: NotApplicable}})
	if !slices.Equal(reached, []string{"r1"}) || !slices.Equal(below, []string{"r2", "r3", "r4"}) {
		t.Errorf("reached %v, below %v", reached, below)
	}
}

func micro(y int, m time.Month, d, h int) int64 {
	return time.Date(y, m, d, h, 0, 0, 0, time.UTC).UnixMicro()
}

func TestTrap08ThreeMonthsIsTheMostAndCountsFromApproval(t *testing.T) {
	london, _ := time.LoadLocation("Europe/London")
	for _, c := range []struct {
		name      string
		approved  int64
		since     int64
		triggers  []Trigger
		on        civil.Date
		triggered string
	}{
		{"month ends are clamped", micro(2026, 11, 30, 12), 0, nil, "2027-02-28", ""},
		{"the day is the organisation's", micro(2026, 6, 30, 23), 0, nil, "2026-10-01", ""},
		{"the first counts from when assessment began", 0, micro(2026, 1, 1, 12), nil, "2026-04-01", ""},
		{"an event comes first", micro(2026, 1, 1, 12), 0, []Trigger{{"breach", "A breach.", micro(2026, 2, 1, 12)}, {"change", "A change.", micro(2026, 1, 20, 12)}}, "2026-01-20", "change"},
		{"an event before approval was dealt with", micro(2026, 1, 1, 12), 0, []Trigger{{"breach", "A breach.", micro(2026, 1, 1, 11)}}, "2026-04-01", ""},
		{"an event after the date moves nothing", micro(2026, 1, 1, 12), 0, []Trigger{{"breach", "A breach.", micro(2026, 4, 2, 12)}}, "2026-04-01", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := NextDue(c.approved, c.since, 3, c.triggers, london); got.On != c.on || got.Trigger != c.triggered || got.Reason == "" {
				t.Fatalf("got %+v", got)
			}
		})
	}
	if got := NextDue(micro(2026, 1, 1, 0), 0, 0, nil, nil); got.On != "" {
		t.Errorf("a framework without a schedule is due on %s", got.On)
	}
}

func TestCountdownsAndLapsing(t *testing.T) {
	london, _ := time.LoadLocation("Europe/London")
	for _, c := range []struct {
		now  int64
		want Countdown
		days int
	}{{micro(2026, 7, 1, 12), Upcoming, 15}, {micro(2026, 7, 2, 12), DueSoon, 14}, {micro(2026, 7, 16, 22), DueSoon, 0}, {micro(2026, 7, 16, 23), PastDue, -1}} {
		got, days := CountDown("2026-07-16", c.now, london)
		if got != c.want || days != c.days {
			t.Errorf("%s with %d days, want %s with %d", got, days, c.want, c.days)
		}
	}
	late := micro(2026, 8, 1, 0)
	for _, s := range States() {
		if Lapses(s, "2026-07-16", late, nil) != (s == Due) || Lapses(s, "2026-09-01", late, nil) {
			t.Errorf("%s lapses wrongly", s)
		}
	}
	if Current(Approved, "2026-07-16", late, nil) || !Current(Approved, "2026-08-01", late, nil) || Current(Superseded, "2026-09-01", late, nil) {
		t.Error("an old result is shown as current")
	}
	if c, _ := CountDown("", late, nil); c != NoDate {
		t.Error("no date counts down")
	}
}

func TestTrap10EvidenceHeldElsewhereDocuments(t *testing.T) {
	held := &evidence.HeldElsewhere{Reference: "R/1", Marking: portfolio.Marking{Tier: portfolio.Secret}, Custodian: "Registry", SeenBy: "usr_1", SeenOn: "2026-06-01"}
	r := evidence.Record{ID: "evd_1", Title: "Threat assessment", Version: "1", ProducedOn: "2026-05-01", Held: held}
	fact, ok := FactOf(r, 1, nil)
	in := Input{Levels: levels(), Claim: at("met"), Evidence: []EvidenceFact{fact}}
	st := Evaluate(in, micro(2026, 6, 2, 0), nil)
	if !ok || st.Support != Documented || !strings.Contains(st.Because[0].Text, "held elsewhere by Registry") {
		t.Errorf("got %+v", st)
	}
	held.SeenBy = ""
	if _, ok := FactOf(r, 1, nil); ok {
		t.Error("nobody has seen it, yet it documents")
	}
}

func frozenSample() Frozen {
	official := portfolio.Marking{Tier: portfolio.Official}
	return Frozen{Assessment: "asm_1", Version: 7, Organisation: "Sample <organisation>",
		System:    FrozenSystem{ID: "sys_1", Name: "Ledger", Kind: "service", Classification: official},
		Framework: FrozenFramework{Key: "sample@1", Title: "Sample", Publisher: "Own", SHA256: "00"},
		Scope:     FrozenScope{Requirements: []string{"r2", "r1"}}, Marking: portfolio.Marking{Tier: portfolio.Official, Handling: portfolio.Sensitive},
		Roles: []FrozenRole{{Role: "sro", User: "usr_2", Name: "Owner"}, {Role: "dtsl", User: "usr_1", Name: "Lead"}},
		Responses: []FrozenResponse{
			FreezeResponse(Response{Requirement: "r2", Claim: Claim{Kind: DontKnow}, FindOutBy: "2026-08-01"}, Standing{Support: Asserted}, nil),
			FreezeResponse(Response{Requirement: "r1", Claim: at("met"), Rationale: "Said & done.", Version: 3}, Standing{Support: Documented, Since: 5, Because: []Cause{{ByEvidence, "evd_1", 4, "Older."}, {ByEvidence, "evd_2", 5, "Newer."}}}, []string{"evd_2", "evd_1"}),
		},
		Evidence: []FrozenEvidence{{ID: "evd_2", Marking: official, Held: &FrozenHeld{Reference: "R"}}, {ID: "evd_1", Kind: "document", Title: "Register", ProducedOn: "2026-05-01", FileSHA256: "ab", Marking: official}},
		Gap:      Gap{0, 1}}
}

func TestFrozenContentHasOneByteForm(t *testing.T) {
	got, digest, err := frozenSample().Digest()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", "frozen.json")
	if *golden {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) || digest != DigestOf(want) {
		t.Errorf("the frozen form changed, which breaks every signature:\n%s", got)
	}
	if want := "210d10726ac81f25f5efa7299bec5e0a588a601a689ce5ca16db35bd72911b68"; digest != want {
		t.Errorf("digest %s", digest)
	}
	var back Frozen
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	if again, _, _ := back.Digest(); string(again) != string(got) {
		t.Error("reading it back gives other bytes")
	}
}

func TestFrozenContentDoesNotDependOnOrderButOnEveryField(t *testing.T) {
	_, base, _ := frozenSample().Digest()
	f := frozenSample()
	slices.Reverse(f.Roles)
	slices.Reverse(f.Responses)
	slices.Reverse(f.Evidence)
	slices.Reverse(f.Scope.Requirements)
	slices.Reverse(f.Responses[0].Because)
	if _, d, _ := f.Digest(); d != base {
		t.Error("the order of lists changed the digest")
	}
	for name, change := range map[string]func(*Frozen){
		"rationale": func(f *Frozen) { f.Responses[1].Rationale += "." }, "support": func(f *Frozen) { f.Responses[1].Support = Stale },
		"evidence version": func(f *Frozen) { f.Evidence[0].Version = "2" }, "file": func(f *Frozen) { f.Evidence[1].FileSHA256 = "ac" },
		"role": func(f *Frozen) { f.Roles[0].Name = "Another" }, "framework": func(f *Frozen) { f.Framework.SHA256 = "01" }, "marking": func(f *Frozen) { f.Marking = portfolio.Marking{} },
		"reason": func(f *Frozen) { f.Responses[1].Because[0].Text = "Other." },
	} {
		f := frozenSample()
		change(&f)
		if _, d, err := f.Digest(); err != nil || d == base {
			t.Errorf("a change of %s leaves the digest", name)
		}
	}
	f.Evidence = append(f.Evidence, f.Evidence[0])
	if _, err := f.Canonical(); err == nil {
		t.Error("one evidence id twice was frozen")
	}
	f = frozenSample()
	f.Responses[0].Requirement = "r1"
	if _, err := f.Canonical(); err == nil {
		t.Error("one requirement answered twice was frozen")
	}
}

func FuzzParseClaim(f *testing.F) {
	f.Add("met")
	f.Add("dont_know")
	f.Fuzz(func(t *testing.T, s string) {
		if c := ParseClaim(s); ParseClaim(c.String()) != c {
			t.Fatalf("%q is read as %v and then as %v", s, c, ParseClaim(c.String()))
		}
	})
}

func BenchmarkEvaluate(b *testing.B) {
	in := Input{Levels: levels(), Claim: at("met"), Evidence: []EvidenceFact{{ID: "e", Title: "Register", ValidUntil: 200}, {ID: "f", ValidUntil: 300}}}
	for b.Loop() {
		Evaluate(in, 100, nil)
	}
}

func TestACarriedAnswerNeedsALookOnceItsSupportRunsOut(t *testing.T) {
	day := civil.Date("2026-03-10")
	carried := Response{Requirement: "A", Claim: Claim{Kind: AtLevel, Level: "met"}, Prior: true, At: 5}
	unknown := Response{Requirement: "A", Claim: Claim{Kind: DontKnow}, FindOutBy: "2026-03-09", Prior: true}
	confirmed, moved := carried, carried
	confirmed.Confirmed = true
	moved.Attention = Moved
	for name, c := range map[string]struct {
		r    Response
		st   Standing
		want Attention
	}{
		"nothing happened":         {carried, Standing{Support: Documented, Since: 9}, NoAttention},
		"its support ran out":      {carried, Standing{Support: Stale, Since: 9}, RunOut},
		"something contradicts it": {carried, Standing{Support: Contradicted}, Contradiction},
		"the day has passed":       {unknown, Standing{}, Overdue},
		"somebody confirmed it":    {confirmed, Standing{Support: Stale}, NoAttention},
		"there was a reason":       {moved, Standing{Support: Stale}, Moved},
	} {
		if got := AttentionNow(c.r, c.st, day); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
