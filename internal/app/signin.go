package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/authn"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Ceremony is the first half of a passkey exchange: options for the browser, and
// an id that the edge keeps in a cookie and gives back with the answer.
type Ceremony struct {
	ID        string
	Options   json.RawMessage
	ExpiresAt time.Time
}

// PassphraseInput is what a person types to sign in without a passkey.
type PassphraseInput struct {
	Email      string
	Passphrase string
	Code       string // from an authenticator app
}

// RecoveryCodeInput is what a person types who has lost everything else.
type RecoveryCodeInput struct {
	Email string
	Code  string
}

// BeginSignIn starts a sign-in by passkey. It names nobody.
func (a *App) BeginSignIn(ctx context.Context) (Ceremony, error) {
	options, session, err := a.Passkeys.BeginSignIn()
	if err != nil {
		return Ceremony{}, err
	}
	return a.keepCeremony(ctx, "", options, session)
}

// FinishSignIn checks the answer of the browser and opens a session. The
// ceremony is used up, whether or not the answer is right. Every failure is the
// same fault.Unauthorised, but for a ceremony that is unknown or too old.
func (a *App) FinishSignIn(ctx context.Context, ceremony string, response []byte, meta RequestMeta) (Opened, Receipt, error) {
	session, err := a.takeCeremony(ctx, ceremony, "")
	if err != nil {
		return Opened{}, Receipt{}, err
	}
	var used usedPasskey
	var person store.Person
	err = a.DB.Read(ctx, func(tx *store.Tx) error {
		_, as, err := a.Passkeys.FinishSignIn(session, response, func(handle, id []byte) (authn.Person, error) {
			who, err := tx.Person(ctx, string(handle))
			if err != nil {
				return authn.Person{}, nobody(err)
			}
			person = who
			return a.passkeyOwner(ctx, tx, who)
		})
		if err != nil {
			return err
		}
		used, err = a.usedPasskey(ctx, tx, person.ID, as)
		return err
	})
	if err != nil {
		if k := fault.KindOf(err); k == fault.Unauthorised || k == fault.Conflict {
			a.noteRefusal(ctx, refusal{audit.SigninRefused, identity.PasskeyDoor, person.Email, identity.FactorMissing, meta})
		}
		return Opened{}, Receipt{}, err
	}
	facts := identity.Facts{Door: identity.PasskeyDoor, Proved: []identity.Factor{identity.PasskeyUsed, identity.UserVerified}, HasPasskey: true}
	return a.signIn(ctx, person.ID, person.Email, identity.ByPasskey, facts, meta, func(tx *store.Tx, _ *account) error {
		return a.usePasskey(ctx, tx, person.ID, used)
	})
}

// signIn asks the door and opens the session, in one transaction that also uses
// up what was proved.
func (a *App) signIn(ctx context.Context, person, name string, by identity.Strength, f identity.Facts, meta RequestMeta, use func(*store.Tx, *account) error) (Opened, Receipt, error) {
	var out Opened
	var v identity.Verdict
	actor := access.Actor{ID: person, Kind: access.UserActor, Strength: string(by), RequestID: meta.RequestID, Address: meta.Address}
	r, err := a.DB.Write(ctx, actor, func(tx *store.Tx) error {
		p, err := tx.Person(ctx, person)
		if err != nil {
			return nobody(err)
		}
		c, err := a.account(ctx, tx, p)
		if err != nil {
			return err
		}
		f.Act, f.Status, f.Roles, f.PrivilegedTOTP = identity.SignIn, identity.Status(p.Status), c.roles(), c.lowered
		if v = identity.MayActNow(f, time.UnixMicro(tx.Now())); !v.OK {
			return v.Err()
		}
		if err := use(tx, &c); err != nil {
			if fault.Is(err, fault.Stale) { // somebody else used it a moment ago
				v.Reason = identity.UsedAlready
				return identity.Verdict{Reason: v.Reason}.Err()
			}
			return err
		}
		out, err = a.open(ctx, tx, opening{account: c, by: by, door: f.Door, verdict: v, meta: meta})
		return err
	})
	if v.Reason != identity.Allowed && err != nil {
		a.noteRefusal(ctx, refusal{audit.SigninRefused, f.Door, name, v.Reason, meta})
	}
	return out, r, err
}

// SignInWithPassphrase signs in by passphrase and one-time code. An unknown
// address, a wrong passphrase and a wrong code answer alike and after the same
// work. It fails with fault.RateLimited after several failures in a row (see
// RetryAfter) and when too many sign in at once.
func (a *App) SignInWithPassphrase(ctx context.Context, in PassphraseInput, meta RequestMeta) (Opened, Receipt, error) {
	key := "passphrase:" + identity.FoldEmail(plain(in.Email, identity.MaxEmail))
	if err := a.beginGuess(ctx, key); err != nil {
		return Opened{}, Receipt{}, err
	}
	k, err := a.knownFactors(ctx, in.Email)
	if err != nil {
		a.undoGuess(ctx, key)
		return Opened{}, Receipt{}, err
	}
	right, outdated, err := a.Hasher.Verify(ctx, k.hash(), in.Passphrase)
	if err != nil {
		a.undoGuess(ctx, key)
		return Opened{}, Receipt{}, err
	}
	var step int64
	proved := []identity.Factor{}
	if right {
		proved = append(proved, identity.Passphrase)
		var ok bool
		if step, ok, err = a.checkCode(k.totp, in.Code); err != nil {
			return Opened{}, Receipt{}, err
		}
		if ok {
			proved = append(proved, identity.TOTPCode)
		}
	}
	if len(proved) < 2 {
		return Opened{}, Receipt{}, a.refuse(ctx, k, key, identity.PassphraseDoor, in.Email, meta)
	}
	renewed := ""
	if outdated {
		if renewed, err = a.Hasher.Hash(ctx, in.Passphrase); err != nil {
			renewed = "" // the old hash still works; the next sign-in tries again
		}
	}
	facts := identity.Facts{Door: identity.PassphraseDoor, Proved: proved, HasPasskey: k.hasPasskey}
	out, r, err := a.signIn(ctx, k.person.ID, in.Email, identity.ByTOTP, facts, meta, func(tx *store.Tx, _ *account) error {
		if renewed != "" {
			k.passphrase.Secret = []byte(renewed)
			if err := tx.SaveCredential(ctx, *k.passphrase); err != nil {
				return err
			}
		}
		return tx.UseCredential(ctx, k.totp.ID, k.totp.State, []byte(strconv.FormatInt(step, 10)))
	})
	if err == nil {
		a.clearGuess(ctx, key)
	}
	return out, r, err
}

// SignInWithRecoveryCode opens a session in which nothing but adding a passkey
// is possible, and uses the code up.
func (a *App) SignInWithRecoveryCode(ctx context.Context, in RecoveryCodeInput, meta RequestMeta) (Opened, Receipt, error) {
	key := "recovery:" + identity.FoldEmail(plain(in.Email, identity.MaxEmail))
	if err := a.beginGuess(ctx, key); err != nil {
		return Opened{}, Receipt{}, err
	}
	k, err := a.knownFactors(ctx, in.Email)
	if err != nil {
		a.undoGuess(ctx, key)
		return Opened{}, Receipt{}, err
	}
	at, state, left, err := matchRecovery(k.recovery, in.Code, a.Now())
	if err != nil {
		return Opened{}, Receipt{}, err
	}
	if at < 0 {
		return Opened{}, Receipt{}, a.refuse(ctx, k, key, identity.RecoveryCodeDoor, in.Email, meta)
	}
	facts := identity.Facts{Door: identity.RecoveryCodeDoor, Proved: []identity.Factor{identity.RecoveryCode}, HasPasskey: k.hasPasskey}
	out, r, err := a.signIn(ctx, k.person.ID, in.Email, identity.ByRecovery, facts, meta, func(tx *store.Tx, _ *account) error {
		if err := tx.UseCredential(ctx, k.recovery.ID, k.recovery.State, state); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.CredentialRecoveryCodeUsed, TargetType: "user", Target: k.person.ID,
			Fields: map[string]string{"left": strconv.Itoa(left)}})
		return nil
	})
	if err == nil {
		a.clearGuess(ctx, key)
	}
	return out, r, err
}

// known is what there is of the person with an address; the zero value when
// there is nobody.
type known struct {
	person     store.Person
	passphrase *store.Credential
	totp       *store.Credential
	recovery   *store.Credential
	hasPasskey bool
}

func (k known) hash() string {
	if k.passphrase == nil {
		return "" // takes as long to verify, and is never right
	}
	return string(k.passphrase.Secret)
}

func (a *App) knownFactors(ctx context.Context, email string) (known, error) {
	var k known
	err := a.DB.Read(ctx, func(tx *store.Tx) error {
		p, err := tx.PersonByEmail(ctx, identity.FoldEmail(plain(email, identity.MaxEmail)))
		if err != nil {
			return ignoreNotFound(err)
		}
		k.person = p
		cs, err := tx.Credentials(ctx, p.ID)
		for i := range cs {
			switch cs[i].Kind {
			case kindPassphrase:
				k.passphrase = &cs[i]
			case kindTOTP:
				k.totp = &cs[i]
			case kindRecovery:
				k.recovery = &cs[i]
			case kindPasskey:
				k.hasPasskey = true
			}
		}
		return err
	})
	return k, err
}

// checkCode reports whether a one-time code is right and its step.
func (a *App) checkCode(c *store.Credential, code string) (step int64, ok bool, err error) {
	if c == nil {
		return 0, false, nil
	}
	secret, err := a.Keys.Unseal(sealTOTP, c.Secret)
	if err != nil {
		return 0, false, fmt.Errorf("unseal a one-time code secret: %w", err)
	}
	var last int64
	if len(c.State) > 0 {
		if last, err = strconv.ParseInt(string(c.State), 10, 64); err != nil {
			return 0, false, fmt.Errorf("last step of %s: %w", c.ID, err)
		}
	}
	step, ok = authn.VerifyTOTP(string(secret), code, a.Now(), last)
	return step, ok, nil
}

// refuse notes a failure, and locks a real account after too many in a row.
func (a *App) refuse(ctx context.Context, k known, key string, door identity.Door, name string, meta RequestMeta) error {
	reason := identity.FactorMissing
	if k.person.ID == "" {
		reason = identity.NoAccount
	}
	a.noteRefusal(ctx, refusal{audit.SigninRefused, door, name, reason, meta})
	count, lock, err := a.spentGuesses(ctx, key)
	if err != nil {
		return errors.Join(errNobody, err)
	}
	if lock && k.passphrase != nil {
		if err := a.lock(ctx, k.person.ID, count, meta); err != nil {
			return errors.Join(errNobody, err)
		}
	}
	return errNobody
}
