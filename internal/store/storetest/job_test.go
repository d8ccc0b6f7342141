package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestJobsAreLeased(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		now := clock.Now().UnixMicro()
		lease := time.Minute.Microseconds()
		do := func(fn func(tx *store.Tx) error) {
			t.Helper()
			if err := db.WriteUnaudited(ctx, "job", fn); err != nil {
				t.Fatal(err)
			}
		}
		claim := func() (j store.Job, err error) {
			err = db.WriteUnaudited(ctx, "job", func(tx *store.Tx) error { j, err = tx.ClaimJob(ctx, lease); return err })
			return j, err
		}
		do(func(tx *store.Tx) error {
			return first(
				tx.Enqueue(ctx, store.Job{ID: "job_1", Kind: "age", Key: "a", State: "queued", RunAt: now}),
				tx.Enqueue(ctx, store.Job{ID: "job_2", Kind: "age", Key: "a", State: "queued", RunAt: now - 9}),
				tx.Enqueue(ctx, store.Job{ID: "job_3", Kind: "mail", Key: "a", State: "queued", RunAt: now + 1_000_000, Payload: "p"}))
		})
		j, err := claim()
		if err != nil || j.ID != "job_1" || j.Attempts != 1 {
			t.Fatalf("the job of one kind and key is there once: %+v, %v", j, err)
		}
		_, err = claim()
		missing(t, "everything is taken or not ready", err)
		clock.Move(2 * time.Minute)
		if j, err = claim(); err != nil || j.ID != "job_3" {
			t.Fatalf("ready earliest: %+v, %v", j, err)
		}
		if j, err = claim(); err != nil || j.ID != "job_1" || j.Attempts != 2 {
			t.Fatalf("the lease of the first has run out: %+v, %v", j, err)
		}
		finish := func(j store.Job, want bool) {
			t.Helper()
			do(func(tx *store.Tx) error {
				ours, err := tx.FinishJob(ctx, j)
				same(t, "the job was still ours", ours, want)
				return err
			})
		}
		finish(store.Job{ID: "job_1", State: "done", Attempts: 1}, false) // the first worker, too late
		finish(store.Job{ID: "job_1", State: "done", Attempts: 2}, true)
		finish(store.Job{ID: "job_3", State: "failed", Problem: "why", Attempts: 1}, true)
		clock.Move(time.Hour)
		if _, err = claim(); !fault.Is(err, fault.NotFound) {
			t.Errorf("a job that failed for good is taken again: %v", err)
		}
		do(func(tx *store.Tx) error {
			return tx.Enqueue(ctx, store.Job{ID: "job_4", Kind: "age", Key: "a", State: "queued", RunAt: now})
		})
		if j, err = claim(); err != nil || j.ID != "job_4" {
			t.Errorf("the key is free again: %+v, %v", j, err)
		}
		do(func(tx *store.Tx) error {
			return tx.Enqueue(ctx, store.Job{ID: "job_5", Kind: "age", Key: "a", State: "queued", RunAt: now})
		})
		finish(store.Job{ID: "job_4", State: "done", Attempts: 1}, false) // something new came while it ran
		if j, err = claim(); err != nil || j.ID != "job_5" || j.Attempts != 1 {
			t.Errorf("what came while it ran is looked at: %+v, %v", j, err)
		}
	})
}

func TestAJobThatEndedIsKeptForAWhile(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		write := func(fn func(tx *store.Tx) error) {
			t.Helper()
			if err := db.WriteUnaudited(ctx, "job", fn); err != nil {
				t.Fatal(err)
			}
		}
		state := func(id string) (state string) {
			t.Helper()
			err := db.Read(ctx, func(tx *store.Tx) error {
				j, err := tx.Job(ctx, id)
				state = j.State
				return err
			})
			if fault.Is(err, fault.NotFound) {
				return "gone"
			}
			if err != nil {
				t.Fatal(err)
			}
			return state
		}
		write(func(tx *store.Tx) error {
			return tx.Enqueue(ctx, store.Job{ID: "job_1", Kind: "judge", Key: "a", State: "queued", RunAt: 1})
		})
		write(func(tx *store.Tx) error {
			j, err := tx.ClaimJob(ctx, 1)
			if err != nil {
				return err
			}
			j.State, j.RunAt = "done", 50
			_, err = tx.FinishJob(ctx, j)
			return err
		})
		write(func(tx *store.Tx) error { return tx.ReleaseJobs(ctx) })
		same(t, "one that is done is not done again", state("job_1"), "done")
		write(func(tx *store.Tx) error {
			if err := tx.Enqueue(ctx, store.Job{ID: "job_2", Kind: "judge", Key: "c", State: "queued", RunAt: 1}); err != nil {
				return err
			}
			_, err := tx.ClaimJob(ctx, 1_000_000_000)
			return err
		})
		same(t, "it runs", state("job_2"), "running")
		write(func(tx *store.Tx) error { return tx.ReleaseJobs(ctx) })
		same(t, "its worker is gone", state("job_2"), "queued")
		same(t, "kept", state("job_1"), "done")
		write(func(tx *store.Tx) error {
			j, err := tx.JobWith(ctx, "judge", "a")
			same(t, "by kind and key", j.ID, "job_1")
			_, gone := tx.JobWith(ctx, "judge", "b")
			missing(t, "of another key", gone)
			return err
		})
		write(func(tx *store.Tx) error { return tx.ForgetJobs(ctx, 50) })
		same(t, "not old enough", state("job_1"), "done")
		write(func(tx *store.Tx) error { return tx.ForgetJobs(ctx, 51) })
		same(t, "old enough", state("job_1"), "gone")
	})
}

func TestAJobIsTakenByOneWorker(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		const jobs = 6
		err := db.WriteUnaudited(ctx, "job", func(tx *store.Tx) error {
			for i := range jobs {
				id := fmt.Sprintf("job_%d", i)
				if err := tx.Enqueue(ctx, store.Job{ID: id, Kind: "k", Key: id, State: "queued", RunAt: 1}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		taken := make(chan string, 100)
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				for range 2 * jobs { // a worker that was too late asks again
					var j store.Job
					err := db.WriteUnaudited(ctx, "job", func(tx *store.Tx) (err error) {
						j, err = tx.ClaimJob(ctx, time.Hour.Microseconds())
						return err
					})
					switch {
					case err == nil:
						taken <- j.ID
					case !fault.Is(err, fault.NotFound):
						t.Errorf("claim: %v", err)
					}
				}
			})
		}
		wg.Wait()
		close(taken)
		times := map[string]int{}
		for id := range taken {
			times[id]++
		}
		same(t, "jobs taken", len(times), jobs)
		for id, n := range times {
			same(t, id, n, 1)
		}
	})
}
