package store

import (
	"context"
	"database/sql"
	"errors"
)

// Job is a piece of work done later, at least once.
type Job struct {
	ID       string
	Kind     string
	Key      string // one waiting job per kind and key
	Payload  string
	State    string // queued, running, done, failed
	RunAt    int64
	Attempts int
	Problem  string
}

var jobTable = table{name: "job", key: 1, silent: true, cols: cols("id kind key payload state run_at attempts problem")}

func (j *Job) fields() []any {
	return []any{&j.ID, &j.Kind, &j.Key, &j.Payload, &j.State, &j.RunAt, &j.Attempts, &j.Problem}
}

// Enqueue adds a job. One with its kind and key that waits already is brought
// forward to the earlier of both times; one that runs or has ended is put in the
// queue again, so that what was written since it began is looked at too.
func (tx *Tx) Enqueue(ctx context.Context, j Job) error {
	return tx.execArgs(ctx, jobTable.insertSQL()+` ON CONFLICT (kind, key) DO UPDATE SET
		id = CASE WHEN job.state = 'queued' THEN job.id ELSE excluded.id END,
		payload = CASE WHEN job.state = 'queued' THEN job.payload ELSE excluded.payload END,
		run_at = CASE WHEN job.state = 'queued' AND job.run_at < excluded.run_at THEN job.run_at ELSE excluded.run_at END,
		state = 'queued', attempts = 0, problem = ''`, values(j.fields()))
}

// Job reads one job; ErrNotFound once it was forgotten.
func (tx *Tx) Job(ctx context.Context, id string) (Job, error) {
	var j Job
	err := tx.one(ctx, "SELECT "+jobTable.list()+" FROM job WHERE id = $1", []any{id}, j.fields())
	return j, err
}

// JobWith reads the job of a kind and key; ErrNotFound when there is none.
func (tx *Tx) JobWith(ctx context.Context, kind, key string) (Job, error) {
	var j Job
	err := tx.one(ctx, "SELECT "+jobTable.list()+" FROM job WHERE kind = $1 AND key = $2", []any{kind, key}, j.fields())
	return j, err
}

// ForgetJobs removes jobs that were done before a time.
func (tx *Tx) ForgetJobs(ctx context.Context, before int64) error {
	return tx.exec(ctx, "DELETE FROM job WHERE state = 'done' AND run_at < $1", before)
}

// ClaimJob takes the oldest job that is ready, with a lease until which nobody
// else takes it; ErrNotFound when there is none.
func (tx *Tx) ClaimJob(ctx context.Context, lease int64) (Job, error) {
	var j Job
	err := tx.row(ctx, `UPDATE job SET state = 'running', attempts = attempts + 1, run_at = $1
		WHERE id = (SELECT id FROM job WHERE state IN ('queued', 'running') AND run_at <= $2 ORDER BY run_at, id LIMIT 1)
		AND state IN ('queued', 'running') AND run_at <= $2 RETURNING `+jobTable.list(), []any{tx.now + lease, tx.now}).Scan(j.fields()...)
	if errors.Is(err, sql.ErrNoRows) {
		return j, ErrNotFound
	}
	return j, err
}

// ReleaseJobs puts every job that runs in the queue again, for whoever knows that
// nobody works on them any more.
func (tx *Tx) ReleaseJobs(ctx context.Context) error {
	return tx.exec(ctx, "UPDATE job SET state = 'queued', run_at = $1 WHERE state = 'running'", tx.now)
}

// FinishJob keeps how a job ended, or when it is tried again, with its payload.
// For a job that is done RunAt is when that was. It changes nothing, and returns
// false, when the job was queued again or taken by another worker since j was
// claimed.
func (tx *Tx) FinishJob(ctx context.Context, j Job) (bool, error) {
	res, err := tx.stmt(ctx, "UPDATE job SET state = $1, run_at = $2, problem = $3, payload = $4 WHERE id = $5 AND attempts = $6 AND state = 'running'",
		[]any{j.State, j.RunAt, j.Problem, j.Payload, j.ID, int64(j.Attempts)})
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}
