package store

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/pgtest"
)

// The contract of the exported methods is tested in storetest. The tests of this
// package need what is not exported; they run on both engines too.

// each runs fn on an empty database of every engine. (storetest, which has the
// same, cannot be imported here: it imports this package.)
func each(t *testing.T, fn func(t *testing.T, db *DB)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		if only := os.Getenv("TOUCHSTONE_TEST_ENGINE"); only != "" && only != engine {
			continue
		}
		t.Run(engine, func(t *testing.T) {
			c := Config{Random: rand.Reader, Now: func() time.Time { return time.UnixMicro(1_700_000_000_000_000) }}
			if engine == "sqlite" {
				c.Path = filepath.Join(t.TempDir(), "t.db")
			} else {
				c.URL = pgtest.Database(t)
			}
			db, err := Open(context.Background(), c)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { db.Close() })
			fn(t, db)
		})
	}
}
