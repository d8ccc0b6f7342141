// Package store holds all SQL of the program: one concrete DB and Tx, one text
// for SQLite and PostgreSQL, one file per noun. There is no other way to the
// database and no interface in front of it; tests use a temporary SQLite file or
// a PostgreSQL schema (storetest).
//
// Three rules hold everywhere. Every method on rows of an organisation takes an
// [access.Scope], so nothing can be asked without one. [DB.Write] refuses a
// transaction that changed an audited row and recorded no audit entry. Times are
// microseconds since 1970 in UTC, from the injected clock, fixed for the whole
// transaction.
//
// Start reading at Write; the append to the log stands in log.go.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Config says which database to open. Exactly one of Path and URL is set.
type Config struct {
	Path   string           // SQLite file
	URL    string           // postgres://…
	Now    func() time.Time // the clock
	Random io.Reader        // salts and identifiers; crypto/rand outside tests
	Log    *slog.Logger
}

// DB is an open database with its schema at the version of this program.
type DB struct {
	engine engine
	read   *sql.DB // many connections; read-only on SQLite
	write  *sql.DB // one connection on SQLite
	now    func() time.Time
	random io.Reader
	log    *slog.Logger

	statements atomic.Int64

	listeners struct {
		sync.Mutex
		fns []func()
	}
}

// Open opens the database and refuses a schema that this program does not know.
// It does not migrate; see Migrate.
func Open(ctx context.Context, c Config) (*DB, error) {
	e, err := engineOf(c)
	if err != nil {
		return nil, err
	}
	db := &DB{engine: e, now: c.Now, random: c.Random, log: c.Log}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if db.read, db.write, err = e.open(ctx); err != nil {
		return nil, err
	}
	return db, nil
}

// Close waits for running statements and closes the pools.
func (db *DB) Close() error {
	err := db.read.Close()
	if db.write != db.read {
		err = errors.Join(err, db.write.Close())
	}
	return err
}

// Engine is "sqlite" or "postgres".
func (db *DB) Engine() string { return db.engine.name() }

// Statements is the number of SQL statements run since the database was opened. A
// page that asks more of them when there is more to show is a mistake; tests
// compare the numbers.
func (db *DB) Statements() int64 { return db.statements.Load() }

// Ping reports whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return db.read.PingContext(ctx) }

// Tx is one transaction. Its methods are the only SQL in the program. A Tx is
// used by one goroutine and dies with the function it was given to.
type Tx struct {
	db      *DB
	tx      *sql.Tx
	writer  bool
	now     int64
	by      access.Actor
	touched []touchedRow
	records []record
	answer  any    // what the operation answers; kept for a repeated request
	silent  string // reason given to WriteUnaudited, "" in Write
}

// Now is the time of the transaction in microseconds; every row written together
// carries the same.
func (tx *Tx) Now() int64 { return tx.now }

// By is the actor on whose behalf the transaction writes.
func (tx *Tx) By() access.Actor { return tx.by }

// Read runs fn in a read-only transaction: one consistent view.
func (db *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	sqlTx, err := db.read.BeginTx(ctx, db.engine.readOptions())
	if err != nil {
		return db.engine.wrap("begin read", err)
	}
	defer sqlTx.Rollback() //nolint:errcheck // nothing was written
	return fn(&Tx{db: db, tx: sqlTx, now: db.now().UnixMicro()})
}

// Receipt says where in the log a write stands.
type Receipt struct {
	Index int64 // of the last entry of the transaction
	Count int   // entries written
}

// Write runs fn in a transaction on behalf of by and commits it together with
// the audit entries that fn recorded. It fails, and nothing is kept, when fn
// changed an audited row and recorded nothing. fn may run several times (another
// transaction was in the way), so it must have no effect outside the transaction.
//
// On return without error the change is durable.
func (db *DB) Write(ctx context.Context, by access.Actor, fn func(*Tx) error) (Receipt, error) {
	return db.writing(ctx, by, "", fn)
}

// WriteUnaudited is Write for rows that are not part of the record, such as the
// time a session was last seen. The reason says why; a test lists the callers.
func (db *DB) WriteUnaudited(ctx context.Context, reason string, fn func(*Tx) error) error {
	_, err := db.writing(ctx, access.Actor{}, reason, fn)
	return err
}

const writeAttempts = 12

func (db *DB) writing(ctx context.Context, by access.Actor, silent string, fn func(*Tx) error) (Receipt, error) {
	for attempt := 1; ; attempt++ {
		r, err := db.writeOnce(ctx, by, silent, fn)
		if err == nil {
			if r.Count > 0 {
				db.notify()
			}
			return r, nil
		}
		var repeat *Repeat
		if errors.As(err, &repeat) {
			return Receipt{}, repeat
		}
		// Two requests with one key at once: the later one finds the answer of the
		// first on its next attempt.
		racing := by.IdempotencyKey != "" && db.engine.unique(err) && attempt < writeAttempts
		if racing {
			continue
		}
		if attempt == writeAttempts || !db.engine.retryable(err) || ctx.Err() != nil {
			return Receipt{}, db.engine.wrap("write", err)
		}
		timer := time.NewTimer(time.Duration(attempt*attempt) * time.Millisecond)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return Receipt{}, db.engine.wrap("write", ctx.Err())
		}
	}
}

func (db *DB) writeOnce(ctx context.Context, by access.Actor, silent string, fn func(*Tx) error) (Receipt, error) {
	sqlTx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return Receipt{}, fmt.Errorf("begin: %w", err)
	}
	defer sqlTx.Rollback() //nolint:errcheck // after a commit it does nothing
	tx := &Tx{db: db, tx: sqlTx, writer: true, now: db.now().UnixMicro(), by: by, silent: silent}
	if err := tx.refuseRepeat(ctx); err != nil {
		return Receipt{}, err
	}
	if err := fn(tx); err != nil {
		return Receipt{}, err
	}
	r, err := tx.appendRecords(ctx)
	if err != nil {
		return Receipt{}, err
	}
	if err := tx.keepAnswer(ctx, r); err != nil {
		return Receipt{}, err
	}
	if err := sqlTx.Commit(); err != nil {
		return Receipt{}, fmt.Errorf("commit: %w", err)
	}
	return r, nil
}

// WithoutWaiting runs fn while commits do not wait for the disk, where the engine
// can do that, and has everything on disk when it returns. In the meantime a power
// cut may damage the database, so it is only for data that can be made again.
func (db *DB) WithoutWaiting(ctx context.Context, fn func() error) error {
	restore, err := db.engine.relax(ctx, db.write)
	if err != nil {
		return db.engine.wrap("stop waiting for the disk", err)
	}
	err = fn()
	return errors.Join(err, db.engine.wrap("wait for the disk again", restore()))
}

// OnCommit registers fn to be called after each audited commit in this process.
// fn must not block.
func (db *DB) OnCommit(fn func()) {
	db.listeners.Lock()
	defer db.listeners.Unlock()
	db.listeners.fns = append(db.listeners.fns, fn)
}

func (db *DB) notify() {
	db.listeners.Lock()
	defer db.listeners.Unlock()
	for _, fn := range db.listeners.fns {
		fn()
	}
}

// need returns the organisation of the scope, or an internal fault for a scope
// that reaches nothing: a programming error, refused rather than guessed.
func need(s access.Scope) (string, error) {
	if s.Organisation() == "" {
		return "", fault.New(fault.Internal, "a store method was called without a scope")
	}
	return s.Organisation(), nil
}
