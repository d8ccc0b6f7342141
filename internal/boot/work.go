package boot

import (
	"context"
	"fmt"
	"time"
)

// Loops of a server beside its requests. Each turns a panic into an error, so that
// one bad row cannot stop a server, and ends with its context.

// pollEvery is how often a loop looks although nothing was committed here: another
// node, or a command beside the server, may have written.
const pollEvery = time.Second

// wakes returns a channel that says that something was committed in this process.
func (s *server) wakes() <-chan struct{} {
	c := make(chan struct{}, 1)
	s.db.OnCommit(func() {
		select {
		case c <- struct{}{}:
		default:
		}
	})
	return c
}

// follow keeps the index of components and advisories in step with the database.
func (s *server) follow(ctx context.Context) {
	wake := s.wakes()
	for {
		began := time.Now()
		first := !s.app.Ready()
		err := safely(func() error { return s.app.Follow(ctx) })
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.log.Error("the index of components is not up to date; it is tried again", "error", err)
		case first:
			s.log.Info("made the index of components and advisories", "took", time.Since(began).Round(time.Millisecond))
		}
		if !wait(ctx, wake, pollEvery) {
			return
		}
	}
}

// work does the jobs that are ready, one after another.
func (s *server) work(ctx context.Context) {
	wake := s.wakes()
	if s.db.Engine() == "sqlite" { // the lock of the folder keeps a second server off
		if err := safely(func() error { return s.app.TakeUpJobs(ctx) }); err != nil && ctx.Err() == nil {
			s.log.Error("jobs that were cut short wait until their time is over", "error", err)
		}
	}
	for {
		more := false
		if s.app.Ready() {
			err := safely(func() (err error) { more, err = s.app.Work(ctx); return err })
			if err != nil && ctx.Err() == nil {
				s.log.Error("jobs are not worked on; it is tried again", "error", err)
				more = false
			}
		}
		if ctx.Err() != nil || !more && !wait(ctx, wake, pollEvery) {
			return
		}
	}
}

// loadFeeds loads the configured feeds now and every few hours.
func (s *server) loadFeeds(ctx context.Context) {
	if len(s.config.Feeds) == 0 {
		return
	}
	for {
		pause := time.Duration(s.config.FeedHours) * time.Hour
		err := safely(func() error {
			results, err := s.app.SyncConfigured(ctx)
			for _, r := range results {
				s.log.Info("looked at a feed", "feed", r.Name, "records", r.Records, "changed", r.Changed, "problem", r.Problem)
			}
			return err
		})
		if err != nil && ctx.Err() == nil {
			s.log.Error("feeds were not loaded; it is tried again", "error", err)
			pause = time.Minute
		}
		if !wait(ctx, nil, pause) {
			return
		}
	}
}

func safely(fn func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return fn()
}

// wait returns true after something happened or some time has passed, and false
// when the context has ended.
func wait(ctx context.Context, wake <-chan struct{}, most time.Duration) bool {
	timer := time.NewTimer(most)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-wake:
	case <-timer.C:
	}
	return true
}
