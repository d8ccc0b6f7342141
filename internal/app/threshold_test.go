package app_test

import (
	"slices"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

const profiled = "gov-sbd" // shipped with bands and without thresholds

// bands are figures made up for this test.
func bands() []framework.Threshold {
	return []framework.Threshold{{Band: "low", AtLeast: 0, Source: "Test policy 1"}, {Band: "medium", AtLeast: 1, Source: "Test policy 1"}, {Band: "high", AtLeast: 3, Source: "Test policy 2"}}
}

func TestABandIsGivenOnlyOnceThresholdsAreSet(t *testing.T) {
	q := newQuarter(t)
	ctx := t.Context()
	as, _, err := q.App.StartAssessment(ctx, q.admin.Actor(), q.system, app.StartInput{Framework: profiled})
	ok(t, err)
	v, err := q.App.AssessmentView(ctx, q.admin.Actor(), as.ID)
	ok(t, err)
	say := func(i int, claim string) {
		t.Helper()
		r := v.Lines[i].Requirement
		if claim == "top" {
			levels := v.Framework.LevelsOf(r)
			claim = levels[len(levels)-1].ID
		}
		_, _, err := q.App.Respond(ctx, q.admin.Actor(), as.ID, r.ID, app.RespondInput{Claim: claim, Rationale: "Because.", FindOutBy: "2026-03-20"})
		ok(t, err)
	}
	say(0, "top")
	say(1, "not_applicable")
	say(2, "dont_know")
	is := func(met int, band string) {
		t.Helper()
		c, problems, err := q.App.Confidence(ctx, q.sro.Actor(), as.ID)
		ok(t, err)
		if c.Met != met || c.Applicable != len(v.Lines)-1 || c.Band != band || len(problems) > 0 {
			t.Errorf("%+v with %v, want %d met and %s", c, problems, met, band)
		}
	}
	is(1, framework.BandNotSet)
	_, err = q.App.SetBandThresholds(ctx, q.admin.Actor(), profiled, bands())
	ok(t, err)
	is(1, "medium")
	say(3, "top")
	say(4, "top")
	is(3, "high")
	list := bands()
	list[2].AtLeast = 4
	_, err = q.App.SetBandThresholds(ctx, q.admin.Actor(), profiled, list)
	ok(t, err)
	is(3, "medium")
	got, err := q.App.BandThresholds(ctx, q.member.Actor(), profiled)
	ok(t, err)
	if !slices.Equal(got, list) {
		t.Errorf("thresholds are %+v", got)
	}
	entries, err := q.App.AuditEntries(ctx, q.admin.Actor(), app.AuditFilter{Action: string(audit.FrameworkAdopted)}, app.Page{})
	ok(t, err)
	fields := map[string]string{}
	for _, f := range entries.Items[0].Fields {
		fields[f.Name] = f.Value
	}
	if len(entries.Items) != 2 || entries.Items[0].Target != profiled || fields["bands"] != "low from 0, medium from 1, high from 4" || fields["source"] != "Test policy 1; Test policy 2" {
		t.Errorf("recorded as %+v", entries.Items)
	}
}

func TestThresholdsMustHoldTogetherAndNameTheirSource(t *testing.T) {
	q := newQuarter(t)
	ctx := t.Context()
	set := func(id string, list []framework.Threshold) error {
		_, err := q.App.SetBandThresholds(ctx, q.admin.Actor(), id, list)
		return err
	}
	changed := func(change func([]framework.Threshold)) []framework.Threshold { b := bands(); change(b); return b }
	for name, list := range map[string][]framework.Threshold{
		"none":              nil,
		"one missing":       bands()[:2],
		"out of order":      changed(func(b []framework.Threshold) { b[2].AtLeast = 1 }),
		"not from 0":        changed(func(b []framework.Threshold) { b[0].AtLeast = 1 }),
		"another band":      changed(func(b []framework.Threshold) { b[1].Band = "middling" }),
		"without source":    changed(func(b []framework.Threshold) { b[1].Source = " " }),
		"source with a NUL": changed(func(b []framework.Threshold) { b[1].Source = "a\x00" }),
	} {
		if err := set(profiled, list); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	fails(t, set(inService, bands()), fault.Invalid)
	fails(t, set("none", bands()), fault.NotFound)
	ok(t, set(profiled, bands()))
	fails(t, set(profiled, bands()), fault.Conflict)
	_, err := q.App.SetBandThresholds(ctx, q.sro.Actor(), profiled, bands())
	fails(t, err, fault.Forbidden)
	_, _, err = q.App.Confidence(ctx, q.admin.Actor(), q.assessment)
	fails(t, err, fault.Invalid)
	stranger := q.Join(q.Admin("Beta"), "Reader", access.PortfolioReader)
	_, _, err = q.App.Confidence(ctx, stranger.Actor(), q.assessment)
	fails(t, err, fault.NotFound)
	none, err := q.App.BandThresholds(ctx, stranger.Actor(), profiled)
	ok(t, err)
	if len(none) > 0 {
		t.Errorf("a stranger sees %+v", none)
	}
}
