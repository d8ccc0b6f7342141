package app

import (
	"context"
	"strconv"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Decide is access.Decide, and puts on record that somebody was refused. Those
// that decide before they call an operation use it.
func (a *App) Decide(ctx context.Context, who access.Actor, op access.Operation) (access.Scope, error) {
	scope, err := access.Decide(who, op)
	if fault.Is(err, fault.Forbidden) && who.ID != "" {
		a.noteAccessRefused(ctx, who, op)
	}
	return scope, err
}

// noteAccessRefused records what somebody was not permitted to do: the first time
// at once, what follows within a minute as one entry with the next. One actor can
// so make at most one entry a minute for each operation that there is. A log that
// cannot be written refuses nobody.
func (a *App) noteAccessRefused(ctx context.Context, who access.Actor, op access.Operation) {
	now := a.Now()
	f, due := a.attempts.due("access\x00"+who.ID+"\x00"+string(op), now)
	if !due {
		return
	}
	who.IdempotencyKey, who.RequestDigest = "", ""
	_, err := a.DB.Write(context.WithoutCancel(ctx), who, func(tx *store.Tx) error {
		tx.Record(store.Record{Action: audit.AccessRefused, TargetType: "instance", Outcome: "refused", Fields: map[string]string{
			"count": strconv.Itoa(f.count), "operation": string(op), "from": f.first.UTC().Format(time.RFC3339), "to": now.UTC().Format(time.RFC3339)}})
		return nil
	})
	if err != nil {
		a.Log.WarnContext(ctx, "record a refused operation", "operation", op, "error", err)
	}
}
