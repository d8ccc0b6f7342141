package sample_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/pgtest"
	"github.com/touchstone-assurance/touchstone/internal/sample"
)

// made builds a demo that is visited at a time.
func made(t *testing.T, now time.Time, seed int64) (*apptest.World, sample.World) {
	t.Helper()
	w := apptest.New(t, apptest.Demo())
	world, err := sample.Build(t.Context(), w.App, func(to time.Time) { w.Clock.Advance(to.Sub(w.Clock.Now())) }, now, seed)
	if err != nil {
		t.Fatal(err)
	}
	return w, world
}

// counts are those of seed 1. They stand here so that a change of them is meant.
func counts() app.Counts {
	return app.Counts{Organisations: 2, Units: 10, Users: 20, Systems: 16, Assessments: 82, Responses: 2028, Evidence: 736, AuditEntries: 5304}
}

func TestADemoHasWhatItPromises(t *testing.T) {
	now := time.Date(2026, 11, 22, 14, 30, 0, 0, time.UTC)
	w, world := made(t, now, 1)
	if d := cmp.Diff(counts(), world.Counts); d != "" {
		t.Errorf("(-promised +made):\n%s", d)
	}
	if !w.Clock.Now().Equal(now) {
		t.Errorf("the clock shows %v", w.Clock.Now())
	}
	admins := map[string]access.Actor{}
	for _, p := range world.Personas {
		token, _, err := w.App.CreateDemoToken(t.Context(), p.PersonID, p.OrganisationID)
		if err != nil {
			t.Fatal(err)
		}
		who, err := w.App.ActorFromToken(t.Context(), token.Secret, apptest.Meta)
		if err != nil {
			t.Fatal(err)
		}
		if who.Organisation != p.OrganisationID || who.Grants[0].Role != p.Role {
			t.Errorf("%s acts as %+v", p.Name, who)
		}
		if p.Role == access.Administrator {
			admins[p.Organisation] = who
		}
	}
	if len(admins) != 2 {
		t.Fatalf("administrators of %d organisations", len(admins))
	}
	for name, who := range admins {
		t.Run(name, func(t *testing.T) { promised(t, w.App, who, world); machines(t, w.App, who) })
	}
	v, err := w.App.Verify(t.Context(), access.Operator(), nil)
	if err != nil || !v.OK {
		t.Errorf("%v %+v", err, v.Problems)
	}
	if health, err := w.App.Doctor(t.Context()); err != nil || !health.OK {
		t.Errorf("%v %+v", err, health.Complaints)
	}
}

// promised checks the figures of one organisation.
func promised(t *testing.T, a *app.App, who access.Actor, world sample.World) {
	ctx := t.Context()
	roles := map[access.Role]int{}
	for _, p := range world.Personas {
		if p.OrganisationID == who.Organisation {
			roles[p.Role]++
		}
	}
	for _, r := range access.Roles() {
		if roles[r] == 0 {
			t.Errorf("nobody is %s", r)
		}
	}
	systems, err := a.SystemsIn(ctx, who, app.SystemFilter{}, app.Page{})
	if err != nil || systems.Total != 8 {
		t.Fatalf("%d systems, %v", systems.Total, err)
	}
	states := map[string]int{}
	var stale, unknown, conflicts, lost int
	for _, s := range systems.Items {
		approved := 0
		list, err := a.AssessmentsIn(ctx, who, s.System.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, as := range list {
			states[as.State]++
			if as.ApprovedAt > 0 {
				approved++
			} else if as.ReturnReason != "" {
				states["returned"]++
			}
		}
		if approved != 4 {
			t.Errorf("%s has %d approved assessments", s.System.Name, approved)
		}
		stale += s.Summary.Stale
		unknown += s.Summary.DontKnow
		_, moves, err := a.SystemHistory(ctx, who, s.System.ID, 0, app.MaxLimit)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range moves {
			if m.AfterSupport == "stale" {
				lost++
			}
		}
	}
	t.Logf("%v; %d stale now, %d moves to stale, %d not known", states, stale, lost, unknown)
	for _, state := range []string{"lapsed", "returned", "sro_review", "draft", "due", "superseded"} {
		if states[state] == 0 {
			t.Errorf("no assessment is %s", state)
		}
	}
	records, err := a.EvidenceIn(ctx, who, app.EvidenceFilter{}, app.Page{})
	if err != nil || records.Total < 300 {
		t.Errorf("%d records of evidence, %v", records.Total, err)
	}
	entries, err := a.AuditEntries(ctx, who, app.AuditFilter{}, app.Page{})
	if err != nil || entries.Total < 2000 {
		t.Errorf("%d audit entries, %v", entries.Total, err)
	}
	t.Logf("%d records, %d entries", records.Total, entries.Total)
	solved, err := a.AuditEntries(ctx, who, app.AuditFilter{Action: "response.conflict_resolved"}, app.Page{})
	conflicts = int(solved.Total)
	if err != nil || conflicts == 0 || stale == 0 || lost == 0 || unknown == 0 {
		t.Errorf("%d conflicts, %d stale, %d lost, %d not known: %v", conflicts, stale, lost, unknown, err)
	}
	notes, err := a.FeedbackIn(ctx, who, "")
	if err != nil || len(notes) != 3 {
		t.Errorf("%d notes, %v", len(notes), err)
	}
}

func TestCountsDoNotDependOnTheDayOnWhichADemoIsMade(t *testing.T) {
	if _, postgres := pgtest.URL(); postgres {
		t.Skip("what is made does not depend on the engine either; the other test builds a demo on this one")
	}
	for name, now := range map[string]time.Time{
		"a leap day, just after midnight":      time.Date(2028, 2, 29, 0, 5, 0, 0, time.UTC),
		"late, already the next day in London": time.Date(2027, 7, 31, 23, 45, 0, 0, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			_, world := made(t, now, 1)
			if d := cmp.Diff(counts(), world.Counts); d != "" {
				t.Errorf("(-promised +made):\n%s", d)
			}
		})
	}
}

func TestOnlyADemoIsFilled(t *testing.T) {
	w := apptest.New(t)
	_, err := sample.Build(context.Background(), w.App, func(time.Time) {}, w.Clock.Now(), 1)
	if err == nil {
		t.Fatal("a real instance was filled with sample data")
	}
	if c, err := w.App.Doctor(t.Context()); err != nil || c.Counts.Users != 0 {
		t.Errorf("%+v %v", c.Counts, err)
	}
}
