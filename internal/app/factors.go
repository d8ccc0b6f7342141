package app

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/authn"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// PasskeyView is a passkey as its owner sees it.
type PasskeyView struct {
	ID        string
	Label     string
	CreatedAt time.Time
	UsedAt    time.Time // zero when never
}

// Factors is what a person has to prove who they are.
type Factors struct {
	Passkeys          []PasskeyView
	Passphrase        bool
	TOTP              bool
	RecoveryCodesLeft int
	PasskeyOnly       bool // their role needs a passkey; nothing else may be added
}

// Secured answers for a factor that was added. Cookie replaces the one of the
// session ("" = unchanged); recovery codes are shown this once.
type Secured struct {
	ID            string   `json:"id"`
	Cookie        string   `json:"-"`
	RecoveryCodes []string `json:"-"`
}

// Factors lists what the asker has.
func (a *App) Factors(ctx context.Context, who access.Actor) (Factors, error) {
	var out Factors
	err := a.reading(ctx, who, access.SelfRead, func(tx *store.Tx, _ access.Scope) error {
		s, c, err := a.own(ctx, tx, who)
		if err != nil {
			return err
		}
		v := identity.MayActNow(c.ofSession(sessionOf(s), identity.Use), time.UnixMicro(tx.Now()))
		if v.Reason == identity.EnrolmentNeeded {
			v = identity.MayActNow(c.ofSession(sessionOf(s), identity.Enrol), time.UnixMicro(tx.Now()))
		}
		out.PasskeyOnly = v.PasskeyOnly
		cs, err := tx.Credentials(ctx, who.ID)
		for _, k := range cs {
			switch k.Kind {
			case kindPasskey:
				out.Passkeys = append(out.Passkeys, PasskeyView{k.ID, k.Label, micro(k.CreatedAt), micro(k.UsedAt)})
			case kindPassphrase:
				out.Passphrase = true
			case kindTOTP:
				out.TOTP = true
			case kindRecovery:
				_, state, err := unpackRecovery(k)
				if err != nil {
					return err
				}
				for _, used := range state {
					if used == 0 {
						out.RecoveryCodesLeft++
					}
				}
			}
		}
		return err
	})
	return out, err
}

// BeginPasskeyRegistration starts adding a passkey to the asker's account. In a
// full session it needs a fresh confirmation (fault.StepUp).
func (a *App) BeginPasskeyRegistration(ctx context.Context, who access.Actor) (Ceremony, error) {
	var options, session []byte
	err := a.reading(ctx, who, access.SelfEnrol, func(tx *store.Tx, _ access.Scope) error {
		_, c, _, err := a.ownFor(ctx, tx, who, identity.Enrol)
		if err != nil {
			return err
		}
		owner, err := a.passkeyOwner(ctx, tx, c.person)
		if err != nil {
			return err
		}
		options, session, err = a.Passkeys.BeginRegistration(owner)
		return err
	})
	if err != nil {
		return Ceremony{}, err
	}
	return a.keepCeremony(ctx, who.Session, options, session)
}

// PasskeyInput is the answer of the browser to a registration.
type PasskeyInput struct {
	Ceremony string
	Label    string // "" = "Passkey" and a number
	Response []byte
}

// FinishPasskeyRegistration adds the passkey. The session becomes a full one
// under a new cookie, every other session of the person ends, and with the first
// factor come recovery codes.
func (a *App) FinishPasskeyRegistration(ctx context.Context, who access.Actor, in PasskeyInput) (Secured, Receipt, error) {
	var p fault.Problems
	label := text.Line(&p, "/label", in.Label, 100)
	if err := p.Err(); err != nil {
		return Secured{}, Receipt{}, err
	}
	body, err := a.takeCeremony(ctx, in.Ceremony, who.Session)
	if err != nil {
		return Secured{}, Receipt{}, err
	}
	var out Secured
	r, err := a.writing(ctx, who, access.SelfEnrol, func(tx *store.Tx, _ access.Scope) error {
		out = Secured{}
		s, c, _, err := a.ownFor(ctx, tx, who, identity.Enrol)
		if err != nil {
			return err
		}
		if out.ID, err = a.addPasskey(ctx, tx, c.person, label, body, in.Response); err != nil {
			return err
		}
		if out.Cookie, err = a.confirm(ctx, tx, s, c, identity.ByPasskey, true); err != nil {
			return err
		}
		if out.RecoveryCodes, err = a.firstRecoveryCodes(ctx, tx, who.ID); err != nil {
			return err
		}
		tx.Answer(Created{ID: out.ID})
		return endSessions(ctx, tx, who.ID, who.Session, "a passkey was added")
	})
	return out, r, err
}

func (a *App) addPasskey(ctx context.Context, tx *store.Tx, p store.Person, label string, session, response []byte) (string, error) {
	owner, err := a.passkeyOwner(ctx, tx, p)
	if err != nil {
		return "", err
	}
	k, err := a.Passkeys.FinishRegistration(owner, session, response)
	if err != nil {
		return "", err
	}
	if _, err := tx.CredentialByHandle(ctx, handleOf(k.ID)); !fault.Is(err, fault.NotFound) {
		if err == nil {
			err = fault.New(fault.Conflict, "This passkey is already in use. Use another device, or sign in with it.")
		}
		return "", err
	}
	if label == "" {
		label = "Passkey " + strconv.Itoa(len(owner.Passkeys)+1)
	}
	secret, state, err := packPasskey(k)
	if err != nil {
		return "", err
	}
	c := store.Credential{Person: p.ID, Kind: kindPasskey, Label: label, Handle: handleOf(k.ID), Secret: secret, State: state}
	if c, err = a.addCredential(ctx, tx, c); err != nil {
		return "", err
	}
	tx.Record(store.Record{Action: audit.CredentialPasskeyAdded, TargetType: "user", Target: p.ID, Fields: map[string]string{"credential": c.ID, "label": label}})
	return c.ID, nil
}

func (a *App) addCredential(ctx context.Context, tx *store.Tx, c store.Credential) (store.Credential, error) {
	var err error
	if c.ID, err = a.newID(tx, ident.Credential); err != nil {
		return c, err
	}
	c.CreatedAt = tx.Now()
	return c, tx.CreateCredential(ctx, c)
}

// removeKind takes away every credential of a kind and says how many there were.
func removeKind(ctx context.Context, tx *store.Tx, person, kind string) (int, error) {
	cs, err := tx.Credentials(ctx, person)
	if err != nil {
		return 0, err
	}
	cs = ofKind(cs, kind)
	for _, c := range cs {
		c.RemovedAt = tx.Now()
		if err := tx.SaveCredential(ctx, c); err != nil {
			return 0, err
		}
	}
	return len(cs), nil
}

// RemovePasskey takes a passkey away. It needs a fresh confirmation, and a way
// to sign in must be left that is strong enough for the person's roles
// (fault.Conflict).
func (a *App) RemovePasskey(ctx context.Context, who access.Actor, id string) (Receipt, error) {
	return a.writing(ctx, who, access.SelfSecure, func(tx *store.Tx, _ access.Scope) error {
		_, _, v, err := a.ownFor(ctx, tx, who, identity.Sign)
		if err != nil {
			return err
		}
		cs, err := tx.Credentials(ctx, who.ID)
		if err != nil {
			return err
		}
		for _, c := range ofKind(cs, kindPasskey) {
			if c.ID != id {
				continue
			}
			byCode := !v.PasskeyOnly && len(ofKind(cs, kindPassphrase)) > 0 && len(ofKind(cs, kindTOTP)) > 0
			if len(ofKind(cs, kindPasskey)) == 1 && !byCode {
				return fault.New(fault.Conflict, "This is your only way to sign in. Add another passkey first.")
			}
			c.RemovedAt = tx.Now()
			if err := tx.SaveCredential(ctx, c); err != nil {
				return err
			}
			tx.Record(store.Record{Action: audit.CredentialPasskeyRemoved, TargetType: "user", Target: who.ID, Fields: map[string]string{"credential": c.ID, "label": c.Label}})
			return endSessions(ctx, tx, who.ID, who.Session, "a passkey was removed")
		}
		return errNotFound
	})
}

// IssueRecoveryCodes replaces the asker's recovery codes and returns the new
// ones, which are shown this once. It needs a fresh confirmation.
func (a *App) IssueRecoveryCodes(ctx context.Context, who access.Actor) ([]string, Receipt, error) {
	var codes []string
	r, err := a.writing(ctx, who, access.SelfSecure, func(tx *store.Tx, _ access.Scope) error {
		if _, _, _, err := a.ownFor(ctx, tx, who, identity.Sign); err != nil {
			return err
		}
		var err error
		if codes, err = a.recoveryCodes(ctx, tx, who.ID); err != nil {
			return err
		}
		return endSessions(ctx, tx, who.ID, who.Session, "recovery codes were replaced")
	})
	return codes, r, err
}

func (a *App) recoveryCodes(ctx context.Context, tx *store.Tx, person string) ([]string, error) {
	if _, err := removeKind(ctx, tx, person, kindRecovery); err != nil {
		return nil, err
	}
	codes, stored, err := authn.NewRecoveryCodes(a.Random)
	if err != nil {
		return nil, err
	}
	c := store.Credential{Person: person, Kind: kindRecovery}
	if c.Secret, c.State, err = packRecovery(stored); err != nil {
		return nil, err
	}
	if _, err := a.addCredential(ctx, tx, c); err != nil {
		return nil, err
	}
	tx.Record(store.Record{Action: audit.CredentialRecoveryCodesIssued, TargetType: "user", Target: person, Fields: map[string]string{"count": strconv.Itoa(len(codes))}})
	return codes, nil
}

// firstRecoveryCodes issues codes to somebody who has none that can be used.
func (a *App) firstRecoveryCodes(ctx context.Context, tx *store.Tx, person string) ([]string, error) {
	cs, err := tx.Credentials(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, c := range ofKind(cs, kindRecovery) {
		var state recoveryState
		if err := json.Unmarshal(c.State, &state); err != nil {
			return nil, fmt.Errorf("read the use of recovery codes %s: %w", c.ID, err)
		}
		for _, used := range state {
			if used == 0 {
				return nil, nil
			}
		}
	}
	return a.recoveryCodes(ctx, tx, person)
}
