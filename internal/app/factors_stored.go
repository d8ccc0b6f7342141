package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/authn"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Kinds of credential as the store keeps them.
const (
	kindPasskey    = "passkey"
	kindPassphrase = "passphrase"
	kindTOTP       = "totp"
	kindRecovery   = "recovery"
)

// Purposes of sealed secrets.
const sealTOTP = "totp"

// passkeySecret is the part of a passkey that never changes, passkeyState the
// part that moves with every use.
type passkeySecret struct {
	PublicKey      []byte   `json:"public_key"`
	AAGUID         []byte   `json:"aaguid"`
	BackupEligible bool     `json:"backup_eligible"`
	Transports     []string `json:"transports"`
}

type passkeyState struct {
	SignCount uint32 `json:"sign_count"`
	BackedUp  bool   `json:"backed_up"`
}

func handleOf(id []byte) string { return base64.RawURLEncoding.EncodeToString(id) }

func packPasskey(k authn.Passkey) (secret, state []byte, err error) {
	if secret, err = json.Marshal(passkeySecret{k.PublicKey, k.AAGUID, k.BackupEligible, k.Transports}); err != nil {
		return nil, nil, fmt.Errorf("encode a passkey: %w", err)
	}
	state, err = json.Marshal(passkeyState{k.SignCount, k.BackedUp})
	return secret, state, err
}

func unpackPasskey(c store.Credential) (authn.Passkey, error) {
	id, err := base64.RawURLEncoding.DecodeString(c.Handle)
	var s passkeySecret
	var st passkeyState
	for _, err := range []error{err, json.Unmarshal(c.Secret, &s), json.Unmarshal(c.State, &st)} {
		if err != nil {
			return authn.Passkey{}, fmt.Errorf("read passkey %s: %w", c.ID, err)
		}
	}
	return authn.Passkey{ID: id, PublicKey: s.PublicKey, AAGUID: s.AAGUID, SignCount: st.SignCount,
		BackupEligible: s.BackupEligible, BackedUp: st.BackedUp, Transports: s.Transports}, nil
}

// passkeyOwner is the person with their passkeys, for a ceremony.
func (a *App) passkeyOwner(ctx context.Context, tx *store.Tx, p store.Person) (authn.Person, error) {
	cs, err := tx.Credentials(ctx, p.ID)
	if err != nil {
		return authn.Person{}, err
	}
	out := authn.Person{Handle: []byte(p.ID), Name: p.Email, DisplayName: p.Name}
	for _, c := range ofKind(cs, kindPasskey) {
		k, err := unpackPasskey(c)
		if err != nil {
			return authn.Person{}, err
		}
		out.Passkeys = append(out.Passkeys, k)
	}
	return out, nil
}

func ofKind(cs []store.Credential, kind string) []store.Credential {
	return slices.DeleteFunc(slices.Clone(cs), func(c store.Credential) bool { return c.Kind != kind })
}

// usedPasskey is a passkey that has just answered, with its state before and after.
type usedPasskey struct {
	credential store.Credential
	state      []byte
	cloned     bool
}

func (a *App) usedPasskey(ctx context.Context, tx *store.Tx, person string, as authn.Assertion) (usedPasskey, error) {
	c, err := tx.CredentialByHandle(ctx, handleOf(as.PasskeyID))
	if err != nil || c.Person != person {
		return usedPasskey{}, errNobody
	}
	state, err := json.Marshal(passkeyState{as.SignCount, as.BackedUp})
	return usedPasskey{c, state, as.CloneWarning}, err
}

// usePasskey notes the use; a counter that did not rise goes on record.
func (a *App) usePasskey(ctx context.Context, tx *store.Tx, person string, u usedPasskey) error {
	if u.cloned {
		tx.Record(store.Record{Action: audit.CredentialPasskeyCloned, TargetType: "user", Target: person, Fields: map[string]string{"credential": u.credential.ID}})
	}
	return tx.UseCredential(ctx, u.credential.ID, u.credential.State, u.state)
}

// recoveryState holds when each code was used, in microseconds; 0 = unused.
type recoveryState []int64

func packRecovery(stored []authn.StoredCode) (secret, state []byte, err error) {
	if secret, err = json.Marshal(stored); err != nil {
		return nil, nil, fmt.Errorf("encode recovery codes: %w", err)
	}
	state, err = json.Marshal(make(recoveryState, len(stored)))
	return secret, state, err
}

func unpackRecovery(c store.Credential) ([]authn.StoredCode, recoveryState, error) {
	var stored []authn.StoredCode
	var state recoveryState
	if err := json.Unmarshal(c.Secret, &stored); err != nil {
		return nil, nil, fmt.Errorf("read recovery codes %s: %w", c.ID, err)
	}
	if err := json.Unmarshal(c.State, &state); err != nil || len(state) != len(stored) {
		return nil, nil, fmt.Errorf("read the use of recovery codes %s: %w", c.ID, err)
	}
	for i, at := range state {
		stored[i].UsedAt = micro(at)
	}
	return stored, state, nil
}

// matchRecovery returns the index of the code typed (-1 when none fits), the
// state after its use, and how many are left then.
func matchRecovery(c *store.Credential, typed string, now time.Time) (at int, next []byte, left int, err error) {
	if c == nil {
		return -1, nil, 0, nil
	}
	stored, state, err := unpackRecovery(*c)
	if err != nil {
		return -1, nil, 0, err
	}
	at, ok := authn.MatchRecoveryCode(stored, typed)
	if !ok {
		return -1, nil, 0, nil
	}
	state[at] = now.UnixMicro()
	for _, used := range state {
		if used == 0 {
			left++
		}
	}
	next, err = json.Marshal(state)
	return at, next, left, err
}

// kept is what is stored of a ceremony: it is good for the session that began
// it, and for nobody's when a stranger signs in.
type kept struct {
	Session string          `json:"session"`
	Body    json.RawMessage `json:"body"`
}

// keepCeremony stores the server's half under the digest of a random id.
func (a *App) keepCeremony(ctx context.Context, session string, options, body []byte) (Ceremony, error) {
	id, err := authn.NewSecret(a.Random)
	if err != nil {
		return Ceremony{}, err
	}
	b, err := json.Marshal(kept{session, body})
	if err != nil {
		return Ceremony{}, fmt.Errorf("encode a ceremony: %w", err)
	}
	expires := a.Now().Add(authn.CeremonyLife)
	err = a.DB.WriteUnaudited(ctx, "the first half of an exchange with a browser", func(tx *store.Tx) error {
		return tx.SaveCeremony(ctx, id.Digest().String(), b, expires.UnixMicro())
	})
	return Ceremony{ID: id.Reveal(), Options: options, ExpiresAt: expires}, err
}

var errCeremony = fault.New(fault.Unauthorised, "That took too long, or was answered already. Start again.")

// takeCeremony reads and deletes it.
func (a *App) takeCeremony(ctx context.Context, id, session string) ([]byte, error) {
	digest, ok := identity.ReadSecret(id)
	if !ok {
		return nil, errCeremony
	}
	var body []byte
	err := a.DB.WriteUnaudited(ctx, "the second half of an exchange with a browser", func(tx *store.Tx) error {
		var err error
		body, err = tx.TakeCeremony(ctx, digest.String())
		return err
	})
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return nil, errCeremony
		}
		return nil, err
	}
	var k kept
	if err := json.Unmarshal(body, &k); err != nil {
		return nil, fmt.Errorf("read a ceremony: %w", err)
	}
	if k.Session != session {
		return nil, errCeremony
	}
	return bytes.Clone(k.Body), nil
}
