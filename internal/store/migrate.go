package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store/migrate"
)

// migration is one numbered file.
type migration struct {
	version  int64
	name     string
	text     string
	checksum string // of the file as shipped, macros and all
}

func migrations(files fs.FS) ([]migration, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var out []migration
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		number, _, ok := strings.Cut(path.Base(name), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if !ok || err != nil || version != int64(len(out)+1) {
			return nil, fmt.Errorf("migration %s: the number must be %04d", name, len(out)+1)
		}
		sum := sha256.Sum256(b)
		out = append(out, migration{version: version, name: name, text: string(b), checksum: hex.EncodeToString(sum[:])})
	}
	return out, nil
}

// expand replaces the type macros for an engine; an unknown macro is an error.
func expand(text string, types map[string]string) (string, error) {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{{")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		macro, after, closed := strings.Cut(rest, "}}")
		sqlType, known := types[macro]
		if !closed || !known {
			return "", fmt.Errorf("unknown type macro %q", macro)
		}
		b.WriteString(sqlType)
		text = after
	}
}

// SchemaState compares the database with the migrations of this program.
type SchemaState struct {
	Have int64 // newest migration applied; 0 = empty database
	Want int64 // newest migration of this program
}

// Current reports whether there is nothing to do.
func (s SchemaState) Current() bool { return s.Have == s.Want }

// Schema reads the state of the schema. It fails when the database was migrated
// by a newer program or its history differs from this program's files.
func (db *DB) Schema(ctx context.Context) (SchemaState, error) {
	ms, err := migrations(migrate.Files)
	if err != nil {
		return SchemaState{}, err
	}
	return db.schema(ctx, ms)
}

func (db *DB) schema(ctx context.Context, ms []migration) (SchemaState, error) {
	s := SchemaState{Want: ms[len(ms)-1].version}
	if err := db.ensureHistory(ctx); err != nil {
		return s, err
	}
	rows, err := db.write.QueryContext(ctx, "SELECT version, checksum FROM schema_history ORDER BY version")
	if err != nil {
		return s, fmt.Errorf("read the schema history: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var version int64
		var checksum string
		if err := rows.Scan(&version, &checksum); err != nil {
			return s, err
		}
		if version > s.Want {
			return s, fault.Newf(fault.Conflict, "This database was used by a newer version of Touchstone (its schema is %d, this program knows %d). Use that version, or restore the backup made before the upgrade.", version, s.Want)
		}
		if ms[version-1].checksum != checksum {
			return s, fault.Newf(fault.Conflict, "Migration %d of this database is not the one that this program has. It was changed after it was applied, or the database belongs to another build. Use the build that made it, or restore a backup.", version)
		}
		s.Have = version
	}
	return s, rows.Err()
}

func (db *DB) ensureHistory(ctx context.Context) error {
	text, err := expand(`CREATE TABLE IF NOT EXISTS schema_history (
		version {{int}} NOT NULL PRIMARY KEY, checksum {{text}} NOT NULL) {{strict}}`, db.engine.types())
	if err != nil {
		return err
	}
	if _, err := db.write.ExecContext(ctx, text); err != nil {
		return fmt.Errorf("create the schema history: %w", err)
	}
	return nil
}

// Migrate brings the schema up to this program, each migration in a transaction
// of its own. A process that dies in between leaves a whole older schema.
func (db *DB) Migrate(ctx context.Context) error {
	ms, err := migrations(migrate.Files)
	if err != nil {
		return err
	}
	return db.migrate(ctx, ms)
}

func (db *DB) migrate(ctx context.Context, ms []migration) error {
	if _, err := db.schema(ctx, ms); err != nil {
		return err
	}
	steps := make([]*goose.Migration, 0, len(ms))
	for _, m := range ms {
		text, err := expand(m.text, db.engine.types())
		if err != nil {
			return fmt.Errorf("migration %s: %w", m.name, err)
		}
		steps = append(steps, goose.NewGoMigration(m.version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			if _, err := tx.ExecContext(ctx, text); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
			_, err := tx.ExecContext(ctx, "INSERT INTO schema_history (version, checksum) VALUES ($1, $2)", m.version, m.checksum)
			return err
		}}, nil))
	}
	dialect := goose.DialectSQLite3
	if db.Engine() == "postgres" {
		dialect = goose.DialectPostgres
	}
	provider, err := goose.NewProvider(dialect, db.write, nil, goose.WithGoMigrations(steps...),
		goose.WithDisableGlobalRegistry(true), goose.WithTableName("schema_version"))
	if err != nil {
		return fmt.Errorf("prepare the migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
