package store

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Guess is how often something was tried in a row. It is not part of the record.
type Guess struct {
	Key      string
	Failures int64
	LastAt   int64
}

var guessTable = table{name: "guess", key: 1, silent: true, cols: cols("key failures last_at")}

func (g *Guess) fields() []any { return []any{&g.Key, &g.Failures, &g.LastAt} }

// Guess reads a counter; one that nobody began is zero.
func (tx *Tx) Guess(ctx context.Context, key string) (Guess, error) {
	g := Guess{Key: key}
	err := tx.one(ctx, "SELECT "+guessTable.list()+" FROM guess WHERE key = $1", []any{key}, g.fields())
	if fault.Is(err, fault.NotFound) {
		return Guess{Key: key}, nil
	}
	return g, err
}

// CountGuess adds one to a counter that still is what was read, otherwise the
// fault is Stale: of many at once, one counts and the others look again. Of more
// than most counters the oldest tenth goes.
func (tx *Tx) CountGuess(ctx context.Context, was Guess, at int64, most int) error {
	query, args := "UPDATE guess SET failures = failures + 1, last_at = $1 WHERE key = $2 AND failures = $3 AND last_at = $4", []any{at, was.Key, was.Failures, was.LastAt}
	if was.LastAt == 0 {
		if err := tx.shedGuesses(ctx, most); err != nil {
			return err
		}
		query, args = "INSERT INTO guess (last_at, key, failures) VALUES ($1, $2, 1) ON CONFLICT (key) DO NOTHING", args[:2]
	}
	res, err := tx.stmt(ctx, query, args)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errStale.Because(err)
	}
	return nil
}

func (tx *Tx) shedGuesses(ctx context.Context, most int) error {
	var n int64
	if err := tx.one(ctx, "SELECT count(*) FROM guess", nil, []any{&n}); err != nil || n < int64(most) {
		return err
	}
	return tx.exec(ctx, "DELETE FROM guess WHERE key IN (SELECT key FROM guess ORDER BY last_at, key LIMIT $1)", max(1, n-int64(most)+int64(most)/10))
}

// UncountGuess takes back one that was not checked after all.
func (tx *Tx) UncountGuess(ctx context.Context, key string) error {
	return tx.exec(ctx, "UPDATE guess SET failures = failures - 1 WHERE key = $1 AND failures > 0", key)
}

// DropGuess forgets a counter.
func (tx *Tx) DropGuess(ctx context.Context, key string) error {
	return tx.exec(ctx, "DELETE FROM guess WHERE key = $1", key)
}
