package app_test

import (
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

func TestApprovalsKeepTheCountsThatWereSigned(t *testing.T) {
	q := newQuarter(t)
	ctx := t.Context()
	none, err := q.App.SystemApprovals(ctx, q.sro.Actor(), q.system)
	ok(t, err)
	if len(none) > 0 {
		t.Errorf("nothing was approved, but there is %+v", none)
	}
	first := q.approved()
	want := map[assessment.Support]int{assessment.Documented: 1, assessment.Asserted: len(q.questions) - 1}
	is := func(got app.Approval, id string, want map[assessment.Support]int) {
		t.Helper()
		if got.Assessment.ID != id || got.Counts[assessment.Documented] != want[assessment.Documented] || got.Counts[assessment.Asserted] != want[assessment.Asserted] {
			t.Errorf("%s has %v, want %s with %v", got.Assessment.ID, got.Counts, id, want)
		}
	}
	list, err := q.App.SystemApprovals(ctx, q.sro.Actor(), q.system)
	ok(t, err)
	if len(list) != 1 {
		t.Fatalf("%d approvals", len(list))
	}
	is(list[0], first.ID, want)

	q.Clock.Advance(40 * 24 * time.Hour) // what documented the one answer has run out
	q.SignInAgain()
	_, err = q.App.MoveStandings(ctx, 100)
	ok(t, err)
	q.assessment = q.start()
	q.answerAll()
	q.approve()
	list, err = q.App.SystemApprovals(ctx, q.sro.Actor(), q.system)
	ok(t, err)
	if len(list) != 2 {
		t.Fatalf("%d approvals", len(list))
	}
	is(list[0], first.ID, want)
	is(list[1], q.assessment, map[assessment.Support]int{assessment.Asserted: len(q.questions) - 1})
	if list[1].Counts[assessment.Stale] != 1 {
		t.Errorf("the second has %v", list[1].Counts)
	}
	stranger := q.Join(q.Admin("Beta"), "Reader", access.PortfolioReader)
	_, err = q.App.SystemApprovals(ctx, stranger.Actor(), q.system)
	fails(t, err, fault.NotFound)
}

func TestTrainingIsShownToThePersonAndToAdministrators(t *testing.T) {
	q := newQuarter(t)
	ctx := t.Context()
	_, _, err := q.App.RecordTraining(ctx, q.admin.StepUp(), app.TrainInput{Person: q.member.ID, Skill: "Risk", Basis: "training", Title: "A course", AchievedOn: "2026-01-05"})
	ok(t, err)
	for name, c := range map[string]struct {
		who  access.Actor
		want int
	}{"the administrator": {q.admin.Actor(), 1}, "the person": {q.member.Actor(), 1}, "a colleague": {q.sro.Actor(), 0}} {
		list, err := q.App.Training(ctx, c.who, q.member.ID)
		ok(t, err)
		if len(list) != c.want || c.want > 0 && list[0].Title != "A course" {
			t.Errorf("%s sees %+v", name, list)
		}
	}
	_, err = q.App.Training(ctx, q.Admin("Beta").Actor(), q.member.ID)
	fails(t, err, fault.NotFound)
}
