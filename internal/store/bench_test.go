package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/pgtest"
)

// The figures of docs/benchmarks.md for the log, on the embedded database with
// synchronous=FULL, and on PostgreSQL when TOUCHSTONE_TEST_ENGINE says so. They are
// measured, never asserted: a busy machine is no fault of the code. The cluster of
// the tests keeps nothing over a power cut, so figures of writes need another.

func benchDB(b *testing.B) *DB {
	b.Helper()
	ctx := context.Background()
	c := Config{Path: filepath.Join(b.TempDir(), "touchstone.db"), Random: rand.Reader, Now: time.Now}
	if os.Getenv("TOUCHSTONE_TEST_ENGINE") == "postgres" {
		c.Path, c.URL = "", pgtest.Database(b)
	}
	db, err := Open(ctx, c)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	if err := db.Migrate(ctx); err != nil {
		b.Fatal(err)
	}
	if err := db.WriteUnaudited(ctx, "the log is made here", func(tx *Tx) error { return tx.CreateLog(ctx, "ins_1") }); err != nil {
		b.Fatal(err)
	}
	return db
}

func benchActor() access.Actor {
	return access.Actor{ID: "usr_06eavhmtg1x4haq1ztb8kkqtb4", Kind: access.UserActor, Organisation: "org_1", Strength: "passkey", RequestID: "req_1", Address: "192.0.2.1"}
}

// answerRows writes what an answer to one question writes, apart from the log:
// the answer with the one it replaces, its standing, the move and the summary.
func answerRows(ctx context.Context, tx *Tx, n int) error {
	requirement := fmt.Sprintf("Q%04d", n%50)
	r := Response{Organisation: "org_1", Assessment: "asm_1", Requirement: requirement, ClaimKind: "level", Level: "met", Author: "usr_1", At: tx.Now(), Version: int64(n / 50),
		Rationale: "This is part of how the system is run, and the record beside it shows it. It is looked at again every quarter."}
	if _, err := tx.SaveResponse(ctx, r); err != nil {
		return err
	}
	s := Standing{Organisation: "org_1", Assessment: "asm_1", Requirement: requirement, ClaimKind: "level", Level: "met", Support: "documented", Since: tx.Now(),
		Body: `{"claim":{"kind":"level","level":"met"},"support":"documented","because":[{"text":"Risk register, version 3, of 2 March 2026"}]}`}
	if err := tx.SaveStanding(ctx, s); err != nil {
		return err
	}
	err := tx.AddStandingEvent(ctx, StandingEvent{Organisation: "org_1", System: "sys_1", At: tx.Now(), Assessment: "asm_1", Requirement: requirement,
		BeforeLevel: "partly_met", BeforeSupport: "asserted", AfterLevel: "met", AfterSupport: "documented", Why: "The claim was raised and a record was linked."})
	if err != nil {
		return err
	}
	return tx.SaveSummary(ctx, Summary{Organisation: "org_1", System: "sys_1", Assessment: "asm_1", State: "draft", InScope: 50, Answered: n % 50})
}

// oneRow writes the smallest change there is.
func oneRow(ctx context.Context, tx *Tx, n int) error {
	return tx.CreateUnit(ctx, Unit{Organisation: "org_1", ID: fmt.Sprintf("unit_%d", n), Name: "Unit", Kind: "other"})
}

// BenchmarkAuditOverhead runs the same transaction with and without the log, turn
// by turn, so that both meet the same disk and the same neighbours.
func BenchmarkAuditOverhead(b *testing.B) {
	for _, c := range []struct {
		name  string
		rows  func(context.Context, *Tx, int) error
		entry Record
	}{
		{"answer", answerRows, Record{Action: audit.AssessmentResponded, TargetType: "assessment", Target: "asm_1",
			Fields: map[string]string{"requirement": "Q0001", "before": "partly_met", "after": "met"}}},
		{"one_row", oneRow, Record{Action: audit.UnitCreated, TargetType: "unit", Target: "unit_1", Fields: map[string]string{"name": "Unit", "parent": ""}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			ctx, with, without := context.Background(), benchDB(b), benchDB(b)
			for _, db := range []*DB{with, without} { // what rows refer to
				err := db.WriteUnaudited(ctx, "an organisation to begin with", func(tx *Tx) error {
					err := tx.CreateOrganisation(ctx, Organisation{ID: "org_1", Name: "One", NameFolded: "one"})
					tx.touched = nil
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			var audited, plain []time.Duration
			for n := 0; b.Loop(); n++ {
				began := time.Now()
				_, err := with.Write(ctx, benchActor(), func(tx *Tx) error {
					if err := c.rows(ctx, tx, n); err != nil {
						return err
					}
					tx.Record(c.entry)
					return nil
				})
				audited = append(audited, time.Since(began))
				if err != nil {
					b.Fatal(err)
				}
				began = time.Now()
				err = without.WriteUnaudited(ctx, "the same without the log", func(tx *Tx) error {
					err := c.rows(ctx, tx, n)
					tx.touched = nil
					return err
				})
				plain = append(plain, time.Since(began))
				if err != nil {
					b.Fatal(err)
				}
			}
			w, p := milliseconds(median(audited)), milliseconds(median(plain))
			b.ReportMetric(w, "ms-with")
			b.ReportMetric(p, "ms-without")
			b.ReportMetric(w-p, "ms-added")
			b.ReportMetric(100*(w-p)/p, "%-added")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// BenchmarkAuditedActions is one change with its entry in each transaction, one
// after another and from eight writers at once.
func BenchmarkAuditedActions(b *testing.B) {
	for _, writers := range []int{1, 8} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			ctx, db := context.Background(), benchDB(b)
			b.SetParallelism(writers)
			act := func() error {
				_, err := db.Write(ctx, benchActor(), func(tx *Tx) error {
					tx.Record(Record{Action: audit.UnitCreated, TargetType: "unit", Target: "unit_1", Fields: map[string]string{"name": "Unit"}})
					return tx.SaveCheckpoint(ctx, Checkpoint{Size: 1, At: tx.Now(), Note: []byte("n")})
				})
				return err
			}
			b.ResetTimer() // making the database is no action
			if writers == 1 {
				for range b.N {
					if err := act(); err != nil {
						b.Fatal(err)
					}
				}
			} else {
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if err := act(); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "actions/s")
		})
	}
}

// BenchmarkBatchedEntries puts a thousand entries into each transaction.
func BenchmarkBatchedEntries(b *testing.B) {
	const batch = 1000
	ctx, db := context.Background(), benchDB(b)
	b.ResetTimer()
	for range b.N {
		_, err := db.Write(ctx, benchActor(), func(tx *Tx) error {
			for range batch {
				tx.Record(Record{Action: audit.UnitCreated, TargetType: "unit", Target: "unit_1", Fields: map[string]string{"name": "Unit"}})
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*batch/b.Elapsed().Seconds(), "entries/s")
}
