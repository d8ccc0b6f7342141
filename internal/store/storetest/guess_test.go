package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestGuessesAreCountedOneByOneAndBounded(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		silently := func(fn func(tx *store.Tx) error) error { return db.WriteUnaudited(ctx, "guesses", fn) }
		read := func(key string) (g store.Guess) {
			t.Helper()
			if err := db.Read(ctx, func(tx *store.Tx) (err error) { g, err = tx.Guess(ctx, key); return err }); err != nil {
				t.Fatal(err)
			}
			return g
		}
		same(t, "one that nobody began", read("a"), store.Guess{Key: "a"})

		// Of many that saw the same, one counts.
		for round, was := range []store.Guess{{Key: "a"}, {Key: "a", Failures: 1, LastAt: 100}} {
			var counted, late atomic.Int64
			var wg sync.WaitGroup
			for range 8 {
				wg.Go(func() {
					switch err := silently(func(tx *store.Tx) error { return tx.CountGuess(ctx, was, int64(100*(round+1)), 10) }); {
					case err == nil:
						counted.Add(1)
					case fault.Is(err, fault.Stale):
						late.Add(1)
					default:
						t.Error(err)
					}
				})
			}
			wg.Wait()
			same(t, "counted and late", []int64{counted.Load(), late.Load()}, []int64{1, 7})
		}
		same(t, "after two", read("a"), store.Guess{Key: "a", Failures: 2, LastAt: 200})
		err := silently(func(tx *store.Tx) error { return tx.UncountGuess(ctx, "a") })
		same(t, "one taken back", read("a"), store.Guess{Key: "a", Failures: 1, LastAt: 200})

		for i := range 30 {
			err = first(err, silently(func(tx *store.Tx) error {
				return tx.CountGuess(ctx, store.Guess{Key: fmt.Sprint("b", i)}, int64(1000+i), 10)
			}))
		}
		same(t, "the oldest goes", read("a"), store.Guess{Key: "a"})
		same(t, "the newest stays", read("b29").Failures, int64(1))
		left := 0
		for i := range 30 {
			if read(fmt.Sprint("b", i)).Failures > 0 {
				left++
			}
		}
		if left > 10 {
			t.Errorf("%d counters are kept, at most 10 were to be", left)
		}
		err = first(err, silently(func(tx *store.Tx) error { return tx.DropGuess(ctx, "b29") }))
		same(t, "one forgotten", read("b29"), store.Guess{Key: "b29"})
		if err != nil {
			t.Error(err)
		}
	})
}
