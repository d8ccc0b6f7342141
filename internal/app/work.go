package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Kinds of job. Each is done at least once, and doing it again changes nothing.
const (
	jobDocument   = "judge-document" // key: of its own, one for each delivery
	jobSystem     = "judge-system"   // key: organisation and system
	jobAdvisories = "advisories"     // key: number of the first advisory; looks for the systems that they concern
	jobDecision   = "decision"       // key: organisation and decision for every system; looks for the systems that it concerns
)

// States of a job.
const (
	JobQueued  = "queued"
	JobRunning = "running"
	JobDone    = "done"
	JobFailed  = "failed"
)

// task is the payload of every job.
type task struct {
	Organisation string      `json:"organisation,omitempty"`
	System       string      `json:"system,omitempty"`
	Document     string      `json:"document,omitempty"`
	Decision     string      `json:"decision,omitempty"`
	Advisories   *advisories `json:"advisories,omitempty"`
	Result       *Judged     `json:"result,omitempty"` // once it is done
}

// Judged is what judging came to.
type Judged struct {
	Standings []Moved  `json:"standings"`
	Policy    string   `json:"policy"` // met, not_met
	Reasons   []string `json:"reasons"`
}

// Moved is one standing that moved.
type Moved struct {
	Assessment  string `json:"assessment"`
	Framework   string `json:"framework"`
	Requirement string `json:"requirement"`
	Before      string `json:"before"`
	After       string `json:"after"`
	Because     string `json:"because"`
}

const (
	jobLease    = time.Minute
	jobAttempts = 5
	jobKept     = 7 * 24 * time.Hour // after it was done
)

// enqueue adds a job, or brings the waiting one of its kind and key forward, and
// returns its id.
func (a *App) enqueue(ctx context.Context, tx *store.Tx, kind, key string, t task) (string, error) {
	id, err := a.newID(tx, ident.Job)
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(t)
	if err != nil {
		return "", err
	}
	if err := tx.Enqueue(ctx, store.Job{ID: id, Kind: kind, Key: key, Payload: string(payload), State: JobQueued, RunAt: tx.Now()}); err != nil {
		return "", err
	}
	j, err := tx.JobWith(ctx, kind, key)
	return j.ID, err
}

// enqueueSystem asks for a system to be looked at again.
func (a *App) enqueueSystem(ctx context.Context, tx *store.Tx, organisation, system string) error {
	_, err := a.enqueue(ctx, tx, jobSystem, organisation+" "+system, task{Organisation: organisation, System: system})
	return err
}

// TakeUpJobs puts jobs back that were being worked on when the server ended. It is
// for a server that is the only one on its database; where there are several, the
// lease of such a job runs out.
func (a *App) TakeUpJobs(ctx context.Context) error {
	return a.keepJob(ctx, func(tx *store.Tx) error { return tx.ReleaseJobs(ctx) })
}

// Work does one job that is ready and reports whether there was one. It is called
// by boot, again and again. A job that fails is tried again a few times, later and
// later, and then stays failed and on record.
func (a *App) Work(ctx context.Context) (bool, error) {
	var j store.Job
	err := a.keepJob(ctx, func(tx *store.Tx) (err error) {
		j, err = tx.ClaimJob(ctx, jobLease.Microseconds())
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := a.attempt(ctx, j); err != nil {
		if ctx.Err() != nil {
			return true, ctx.Err() // the lease runs out, and it is taken up again
		}
		return true, a.putOff(ctx, j, err)
	}
	return true, nil
}

// attempt runs a job; a panic fails it and nothing else.
func (a *App) attempt(ctx context.Context, j store.Job) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	var t task
	if err := json.Unmarshal([]byte(j.Payload), &t); err != nil {
		return fmt.Errorf("payload of job %s: %w", j.ID, err)
	}
	switch j.Kind {
	case jobDocument, jobSystem:
		return a.judge(ctx, j, t)
	case jobAdvisories:
		return a.concern(ctx, j, t)
	case jobDecision:
		return a.decided(ctx, j, t)
	}
	return fmt.Errorf("there is no job %q", j.Kind)
}

// done ends a job in the transaction that did its work.
func (a *App) done(ctx context.Context, tx *store.Tx, j store.Job, t task) error {
	payload, err := json.Marshal(t)
	if err != nil {
		return err
	}
	j.State, j.RunAt, j.Problem, j.Payload = JobDone, tx.Now(), "", string(payload)
	_, err = tx.FinishJob(ctx, j)
	return err
}

// errBehind says that the database is ahead of the index: the job is done again at
// once.
var errBehind = errors.New("the index is behind the database")

// putOff keeps a failed attempt: the job is tried again later, or not at all.
func (a *App) putOff(ctx context.Context, j store.Job, cause error) error {
	wait := time.Duration(j.Attempts*j.Attempts) * 5 * time.Second
	if errors.Is(cause, errBehind) {
		wait = 0
	}
	a.Log.Warn("job failed", "job", j.ID, "kind", j.Kind, "attempt", j.Attempts, "error", cause)
	if j.Attempts < jobAttempts {
		j.State, j.RunAt, j.Problem = JobQueued, a.Now().Add(wait).UnixMicro(), problemOf(cause)
		return a.keepJob(ctx, func(tx *store.Tx) error { _, err := tx.FinishJob(ctx, j); return err })
	}
	j.State, j.RunAt, j.Problem = JobFailed, a.Now().UnixMicro(), problemOf(cause)
	var t task
	if err := json.Unmarshal([]byte(j.Payload), &t); err != nil {
		t = task{}
	}
	_, err := a.DB.Write(ctx, access.Scheduler(), func(tx *store.Tx) error {
		tx.Record(store.Record{Action: audit.JobFailed, Organisation: t.Organisation, TargetType: "job", Target: j.ID,
			Fields: map[string]string{"kind": j.Kind, "error": j.Problem, "attempts": fmt.Sprint(j.Attempts)}})
		_, err := tx.FinishJob(ctx, j)
		return err
	})
	return err
}

// problemOf is what people may read of a failure.
func problemOf(err error) string {
	public, _ := fault.Public(err)
	return public
}

// keepJob writes the state of a job.
func (a *App) keepJob(ctx context.Context, fn func(tx *store.Tx) error) error {
	return a.DB.WriteUnaudited(ctx, "the state of a job", fn)
}

// JobView is a job as whoever waits for it sees it.
type JobView struct {
	ID      string
	State   string
	Problem string // why it failed
	Judged
}

// Job reads a job that judges a document or a system. It needs release.read on the
// system; a job of another system, and one that was forgotten, are not found.
func (a *App) Job(ctx context.Context, who access.Actor, id string) (JobView, error) {
	v := JobView{ID: id}
	err := a.reading(ctx, who, access.ReleaseRead, func(tx *store.Tx, scope access.Scope) error {
		j, err := tx.Job(ctx, id)
		if err != nil {
			return err
		}
		var t task
		if err := json.Unmarshal([]byte(j.Payload), &t); err != nil || t.Organisation != scope.Organisation() || t.System == "" {
			return errNotFound
		}
		if _, err := tx.System(ctx, scope, t.System); err != nil {
			return err
		}
		v.State = j.State
		if j.State == JobFailed {
			v.Problem = j.Problem
		}
		if j.State == JobDone && t.Result != nil {
			v.Judged = *t.Result
		}
		return nil
	})
	return v, err
}
