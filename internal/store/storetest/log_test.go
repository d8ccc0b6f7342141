package storetest

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestTheLogStartsOnce(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		if _, err := db.Write(ctx, access.Operator(), func(tx *store.Tx) error { tx.Record(anEntry); return nil }); err == nil {
			t.Error("an entry without a log")
		}
		newWorld(t, db, clock)
		_, err := db.Write(ctx, access.Operator(), func(tx *store.Tx) error { return tx.CreateLog(ctx, "ins_2") })
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("a second log: %v", err)
		}
	})
}

func TestEntriesAreListedByScopeAndFilter(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		start := clock.Now().UnixMicro()
		add := func(org, actor, target string) {
			clock.Move(time.Second)
			who := access.Actor{ID: actor, Kind: access.UserActor, Organisation: org, Strength: "passkey"}
			_, err := db.Write(ctx, who, func(tx *store.Tx) error {
				tx.Record(store.Record{Action: audit.SystemChanged, TargetType: "system", Target: target, Fields: map[string]string{"name": "n"}})
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for i := range 6 {
			add(w.ours.org.ID, fmt.Sprintf("usr_%d", i%2), fmt.Sprintf("sys_%d", i%3))
		}
		add(w.other.org.ID, "usr_0", "sys_0")
		instance, err := access.Decide(access.Operator(), access.InstanceRead)
		if err != nil {
			t.Fatal(err)
		}
		everything := size(t, db)
		second := time.Second.Microseconds()
		for _, c := range []struct {
			name   string
			scope  access.Scope
			filter store.EntryFilter
			want   int64
		}{
			{"of the organisation", w.ours.all, store.EntryFilter{}, 6},
			{"of the other", w.other.all, store.EntryFilter{}, 1},
			{"of the instance", instance, store.EntryFilter{}, everything},
			{"by actor", w.ours.all, store.EntryFilter{Actor: "usr_1"}, 3},
			{"by target", w.ours.all, store.EntryFilter{TargetType: "system", Target: "sys_2"}, 2},
			{"by action", w.ours.all, store.EntryFilter{Action: string(audit.SystemChanged)}, 6},
			{"by another action", w.ours.all, store.EntryFilter{Action: string(audit.UserCreated)}, 0},
			{"from a time on", w.ours.all, store.EntryFilter{From: start + 5*second}, 2},
			{"up to a time", w.ours.all, store.EntryFilter{To: start + 3*second}, 2},
		} {
			w.read(func(tx *store.Tx) error {
				f := c.filter
				f.Limit = 2
				var n, last int64 = 0, everything
				for {
					list, total, err := tx.Entries(ctx, c.scope, f)
					if err != nil {
						return err
					}
					same(t, c.name+": total", total, c.want)
					for _, e := range list {
						n++
						if e.Idx >= last {
							t.Errorf("%s: %d comes after %d", c.name, e.Idx, last)
						}
						last = e.Idx
					}
					if len(list) < 2 || last == 0 {
						break
					}
					f.Before = last
				}
				same(t, c.name, n, c.want)
				return nil
			})
		}
		w.read(func(tx *store.Tx) error {
			if _, _, err := tx.Entries(ctx, access.Scope{}, store.EntryFilter{Limit: 1}); !fault.Is(err, fault.Internal) {
				t.Errorf("the empty scope is not refused: %v", err)
			}
			return nil
		})
	})
}

func TestTheStoredTreeIsTheOneOfTheEntries(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		// Many entries in one transaction, more nodes than one statement stores.
		_, err := db.Write(ctx, access.Operator(), func(tx *store.Tx) error {
			for range 300 {
				tx.Record(anEntry)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		w.read(func(tx *store.Tx) error {
			head, err := tx.LogHead(ctx)
			same(t, "log", head.LogID, "ins_1")
			var f audit.Frontier
			var want, got []audit.StoredHash
			err2 := tx.EachEntry(ctx, func(s store.StoredEntry, damaged error) error {
				want = append(want, f.Append([32]byte(s.LeafHash))...)
				return damaged
			})
			err3 := tx.EachLogHash(ctx, func(h audit.StoredHash) error { got = append(got, h); return nil })
			same(t, "nodes", got, want)
			last := want[len(want)-1]
			hashes, err4 := tx.LogHashes(ctx, []int64{last.Index, 0, last.Index})
			same(t, "nodes in the order asked", hashes, [][32]byte{last.Hash, want[0].Hash, last.Hash})
			byReader, err5 := store.LogReader{Ctx: ctx, Tx: tx}.Hashes([]int64{0})
			same(t, "the reader", byReader, hashes[1:2])
			if _, err := tx.LogHashes(ctx, []int64{last.Index + 1}); err == nil {
				t.Error("a node beyond the end")
			}
			stop := errors.New("stop")
			if err := tx.EachEntry(ctx, func(store.StoredEntry, error) error { return stop }); !errors.Is(err, stop) {
				t.Errorf("the walk does not stop: %v", err)
			}
			return first(err, err2, err3, err4, err5)
		})
	})
}

func TestARowIsCommittedToByTheEntryThatFollowsIt(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		unit := func(id string) store.Unit {
			return store.Unit{Organisation: w.ours.org.ID, ID: id, Version: 1}
		}
		r, err := db.Write(ctx, access.Operator(), func(tx *store.Tx) error {
			err := tx.CreateUnit(ctx, unit("unit_a"))
			tx.Record(anEntry)
			err2 := tx.CreateUnit(ctx, unit("unit_b"))
			tx.Record(anEntry)
			return first(err, err2, tx.CreateUnit(ctx, unit("unit_c")))
		})
		if err != nil {
			t.Fatal(err)
		}
		changed := unit("unit_a")
		r2, err := db.Write(ctx, access.Operator(), func(tx *store.Tx) error {
			// Changed twice: the entry commits to what it ends as.
			err := tx.SaveUnit(ctx, changed)
			changed.Version, changed.Name = 2, "last"
			err2 := tx.SaveUnit(ctx, changed)
			tx.Record(anEntry)
			return first(err, err2)
		})
		if err != nil {
			t.Fatal(err)
		}
		w.read(func(tx *store.Tx) error {
			for id, want := range map[string][]int64{
				"unit_a": {r.Index - 1, r2.Index}, "unit_b": {r.Index}, "unit_c": {r.Index}, "unit_": nil, "unit%": nil,
			} {
				got, err := tx.EntriesNaming(ctx, "unit", w.ours.org.ID+"/"+id)
				same(t, id, got, want)
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}

func TestErasedOpeningsLeaveTheLogSound(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		who := access.Operator()
		who.Address = "192.0.2.9"
		r, err := db.Write(ctx, who, func(tx *store.Tx) error {
			tx.Record(store.Record{Action: audit.UserCreated, TargetType: "user", Target: "usr_1", Fields: map[string]string{"name": "Ann", "email": "ann@example.org"}})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		erase := func() {
			err := db.WriteUnaudited(ctx, "retention", func(tx *store.Tx) error {
				return tx.EraseOpenings(ctx, r.Index, []string{"field:name", "field:address"})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		erase()
		erase() // erasing twice changes nothing
		w.read(func(tx *store.Tx) error {
			return tx.EachEntry(ctx, func(s store.StoredEntry, damaged error) error {
				if s.Idx != r.Index {
					return damaged
				}
				var left []string
				for _, o := range s.Openings {
					if o.Erased() != (o.Name != "field:email") {
						t.Errorf("%s: erased is %v", o.Name, o.Erased())
					}
					if !o.Erased() {
						left = append(left, o.Value)
					}
				}
				same(t, "values left", left, []string{"ann@example.org"})
				same(t, "commitments left", len(s.Entry.Commitments), 3)
				return damaged
			})
		})
		err = db.WriteUnaudited(ctx, "retention", func(tx *store.Tx) error { return tx.EraseOpenings(ctx, 1<<40, nil) })
		missing(t, "an entry that is not there", err)
	})
}

func TestCheckpointsAreKept(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		w.read(func(tx *store.Tx) error {
			_, gone := tx.LastCheckpoint(ctx)
			missing(t, "before the first", gone)
			return nil
		})
		small, large := store.Checkpoint{Size: 2, At: 1, Note: []byte("two\n")}, store.Checkpoint{Size: 10, At: 2, Note: []byte("ten\n")}
		other := store.Checkpoint{Size: 2, At: 9, Note: []byte("another\n")}
		err := db.WriteUnaudited(ctx, "checkpoint", func(tx *store.Tx) error {
			return first(tx.SaveCheckpoint(ctx, large), tx.SaveCheckpoint(ctx, small), tx.SaveCheckpoint(ctx, other))
		})
		if err != nil {
			t.Fatal(err)
		}
		w.read(func(tx *store.Tx) error {
			last, err := tx.LastCheckpoint(ctx)
			same(t, "newest", last, large)
			list, err2 := tx.Checkpoints(ctx)
			same(t, "all: the first of a size stays", list, []store.Checkpoint{small, large})
			return first(err, err2)
		})
	})
}

func TestInspection(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		if err := db.Ping(ctx); err != nil {
			t.Error(err)
		}
		w.read(func(tx *store.Tx) error {
			c, err := tx.Counts(ctx)
			same(t, "counts", c, store.Counts{Organisations: 2, Units: 4, Users: 2, Systems: 4, AuditEntries: size(t, db)})
			faults, err2 := tx.IntegrityCheck(ctx)
			same(t, "complaints of the engine", faults, []string(nil))
			names := map[string]int{}
			err3 := tx.EachAuditedRow(ctx, func(name string, row []byte) error {
				table, _, _ := strings.Cut(strings.TrimPrefix(name, "row:"), "/")
				names[table]++
				return nil
			})
			same(t, "audited rows", names, map[string]int{"instance": 1, "organisation": 2, "unit": 4, "person": 2, "system": 4})
			return first(err, err2, err3)
		})
		copied := filepath.Join(t.TempDir(), "copy.db")
		err := db.Backup(ctx, copied)
		if db.Engine() != "sqlite" {
			if err == nil {
				t.Error("a copy of PostgreSQL")
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		twin := Open(t, store.Config{Path: copied, Now: clock.Now})
		Verify(t, twin)
		same(t, "entries of the copy", size(t, twin), size(t, db))
		if db.Backup(ctx, copied) == nil {
			t.Error("a copy over a file that is there")
		}
	})
}
