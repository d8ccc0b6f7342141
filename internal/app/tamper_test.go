package app_test

import (
	"crypto/rand"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/store"
	"github.com/touchstone-assurance/touchstone/internal/tlog"
)

// damaged copies the quarter's database, lets somebody with the database in their
// hands do their worst to the copy, and verifies it.
func (q *quarter) damaged(given [][]byte, worst func(t *testing.T, db *sql.DB)) app.Verification {
	q.t.Helper()
	path := filepath.Join(q.t.TempDir(), "copy.db")
	ok(q.t, q.DB.Backup(q.t.Context(), path))
	raw, err := sql.Open("sqlite", path)
	ok(q.t, err)
	worst(q.t, raw)
	ok(q.t, raw.Close())
	db, err := store.Open(q.t.Context(), store.Config{Path: path, Now: q.Clock.Now, Random: rand.Reader})
	ok(q.t, err)
	defer db.Close()
	config := q.App.Config
	config.DB = db
	v, err := app.New(config).Verify(q.t.Context(), access.Operator(), given)
	ok(q.t, err)
	return v
}

func kinds(v app.Verification) []string {
	var out []string
	for _, p := range v.Problems {
		out = append(out, p.Kind)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func run(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, s := range statements {
		r, err := db.Exec(s)
		ok(t, err)
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			t.Fatalf("%s: changed nothing (%v)", s, err)
		}
	}
}

// TestVerifyNamesWhatSomebodyWithTheDatabaseDid covers the kinds of problem that
// the contract of touchstone verify lists, each done to real rows.
func TestVerifyNamesWhatSomebodyWithTheDatabaseDid(t *testing.T) {
	if os.Getenv("TOUCHSTONE_TEST_POSTGRES") != "" {
		t.Setenv("TOUCHSTONE_TEST_POSTGRES", "") // the copy to be damaged is a SQLite file
	}
	q := newQuarter(t)
	q.answerAll()
	e, _, err := q.App.CreateEvidence(t.Context(), q.admin.Actor(), app.EvidenceInput{Title: "Plan", Edition: "1", System: q.system,
		ProducedOn: civil.Of(q.Clock.Now(), nil), Upload: &app.Upload{Name: "plan.txt", Content: strings.NewReader("the plan")}})
	ok(t, err)
	early, err := q.App.Checkpoint(t.Context(), access.Operator())
	ok(t, err)
	q.answer(q.questions[0], "not_met", 1)
	late, err := q.App.Checkpoint(t.Context(), access.Operator())
	ok(t, err)

	for name, c := range map[string]struct {
		given [][]byte
		worst func(t *testing.T, db *sql.DB)
		want  string
	}{
		"an entry is edited": {nil, func(t *testing.T, db *sql.DB) { run(t, db, "UPDATE audit_entry SET actor = 'usr_x' WHERE idx = 5") }, tlog.Edited},
		"a value is edited": {nil, func(t *testing.T, db *sql.DB) {
			run(t, db, "UPDATE audit_entry SET openings = replace(openings, 'field:', 'field:x') WHERE idx = 5")
		}, tlog.Edited},
		"an entry is deleted": {nil, func(t *testing.T, db *sql.DB) { run(t, db, "DELETE FROM audit_entry WHERE idx = 5") }, tlog.Deleted},
		"two entries are swapped": {nil, func(t *testing.T, db *sql.DB) {
			run(t, db, "UPDATE audit_entry SET idx = -1 WHERE idx = 5", "UPDATE audit_entry SET idx = 5 WHERE idx = 6", "UPDATE audit_entry SET idx = 6 WHERE idx = -1")
		}, tlog.Swapped},
		"the tail is cut off": {[][]byte{late}, func(t *testing.T, db *sql.DB) {
			run(t, db, "DELETE FROM audit_entry WHERE idx = (SELECT max(idx) FROM audit_entry)")
		}, tlog.Truncated},
		"a row is changed": {nil, func(t *testing.T, db *sql.DB) {
			run(t, db, "UPDATE response SET level = 'met' WHERE requirement_id = '"+q.questions[0]+"'")
		}, tlog.RowChanged},
		"a row is deleted": {nil, func(t *testing.T, db *sql.DB) {
			run(t, db, "DELETE FROM response WHERE requirement_id = '"+q.questions[1]+"'")
		}, tlog.RowMissing},
		"a row is slipped in": {nil, func(t *testing.T, db *sql.DB) {
			run(t, db, "INSERT INTO unit SELECT id, 'unit_x', '', 'Ghost', 'directorate', 1 FROM organisation")
		}, tlog.RowUnlogged},
		"a checkpoint is forged": {nil, func(t *testing.T, db *sql.DB) {
			run(t, db, "UPDATE log_checkpoint SET note = CAST(replace(CAST(note AS TEXT), 'touchstone/', 'touchstoned/') AS BLOB)")
		}, tlog.Signature},
		"nothing is done": {[][]byte{early, late}, func(*testing.T, *sql.DB) {}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := q.damaged(c.given, c.worst)
			if c.want == "" {
				if !v.OK || v.Given != 2 {
					t.Fatalf("a sound log is not: %+v", v)
				}
				return
			}
			if v.OK || !slices.Contains(kinds(v), c.want) {
				t.Errorf("want %s, got %v", c.want, v.Problems)
			}
		})
	}
	t.Run("an attachment is changed", func(t *testing.T) {
		files, err := filepath.Glob(filepath.Join(q.Dir, "files", "*", "*.age"))
		ok(t, err)
		if len(files) != 1 {
			t.Fatalf("%d files for %s", len(files), e.ID)
		}
		whole, err := os.ReadFile(files[0])
		ok(t, err)
		broken := slices.Clone(whole)
		broken[len(broken)-1] ^= 1
		ok(t, os.WriteFile(files[0], broken, 0o600))
		defer func() { ok(t, os.WriteFile(files[0], whole, 0o600)) }()
		v := q.damaged(nil, func(*testing.T, *sql.DB) {})
		if !slices.Equal(kinds(v), []string{tlog.AttachmentChanged}) {
			t.Errorf("got %v", v.Problems)
		}
	})
}
