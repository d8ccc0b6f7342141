package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Failures at the doors are counted in the database, so that they outlive a
// restart and count for all servers together. There is a counter for every name
// that was typed, whether anybody has it or not, under a digest of it: whoever
// reads the table learns neither names nor which accounts are real.

// maxGuesses bounds what strangers can make us keep.
const maxGuesses = 10_000

func guessKey(key string) string {
	sum := sha256.Sum256([]byte("touchstone guess\x00" + key))
	return hex.EncodeToString(sum[:])
}

// beginGuess counts an attempt before it is checked, so that many at once cannot
// pass on one count, or fails with RateLimited. A success calls clearGuess, and an
// attempt that was not checked after all calls undoGuess.
func (a *App) beginGuess(ctx context.Context, key string) error {
	key = guessKey(key)
	for range 10 {
		now := a.Now()
		g, err := a.guess(ctx, key)
		if err != nil {
			return err
		}
		last := time.UnixMicro(g.LastAt)
		next, locked := identity.Throttle(int(g.Failures), last)
		if locked {
			next = last.Add(15 * time.Minute)
		}
		if g.Failures > 0 && now.Before(next) {
			return fault.New(fault.RateLimited, "There were too many attempts. Wait a little, then try again, or sign in with a passkey.").Because(&wait{next.Sub(now)})
		}
		err = a.keepGuess(ctx, func(tx *store.Tx) error { return tx.CountGuess(ctx, g, now.UnixMicro(), maxGuesses) })
		if !fault.Is(err, fault.Stale) {
			return err
		}
	}
	return fault.New(fault.RateLimited, "There were too many attempts at once. Wait a little, then try again, or sign in with a passkey.")
}

func (a *App) undoGuess(ctx context.Context, key string) {
	a.settleGuess(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.UncountGuess(ctx, guessKey(key)) })
}

func (a *App) clearGuess(ctx context.Context, key string) {
	a.settleGuess(ctx, func(ctx context.Context, tx *store.Tx) error { return tx.DropGuess(ctx, guessKey(key)) })
}

// settleGuess never turns a sign-in that worked into one that did not: a counter
// that stays too high is put right by the next success.
func (a *App) settleGuess(ctx context.Context, fn func(ctx context.Context, tx *store.Tx) error) {
	ctx = context.WithoutCancel(ctx)
	if err := a.keepGuess(ctx, func(tx *store.Tx) error { return fn(ctx, tx) }); err != nil {
		a.Log.WarnContext(ctx, "count of attempts to sign in", "error", err)
	}
}

// spentGuesses returns the number of attempts in a row and whether the account is
// to be locked now.
func (a *App) spentGuesses(ctx context.Context, key string) (count int, lock bool, err error) {
	g, err := a.guess(ctx, guessKey(key))
	_, lock = identity.Throttle(int(g.Failures), time.UnixMicro(g.LastAt))
	return int(g.Failures), lock, err
}

func (a *App) guess(ctx context.Context, key string) (g store.Guess, err error) {
	err = a.DB.Read(ctx, func(tx *store.Tx) error {
		g, err = tx.Guess(ctx, key)
		return err
	})
	return g, err
}

func (a *App) keepGuess(ctx context.Context, fn func(tx *store.Tx) error) error {
	return a.DB.WriteUnaudited(ctx, "how often somebody tried to sign in", fn)
}
