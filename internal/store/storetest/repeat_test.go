package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func keyed(key, digest string) access.Actor {
	a := access.Operator()
	a.IdempotencyKey, a.RequestDigest = key, digest
	return a
}

func TestARepeatedRequestAnswersAsTheFirst(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		newWorld(t, db, clock)
		do := func(who access.Actor) (store.Receipt, error) {
			return db.Write(ctx, who, func(tx *store.Tx) error {
				tx.Record(anEntry)
				tx.Answer(map[string]string{"id": "x"})
				return nil
			})
		}
		r, err := do(keyed("key", "digest"))
		if err != nil {
			t.Fatal(err)
		}
		n := size(t, db)
		_, err = do(keyed("key", "digest"))
		var repeat *store.Repeat
		if !errors.As(err, &repeat) || repeat.Index != r.Index || string(repeat.Body) != `{"id":"x"}` {
			t.Fatalf("the second time: %v, %+v", err, repeat)
		}
		if _, err = do(keyed("key", "another digest")); !fault.Is(err, fault.Conflict) {
			t.Errorf("the key of another request: %v", err)
		}
		same(t, "entries after the repeats", size(t, db), n)
		somebody := keyed("key", "digest")
		somebody.ID = "usr_2"
		if _, err = do(somebody); err != nil {
			t.Errorf("somebody else's key of the same text: %v", err)
		}
		clock.Move(25 * time.Hour)
		if r, err = do(keyed("key", "another digest")); err != nil || r.Index != size(t, db)-1 {
			t.Errorf("after a day the key is free: %v", err)
		}
	})
}

func TestAFailedRequestMayBeRepeated(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		newWorld(t, db, clock)
		fail := true
		do := func() error {
			_, err := db.Write(ctx, keyed("key", "digest"), func(tx *store.Tx) error {
				tx.Record(anEntry)
				if fail {
					return errors.New("no")
				}
				return nil
			})
			return err
		}
		if do() == nil {
			t.Fatal("the first one should fail")
		}
		fail = false
		if err := do(); err != nil {
			t.Errorf("the second: %v", err)
		}
	})
}

func TestOneKeyAtOnceHasOneEffect(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		newWorld(t, db, clock)
		before := size(t, db)
		const n = 8
		errs := make(chan error, n)
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				_, err := db.Write(ctx, keyed("key", "digest"), func(tx *store.Tx) error {
					tx.Record(anEntry)
					tx.Answer("body")
					return nil
				})
				errs <- err
			})
		}
		wg.Wait()
		close(errs)
		first := 0
		for err := range errs {
			var repeat *store.Repeat
			switch {
			case err == nil:
				first++
			case !errors.As(err, &repeat) || string(repeat.Body) != `"body"`:
				t.Errorf("not the answer of the first: %v", err)
			}
		}
		same(t, "requests that had an effect", first, 1)
		same(t, "entries", size(t, db), before+1)
	})
}
