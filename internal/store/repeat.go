package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// replayLife is how long an answer is kept for a repeated request, 24 hours in
// microseconds.
const replayLife = 24 * 60 * 60 * 1_000_000

type replay struct {
	actor     string
	key       string
	request   string // digest of method, path and body
	index     int64  // of the audit entry of the first request
	body      []byte // JSON of the answer
	expiresAt int64
}

var replayTable = table{name: "idempotency", key: 2, silent: true, cols: cols("actor_id key request idx body expires_at")}

func (r *replay) fields() []any {
	return []any{&r.actor, &r.key, &r.request, &r.index, &r.body, &r.expiresAt}
}

// Repeat is the error with which a write ends that was done before under the same
// idempotency key: nothing was changed, and this is what the first one answered.
type Repeat struct {
	Index int64
	Body  []byte
}

func (r *Repeat) Error() string { return fmt.Sprintf("done before as audit entry %d", r.Index) }

// Answer sets what the operation answers. It is kept with the change itself when
// the caller gave an idempotency key, so a repeated request gets the same.
func (tx *Tx) Answer(v any) { tx.answer = v }

// refuseRepeat ends the transaction with *Repeat when its key was used before.
func (tx *Tx) refuseRepeat(ctx context.Context) error {
	if tx.by.IdempotencyKey == "" || tx.silent != "" {
		return nil
	}
	var r replay
	err := tx.one(ctx, "SELECT "+replayTable.list()+" FROM idempotency WHERE actor_id = $1 AND key = $2 AND expires_at >= $3",
		[]any{tx.by.ID, tx.by.IdempotencyKey, tx.now}, r.fields())
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if r.request != tx.by.RequestDigest {
		return fault.New(fault.Conflict, "This Idempotency-Key was used for a different request. Use a new key for each new request.")
	}
	return &Repeat{Index: r.index, Body: r.body}
}

func (tx *Tx) keepAnswer(ctx context.Context, receipt Receipt) error {
	if tx.by.IdempotencyKey == "" || tx.silent != "" {
		return nil
	}
	body, err := json.Marshal(tx.answer)
	if err != nil {
		return fmt.Errorf("encode the answer: %w", err)
	}
	if err := tx.exec(ctx, "DELETE FROM idempotency WHERE expires_at < $1", tx.now); err != nil {
		return err
	}
	r := replay{actor: tx.by.ID, key: tx.by.IdempotencyKey, request: tx.by.RequestDigest, index: receipt.Index, body: body, expiresAt: tx.now + replayLife}
	return tx.execArgs(ctx, replayTable.insertSQL(), values(r.fields()))
}
