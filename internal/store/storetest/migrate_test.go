package storetest

import (
	"sync"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestMigratingTwiceChangesNothing(t *testing.T) {
	for _, engine := range Engines() {
		t.Run(engine, func(t *testing.T) {
			clock := NewClock()
			c := Config(t, engine, clock)
			db := Open(t, c)
			before, err := db.Schema(ctx)
			if err != nil || before.Have != 0 || before.Current() {
				t.Fatalf("an empty database: %+v, %v", before, err)
			}
			for range 2 {
				if err := db.Migrate(ctx); err != nil {
					t.Fatal(err)
				}
			}
			newWorld(t, db, clock)
			again := Open(t, c)
			if err := again.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			after, err := again.Schema(ctx)
			if err != nil || !after.Current() || after.Want < 1 {
				t.Errorf("afterwards: %+v, %v", after, err)
			}
			Verify(t, again)
		})
	}
}

func TestTwoProcessesMayMigrateAtOnce(t *testing.T) {
	for _, engine := range Engines() {
		t.Run(engine, func(t *testing.T) {
			c := Config(t, engine, NewClock())
			errs := make(chan error, 2)
			var wg sync.WaitGroup
			for range 2 {
				db := Open(t, c)
				wg.Go(func() { errs <- db.Migrate(ctx) })
			}
			wg.Wait()
			close(errs)
			worked := 0
			for err := range errs {
				if err == nil {
					worked++
				} else {
					t.Logf("one of them: %v", err)
				}
			}
			if worked == 0 {
				t.Error("neither migrated")
			}
			// Whatever happened, the schema is whole and a further start works.
			db := Open(t, c)
			if err := db.Migrate(ctx); err != nil {
				t.Fatal(err)
			}
			w := newWorld(t, db, NewClock())
			w.read(func(tx *store.Tx) error { _, err := tx.Counts(ctx); return err })
			Verify(t, db)
		})
	}
}

func TestAnAddressThatCannotWorkIsExplained(t *testing.T) {
	for name, c := range map[string]store.Config{
		"nothing":            {},
		"both":               {Path: "x", URL: "postgres://x"},
		"another database":   {URL: "mysql://x"},
		"a server not there": {URL: "postgres://x@127.0.0.1:1/x?connect_timeout=1"},
		"a folder not there": {Path: "/nonexistent/folder/x.db"},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := store.Open(ctx, c)
			if err == nil {
				db.Close()
				t.Fatal("opened")
			}
			if public, _ := fault.Public(err); name != "a folder not there" && fault.KindOf(err) == fault.Internal {
				t.Errorf("a person is told only %q (%v)", public, err)
			}
		})
	}
}
