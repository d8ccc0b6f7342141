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

// attempts counts failures at the doors, in memory: a row in the database would
// exist for real accounts only and so tell a stranger which ones are real. The
// price is that a restart forgets them and that each server of several counts
// for itself. The zero value is ready.
type attempts struct {
	mu       sync.Mutex
	failures map[string]tally
	refused  map[string]tally
}

type tally struct {
	count int
	first time.Time // of those counted since the last entry, for refusals
	last  time.Time
}

// maxTallies bounds what strangers can make us remember. When it is reached the
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

// begin counts an attempt before it is checked, so that many at once cannot pass
// on one count, or fails with RateLimited. A success calls clear, and an attempt
// that was not checked after all calls undo.
func (t *attempts) begin(key string, now time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failures == nil {
		t.failures = map[string]tally{}
	}
	f := t.failures[key]
	next, locked := identity.Throttle(f.count, f.last)
	if locked {
		next = f.last.Add(15 * time.Minute)
	}
	if f.count > 0 && now.Before(next) {
		length := next.Sub(now)
		return fault.New(fault.RateLimited, "There were too many attempts. Wait a little, then try again, or sign in with a passkey.").Because(&wait{length})
	}
	shed(t.failures)
	t.failures[key] = tally{count: f.count + 1, last: now}
	return nil
}

func (t *attempts) undo(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f, ok := t.failures[key]; ok && f.count > 0 {
		f.count--
		t.failures[key] = f
	}
}

func (t *attempts) clear(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.failures, key)
}

// spent returns the number of attempts in a row and whether the account is to be
// locked now.
func (t *attempts) spent(key string) (count int, lock bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.failures[key]
	_, lock = identity.Throttle(f.count, f.last)
	return f.count, lock
}

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
