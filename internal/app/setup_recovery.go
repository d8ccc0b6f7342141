package app

import (
	"context"
	"fmt"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/authn"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// NewRecoveryLink makes a link, good for 15 minutes, for somebody who has lost
// every factor. It is for the operator on the data folder, who has made sure of
// the person. A locked account is opened again; a disabled one is a conflict.
func (a *App) NewRecoveryLink(ctx context.Context, email string) (Link, Receipt, error) {
	var out Link
	r, err := a.DB.Write(ctx, access.Operator(), func(tx *store.Tx) error {
		p, err := tx.PersonByEmail(ctx, identity.FoldEmail(email))
		if fault.Is(err, fault.NotFound) {
			return fault.New(fault.NotFound, "Nobody here has this email address. Check the spelling.")
		}
		if err != nil {
			return err
		}
		switch identity.Status(p.Status) {
		case identity.Disabled:
			return fault.New(fault.Conflict, "This account is disabled. An administrator has to enable it first.")
		case identity.Locked:
			if err := a.setStatus(ctx, tx, p, identity.Active, audit.UserEnabled); err != nil {
				return err
			}
		}
		if err := revokeOpen(ctx, tx, identity.RecoveryLink, "", func(l store.Link) bool { return l.Person == p.ID }); err != nil {
			return err
		}
		out, err = a.newLink(ctx, tx, identity.Link{Kind: identity.RecoveryLink, UserID: p.ID, Email: p.Email}, store.Link{CreatedBy: tx.By().ID})
		if err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.RecoveryLinkCreated, TargetType: "user", Target: p.ID,
			Fields: map[string]string{"expires": out.ExpiresAt.UTC().Format(time.RFC3339)}})
		return nil
	})
	return out, r, err
}

// OpenRecovery reports whether the recovery link can be used now, without using
// it.
func (a *App) OpenRecovery(ctx context.Context, secret string) error {
	return a.DB.Read(ctx, func(tx *store.Tx) error {
		l, err := linkFor(ctx, tx, identity.RecoveryLink, secret)
		if err != nil {
			return err
		}
		// The address is asked for on the page; the rest must be right already.
		_, v, err := a.askRecovery(ctx, tx, l, l.Email)
		if err != nil {
			return err
		}
		return linkErr(v)
	})
}

func (a *App) askRecovery(ctx context.Context, tx *store.Tx, l store.Link, email string) (account, identity.Verdict, error) {
	p, err := tx.Person(ctx, l.Person)
	if err != nil {
		return account{}, identity.Verdict{}, err
	}
	c, err := a.account(ctx, tx, p)
	if err != nil {
		return c, identity.Verdict{}, err
	}
	var proved []identity.Factor
	if identity.FoldEmail(email) == identity.FoldEmail(l.Email) {
		proved = append(proved, identity.KnownAddress)
	}
	return c, askLink(l, identity.Status(p.Status), c.roles(), tx.Now(), proved...), nil
}

// UseRecovery uses the recovery link up: every session of the person ends, and
// one opens in which nothing but adding a factor is possible. email has to be
// the address that the link was made for.
func (a *App) UseRecovery(ctx context.Context, secret, email string, meta RequestMeta) (Opened, Receipt, error) {
	var out Opened
	by := access.Actor{ID: "recovery", Kind: access.SetupActor, Strength: string(identity.ByLink), RequestID: meta.RequestID, Address: meta.Address}
	r, err := a.DB.Write(ctx, by, func(tx *store.Tx) error {
		l, err := linkFor(ctx, tx, identity.RecoveryLink, secret)
		if err != nil {
			return err
		}
		c, v, err := a.askRecovery(ctx, tx, l, email)
		if err != nil {
			return err
		}
		if err := linkErr(v); err != nil {
			return err
		}
		if err := useLink(ctx, tx, l); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.RecoveryLinkUsed, TargetType: "user", Target: c.person.ID})
		if err := endSessions(ctx, tx, c.person.ID, "", "a recovery link was used"); err != nil {
			return err
		}
		out, err = a.open(ctx, tx, opening{account: c, by: identity.ByRecovery, door: identity.RecoveryLinkDoor, verdict: v, meta: meta})
		return err
	})
	return out, r, err
}

// demoLink is the kind of the links with which a demo's sample people sign in.
const demoLink identity.LinkKind = "demo"

// demoLinkLife is long, since the clock of a demo can be moved a year forward.
const demoLinkLife = 2 * 366 * 24 * time.Hour

// NewDemoLink makes a single-use link that signs a sample person in. It exists
// only in a folder that was created as a demo (fault.Forbidden elsewhere).
func (a *App) NewDemoLink(ctx context.Context, person string) (Link, Receipt, error) {
	var out Link
	r, err := a.DB.Write(ctx, access.Operator(), func(tx *store.Tx) error {
		c, err := a.sample(ctx, tx, person)
		if err != nil {
			return err
		}
		secret, err := authn.NewSecret(a.Random)
		if err != nil {
			return err
		}
		l := identity.Link{Kind: demoLink, UserID: c.person.ID, Email: c.person.Email, ExpiresAt: time.UnixMicro(tx.Now()).Add(demoLinkLife)}
		if out, err = a.storeLink(ctx, tx, l, store.Link{CreatedBy: tx.By().ID}, secret); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.RecoveryLinkCreated, TargetType: "user", Target: c.person.ID,
			Fields: map[string]string{"expires": out.ExpiresAt.UTC().Format(time.RFC3339), "reason": "demo"}})
		return nil
	})
	return out, r, err
}

func (a *App) sample(ctx context.Context, tx *store.Tx, person string) (account, error) {
	p, err := tx.Person(ctx, person)
	if err != nil {
		return account{}, err
	}
	c, err := a.account(ctx, tx, p)
	if err == nil && !c.demo {
		err = fault.New(fault.Forbidden, "This is possible in a demo only.")
	}
	return c, err
}

// OpenDemoLink reports whose demo link it is, without using it.
func (a *App) OpenDemoLink(ctx context.Context, secret string) (name string, err error) {
	err = a.DB.Read(ctx, func(tx *store.Tx) error {
		_, c, err := a.askDemo(ctx, tx, secret)
		name = c.person.Name
		return err
	})
	return name, err
}

func (a *App) askDemo(ctx context.Context, tx *store.Tx, secret string) (store.Link, account, error) {
	l, err := linkFor(ctx, tx, demoLink, secret)
	if err != nil {
		return l, account{}, err
	}
	c, err := a.sample(ctx, tx, l.Person)
	if err != nil {
		return l, c, err
	}
	// The same questions as at the door of a recovery link: it too is made by
	// the operator for one person.
	asked := l
	asked.Kind = string(identity.RecoveryLink)
	v := askLink(asked, identity.Status(c.person.Status), c.roles(), tx.Now(), identity.KnownAddress)
	if !v.OK {
		return l, c, errLink.Because(fmt.Errorf("demo door: %s", v.Reason))
	}
	return l, c, nil
}

// UseDemoLink signs a sample person in.
func (a *App) UseDemoLink(ctx context.Context, secret string, meta RequestMeta) (Opened, Receipt, error) {
	var out Opened
	by := access.Actor{ID: "demo", Kind: access.SetupActor, Strength: string(identity.ByLink), RequestID: meta.RequestID, Address: meta.Address}
	r, err := a.DB.Write(ctx, by, func(tx *store.Tx) error {
		l, c, err := a.askDemo(ctx, tx, secret)
		if err != nil {
			return err
		}
		if err := useLink(ctx, tx, l); err != nil {
			return err
		}
		out, err = a.open(ctx, tx, opening{account: c, by: identity.ByTOTP, door: demoDoor, verdict: identity.Verdict{OK: true}, meta: meta})
		return err
	})
	return out, r, err
}
