package app_test

import (
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func TestTheClockOfADemoMovesForwardAndWorkIsCaughtUp(t *testing.T) {
	var clock *apptest.Clock
	var begin time.Time
	w := apptest.New(t, apptest.Demo(), apptest.With(func(c *app.Config) {
		c.OnClockMoved = func(shift time.Duration) { clock.Advance(begin.Add(shift).Sub(clock.Now())) }
	}))
	clock, begin = w.Clock, w.Clock.Now()
	admin := w.Admin("Alpha")
	ctx, who := t.Context(), admin.Actor()
	system, _, err := w.App.CreateSystem(ctx, who, app.SystemInput{Name: "One", Stage: "in_service"})
	ok(t, err)
	started, _, err := w.App.StartAssessment(ctx, who, system.ID, app.StartInput{Framework: "touchstone-in-service"})
	ok(t, err)
	v, err := w.App.AssessmentView(ctx, who, started.ID)
	ok(t, err)
	asked := v.Lines[0].Requirement.ID
	_, _, err = w.App.Respond(ctx, who, started.ID, asked, app.RespondInput{Claim: "met", Rationale: "It is."})
	ok(t, err)
	record, _, err := w.App.CreateEvidence(ctx, who, app.EvidenceInput{Title: "Scan", Edition: "1", Kind: "scan", Link: "https://a.example/1",
		System: system.ID, ProducedOn: civil.Of(begin, time.UTC), ValidUntil: civil.Of(begin, time.UTC).AddDays(7)})
	ok(t, err)
	_, err = w.App.LinkEvidence(ctx, who, system.ID, "touchstone-in-service", asked, record.ID)
	ok(t, err)

	for _, to := range []time.Time{begin, begin.Add(-time.Hour), begin.AddDate(2, 0, 0)} {
		_, err := w.App.MoveDemoClock(ctx, who, to)
		fails(t, err, fault.Invalid)
	}
	for _, days := range []int{3, 9} { // moved twice: the shift adds up
		to := begin.AddDate(0, 0, days)
		_, err = w.App.MoveDemoClock(ctx, who, to)
		ok(t, err)
		if !clock.Now().Equal(to) {
			t.Fatalf("the clock shows %v, not %v", clock.Now(), to)
		}
	}
	i, err := w.App.Instance(ctx)
	ok(t, err)
	if i.Shift != (9 * 24 * time.Hour).Microseconds() {
		t.Errorf("shift %d", i.Shift)
	}
	_, moves, err := w.App.SystemHistory(ctx, who, system.ID, 0, 10)
	ok(t, err)
	if len(moves) != 3 || moves[0].AfterSupport != "stale" || moves[0].At != civil.Of(begin, time.UTC).AddDays(7).EndMicro(time.UTC) {
		t.Errorf("what ran out meanwhile is not on record at its day: %+v", moves)
	}
	if n := len(entries(t, w, audit.DemoClockMoved)); n != 2 {
		t.Errorf("%d entries", n)
	}
}

func TestOnlyTheClockOfADemoMoves(t *testing.T) {
	w := apptest.New(t)
	who := w.Admin("Alpha").Actor()
	_, err := w.App.MoveDemoClock(t.Context(), who, w.Clock.Now().Add(time.Hour))
	fails(t, err, fault.NotFound)
	err = w.App.WhileSeeding(t.Context(), func() error { t.Error("it ran"); return nil })
	fails(t, err, fault.NotFound)
	_, err = w.App.RecordDemoSeeded(t.Context(), "none", 1)
	fails(t, err, fault.NotFound)
}
