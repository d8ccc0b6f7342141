package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// engine is everything in which the two databases differ, apart from the type
// names in the migrations.
type engine interface {
	name() string
	open(ctx context.Context) (read, write *sql.DB, err error)
	readOptions() *sql.TxOptions
	relax(ctx context.Context, write *sql.DB) (restore func() error, err error)
	rowsAtOnce() int // rows that one INSERT carries best
	retryable(error) bool
	unique(error) bool
	full(error) bool
	types() map[string]string // macros of the migrations
	wrap(op string, err error) error
}

func engineOf(c Config) (engine, error) {
	switch {
	case c.Path != "" && c.URL == "":
		return sqliteEngine{path: c.Path}, nil
	case c.Path == "" && (strings.HasPrefix(c.URL, "postgres://") || strings.HasPrefix(c.URL, "postgresql://")):
		return postgresEngine{url: c.URL}, nil
	}
	return nil, fault.New(fault.Invalid, "The database must be a file (--data) or a postgres:// address (--database).")
}

// wrapError turns driver errors that a person can act on into faults.
func wrapError(e engine, op string, err error) error {
	var f *fault.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return err
	case e.unique(err):
		return fault.New(fault.Conflict, "Something with these details already exists.").Because(err)
	case e.full(err):
		return fault.New(fault.Unavailable, "The disk is full. Nothing was changed. Free some space and try again.").Because(err)
	case e.retryable(err):
		return fault.New(fault.Unavailable, "The database is busy. Nothing was changed. Try again in a moment.").Because(err)
	}
	return fmt.Errorf("%s: %w", op, err)
}

type sqliteEngine struct{ path string }

func (sqliteEngine) name() string { return "sqlite" }

func (e sqliteEngine) open(ctx context.Context) (read, write *sql.DB, err error) {
	// synchronous=FULL: a commit that was answered survives a power cut. One
	// writer connection keeps writers from starving each other; readers see the
	// last commit through the write-ahead log. secure_delete overwrites what was
	// deleted, so that a purge leaves nothing in free pages.
	if err := makePrivate(e.path); err != nil {
		return nil, nil, fmt.Errorf("open %s: %w", e.path, err)
	}
	write, err = sql.Open("sqlite", e.address("&_txlock=immediate&_pragma=cache_size(-8000)&_pragma=secure_delete(1)"))
	if err != nil {
		return nil, nil, fmt.Errorf("open %s: %w", e.path, err)
	}
	write.SetMaxOpenConns(1)
	if err := write.PingContext(ctx); err != nil {
		write.Close()
		return nil, nil, fmt.Errorf("open %s: %w", e.path, err)
	}
	read, err = sql.Open("sqlite", e.address("&_pragma=query_only(1)&_pragma=cache_size(-4000)&_pragma=mmap_size(268435456)"))
	if err != nil {
		write.Close()
		return nil, nil, fmt.Errorf("open %s: %w", e.path, err)
	}
	read.SetMaxOpenConns(8)
	read.SetMaxIdleConns(4)
	return read, write, nil
}

// makePrivate makes the file for its owner alone before SQLite opens it; the
// write-ahead log beside it gets the same mode.
func makePrivate(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// address is what the driver opens; more adds settings to those of every
// connection.
func (e sqliteEngine) address(more string) string {
	return "file:" + (&url.URL{Path: e.path}).EscapedPath() +
		"?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)&_time_format=sqlite" + more
}

func (sqliteEngine) readOptions() *sql.TxOptions { return nil }

// relax stops the one writing connection from waiting for the disk. restore
// makes it wait again and has everything on disk when it returns. Should the
// connection be replaced meanwhile, the new one waits: it is opened with FULL.
func (e sqliteEngine) relax(ctx context.Context, write *sql.DB) (restore func() error, err error) {
	if _, err := write.ExecContext(ctx, "PRAGMA synchronous = OFF"); err != nil {
		return nil, err
	}
	return func() error {
		done := context.WithoutCancel(ctx) // also when the work was given up
		if _, err := write.ExecContext(done, "PRAGMA synchronous = FULL"); err != nil {
			return err
		}
		if _, err := write.ExecContext(done, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
			return err
		}
		f, err := os.OpenFile(e.path, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		return errors.Join(f.Sync(), f.Close())
	}, nil
}

// rowsAtOnce is one: looking up a parameter $n takes time in proportion to the
// number of parameters, and a call costs little.
func (sqliteEngine) rowsAtOnce() int { return 1 }

func (sqliteEngine) retryable(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code()&0xff == sqlite3.SQLITE_BUSY || e.Code()&0xff == sqlite3.SQLITE_LOCKED)
}

func (sqliteEngine) unique(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

func (sqliteEngine) full(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == sqlite3.SQLITE_FULL
}

func (sqliteEngine) types() map[string]string {
	return map[string]string{"text": "TEXT", "int": "INTEGER", "bool": "INTEGER", "blob": "BLOB", "strict": "STRICT"}
}

func (e sqliteEngine) wrap(op string, err error) error { return wrapError(e, op, err) }

type postgresEngine struct{ url string }

func (postgresEngine) name() string { return "postgres" }

func (e postgresEngine) open(ctx context.Context) (read, write *sql.DB, err error) {
	db, err := sql.Open("pgx", e.url)
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, "The database address cannot be read. It must look like postgres://user@host/name.").Because(err)
	}
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(8)
	db.SetConnMaxLifetime(30 * time.Minute)
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, nil, fault.New(fault.Unavailable, "The PostgreSQL database does not answer. Check its address, that it runs, and the password.").Because(err)
	}
	return db, db, nil
}

func (postgresEngine) readOptions() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

// relax changes nothing: PostgreSQL is fast enough, and a setting would have to
// reach every connection of the pool.
func (postgresEngine) relax(context.Context, *sql.DB) (func() error, error) {
	return func() error { return nil }, nil
}

// rowsAtOnce spares round trips; a statement may have 65,535 parameters.
func (postgresEngine) rowsAtOnce() int { return 200 }

func pgCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// retryable: serialisation failure, deadlock, and a connection that the server
// closed before anything was sent on it.
func (postgresEngine) retryable(err error) bool {
	switch pgCode(err) {
	case "40001", "40P01", "57P01", "57P02", "57P03":
		return true
	}
	return pgconn.SafeToRetry(err)
}

func (postgresEngine) unique(err error) bool { return pgCode(err) == "23505" }

func (postgresEngine) full(err error) bool { return pgCode(err) == "53100" }

func (postgresEngine) types() map[string]string {
	return map[string]string{"text": `text COLLATE "C"`, "int": "bigint", "bool": "boolean", "blob": "bytea", "strict": ""}
}

func (e postgresEngine) wrap(op string, err error) error { return wrapError(e, op, err) }
