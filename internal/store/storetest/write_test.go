package storetest

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestAChangeWithoutAnEntryIsRefused(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		u := sample(func(u *store.Unit) { u.Organisation, u.ID = w.ours.org.ID, "unit_x" })
		link := store.EvidenceLink{Organisation: w.ours.org.ID, System: "sys_1", Framework: "fw", Requirement: "Q1", Evidence: "evd_1"}
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateEvidence(ctx, w.evidence(w.ours.org.ID, "evd_1", "", 1)), tx.LinkEvidence(ctx, link))
		})
		for name, fn := range map[string]func(tx *store.Tx) error{
			"an insert": func(tx *store.Tx) error { return tx.CreateUnit(ctx, u) },
			"an update": func(tx *store.Tx) error { return tx.SaveSystem(ctx, w.ours.system) },
			"a removal": func(tx *store.Tx) error { return tx.UnlinkEvidence(ctx, link) },
		} {
			if _, err := db.Write(ctx, access.Operator(), fn); !fault.Is(err, fault.Internal) {
				t.Errorf("%s without an entry: %v", name, err)
			}
			if err := db.WriteUnaudited(ctx, "a test", fn); !fault.Is(err, fault.Internal) {
				t.Errorf("%s in an unaudited write: %v", name, err)
			}
		}
		err := db.WriteUnaudited(ctx, "a test", func(tx *store.Tx) error { tx.Record(anEntry); return nil })
		if !fault.Is(err, fault.Internal) {
			t.Errorf("an entry in an unaudited write: %v", err)
		}
		w.read(func(tx *store.Tx) error {
			units, err := tx.Units(ctx, w.ours.all)
			same(t, "units: nothing was kept", len(units), 2)
			return err
		})
	})
}

func TestAnEntryMustBeInTheCatalogue(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		for name, change := range map[string]func(r *store.Record){
			"an unknown action":              func(r *store.Record) { r.Action = "made.up" },
			"another thing than the action":  func(r *store.Record) { r.TargetType = "system" },
			"a field the action has not":     func(r *store.Record) { r.Fields = map[string]string{"password": "x"} },
			"a name in a header":             func(r *store.Record) { r.Target = "ann@example.org" },
			"an outcome that there is not":   func(r *store.Record) { r.Outcome = "perhaps" },
			"text with spaces as a target":   func(r *store.Record) { r.Target = "Ann Other" },
			"an organisation that is a name": func(r *store.Record) { r.Organisation = "Our organisation" },
		} {
			before := size(t, db)
			_, err := db.Write(ctx, access.Operator(), func(tx *store.Tx) error {
				r := anEntry
				change(&r)
				tx.Record(r)
				return nil
			})
			if err == nil || size(t, db) != before {
				t.Errorf("%s: %v, %d entries more", name, err, size(t, db)-before)
			}
		}
		w.read(func(tx *store.Tx) error { return nil })
	})
}

func size(t *testing.T, db *store.DB) (n int64) {
	t.Helper()
	err := db.Read(ctx, func(tx *store.Tx) error {
		head, err := tx.LogHead(ctx)
		n = head.Size
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFailedWriteLeavesNothing(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		calls := 0
		db.OnCommit(func() { calls++ })
		before := size(t, db)
		boom := errors.New("boom")
		err := w.try(func(tx *store.Tx) error {
			return first(tx.CreateUnit(ctx, sample(func(u *store.Unit) { u.Organisation = w.ours.org.ID })), boom)
		})
		if !errors.Is(err, boom) {
			t.Errorf("the cause is lost: %v", err)
		}
		same(t, "entries", size(t, db), before)
		same(t, "calls after a write that failed", calls, 0)
		w.write(func(tx *store.Tx) error { return nil })
		same(t, "calls after a write", calls, 1)
		if err := db.WriteUnaudited(ctx, "a test", func(tx *store.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
		same(t, "calls after an unaudited write", calls, 1)
	})
}

func TestOneTransactionHasOneTimeAndOneActor(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		at := clock.Now().UnixMicro()
		who := access.Actor{ID: "usr_1", Kind: access.UserActor, Organisation: w.ours.org.ID, Strength: "passkey", RequestID: "req_1", Address: "192.0.2.1"}
		r, err := db.Write(ctx, who, func(tx *store.Tx) error {
			same(t, "time", tx.Now(), at)
			clock.Move(time.Second)
			same(t, "time, later", tx.Now(), at)
			same(t, "actor", tx.By().ID, "usr_1")
			tx.Record(anEntry)
			second := anEntry
			second.OnBehalfOf = "usr_2"
			tx.Record(second)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "receipt", r, store.Receipt{Index: size(t, db) - 1, Count: 2})
		w.read(func(tx *store.Tx) error {
			list, total, err := tx.Entries(ctx, w.ours.all, store.EntryFilter{Limit: 10})
			same(t, "entries of the organisation", total, int64(2))
			for i, s := range list {
				e := s.Entry
				same(t, "header", []any{e.At, e.Actor, e.ActorKind, e.Strength, e.RequestID, e.Organisation, e.OnBehalfOf},
					[]any{at, "usr_1", "user", "passkey", "req_1", w.ours.org.ID, []string{"usr_2", ""}[i]})
				if s.Openings[0].Name != "field:address" || s.Openings[0].Value != "192.0.2.1" {
					t.Errorf("the address is not committed to: %v", s.Openings)
				}
				if strings.Contains(string(e.Leaf()), "192.0.2.1") {
					t.Error("the address stands in the leaf")
				}
			}
			return err
		})
	})
}

func TestHostileText(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		n := 0
		for name, text := range map[string]string{
			"quotes":             `'; DROP TABLE unit; --"$1?`,
			"markup":             `<script>alert(1)</script>`,
			"right-to-left":      "a\u202eb\u2066c",
			"beyond 16 bits":     "\U0001f512\U00010348",
			"a long text":        strings.Repeat("ab ", 33_334),
			"controls":           "\x01\x1f\x7f",
			"spaces at the ends": "  x  ",
			"nothing":            "",
		} {
			u := store.Unit{Organisation: w.ours.org.ID, ID: fmt.Sprintf("unit_%d", n), Name: text, Version: 1}
			n++
			w.write(func(tx *store.Tx) error { return tx.CreateUnit(ctx, u) })
			w.read(func(tx *store.Tx) error {
				units, err := tx.Units(ctx, w.ours.all)
				for _, got := range units {
					if got.ID == u.ID {
						same(t, name, got, u)
						return err
					}
				}
				t.Errorf("%s: not found", name)
				return err
			})
		}
		before := size(t, db)
		for name, text := range map[string]string{"NUL": "a\x00b", "invalid UTF-8": "a\xff\xfe", "half a character": "\xe2\x82"} {
			w.refuse(fault.Invalid, name+" in a row", func(tx *store.Tx) error {
				return tx.CreateUnit(ctx, store.Unit{Organisation: w.ours.org.ID, ID: "unit_bad", Name: text})
			})
			w.read(func(tx *store.Tx) error {
				_, one := tx.System(ctx, w.ours.all, text)
				_, _, many := tx.Systems(ctx, w.ours.all, store.SystemFilter{Name: text, Limit: 1})
				if !fault.Is(one, fault.Invalid) || !fault.Is(many, fault.Invalid) {
					t.Errorf("%s in a question: %v, %v", name, one, many)
				}
				return nil
			})
			_, err := db.Write(ctx, access.Operator(), func(tx *store.Tx) error {
				r := anEntry
				r.Fields = map[string]string{"option": text}
				tx.Record(r)
				return nil
			})
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%s in an entry: %v", name, err)
			}
		}
		same(t, "entries", size(t, db), before)
	})
}

func TestWritersAtOnceLeaveNoGap(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		const writers, each = 8, 15
		before := size(t, db)
		var mu sync.Mutex
		seen := map[int64]bool{}
		var wg sync.WaitGroup
		errs := make(chan error, writers*each)
		for i := range writers {
			wg.Go(func() {
				for j := range each {
					r, err := db.Write(ctx, access.Operator(), func(tx *store.Tx) error {
						tx.Record(anEntry)
						// All of them count in the same row of tally, in an order of their own.
						s := w.ours.system
						s.ID, s.NameFolded = fmt.Sprintf("sys_%d_%d", i, j), "same"
						if i%2 == 0 {
							s.Organisation = w.other.org.ID
						}
						return tx.CreateSystem(ctx, s)
					})
					errs <- err
					mu.Lock()
					if seen[r.Index] {
						t.Errorf("index %d was given twice", r.Index)
					}
					seen[r.Index] = true
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
		same(t, "entries", size(t, db), before+writers*each)
		for i := before; i < before+writers*each; i++ {
			if !seen[i] {
				t.Errorf("nobody was given index %d", i)
			}
		}
		w.read(func(tx *store.Tx) error {
			a, err := tx.Tally(ctx, w.ours.all, "systems")
			b, err2 := tx.Tally(ctx, w.other.all, "systems")
			same(t, "tallies", []int64{a, b}, []int64{2 + writers/2*each, 2 + writers/2*each})
			return first(err, err2)
		})
	})
}

func TestOfManyAtOnceOneWins(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		const n = 20
		results := make(chan error, n)
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				results <- w.try(func(tx *store.Tx) error { return tx.SaveSystem(ctx, w.ours.system) })
			})
		}
		wg.Wait()
		close(results)
		won := 0
		for err := range results {
			switch {
			case err == nil:
				won++
			case !fault.Is(err, fault.Stale):
				t.Errorf("a loser is not told that it was too late: %v", err)
			}
		}
		same(t, "winners", won, 1)
	})
}

func TestAReadSeesOneState(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		w.read(func(tx *store.Tx) error {
			before, err := tx.Units(ctx, w.ours.all)
			w.write(func(tx *store.Tx) error {
				return tx.CreateUnit(ctx, sample(func(u *store.Unit) { u.Organisation, u.ID = w.ours.org.ID, "unit_new" }))
			})
			after, err2 := tx.Units(ctx, w.ours.all)
			same(t, "units during the read", after, before)
			return first(err, err2)
		})
		err := db.Read(ctx, func(tx *store.Tx) error {
			return tx.CreateUnit(ctx, store.Unit{Organisation: w.ours.org.ID, ID: "unit_read"})
		})
		if err == nil {
			t.Error("a read wrote")
		}
	})
}
