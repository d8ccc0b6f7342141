package app

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// demoDoor names the confirmation by a click that a demo allows.
const demoDoor identity.Door = "demo"

// BeginStepUp starts a fresh confirmation with one of the asker's passkeys.
// fault.Conflict when there is none.
func (a *App) BeginStepUp(ctx context.Context, who access.Actor) (Ceremony, error) {
	var options, session []byte
	err := a.reading(ctx, who, access.SelfWrite, func(tx *store.Tx, _ access.Scope) error {
		_, c, _, err := a.ownFor(ctx, tx, who, identity.Use)
		if err != nil {
			return err
		}
		owner, err := a.passkeyOwner(ctx, tx, c.person)
		if err != nil {
			return err
		}
		options, session, err = a.Passkeys.BeginStepUp(owner)
		return err
	})
	if err != nil {
		return Ceremony{}, err
	}
	return a.keepCeremony(ctx, who.Session, options, session)
}

// FinishStepUp confirms the asker for five minutes and returns the new cookie of
// the session. A passkey that may have been copied confirms nothing and goes on
// record.
func (a *App) FinishStepUp(ctx context.Context, who access.Actor, ceremony string, response []byte) (cookie string, r Receipt, err error) {
	body, err := a.takeCeremony(ctx, ceremony, who.Session)
	if err != nil {
		return "", Receipt{}, err
	}
	return a.stepUp(ctx, who, identity.ByPasskey, identity.PasskeyDoor, func(tx *store.Tx, c account) error {
		owner, err := a.passkeyOwner(ctx, tx, c.person)
		if err != nil {
			return err
		}
		as, err := a.Passkeys.FinishStepUp(owner, body, response)
		if err != nil {
			if as.CloneWarning {
				return &cloned{handleOf(as.PasskeyID), err}
			}
			return err
		}
		used, err := a.usedPasskey(ctx, tx, who.ID, as)
		if err != nil {
			return err
		}
		return a.usePasskey(ctx, tx, who.ID, used)
	})
}

// cloned carries which passkey may have been copied out of the transaction that
// is undone, into the one that records it.
type cloned struct {
	handle string
	err    error
}

func (c *cloned) Error() string { return c.err.Error() }
func (c *cloned) Unwrap() error { return c.err }

// StepUpWithCode confirms the asker with a one-time code, where that is strong
// enough for their roles (fault.StepUp otherwise).
func (a *App) StepUpWithCode(ctx context.Context, who access.Actor, code string) (cookie string, r Receipt, err error) {
	key := "code:" + who.ID
	if err := a.beginGuess(ctx, key); err != nil {
		return "", Receipt{}, err
	}
	cookie, r, err = a.stepUp(ctx, who, identity.ByTOTP, identity.PassphraseDoor, func(tx *store.Tx, _ account) error {
		cs, err := tx.Credentials(ctx, who.ID)
		if err != nil {
			return err
		}
		for _, c := range ofKind(cs, kindTOTP) {
			step, ok, err := a.checkCode(&c, code)
			if err != nil {
				return err
			}
			if ok {
				return tx.UseCredential(ctx, c.ID, c.State, []byte(strconv.FormatInt(step, 10)))
			}
		}
		var p fault.Problems
		p.Add("/code", "The code is not right, or was used before. Wait for the next one and try again.")
		return p.Err()
	})
	switch {
	case err == nil:
		a.clearGuess(ctx, key)
	case fault.Is(err, fault.Invalid):
		count, lock, countErr := a.spentGuesses(ctx, key)
		if err = errors.Join(err, countErr); lock {
			err = errors.Join(err, a.lock(ctx, who.ID, count, RequestMeta{RequestID: who.RequestID, Address: who.Address}))
		}
	}
	return cookie, r, err
}

// StepUpInDemo confirms a sample person by a click. It exists only in a folder
// that was created as a demo; anywhere else it is not found.
func (a *App) StepUpInDemo(ctx context.Context, who access.Actor) (cookie string, r Receipt, err error) {
	if i, err := a.Instance(ctx); err != nil || !i.Demo {
		return "", Receipt{}, errors.Join(errNotFound, err)
	}
	return a.stepUp(ctx, who, identity.ByTOTP, demoDoor, func(*store.Tx, account) error { return nil })
}

// stepUp checks a proof and confirms the session. Whether the proof is enough
// for an act is asked of the door beforehand, as if it had succeeded, so that a
// code is not used up for nothing.
func (a *App) stepUp(ctx context.Context, who access.Actor, by identity.Strength, door identity.Door, prove func(*store.Tx, account) error) (string, Receipt, error) {
	var cookie string
	r, err := a.writing(ctx, who, access.SelfWrite, func(tx *store.Tx, _ access.Scope) error {
		s, c, _, err := a.ownFor(ctx, tx, who, identity.Use)
		if err != nil {
			return err
		}
		then := sessionOf(s)
		then.StepUpAt, then.StepUpBy = time.UnixMicro(tx.Now()), by
		if v := identity.MayActNow(c.ofSession(then, identity.Sign), time.UnixMicro(tx.Now())); !v.OK {
			return fault.New(fault.StepUp, "Your role needs a passkey for this. Confirm with your passkey.")
		}
		if err := prove(tx, c); err != nil {
			return err
		}
		if cookie, err = a.confirm(ctx, tx, s, c, by, false); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.StepUpDone, TargetType: "session", Target: s.ID, Fields: map[string]string{"door": string(door)}})
		return nil
	})
	if err != nil && refusedProof(err) {
		a.noteStepUp(ctx, who, door, err)
	}
	return cookie, r, err
}

func refusedProof(err error) bool {
	k := fault.KindOf(err)
	return k == fault.Invalid || k == fault.Unauthorised || k == fault.StepUp || k == fault.Stale
}

// noteStepUp records a refused confirmation, and a passkey that may be a copy.
func (a *App) noteStepUp(ctx context.Context, who access.Actor, door identity.Door, cause error) {
	who.IdempotencyKey = ""
	_, err := a.DB.Write(ctx, who, func(tx *store.Tx) error {
		var copied *cloned
		if errors.As(cause, &copied) {
			c, err := tx.CredentialByHandle(ctx, copied.handle)
			if err != nil {
				return err
			}
			tx.Record(store.Record{Action: audit.CredentialPasskeyCloned, TargetType: "user", Target: who.ID, Fields: map[string]string{"credential": c.ID}})
		}
		tx.Record(store.Record{Action: audit.StepUpRefused, TargetType: "session", Target: who.Session, Outcome: "refused", Fields: map[string]string{"door": string(door)}})
		return nil
	})
	if err != nil {
		a.Log.WarnContext(ctx, "record a refused confirmation", "session", who.Session, "error", err)
	}
}
