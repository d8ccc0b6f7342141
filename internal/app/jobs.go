package app

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// OpenDue makes the next assessment of a system due when the last approved one
// comes within DueSoonDays of its date, and returns how many were made. It is run
// by a job.
func (a *App) OpenDue(ctx context.Context, limit int) (int, error) {
	made := 0
	_, err := a.DB.Write(ctx, access.Scheduler(), func(tx *store.Tx) error {
		made = 0
		// Zones differ by at most a day; the exact day is judged per organisation.
		horizon := civil.OfMicro(tx.Now(), nil).AddDays(assessment.DueSoonDays + 2)
		list, err := tx.AssessmentsDueNext(ctx, horizon, limit)
		if err != nil {
			return err
		}
		for _, last := range list {
			_, s, err := tx.AssessmentForJob(ctx, last.Organisation, last.ID)
			if err != nil {
				return err
			}
			id, err := a.newID(tx, ident.Assessment)
			if err != nil {
				return err
			}
			next := store.Assessment{Organisation: last.Organisation, ID: id, System: last.System, Framework: last.Framework, FrameworkVersion: last.FrameworkVersion,
				Set: last.Set, SetReason: last.SetReason, State: string(assessment.Due), Reason: "Due by schedule after the last approval.", Previous: last.ID,
				DueOn: last.NextDueOn, CreatedAt: tx.Now()}
			if err := tx.CreateAssessment(ctx, next); err != nil {
				return err
			}
			tx.Record(store.Record{Action: audit.AssessmentDue, Organisation: last.Organisation, TargetType: "assessment", Target: id,
				Fields: map[string]string{"due": string(next.DueOn), "trigger": "schedule"}})
			if err := a.summarise(ctx, tx, s); err != nil {
				return err
			}
			made++
		}
		return nil
	})
	return made, err
}

// LapseOverdue marks assessments that nobody started by their day, and returns
// how many. Work under way is never closed under its authors' hands. It is run by
// a job.
func (a *App) LapseOverdue(ctx context.Context, limit int) (int, error) {
	lapsed := 0
	_, err := a.DB.Write(ctx, access.Scheduler(), func(tx *store.Tx) error {
		lapsed = 0
		list, err := tx.AssessmentsInState(ctx, string(assessment.Due), civil.OfMicro(tx.Now(), nil).AddDays(1), limit)
		if err != nil {
			return err
		}
		for _, as := range list {
			org, err := tx.OrganisationByID(ctx, as.Organisation)
			if err != nil {
				return err
			}
			if !assessment.Lapses(assessment.State(as.State), as.DueOn, tx.Now(), zoneOf(org)) {
				continue
			}
			_, s, err := tx.AssessmentForJob(ctx, as.Organisation, as.ID)
			if err != nil {
				return err
			}
			as.State = string(assessment.Lapsed)
			if err := tx.SaveAssessment(ctx, as); err != nil {
				return err
			}
			tx.Record(store.Record{Action: audit.AssessmentLapsed, Organisation: as.Organisation, TargetType: "assessment", Target: as.ID,
				Fields: map[string]string{"due": string(as.DueOn)}})
			if err := a.summarise(ctx, tx, s); err != nil {
				return err
			}
			lapsed++
		}
		return nil
	})
	return lapsed, err
}

// Tick does everything that is due by the clock, a bounded piece at a time, and
// reports whether there may be more.
func (a *App) Tick(ctx context.Context) (more bool, err error) {
	const piece = 200
	for _, step := range []func(context.Context, int) (int, error){a.MoveStandings, a.OpenDue, a.LapseOverdue, a.Rejudge} {
		n, err := step(ctx, piece)
		if err != nil {
			return false, err
		}
		more = more || n == piece
	}
	if err := a.keepJob(ctx, func(tx *store.Tx) error { return tx.ForgetJobs(ctx, tx.Now()-jobKept.Microseconds()) }); err != nil {
		return false, err
	}
	_, err = a.SignCheckpoint(ctx)
	return more, err
}
