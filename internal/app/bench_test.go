package app_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// seeded is a small installation for measuring and its administrator.
func seeded(t testing.TB, in app.BenchInput) (*apptest.World, access.Actor, app.BenchSeeded) {
	t.Helper()
	w := apptest.New(t)
	made, err := w.App.BenchSeed(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	who, err := w.App.ActorFromToken(t.Context(), made.Token, apptest.Meta)
	if err != nil {
		t.Fatal(err)
	}
	return w, who, made
}

func small() app.BenchInput {
	return app.BenchInput{Systems: 23, Answers: 2415, Units: 15, Users: 31, Seed: 7}
}

func TestDataForMeasuringIsSoundAndOfTheSizeAsked(t *testing.T) {
	w, who, made := seeded(t, small())
	ctx := t.Context()
	v, err := w.App.Verify(ctx, access.Operator(), nil)
	ok(t, err)
	if !v.OK {
		t.Errorf("%+v", v.Problems)
	}
	health, err := w.App.Doctor(ctx)
	ok(t, err)
	c := health.Counts
	if !health.OK || c.Systems != 23 || c.Responses != 2415 || c.Units != 15 || c.Users != 31 || c.Organisations != 1 || c.Evidence != 69 {
		t.Errorf("%+v", health)
	}
	for name, n := range map[string]int64{"systems": c.Systems, "responses": c.Responses, "audit_entries": c.AuditEntries, "findings": 0} {
		if made.Counts[name] != n {
			t.Errorf("%s: said %d, there are %d", name, made.Counts[name], n)
		}
	}
	list, err := w.App.SystemsIn(ctx, who, app.SystemFilter{}, app.Page{Limit: 100})
	ok(t, err)
	if list.Total != 23 || len(list.Items) != 23 {
		t.Fatalf("%d of %d", len(list.Items), list.Total)
	}
	for _, line := range list.Items {
		got := line.Summary
		want := recounted(t, w.App, who, line)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s (-recounted +kept):\n%s", line.System.Name, d)
		}
	}
	if _, err := w.App.Tick(ctx); err != nil { // what is made leaves no work behind
		t.Error(err)
	}
	after, err := w.App.LogState(ctx)
	ok(t, err)
	if after.Size != made.Counts["audit_entries"] {
		t.Errorf("the clock found work: %d entries became %d", made.Counts["audit_entries"], after.Size)
	}
}

// recounted works the summary of a system out again from what its pages show.
func recounted(t *testing.T, a *app.App, who access.Actor, line app.SystemLine) app.Summary {
	t.Helper()
	sum := app.Summary{Organisation: line.System.Organisation, System: line.System.ID}
	list, err := a.AssessmentsIn(t.Context(), who, line.System.ID)
	ok(t, err)
	for _, as := range list { // one of each framework
		v, err := a.AssessmentView(t.Context(), who, as.ID)
		ok(t, err)
		due := as.DueOn
		if as.ApprovedAt > 0 {
			due, sum.ApprovedAt = as.NextDueOn, as.ApprovedAt
		}
		if sum.DueOn == "" || due < sum.DueOn {
			sum.DueOn = due
		}
		for _, l := range v.Lines {
			sum.InScope++
			if l.Answer.Counts() {
				sum.Answered++
			} else {
				sum.NeedYou++
			}
			switch l.Standing.Claim.Kind {
			case assessment.Unanswered:
				continue
			case assessment.DontKnow:
				sum.DontKnow++
				continue
			}
			switch l.Standing.Support {
			case assessment.Documented:
				sum.Documented++
			case assessment.Stale:
				sum.Stale++
			case assessment.Asserted:
				sum.Asserted++
			default:
				t.Errorf("support %s", l.Standing.Support)
			}
			if sum.Worst == "" || l.Standing.Support.Below(assessment.Support(sum.Worst)) {
				sum.Worst = string(l.Standing.Support)
			}
		}
	}
	// The assessment named is the last one made; the list gives the newest first.
	sum.Assessment, sum.State = list[0].ID, list[0].State
	return sum
}

func TestTheSameSeedMakesTheSameData(t *testing.T) {
	lines := func(seed int64) []app.Summary {
		in := small()
		in.Seed = seed
		w, who, _ := seeded(t, in)
		list, err := w.App.SystemsIn(t.Context(), who, app.SystemFilter{}, app.Page{Limit: 100})
		ok(t, err)
		var out []app.Summary
		for _, l := range list.Items {
			l.Summary.Organisation, l.Summary.System, l.Summary.Assessment = "", l.System.Name, ""
			out = append(out, l.Summary)
		}
		return out
	}
	one := lines(1)
	if d := cmp.Diff(one, lines(1)); d != "" {
		t.Errorf("two runs of one seed differ:\n%s", d)
	}
	if cmp.Equal(one, lines(2)) {
		t.Error("another seed makes the same")
	}
}

func TestDataForMeasuringGoesIntoAnEmptyInstallationOnly(t *testing.T) {
	w, _, _ := seeded(t, app.BenchInput{Systems: 1, Answers: 3, Units: 1, Users: 1})
	_, err := w.App.BenchSeed(t.Context(), small())
	fails(t, err, fault.Conflict)
	real := apptest.New(t)
	real.Admin("Alpha")
	_, err = real.App.BenchSeed(t.Context(), small())
	fails(t, err, fault.Conflict)
	for _, in := range []app.BenchInput{{}, {Systems: -1}, {Systems: 1, Answers: 1000}, {Systems: 1, Answers: -1}, {Systems: 1, Units: 100_000}, {Systems: 1, Users: -5}} {
		_, err := w.App.BenchSeed(t.Context(), in)
		fails(t, err, fault.Invalid)
	}
}
