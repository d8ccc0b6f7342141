package store

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
)

func TestStoredLinesAreReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`(field|row):[!-~]{1,30}`)
		cs := rapid.SliceOf(rapid.Custom(func(t *rapid.T) audit.Commitment {
			return audit.Commitment{Name: name.Draw(t, "name"), Sum: [32]byte(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "sum"))}
		})).Draw(t, "commitments")
		gotC, err := parseCommitments(formatCommitments(cs))
		if d := cmp.Diff(cs, gotC, cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Fatalf("commitments: %v %s", err, d)
		}
		os := rapid.SliceOf(rapid.Custom(func(t *rapid.T) audit.Opening {
			return audit.Opening{Name: name.Draw(t, "name"), Salt: rapid.SliceOfN(rapid.Byte(), 0, 16).Draw(t, "salt"), Value: rapid.String().Draw(t, "value")}
		})).Draw(t, "openings")
		gotO, err := parseOpenings(formatOpenings(os))
		if d := cmp.Diff(os, gotO, cmpopts.EquateEmpty()); d != "" || err != nil {
			t.Fatalf("openings: %v %s", err, d)
		}
	})
}

// FuzzStoredLines: what somebody wrote into the columns by hand is an error or is
// read, never a panic.
func FuzzStoredLines(f *testing.F) {
	for _, seed := range []string{"", "\n", "field:a ", "field:a b c\n", "row:x/1  \n", " \n \n", "field:a AAAA QQ\nfield:b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if cs, err := parseCommitments(s); err == nil {
			if again, err := parseCommitments(formatCommitments(cs)); err != nil || !cmp.Equal(cs, again, cmpopts.EquateEmpty()) {
				t.Errorf("commitments of %q are not stable: %v", s, err)
			}
		}
		if os, err := parseOpenings(s); err == nil {
			if again, err := parseOpenings(formatOpenings(os)); err != nil || !cmp.Equal(os, again, cmpopts.EquateEmpty()) {
				t.Errorf("openings of %q are not stable: %v", s, err)
			}
		}
	})
}

func TestADamagedEntryIsPassedOnAndTheRestIsRead(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		if err := db.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		_, err := db.Write(ctx, access.Operator(), func(tx *Tx) error {
			for range 3 {
				tx.Record(Record{Action: audit.InstanceStarted, TargetType: "instance", Target: "ins_1"})
			}
			return tx.CreateLog(ctx, "ins_1")
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.write.ExecContext(ctx, "UPDATE audit_entry SET commitments = 'nonsense' WHERE idx = 1"); err != nil {
			t.Fatal(err)
		}
		var sound, damaged []int64
		err = db.Read(ctx, func(tx *Tx) error {
			return tx.EachEntry(ctx, func(s StoredEntry, problem error) error {
				var d *DamagedEntry
				switch {
				case problem == nil:
					sound = append(sound, s.Idx)
				case errors.As(problem, &d) && d.Unwrap() != nil && d.Error() != "":
					damaged = append(damaged, s.Idx)
				}
				return nil
			})
		})
		if err != nil || !cmp.Equal(sound, []int64{0, 2}) || !cmp.Equal(damaged, []int64{1}) {
			t.Errorf("sound %v, damaged %v, %v", sound, damaged, err)
		}
	})
}

func TestAHeadThatDoesNotFitItsFrontierStopsWriters(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		if err := db.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		add := func() error {
			_, err := db.Write(ctx, access.Operator(), func(tx *Tx) error {
				tx.Record(Record{Action: audit.InstanceStarted, TargetType: "instance", Target: "ins_1"})
				return nil
			})
			return err
		}
		if _, err := db.Write(ctx, access.Operator(), func(tx *Tx) error { return tx.CreateLog(ctx, "ins_1") }); err != nil {
			t.Fatal(err)
		}
		if err := add(); err != nil {
			t.Fatal(err)
		}
		if _, err := db.write.ExecContext(ctx, "UPDATE log_head SET n = 0"); err != nil {
			t.Fatal(err)
		}
		if err := add(); err == nil {
			t.Error("an entry was appended to a log that was tampered with")
		}
	})
}
