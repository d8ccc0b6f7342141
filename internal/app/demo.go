package app

import (
	"context"
	"fmt"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// inDemo fails in an instance that was not created as a demo, as if the
// operation did not exist.
func inDemo(ctx context.Context, tx *store.Tx) (Instance, error) {
	i, err := tx.Instance(ctx)
	if err == nil && !i.Demo {
		err = errNotFound
	}
	return i, err
}

// MoveDemoClock moves the clock of a demo forward to a time and does what has
// fallen due until then. Anybody who is signed in may: nothing in a demo is real.
//
// It fails with fault.NotFound outside a demo and with fault.Invalid for a time
// that is not later than now: history is never written twice.
func (a *App) MoveDemoClock(ctx context.Context, who access.Actor, to time.Time) (Receipt, error) {
	var shift int64
	r, err := a.writing(ctx, who, access.SelfWrite, func(tx *store.Tx, _ access.Scope) error {
		i, err := inDemo(ctx, tx)
		if err != nil {
			return err
		}
		by := to.UnixMicro() - tx.Now()
		var p fault.Problems
		switch {
		case by <= 0:
			p.Add("/now", "The clock of a demo can only be moved forward. It is %s now.", micro(tx.Now()).UTC().Format(time.RFC3339))
		case by > maxDemoMove.Microseconds():
			p.Add("/now", "Move the clock forward by at most %d days at a time.", int(maxDemoMove.Hours()/24))
		}
		if err := p.Err(); err != nil {
			return err
		}
		shift = i.Shift + by
		i.Shift = shift
		if err := tx.SaveInstance(ctx, i); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.DemoClockMoved, TargetType: "instance", Target: i.ID, Fields: map[string]string{
			"before": micro(tx.Now()).UTC().Format(time.RFC3339), "after": to.UTC().Format(time.RFC3339)}})
		tx.Answer(map[string]any{"now": to.UTC().Format(time.RFC3339)})
		return nil
	})
	if err != nil || a.OnClockMoved == nil {
		return r, err
	}
	a.OnClockMoved(time.Duration(shift) * time.Microsecond)
	a.catchUpWithClock(ctx)
	return r, nil
}

// maxDemoMove keeps a slip of the pen from ending every token and link at once.
const maxDemoMove = 366 * 24 * time.Hour

// catchUpWithClock does now what the server would do by itself within a minute,
// so that whoever moved the clock sees its effect in the next answer.
func (a *App) catchUpWithClock(ctx context.Context) {
	for range 1000 {
		more, err := a.Tick(ctx)
		if err != nil {
			a.Log.WarnContext(ctx, "work that fell due when the clock was moved; it is tried again", "error", err)
		}
		if err != nil || !more {
			return
		}
	}
}

// WhileSeeding runs fn, which fills a demo, with commits that do not wait for the
// disk; everything is on disk when it returns. A power cut in the meantime may
// cost the whole demo, which is then made again. It fails with fault.NotFound
// outside a demo, and runs fn as usual on an engine that has no such mode.
func (a *App) WhileSeeding(ctx context.Context, fn func() error) error {
	err := a.DB.Read(ctx, func(tx *store.Tx) error {
		_, err := inDemo(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	return a.DB.WithoutWaiting(ctx, fn)
}

// RecordDemoSeeded notes that the sample data is complete, so that a demo that was
// cut short while it was made can be told from a whole one. counts is what was
// made, in words.
func (a *App) RecordDemoSeeded(ctx context.Context, counts string, seed int64) (Receipt, error) {
	return a.DB.Write(ctx, access.Operator(), func(tx *store.Tx) error {
		i, err := inDemo(ctx, tx)
		if err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.DemoSeeded, TargetType: "instance", Target: i.ID,
			Fields: map[string]string{"counts": counts, "seed": fmt.Sprint(seed)}})
		return nil
	})
}
