package app

import (
	"bytes"
	"context"
	"encoding/json"
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

var errPasskeyOnly = fault.New(fault.Forbidden, "Your role needs a passkey. A passphrase cannot be used with it.")

// enrolCode is ownFor for factors that are not good enough for every role.
func (a *App) enrolCode(ctx context.Context, tx *store.Tx, who access.Actor) (store.Session, account, error) {
	s, c, v, err := a.ownFor(ctx, tx, who, identity.Enrol)
	if err == nil && v.PasskeyOnly {
		err = errPasskeyOnly
	}
	return s, c, err
}

// SetPassphrase sets or changes the asker's passphrase. By itself it opens
// nothing: a one-time code goes with it. It fails with fault.Forbidden for a
// role that needs a passkey, fault.StepUp without a fresh confirmation in a full
// session, and fault.Invalid for a passphrase that is easy to guess.
func (a *App) SetPassphrase(ctx context.Context, who access.Actor, passphrase string) (Receipt, error) {
	var words []string
	err := a.reading(ctx, who, access.SelfEnrol, func(tx *store.Tx, scope access.Scope) error {
		_, c, err := a.enrolCode(ctx, tx, who)
		if err != nil {
			return err
		}
		words = []string{c.person.Name, c.person.Email}
		if scope.Organisation() == "" {
			return nil
		}
		org, err := tx.Organisation(ctx, scope)
		words = append(words, org.Name)
		return err
	})
	if err != nil {
		return Receipt{}, err
	}
	if err := (authn.Policy{Words: words}).Check(passphrase); err != nil {
		return Receipt{}, err
	}
	hash, err := a.Hasher.Hash(ctx, passphrase)
	if err != nil {
		return Receipt{}, err
	}
	return a.writing(ctx, who, access.SelfEnrol, func(tx *store.Tx, _ access.Scope) error {
		if _, _, err := a.enrolCode(ctx, tx, who); err != nil {
			return err
		}
		if _, err := removeKind(ctx, tx, who.ID, kindPassphrase); err != nil {
			return err
		}
		if _, err := a.addCredential(ctx, tx, store.Credential{Person: who.ID, Kind: kindPassphrase, Secret: []byte(hash)}); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.CredentialPassphraseSet, TargetType: "user", Target: who.ID})
		return endSessions(ctx, tx, who.ID, who.Session, "the passphrase was set")
	})
}

// TOTPOffer is a new secret for an authenticator app, not yet in use.
type TOTPOffer struct {
	ID     string // gives it back to ConfirmTOTP
	Secret string // to type in
	URL    string // otpauth://totp/…
	QRCode []byte // SVG of the URL
}

// BeginTOTP offers a secret. It comes into use when a code made with it is given
// to ConfirmTOTP within five minutes.
func (a *App) BeginTOTP(ctx context.Context, who access.Actor) (TOTPOffer, error) {
	var email string
	err := a.reading(ctx, who, access.SelfEnrol, func(tx *store.Tx, _ access.Scope) error {
		_, c, err := a.enrolCode(ctx, tx, who)
		email = c.person.Email
		return err
	})
	if err != nil {
		return TOTPOffer{}, err
	}
	t, err := authn.NewTOTP(a.Random, "Touchstone", email)
	if err != nil {
		return TOTPOffer{}, err
	}
	svg, err := authn.QRCode(t.URL, "Code to scan with your authenticator app")
	if err != nil {
		return TOTPOffer{}, err
	}
	sealed, err := a.Keys.Seal(sealTOTP, []byte(t.Secret))
	if err != nil {
		return TOTPOffer{}, fmt.Errorf("seal a one-time code secret: %w", err)
	}
	body, err := json.Marshal(sealed)
	if err != nil {
		return TOTPOffer{}, err
	}
	c, err := a.keepCeremony(ctx, "totp:"+who.Session, nil, body)
	return TOTPOffer{ID: c.ID, Secret: t.Secret, URL: t.URL, QRCode: svg}, err
}

// ConfirmTOTP takes the offered secret into use when the code is right
// (fault.Invalid otherwise; the offer is then used up). In a session that may
// only enrol, and in which the passphrase was set too, the session becomes a
// full one under a new cookie.
func (a *App) ConfirmTOTP(ctx context.Context, who access.Actor, offer, code string) (Secured, Receipt, error) {
	body, err := a.takeCeremony(ctx, offer, "totp:"+who.Session)
	if err != nil {
		return Secured{}, Receipt{}, err
	}
	var sealed []byte
	if err := json.Unmarshal(body, &sealed); err != nil {
		return Secured{}, Receipt{}, fmt.Errorf("read an offered secret: %w", err)
	}
	secret, err := a.Keys.Unseal(sealTOTP, sealed)
	if err != nil {
		return Secured{}, Receipt{}, fmt.Errorf("unseal an offered secret: %w", err)
	}
	step, ok := authn.VerifyTOTP(string(bytes.TrimSpace(secret)), code, a.Now(), 0)
	if !ok {
		var p fault.Problems
		p.Add("/code", "The code is not right. Check that the clock of your device is right, scan the new picture, and try again.")
		return Secured{}, Receipt{}, p.Err()
	}
	var out Secured
	r, err := a.writing(ctx, who, access.SelfEnrol, func(tx *store.Tx, _ access.Scope) error {
		out = Secured{}
		s, c, err := a.enrolCode(ctx, tx, who)
		if err != nil {
			return err
		}
		if _, err := removeKind(ctx, tx, who.ID, kindTOTP); err != nil {
			return err
		}
		t, err := a.addCredential(ctx, tx, store.Credential{Person: who.ID, Kind: kindTOTP, Secret: sealed, State: []byte(strconv.FormatInt(step, 10))})
		if err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.CredentialTOTPEnrolled, TargetType: "user", Target: who.ID})
		out.ID = t.ID
		if out.Cookie, err = a.completeByCode(ctx, tx, s, c); err != nil {
			return err
		}
		if out.RecoveryCodes, err = a.firstRecoveryCodes(ctx, tx, who.ID); err != nil {
			return err
		}
		tx.Answer(Created{ID: out.ID})
		return endSessions(ctx, tx, who.ID, who.Session, "one-time codes were enrolled")
	})
	return out, r, err
}

// completeByCode makes an enrolling session a full one once both factors were
// set in it. A passphrase from before was not proved here, so it does not count:
// that person signs in with both.
func (a *App) completeByCode(ctx context.Context, tx *store.Tx, s store.Session, c account) (cookie string, err error) {
	if v := identity.MayActNow(c.ofSession(sessionOf(s), identity.Use), time.UnixMicro(tx.Now())); v.Reason != identity.EnrolmentNeeded {
		return "", nil
	}
	cs, err := tx.Credentials(ctx, c.person.ID)
	if err != nil {
		return "", err
	}
	for _, k := range ofKind(cs, kindPassphrase) {
		if k.CreatedAt >= s.CreatedAt {
			return a.confirm(ctx, tx, s, c, identity.ByTOTP, true)
		}
	}
	return "", nil
}

// RemovePassphrase takes the passphrase and the one-time codes away. It needs a
// fresh confirmation and a passkey that stays (fault.Conflict).
func (a *App) RemovePassphrase(ctx context.Context, who access.Actor) (Receipt, error) {
	return a.writing(ctx, who, access.SelfSecure, func(tx *store.Tx, _ access.Scope) error {
		if _, _, _, err := a.ownFor(ctx, tx, who, identity.Sign); err != nil {
			return err
		}
		cs, err := tx.Credentials(ctx, who.ID)
		if err != nil {
			return err
		}
		if len(ofKind(cs, kindPasskey)) == 0 {
			return fault.New(fault.Conflict, "This is your only way to sign in. Add a passkey first.")
		}
		for kind, action := range map[string]audit.Action{kindPassphrase: audit.CredentialPassphraseRemoved, kindTOTP: audit.CredentialTOTPRemoved} {
			n, err := removeKind(ctx, tx, who.ID, kind)
			if err != nil {
				return err
			}
			if n > 0 {
				tx.Record(store.Record{Action: action, TargetType: "user", Target: who.ID})
			}
		}
		return endSessions(ctx, tx, who.ID, who.Session, "the passphrase was removed")
	})
}
