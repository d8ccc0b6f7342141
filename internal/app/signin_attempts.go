package app

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// attempts counts refusals that are yet to be recorded, in memory: what a restart
// forgets is the count of one minute. Failures themselves are counted in the
// database, see signin_guesses.go. The zero value is ready.
type attempts struct {
	mu      sync.Mutex
	refused map[string]tally
}

type tally struct {
	count int
	first time.Time // of those counted since the last entry, for refusals
	last  time.Time
}

// maxTallies bounds what others can make us remember. When it is reached the
// oldest go first, which are the ones nobody tried lately.
const maxTallies = 10_000

// RetryAfter reports how long to wait when err says that there were too many
// attempts.
func RetryAfter(err error) (time.Duration, bool) {
	var w *wait
	if errors.As(err, &w) {
		return w.length, true
	}
	return 5 * time.Second, fault.Is(err, fault.RateLimited)
}

type wait struct{ length time.Duration }

func (w *wait) Error() string { return "wait " + w.length.String() }

// shed forgets the oldest tenth of a full map.
func shed(m map[string]tally) {
	if len(m) < maxTallies {
		return
	}
	var oldest, newest time.Time
	for _, f := range m {
		if oldest.IsZero() || f.last.Before(oldest) {
			oldest = f.last
		}
		if f.last.After(newest) {
			newest = f.last
		}
	}
	limit := oldest.Add(newest.Sub(oldest) / 10)
	for k, f := range m {
		if !f.last.After(limit) {
			delete(m, k)
		}
	}
}

// refusal is one attempt that a door turned away.
type refusal struct {
	action audit.Action
	door   identity.Door
	name   string // as it was given; "" for a token
	reason identity.Reason
	meta   RequestMeta
}

// due counts a refusal and returns the tally when it is time for an entry: the
// first of a minute is recorded at once, the others with the next one.
func (t *attempts) due(key string, now time.Time) (tally, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.refused == nil {
		t.refused = map[string]tally{}
	}
	f := t.refused[key]
	if f.count == 0 {
		f.first = now
	}
	f.count++
	if !f.last.IsZero() && now.Sub(f.last) < time.Minute {
		t.refused[key] = f
		return tally{}, false
	}
	shed(t.refused)
	t.refused[key] = tally{last: now}
	return f, true
}

// noteRefusal records refused attempts, those by one name through one door
// within a minute as one entry. A log that cannot be written refuses nobody.
func (a *App) noteRefusal(ctx context.Context, r refusal) {
	now := a.Now()
	f, due := a.attempts.due(string(r.action)+"\x00"+string(r.door)+"\x00"+identity.FoldEmail(r.name), now)
	if !due {
		return
	}
	by := access.Actor{ID: "door", Kind: access.SystemActor, Strength: "none", RequestID: r.meta.RequestID, Address: r.meta.Address}
	fields := map[string]string{"count": strconv.Itoa(f.count), "from": f.first.UTC().Format(time.RFC3339), "to": now.UTC().Format(time.RFC3339)}
	if r.action == audit.SigninRefused {
		fields["door"], fields["name"] = string(r.door), plain(r.name, identity.MaxEmail)
	}
	if r.reason != "" {
		fields["reason"] = string(r.reason)
	}
	_, err := a.DB.Write(ctx, by, func(tx *store.Tx) error {
		tx.Record(store.Record{Action: r.action, TargetType: "instance", Outcome: "refused", Fields: fields})
		return nil
	})
	if err != nil {
		a.Log.WarnContext(ctx, "record a refused attempt", "door", r.door, "error", err)
	}
}

// lock stops an account after too many failures in a row, until somebody has
// looked. One that is not active is left as it is.
func (a *App) lock(ctx context.Context, person string, count int, meta RequestMeta) error {
	by := access.Actor{ID: "door", Kind: access.SystemActor, Strength: "none", RequestID: meta.RequestID, Address: meta.Address}
	_, err := a.DB.Write(ctx, by, func(tx *store.Tx) error {
		p, err := tx.Person(ctx, person)
		if err != nil || p.Status != string(identity.Active) {
			return err
		}
		p.Status = string(identity.Locked)
		if err := tx.SavePerson(ctx, p); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.SigninLocked, TargetType: "user", Target: p.ID, Fields: map[string]string{"count": strconv.Itoa(count)}})
		return nil
	})
	return err
}
