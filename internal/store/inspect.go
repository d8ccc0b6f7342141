package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
)

// tables lists every table that has a description, audited ones and others.
func tables() []table {
	return []table{instanceTable, personTable, credentialTable, guessTable, sessionTable, linkTable, organisationTable, unitTable, grantTable, tokenTable,
		systemTable, appointmentTable, trainingTable, connectionTable, obligationTable, accreditationTable, assessmentTable, frozenTable,
		responseTable, revisionTable, evidenceTable, linkedTable, standingEventTable, shareTable, feedbackTable, purgeTable, looseningTable,
		thresholdTable, releaseTable, documentTable, decisionTable, draftTable, standingTable, summaryTable, replayTable, jobTable, packageTable,
		packageVersionTable, occurrenceTable, advisoryTable, feedTable, catalogueTable, verdictTable, laneTable, productTable, remedyPolicyTable, judgementTable}
}

// EachAuditedRow calls fn with every row that the log must account for: its name
// ("row:<table>/<key>") and its canonical encoding.
func (tx *Tx) EachAuditedRow(ctx context.Context, fn func(name string, row []byte) error) error {
	for _, t := range tables() {
		if t.silent {
			continue
		}
		if err := tx.eachRow(ctx, t, fn); err != nil {
			return fmt.Errorf("read %s: %w", t.name, err)
		}
	}
	return nil
}

func (tx *Tx) eachRow(ctx context.Context, t table, fn func(string, []byte) error) error {
	rows, err := tx.query(ctx, "SELECT "+t.list()+" FROM "+t.name, nil)
	if err != nil {
		return err
	}
	defer rows.Close()
	vals, into := make([]any, len(t.cols)), make([]any, len(t.cols))
	for i := range vals {
		into[i] = &vals[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := fn("row:"+t.name+"/"+rowKey(vals[:t.key]), t.encode(vals)); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Counts are the numbers that the doctor shows.
type Counts struct {
	Organisations int64 `json:"organisations"`
	Units         int64 `json:"units"`
	Users         int64 `json:"users"`
	Systems       int64 `json:"systems"`
	Assessments   int64 `json:"assessments"`
	Responses     int64 `json:"responses"`
	Evidence      int64 `json:"evidence"`
	Exceptions    int64 `json:"exceptions"`
	Risks         int64 `json:"risks"`
	Findings      int64 `json:"findings"`
	AuditEntries  int64 `json:"audit_entries"`
}

// Counts counts what there is, over all organisations.
func (tx *Tx) Counts(ctx context.Context) (Counts, error) {
	var c Counts
	for _, q := range []struct {
		text string
		into *int64
	}{
		{"SELECT count(*) FROM organisation", &c.Organisations},
		{"SELECT count(*) FROM unit", &c.Units},
		{"SELECT count(*) FROM person", &c.Users},
		{"SELECT count(*) FROM system", &c.Systems},
		{"SELECT count(*) FROM assessment", &c.Assessments},
		{"SELECT count(*) FROM response", &c.Responses},
		{"SELECT count(*) FROM evidence", &c.Evidence},
		{"SELECT count(*) FROM audit_entry", &c.AuditEntries},
	} {
		if err := tx.one(ctx, q.text, nil, []any{q.into}); err != nil {
			return c, err
		}
	}
	return c, nil
}

// IntegrityCheck asks the engine to check itself; it returns what it complains
// about. PostgreSQL has no such statement and answers nothing.
func (tx *Tx) IntegrityCheck(ctx context.Context) ([]string, error) {
	if tx.db.Engine() != "sqlite" {
		return nil, nil
	}
	lines, err := all(ctx, tx, "PRAGMA integrity_check(50)", nil, func(s *string) []any { return []any{s} })
	if err != nil {
		return nil, err
	}
	if len(lines) == 1 && lines[0] == "ok" {
		return nil, nil
	}
	return lines, nil
}

// LogReader reads the stored log for tlog, inside a transaction.
type LogReader struct {
	Ctx context.Context
	Tx  *Tx
}

// Hashes reads stored hashes.
func (r LogReader) Hashes(indexes []int64) ([][32]byte, error) { return r.Tx.LogHashes(r.Ctx, indexes) }

// Backup writes a consistent copy of a SQLite database to a new file (mode 0600)
// while others read and write, and has it on disk when it returns. PostgreSQL is
// backed up with its own tools.
func (db *DB) Backup(ctx context.Context, path string) error {
	e, ok := db.engine.(sqliteEngine)
	if !ok {
		return errors.New("only the embedded database is copied by this program")
	}
	// An empty file of ours is taken; made here, it is nobody else's to read.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	defer f.Close()
	// A connection of its own: those that read refuse to write even elsewhere, and
	// the one that writes would keep writers waiting.
	source, err := sql.Open("sqlite", e.address(""))
	if err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	defer source.Close()
	if _, err = source.ExecContext(ctx, "VACUUM INTO $1", path); err == nil {
		err = f.Sync() // the statement itself does not
	}
	if err != nil {
		os.Remove(path)
		return fmt.Errorf("copy the database to %s: %w", path, err)
	}
	return nil
}
