package store

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// bare are the tables that have no description: the log itself, what goose and
// the checksums keep, and two that are only ever counted or taken.
var bare = []string{"audit_entry", "log_hash", "log_head", "log_checkpoint", "schema_history", "schema_version", "ceremony", "tally", "counter"}

func TestTheSchemaIsTheOneDescribed(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		ctx := context.Background()
		if err := db.Migrate(ctx); err != nil {
			t.Fatal(err)
		}
		have, keys := columnsOf(t, db), primaryKeys(t, db)
		for _, d := range tables() {
			if got := have[d.name]; !slices.Equal(got, d.cols) {
				t.Errorf("%s has the columns\n\t%s\nand is described with\n\t%s", d.name, strings.Join(got, " "), strings.Join(d.cols, " "))
			}
			if got := keys[d.name]; !slices.Equal(got, d.cols[:d.key]) {
				t.Errorf("%s has the key %v and is described with %v", d.name, got, d.cols[:d.key])
			}
			if d.volatile > len(d.cols)-d.key {
				t.Errorf("%s: a part of the key is left out of the record", d.name)
			}
			delete(have, d.name)
		}
		for name := range have {
			if !slices.Contains(bare, name) && !strings.HasPrefix(name, "sqlite_") {
				t.Errorf("table %s is described nowhere, so verify does not look at it.\n\tRemedy: add it to tables() in inspect.go.", name)
			}
		}
	})
}

// TestTheRecordReachesEveryTenantTable: a row of an organisation is either on
// record or named here with the reason.
func TestTheRecordReachesEveryTenantTable(t *testing.T) {
	derived := []string{"draft", "standing", "system_summary", "idempotency", "job", "guess",
		"package", "package_version", "occurrence", "advisory", "feed", "catalogue", "verdict", "lane", "judgement"}
	for _, d := range tables() {
		if d.silent != slices.Contains(derived, d.name) {
			t.Errorf("%s: off the record is %v; what is off the record must be derived or not yet said", d.name, d.silent)
		}
	}
}

func columnsOf(t *testing.T, db *DB) map[string][]string {
	t.Helper()
	query := "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid"
	if db.Engine() == "postgres" {
		query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"
	}
	return pairs(t, db, query)
}

func primaryKeys(t *testing.T, db *DB) map[string][]string {
	t.Helper()
	query := "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.pk > 0 ORDER BY m.name, c.pk"
	if db.Engine() == "postgres" {
		query = `SELECT k.table_name, k.column_name FROM information_schema.key_column_usage k
			JOIN information_schema.table_constraints c USING (constraint_schema, constraint_name)
			WHERE c.constraint_type = 'PRIMARY KEY' AND k.table_schema = current_schema() ORDER BY k.table_name, k.ordinal_position`
	}
	return pairs(t, db, query)
}

func pairs(t *testing.T, db *DB, query string) map[string][]string {
	t.Helper()
	rows, err := db.write.QueryContext(context.Background(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := map[string][]string{}
	for rows.Next() {
		var a, b string
		if err := rows.Scan(&a, &b); err != nil {
			t.Fatal(err)
		}
		out[a] = append(out[a], b)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestEveryColumnIsNeverNull(t *testing.T) {
	each(t, func(t *testing.T, db *DB) {
		if err := db.Migrate(context.Background()); err != nil {
			t.Fatal(err)
		}
		query := "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND c.\"notnull\" = 0"
		if db.Engine() == "postgres" {
			query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() AND is_nullable = 'YES'"
		}
		for name, columns := range pairs(t, db, query) {
			if name != "schema_version" && !strings.HasPrefix(name, "sqlite_") {
				t.Errorf("%s: %v may be NULL, which a row on record cannot be", name, columns)
			}
		}
	})
}

func TestADurableCommitIsAskedFor(t *testing.T) {
	db, err := Open(context.Background(), Config{Path: t.TempDir() + "/t.db"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1", "trusted_schema": "0", "secure_delete": "1"} {
		var got string
		if err := db.write.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, want %s (%v)", pragma, got, want, err)
		}
	}
	if _, err := db.read.Exec("CREATE TABLE x (a INTEGER)"); err == nil {
		t.Error("a connection for reading wrote")
	}
}
