package assessment

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func levels() []string { return []string{"not_met", "partly_met", "met"} }

func at(level string) Claim { return Claim{Kind: AtLevel, Level: level} }

func TestSupportFollowsThePrecedence(t *testing.T) {
	ev := EvidenceFact{ID: "e", Title: "Register", Version: "1", ValidUntil: 200}
	old := EvidenceFact{ID: "o", Title: "Old", ValidUntil: 50}
	pass := CheckFact{ID: "c", Decides: Whole, Outcome: Pass, At: 10, FreshUntil: 200}
	part := CheckFact{ID: "p", Decides: Part, Outcome: Pass, At: 10, FreshUntil: 200}
	cannot := CheckFact{ID: "u", Decides: Whole, Outcome: CannotAssess, At: 10, Reason: "the feed is missing"}
	unsaid := CheckFact{ID: "q", Decides: Part, Outcome: CannotAssess, At: 10}
	fail := CheckFact{ID: "f", Decides: Whole, Outcome: Fail, Permits: "partly_met", At: 10}
	indep := IndependentFact{ID: "i", Claim: at("met"), By: "Assessor", At: 10, ValidUntil: 200}
	low := IndependentFact{ID: "l", Claim: at("not_met"), By: "Assessor", At: 10, ValidUntil: 20}
	overdue := AdverseFact{Kind: OverdueFinding, ID: "x", Since: 90}
	for _, c := range []struct {
		name  string
		claim string
		in    Input
		want  Support
		part  bool
	}{
		{"words only are asserted", "met", Input{}, Asserted, false},
		{"evidence documents", "met", Input{Evidence: []EvidenceFact{ev, old}}, Documented, false},
		{"evidence that ran out is stale", "met", Input{Evidence: []EvidenceFact{old}}, Stale, false},
		{"withdrawn evidence supports nothing", "met", Input{Evidence: []EvidenceFact{{ID: "w", WithdrawnAt: 5}}}, Asserted, false},
		{"a whole check verifies", "met", Input{Checks: []CheckFact{pass}, Evidence: []EvidenceFact{ev}}, Verified, false},
		{"a part check alone leaves it asserted", "met", Input{Checks: []CheckFact{part}}, Asserted, true},
		{"a part check stands beside evidence", "met", Input{Checks: []CheckFact{part}, Evidence: []EvidenceFact{ev}}, Documented, true},
		{"an undecided check of the whole outranks evidence", "met", Input{Checks: []CheckFact{cannot}, Evidence: []EvidenceFact{ev}}, Unassessed, false},
		{"an undecided check of a part leaves evidence", "met", Input{Checks: []CheckFact{unsaid}, Evidence: []EvidenceFact{ev}}, Documented, false},
		{"it leaves words what they are, and is no pass", "met", Input{Checks: []CheckFact{unsaid}}, Asserted, false},
		{"it leaves what ran out", "met", Input{Checks: []CheckFact{unsaid}, Evidence: []EvidenceFact{old}}, Stale, false},
		{"it leaves a check of the whole that passed", "met", Input{Checks: []CheckFact{unsaid, pass}}, Verified, false},
		{"it leaves another part that passed", "met", Input{Checks: []CheckFact{unsaid, part}, Evidence: []EvidenceFact{ev}}, Documented, true},
		{"it hides no undecided check of the whole", "met", Input{Checks: []CheckFact{unsaid, cannot}, Evidence: []EvidenceFact{ev}}, Unassessed, false},
		{"a binding may still say that silence permits less", "met", Input{Checks: []CheckFact{{ID: "q", Decides: Part, Outcome: CannotAssess, Permits: "partly_met"}}}, Contradicted, false},
		{"a passed check outranks another undecided one", "met", Input{Checks: []CheckFact{cannot, pass}}, Verified, false},
		{"an independent answer confirms", "met", Input{Independent: []IndependentFact{indep}, Checks: []CheckFact{cannot, pass}}, Confirmed, false},
		{"a fail contradicts what it does not permit", "met", Input{Checks: []CheckFact{fail}, Independent: []IndependentFact{indep}}, Contradicted, false},
		{"a fail leaves what it permits", "partly_met", Input{Checks: []CheckFact{fail}, Evidence: []EvidenceFact{ev}}, Documented, false},
		{"an honest not met is never contradicted", "not_met", Input{Checks: []CheckFact{fail}, Adverse: []AdverseFact{overdue}}, Asserted, false},
		{"an overdue finding contradicts", "partly_met", Input{Adverse: []AdverseFact{overdue}}, Contradicted, false},
		{"a resolved finding does not", "met", Input{Adverse: []AdverseFact{{Kind: OverdueFinding, Since: 1, Until: 100}}}, Asserted, false},
		{"a finding not yet overdue does not", "met", Input{Adverse: []AdverseFact{{Kind: OverdueFinding, Since: 101}}}, Asserted, false},
		{"a lower independent answer does not age away", "met", Input{Independent: []IndependentFact{low}}, Contradicted, false},
		{"a check that does not apply is silent", "met", Input{Checks: []CheckFact{{ID: "n", Outcome: OutcomeNotApplicable, Permits: "not_met"}}}, Asserted, false},
		{"a fail without a level permits only the lowest", "partly_met", Input{Checks: []CheckFact{{ID: "n", Outcome: Fail}}}, Contradicted, false},
		{"a pass may cap the claim", "met", Input{Checks: []CheckFact{{ID: "n", Decides: Whole, Outcome: Pass, Permits: "partly_met"}}}, Contradicted, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.in.Levels, c.in.Claim = levels(), at(c.claim)
			st := Evaluate(c.in, 100, nil)
			if st.Support != c.want || st.PartlyChecked != c.part {
				t.Fatalf("got %s, in part %v: %v", st.Support, st.PartlyChecked, st.Because)
			}
			if len(st.Because) == 0 {
				t.Fatal("no reason is given")
			}
			for _, b := range st.Because {
				if !strings.HasSuffix(b.Text, ".") || strings.Contains(b.Text, "%!") {
					t.Errorf("not a sentence: %q", b.Text)
				}
			}
		})
	}
}

func TestTheSameCheckReplacesItsEarlierVerdicts(t *testing.T) {
	fail := CheckFact{ID: "c", Decides: Whole, Outcome: Fail, Permits: "not_met", At: 10}
	v := func(o Outcome, at, fresh int64) CheckFact {
		return CheckFact{ID: "c", Decides: Whole, Outcome: o, At: at, FreshUntil: fresh}
	}
	for _, c := range []struct {
		name string
		next CheckFact
		want Support
	}{
		{"fresh facts that pass clear a failure", v(Pass, 20, 200), Verified},
		{"they still clear it after they ran out", v(Pass, 20, 30), Stale},
		{"facts that were old already clear nothing", v(Pass, 20, 15), Contradicted},
		{"an undecided check clears nothing", v(CannotAssess, 20, 0), Contradicted},
		{"a pass at the same time clears nothing", v(Pass, 10, 200), Contradicted},
		{"nothing left to decide clears it", v(OutcomeNotApplicable, 20, 0), Asserted},
		{"another check clears nothing", CheckFact{ID: "d", Decides: Whole, Outcome: Pass, At: 20}, Contradicted},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := Input{Levels: levels(), Claim: at("met"), Checks: []CheckFact{fail, c.next}}
			if st := Evaluate(in, 100, nil); st.Support != c.want {
				t.Fatalf("got %s: %v", st.Support, st.Because)
			}
		})
	}
	in := Input{Levels: levels(), Claim: at("met"), Checks: []CheckFact{v(Pass, 10, 0), v(CannotAssess, 20, 0)}}
	if st := Evaluate(in, 100, nil); st.Support != Unassessed {
		t.Errorf("a pass followed by an undecided verdict of the same check is %s", st.Support)
	}
}

func TestAnUndecidedPartIsNotedAfterTheCauses(t *testing.T) {
	ev := EvidenceFact{ID: "e", Title: "Register", LinkedAt: 5}
	note := CheckFact{ID: "q", Title: "Advisories are final", Decides: Part, Outcome: CannotAssess, At: 20, Reason: "No advisory is known. Push your advisories (CSAF)."}
	in := Input{Levels: levels(), Claim: at("met"), Evidence: []EvidenceFact{ev}, Checks: []CheckFact{note}}
	st := Evaluate(in, 100, nil)
	if len(st.Because) != 2 || st.Because[0].Kind != ByEvidence || st.Because[1].Kind != NotChecked || st.Because[1].ID != "q" {
		t.Fatalf("%+v", st.Because)
	}
	want := "Not checked in part: “Advisories are final” could not be decided: No advisory is known. Push your advisories (CSAF). It decides only part of the requirement, so support stays as it is."
	if st.Because[1].Text != want {
		t.Errorf("got %q", st.Because[1].Text)
	}
	before := Evaluate(Input{Levels: levels(), Claim: at("met")}, 1, nil)
	if got := WhyMoved(before, st); !strings.HasPrefix(got, "Support rose from asserted to documented. Evidence") || !strings.HasSuffix(got, want) {
		t.Errorf("the log says %q", got)
	}
	kept := FreezeResponse(Response{Requirement: "r"}, st, nil)
	slices.Reverse(kept.Because)
	frozen, err := Frozen{Responses: []FrozenResponse{kept}}.Canonical()
	if err != nil || strings.Index(string(frozen), "Register") > strings.Index(string(frozen), "Not checked in part") {
		t.Errorf("what is signed has the note first: %s, %v", frozen, err)
	}
	for name, c := range map[string]struct {
		later CheckFact
		notes int
		part  bool
	}{
		"a later pass replaces the note":           {CheckFact{ID: "q", Decides: Part, Outcome: Pass, At: 30}, 0, true},
		"an earlier pass does not":                 {CheckFact{ID: "q", Decides: Part, Outcome: Pass, At: 10}, 1, false},
		"a later failure that permits it does too": {CheckFact{ID: "q", Decides: Part, Outcome: Fail, Permits: "met", At: 30}, 0, false},
		"another check says nothing about it":      {CheckFact{ID: "r", Decides: Part, Outcome: Pass, At: 30}, 1, true},
	} {
		in.Checks = []CheckFact{note, c.later}
		st := Evaluate(in, 100, nil)
		notes := 0
		for _, b := range st.Because {
			if b.Kind == NotChecked {
				notes++
			}
		}
		if st.Support != Documented || notes != c.notes || st.PartlyChecked != c.part {
			t.Errorf("%s: %+v", name, st)
		}
	}
}

func TestAnUndecidedCheckWithoutAReasonStillSaysWhatToDo(t *testing.T) {
	for _, d := range []Decides{Whole, Part} {
		in := Input{Levels: levels(), Claim: at("met"), Checks: []CheckFact{{ID: "q", Decides: d, Outcome: CannotAssess, At: 1}}}
		if st := Evaluate(in, 10, nil); !strings.Contains(st.Because[len(st.Because)-1].Text, "Deliver the facts that it needs.") {
			t.Errorf("%s: %+v", d, st.Because)
		}
	}
}

func TestLaterIndependentAnswersReplaceEarlierOnes(t *testing.T) {
	hi, lo := IndependentFact{ID: "h", Claim: at("met"), At: 20}, IndependentFact{ID: "l", Claim: at("not_met"), At: 10}
	in := Input{Levels: levels(), Claim: at("met"), Independent: []IndependentFact{hi, lo}}
	if st := Evaluate(in, 100, nil); st.Support != Confirmed {
		t.Errorf("a later agreement gives %s", st.Support)
	}
	in.Independent[1].At = 30
	if st := Evaluate(in, 100, nil); st.Support != Contradicted {
		t.Errorf("a later disagreement gives %s", st.Support)
	}
}

func TestSinceIsKeptAndDatedAtTheExpiry(t *testing.T) {
	in := Input{Levels: levels(), Claim: at("met"), Evidence: []EvidenceFact{{ID: "e", ValidUntil: 200}},
		Checks: []CheckFact{{ID: "c", Decides: Whole, Outcome: Pass, At: 5, FreshUntil: 150}}}
	first := Evaluate(in, 100, nil)
	if first.Support != Verified || first.Since != 100 || first.NextChangeAt != 150 {
		t.Fatalf("first: %+v", first)
	}
	if again := Evaluate(in, 120, &first); again.Since != 100 {
		t.Errorf("unchanged, yet since %d", again.Since)
	}
	second := Evaluate(in, first.NextChangeAt, &first)
	if second.Support != Documented || second.Since != 150 || second.NextChangeAt != 200 {
		t.Errorf("second: %+v", second)
	}
	if late := Evaluate(in, 500, &first); late.Support != Stale || late.Since != 200 || late.NextChangeAt != 0 {
		t.Errorf("after an outage: %+v", late)
	}
	in.Evidence, in.Checks = nil, nil
	if gone := Evaluate(in, 500, &first); gone.Support != Asserted || gone.Since != 500 {
		t.Errorf("after removal: %+v", gone)
	}
	in.Claim = at("partly_met")
	if other := Evaluate(in, 600, &first); other.Since != 600 {
		t.Errorf("after another claim: since %d", other.Since)
	}
}

func TestTrap05UnknownAndNotApplicableAreAnswersAndNeverMet(t *testing.T) {
	for _, kind := range []ClaimKind{NotApplicable, DontKnow, Unanswered, ""} {
		for _, l := range levels() {
			if (Claim{Kind: kind, Level: "met"}).CountsAsMet(levels(), l) {
				t.Errorf("%s counts as %s", kind, l)
			}
		}
	}
	if (Claim{Kind: Unanswered}).Answered() || !(Claim{Kind: DontKnow}).Answered() {
		t.Error("an unanswered question is an answer, or don't know is not")
	}
	for _, s := range []string{"met", "not_applicable", "dont_know", "unanswered"} {
		if ParseClaim(s).String() != s {
			t.Errorf("%s is read as %s", s, ParseClaim(s))
		}
	}
	if ParseClaim("").Kind != Unanswered {
		t.Error("no answer is read as an answer")
	}
}

func TestTrap17IndependentAnswersNeverOverwriteTheClaim(t *testing.T) {
	in := Input{Levels: levels(), Claim: at("met"), Independent: []IndependentFact{{Claim: at("not_met"), At: 1}}}
	if st := Evaluate(in, 10, nil); st.Claim != at("met") || st.Support != Contradicted {
		t.Errorf("got %+v", st)
	}
}

func TestTrap22ExceptionsAndAcceptancesExpire(t *testing.T) {
	for _, kind := range []AdverseKind{LapsedException, LapsedAcceptance} {
		in := Input{Levels: levels(), Claim: at("met"), Evidence: []EvidenceFact{{ID: "e"}}, Adverse: []AdverseFact{{Kind: kind, ID: "x", Since: 100}}}
		before := Evaluate(in, 99, nil)
		if before.Support != Documented || before.NextChangeAt != 100 || Evaluate(in, 100, nil).Support != Contradicted || Evaluate(in, 1<<60, nil).Support != Contradicted {
			t.Errorf("%s did not lapse at its time and stay so", kind)
		}
	}
}

func TestTrap23MachineEvidenceMayLowerAndNeverRaisesAClaim(t *testing.T) {
	in := Input{Levels: levels(), Claim: at("not_met"), Checks: []CheckFact{{ID: "scan", Decides: Whole, Outcome: Pass, At: 1}}}
	if st := Evaluate(in, 10, nil); st.Claim != at("not_met") {
		t.Errorf("a clean scan raised the claim to %s", st.Claim)
	}
	in = Input{Levels: levels(), Claim: Claim{Kind: DontKnow}, Checks: in.Checks}
	if st := Evaluate(in, 10, nil); st.Support != Asserted || st.Claim.Kind != DontKnow {
		t.Errorf("a clean scan answered a question: %+v", st)
	}
	in = Input{Levels: levels(), Claim: at("met"), Checks: []CheckFact{{ID: "scan", Decides: Part, Outcome: Pass, At: 1}}}
	if st := Evaluate(in, 10, nil); st.Support != Asserted || !st.PartlyChecked {
		t.Errorf("a scan that decides a part gave %s", st.Support)
	}
}

// drawInput draws facts with times and ids close together, so that they meet.
func drawInput(t *rapid.T) Input {
	times := rapid.Int64Range(0, 12)
	level := rapid.SampledFrom([]string{"", "not_met", "partly_met", "met", "unheard_of"})
	id := rapid.SampledFrom([]string{"a", "b"})
	in := Input{Levels: levels()[:rapid.IntRange(0, 3).Draw(t, "levels")], Claim: Claim{Kind: rapid.SampledFrom([]ClaimKind{AtLevel, AtLevel, AtLevel, NotApplicable, DontKnow, Unanswered}).Draw(t, "kind")}}
	if in.Claim.Kind == AtLevel {
		in.Claim.Level = rapid.SampledFrom([]string{"not_met", "partly_met", "met", "unheard_of"}).Draw(t, "claim")
	}
	in.Evidence = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) EvidenceFact { return drawEvidence(t) }), 0, 3).Draw(t, "evidence")
	in.Checks = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) CheckFact {
		return CheckFact{ID: id.Draw(t, "id"), Decides: rapid.SampledFrom([]Decides{Whole, Part}).Draw(t, "decides"), Permits: level.Draw(t, "permits"),
			Outcome: rapid.SampledFrom([]Outcome{Pass, Fail, CannotAssess, OutcomeNotApplicable}).Draw(t, "outcome"), At: times.Draw(t, "at"), FreshUntil: times.Draw(t, "fresh")}
	}), 0, 4).Draw(t, "checks")
	in.Adverse = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) AdverseFact {
		return AdverseFact{Kind: OverdueFinding, ID: id.Draw(t, "id"), Permits: level.Draw(t, "permits"), Since: times.Draw(t, "since"), Until: times.Draw(t, "until")}
	}), 0, 2).Draw(t, "adverse")
	in.Independent = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) IndependentFact {
		c := at(level.Draw(t, "level"))
		if rapid.Bool().Draw(t, "na") {
			c = Claim{Kind: NotApplicable}
		}
		return IndependentFact{ID: id.Draw(t, "id"), Claim: c, At: times.Draw(t, "at"), ValidUntil: times.Draw(t, "valid")}
	}), 0, 2).Draw(t, "independent")
	return in
}

func drawEvidence(t *rapid.T) EvidenceFact {
	n := rapid.Int64Range(0, 12)
	return EvidenceFact{ID: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "id"), ValidUntil: n.Draw(t, "valid"), WithdrawnAt: n.Draw(t, "withdrawn")}
}

var drawNow = rapid.Int64Range(0, 13)

func TestAddingSupportNeverLowersAndRemovingNeverRaises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, now := drawInput(t), drawNow.Draw(t, "now")
		without := Evaluate(in, now, nil).Support
		more := in
		times := rapid.Int64Range(0, 12)
		switch rapid.IntRange(0, 2).Draw(t, "what") {
		case 0:
			more.Evidence = append(slices.Clone(in.Evidence), drawEvidence(t))
		case 1:
			more.Checks = append(slices.Clone(in.Checks), CheckFact{ID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "id"), Outcome: Pass,
				Decides: rapid.SampledFrom([]Decides{Whole, Part}).Draw(t, "decides"), At: times.Draw(t, "at"), FreshUntil: times.Draw(t, "fresh")})
		case 2:
			if !slices.Contains(in.Levels, in.Claim.Level) && in.Claim.Kind != NotApplicable {
				t.Skip("there is no level to agree with")
			}
			more.Independent = append(slices.Clone(in.Independent), IndependentFact{ID: "n", Claim: in.Claim, At: times.Draw(t, "at"), ValidUntil: times.Draw(t, "valid")})
		}
		with := Evaluate(more, now, nil).Support
		if with.Below(without) {
			t.Fatalf("adding support moved it from %s to %s", without, with)
		}
	})
}

func TestAnUndecidedPartNeverChangesSupport(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, now := drawInput(t), drawNow.Draw(t, "now")
		without := Evaluate(in, now, nil)
		times := rapid.Int64Range(0, 12)
		note := CheckFact{ID: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "id"), Outcome: CannotAssess, Decides: Part, Reason: "nothing was delivered",
			At: times.Draw(t, "at"), FreshUntil: times.Draw(t, "fresh")}
		more := in
		more.Checks = append(slices.Clone(in.Checks), note)
		with := Evaluate(more, now, nil)
		if with.Support != without.Support {
			t.Fatalf("what could not be decided moved it from %s to %s", without.Support, with.Support)
		}
		if with.PartlyChecked && !without.PartlyChecked {
			t.Fatal("what could not be decided counts as checked")
		}
		claims := in.Claim.Kind == AtLevel || in.Claim.Kind == NotApplicable
		seen := slices.ContainsFunc(with.Because, func(c Cause) bool { return c.Kind == NotChecked && c.ID == note.ID })
		if alone := !slices.ContainsFunc(in.Checks, func(c CheckFact) bool { return c.ID == note.ID }); claims && alone && !seen {
			t.Fatalf("nobody is told: %v", with.Because)
		}
	})
}

func TestAgeingSupportNeverRaises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, now := drawInput(t), drawNow.Draw(t, "now")
		fresh := Evaluate(in, now, nil).Support
		aged := in
		aged.Evidence, aged.Checks, aged.Independent = slices.Clone(in.Evidence), slices.Clone(in.Checks), slices.Clone(in.Independent)
		sooner := func(end *int64) {
			if *end == 0 || *end > now {
				*end = max(1, now)
			}
		}
		for i := range aged.Evidence {
			sooner(&aged.Evidence[i].ValidUntil)
		}
		for i := range aged.Checks {
			if aged.Checks[i].Outcome == Pass && aged.Checks[i].Permits == "" {
				sooner(&aged.Checks[i].FreshUntil)
			}
		}
		for i := range aged.Independent {
			sooner(&aged.Independent[i].ValidUntil)
		}
		if old := Evaluate(aged, now, nil).Support; fresh.Below(old) {
			t.Fatalf("ageing moved it from %s to %s", fresh, old)
		}
	})
}

func TestTimeAloneNeverRaisesUnlessSomethingIsResolved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		for i := range in.Adverse {
			in.Adverse[i].Until = 0
		}
		a, b := drawNow.Draw(t, "a"), drawNow.Draw(t, "b")
		early, late := Evaluate(in, min(a, b), nil).Support, Evaluate(in, max(a, b), nil).Support
		if early.Below(late) {
			t.Fatalf("from %d to %d it rose from %s to %s", min(a, b), max(a, b), early, late)
		}
	})
}

func TestTheOrderOfArrivalHasNoEffect(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, now := drawInput(t), drawNow.Draw(t, "now")
		other := in
		other.Evidence = rapid.Permutation(in.Evidence).Draw(t, "evidence")
		other.Checks = rapid.Permutation(in.Checks).Draw(t, "checks")
		other.Adverse = rapid.Permutation(in.Adverse).Draw(t, "adverse")
		other.Independent = rapid.Permutation(in.Independent).Draw(t, "independent")
		a, b := Evaluate(in, now, nil), Evaluate(other, now, nil)
		if !sameJudgement(a, b) || a.NextChangeAt != b.NextChangeAt {
			t.Fatalf("%+v differs from %+v", a, b)
		}
	})
}

func TestTheClaimIsNeverAlteredAndAnHonestNotMetNeverContradicted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, now := drawInput(t), drawNow.Draw(t, "now")
		st := Evaluate(in, now, nil)
		if st.Claim != in.Claim {
			t.Fatalf("%v became %v", in.Claim, st.Claim)
		}
		lowest := in.Claim.Kind == AtLevel && len(in.Levels) > 0 && in.Claim.Level == in.Levels[0]
		if none := in.Claim.Kind == DontKnow || in.Claim.Kind == Unanswered; st.Support == Contradicted && (lowest || none) {
			t.Fatalf("%v is contradicted", in.Claim)
		}
		if st.Support.Rank() < 0 || len(st.Because) == 0 {
			t.Fatalf("no reason: %+v", st)
		}
		causes, notes := st.Because, []Cause(nil)
		if i := slices.IndexFunc(st.Because, Cause.note); i >= 0 {
			causes, notes = st.Because[:i], st.Because[i:]
		}
		if len(causes) == 0 || slices.ContainsFunc(notes, func(c Cause) bool { return !c.note() }) {
			t.Fatalf("notes are not last, or nothing else is there: %v", st.Because)
		}
		newest := func(a, b Cause) int { return int(b.At - a.At) }
		if !slices.IsSortedFunc(causes, newest) || !slices.IsSortedFunc(notes, newest) {
			t.Fatalf("not newest first: %v", st.Because)
		}
	})
}

func TestNextChangeIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, now := drawInput(t), drawNow.Draw(t, "now")
		st := Evaluate(in, now, nil)
		end := st.NextChangeAt
		if end == 0 {
			end = 20
		} else if end <= now || sameJudgement(st, Evaluate(in, end, nil)) {
			t.Fatalf("nothing changes at %d", end)
		}
		for at := now; at < end; at++ {
			if !sameJudgement(st, Evaluate(in, at, nil)) {
				t.Fatalf("it changes at %d and not only at %d", at, st.NextChangeAt)
			}
		}
	})
}

func TestSteppingThroughChangesAgreesWithJumping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, now := drawInput(t), drawNow.Draw(t, "now")
		first := Evaluate(in, 0, nil)
		step := first
		for step.NextChangeAt != 0 && step.NextChangeAt <= now {
			at := step.NextChangeAt
			if step = Evaluate(in, at, &step); step.Since > at {
				t.Fatalf("since %d at %d", step.Since, at)
			}
		}
		if jump := Evaluate(in, now, &step); jump.Since != step.Since || !sameJudgement(jump, step) {
			t.Fatalf("stepping gives %+v, looking again %+v", step, jump)
		}
		if jump := Evaluate(in, now, &first); jump.Support != first.Support && jump.Since != step.Since {
			t.Fatalf("stepping gives since %d, jumping %d", step.Since, jump.Since)
		}
	})
}

func TestTheReasonForAMoveIsASentence(t *testing.T) {
	in := Input{Levels: levels(), Claim: at("met"), Evidence: []EvidenceFact{{ID: "e", Title: "Register", Version: "2", ValidUntil: 1785542400000000}}}
	before := Evaluate(in, 1785542399999999, nil)
	after := Evaluate(in, before.NextChangeAt, &before)
	want := "Support fell from documented to stale. Evidence “Register”, version 2 ran out: its last day was 31 July 2026. A current version would restore it."
	if got := WhyMoved(before, after); got != want {
		t.Errorf("got %q", got)
	}
	if WhyMoved(before, before) != "" {
		t.Error("a standing that stayed has moved")
	}
	other := after
	other.Claim = Claim{Kind: DontKnow}
	if got := WhyMoved(after, other); !strings.HasPrefix(got, "The answer changed from met to don’t know.") {
		t.Errorf("got %q", got)
	}
}
