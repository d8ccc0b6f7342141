// Package storetest opens stores for tests, on both databases, and holds the
// contract suite of internal/store in its own tests.
//
// The suite is one list of tests run by Each on SQLite and on PostgreSQL, so the
// engines cannot drift apart. After each test Verify recomputes the whole log from
// the entries and compares every audited row with it. Without PostgreSQL (see
// internal/pgtest) its half is skipped, which .ci/run does not accept.
package storetest

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/pgtest"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// OnlyVariable names the one engine to test, "sqlite" or "postgres"; unset means
// both. The race detector is run with "postgres".
const OnlyVariable = "TOUCHSTONE_TEST_ENGINE"

// Engines lists the engines to test.
func Engines() []string {
	if only := os.Getenv(OnlyVariable); only != "" {
		return []string{only}
	}
	return []string{"sqlite", "postgres"}
}

// Clock is a clock that moves when it is told to.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock stands at a fixed time, in whole microseconds.
func NewClock() *Clock { return &Clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }

// Now is the time; it is what a store.Config wants.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Move moves the clock forward.
func (c *Clock) Move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// Config describes a new, empty database of the engine that goes with the test.
func Config(t testing.TB, engine string, clock *Clock) store.Config {
	t.Helper()
	c := store.Config{Now: clock.Now, Random: rand.Reader}
	switch engine {
	case "sqlite":
		c.Path = filepath.Join(t.TempDir(), "touchstone.db")
	case "postgres":
		c.URL = pgtest.Database(t)
	default:
		t.Fatalf("%s names no engine: %q", OnlyVariable, engine)
	}
	return c
}

// Open opens what Config describes and closes it with the test. The schema is
// still to be made.
func Open(t testing.TB, c store.Config) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return db
}

// New returns a migrated store of the engine.
func New(t testing.TB, engine string, clock *Clock) *store.DB {
	t.Helper()
	db := Open(t, Config(t, engine, clock))
	if err := db.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return db
}

// Each runs fn on a migrated store of every engine, as subtests named after the
// engines, and verifies the log when fn is done.
func Each(t *testing.T, fn func(t *testing.T, db *store.DB, clock *Clock)) {
	t.Helper()
	for _, engine := range Engines() {
		t.Run(engine, func(t *testing.T) {
			clock := NewClock()
			db := New(t, engine, clock)
			fn(t, db, clock)
			if !t.Failed() {
				Verify(t, db)
			}
		})
	}
}
