package storetest

import (
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestCredentials(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		passkey := sample(func(c *store.Credential) {
			c.ID, c.Person, c.Kind, c.Handle, c.CreatedAt, c.RemovedAt = "crd_1", w.ours.person.ID, "passkey", "handle", 1, 0
			c.State, c.UsedAt = []byte{}, 0
		})
		totp := sample(func(c *store.Credential) {
			c.ID, c.Person, c.Kind, c.CreatedAt, c.RemovedAt = "crd_2", w.ours.person.ID, "totp", 2, 0
			c.Secret = nil // an empty blob must be the same to the log on both engines
		})
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateCredential(ctx, passkey), tx.CreateCredential(ctx, totp))
		})
		w.read(func(tx *store.Tx) error {
			list, err := tx.Credentials(ctx, w.ours.person.ID)
			same(t, "credentials", list, []store.Credential{passkey, totp})
			got, err2 := tx.CredentialByHandle(ctx, "handle")
			same(t, "passkey", got, passkey)
			_, gone := tx.CredentialByHandle(ctx, totp.Handle)
			missing(t, "a handle of something else", gone)
			return first(err, err2)
		})
		// One state, used twice: the second use was checked against what is no longer so.
		w.write(func(tx *store.Tx) error { return tx.UseCredential(ctx, "crd_1", nil, []byte{1}) })
		w.refuse(fault.Stale, "a use that was checked against an older state", func(tx *store.Tx) error { return tx.UseCredential(ctx, "crd_1", nil, []byte{2}) })
		removed := totp
		removed.RemovedAt = 5
		w.write(func(tx *store.Tx) error { return tx.SaveCredential(ctx, removed) })
		w.refuse(fault.Stale, "a removed credential", func(tx *store.Tx) error { return tx.UseCredential(ctx, "crd_2", totp.State, []byte{2}) })
		w.read(func(tx *store.Tx) error {
			list, err := tx.Credentials(ctx, w.ours.person.ID)
			if len(list) != 1 || list[0].UsedAt != clock.Now().UnixMicro() || string(list[0].State) != "\x01" {
				t.Errorf("after use and removal: %+v", list)
			}
			return err
		})
	})
}

func TestSessions(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		now := clock.Now().UnixMicro()
		session := func(id string, expires int64) store.Session {
			return sample(func(s *store.Session) {
				s.ID, s.TokenHash, s.Person, s.ExpiresAt, s.EndedAt, s.SeenAt = id, "hash "+id, w.ours.person.ID, expires, 0, now
			})
		}
		open, over := session("ses_1", now+1_000_000), session("ses_2", now)
		w.write(func(tx *store.Tx) error { return first(tx.CreateSession(ctx, open), tx.CreateSession(ctx, over)) })
		w.read(func(tx *store.Tx) error {
			got, err := tx.SessionByToken(ctx, "hash ses_1")
			same(t, "session", got, open)
			list, err2 := tx.Sessions(ctx, w.ours.person.ID)
			same(t, "sessions that have not run out", list, []store.Session{open})
			_, gone := tx.SessionByToken(ctx, "another")
			missing(t, "an unknown token", gone)
			return first(err, err2)
		})
		clock.Move(time.Millisecond)
		if err := db.WriteUnaudited(ctx, "last seen", func(tx *store.Tx) error { return tx.TouchSession(ctx, "ses_1") }); err != nil {
			t.Fatal(err)
		}
		open.SeenAt, open.SteppedUpAt = clock.Now().UnixMicro(), now+1
		w.write(func(tx *store.Tx) error { return tx.SaveSession(ctx, open) })
		w.read(func(tx *store.Tx) error {
			got, err := tx.SessionByToken(ctx, "hash ses_1")
			same(t, "after step-up", got, open)
			return err
		})
		open.EndedAt = now + 2
		w.write(func(tx *store.Tx) error { return tx.SaveSession(ctx, open) })
		w.read(func(tx *store.Tx) error {
			list, err := tx.Sessions(ctx, w.ours.person.ID)
			same(t, "after the end", list, []store.Session(nil))
			return err
		})
		open.EndedAt = 0
		w.refuse(fault.Stale, "a session that has ended comes back", func(tx *store.Tx) error { return tx.SaveSession(ctx, open) })
	})
}

func TestLinksWorkOnce(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		now := clock.Now().UnixMicro()
		link := func(id, org string) store.Link {
			return sample(func(l *store.Link) {
				l.ID, l.TokenHash, l.Kind, l.Organisation, l.ExpiresAt, l.UsedAt, l.RevokedAt = id, "hash "+id, "invitation", org, now+1_000_000, 0, 0
			})
		}
		a, b, foreign := link("inv_1", w.ours.org.ID), link("inv_2", w.ours.org.ID), link("inv_3", w.other.org.ID)
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateLink(ctx, a), tx.CreateLink(ctx, b), tx.CreateLink(ctx, foreign))
		})
		w.read(func(tx *store.Tx) error {
			got, err := tx.LinkByToken(ctx, "hash inv_1")
			same(t, "link", got, a)
			open, err2 := tx.OpenLinks(ctx, "invitation", w.ours.org.ID)
			same(t, "open links", open, []store.Link{a, b})
			return first(err, err2)
		})
		w.write(func(tx *store.Tx) error { return tx.UseLink(ctx, a) })
		w.refuse(fault.Stale, "a link used before", func(tx *store.Tx) error { return tx.UseLink(ctx, a) })
		w.refuse(fault.Stale, "revoked after its use", func(tx *store.Tx) error { return tx.RevokeLink(ctx, a) })
		w.write(func(tx *store.Tx) error { return tx.RevokeLink(ctx, b) })
		w.refuse(fault.Stale, "a revoked link", func(tx *store.Tx) error { return tx.UseLink(ctx, b) })
		clock.Move(2 * time.Second)
		w.read(func(tx *store.Tx) error {
			open, err := tx.OpenLinks(ctx, "invitation", w.other.org.ID)
			same(t, "after the time", open, []store.Link(nil))
			return err
		})
	})
}

func TestACeremonyIsTakenOnce(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		now := clock.Now().UnixMicro()
		silently := func(fn func(tx *store.Tx) error) error { return db.WriteUnaudited(ctx, "passkey exchange", fn) }
		err := silently(func(tx *store.Tx) error {
			return first(tx.SaveCeremony(ctx, "a", []byte("one"), now+1_000_000), tx.SaveCeremony(ctx, "b", []byte("two"), now+1_000_000))
		})
		if err != nil {
			t.Fatal(err)
		}
		take := func(id string) (body []byte, err error) {
			err = silently(func(tx *store.Tx) error { body, err = tx.TakeCeremony(ctx, id); return err })
			return body, err
		}
		body, err := take("a")
		same(t, "ceremony", string(body), "one")
		if err != nil {
			t.Error(err)
		}
		_, err = take("a")
		missing(t, "taken before", err)
		clock.Move(2 * time.Second)
		_, err = take("b")
		missing(t, "run out", err)
		w.read(func(tx *store.Tx) error { _, err := tx.LogHead(ctx); return err })
	})
}
