package authn

import (
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// owner shows a Person to the library.
type owner struct{ Person }

func (o owner) WebAuthnID() []byte          { return o.Handle }
func (o owner) WebAuthnName() string        { return o.Name }
func (o owner) WebAuthnDisplayName() string { return o.DisplayName }

func (o owner) WebAuthnCredentials() []webauthn.Credential {
	var all []webauthn.Credential
	for _, k := range o.Passkeys {
		all = append(all, k.credential())
	}
	return all
}

func (k Passkey) credential() webauthn.Credential {
	c := webauthn.Credential{ID: k.ID, PublicKey: k.PublicKey, AttestationFormat: "none",
		Authenticator: webauthn.Authenticator{AAGUID: k.AAGUID, SignCount: k.SignCount}}
	c.Flags.UserPresent, c.Flags.UserVerified = true, true
	c.Flags.BackupEligible, c.Flags.BackupState = k.BackupEligible, k.BackedUp
	for _, t := range k.Transports {
		c.Transport = append(c.Transport, protocol.AuthenticatorTransport(t))
	}
	return c
}

func passkeyOf(c *webauthn.Credential) Passkey {
	k := Passkey{ID: c.ID, PublicKey: c.PublicKey, AAGUID: c.Authenticator.AAGUID, SignCount: c.Authenticator.SignCount,
		BackupEligible: c.Flags.BackupEligible, BackedUp: c.Flags.BackupState}
	for _, t := range c.Transport {
		k.Transports = append(k.Transports, string(t))
	}
	return k
}

func assertionOf(c *webauthn.Credential) Assertion {
	return Assertion{PasskeyID: c.ID, SignCount: c.Authenticator.SignCount, BackedUp: c.Flags.BackupState,
		CloneWarning: c.Authenticator.CloneWarning}
}

// explain adds to the library's error the detail it keeps for developers. It
// goes to our log, never to the browser.
func explain(err error) error {
	var detailed *protocol.Error
	if errors.As(err, &detailed) && detailed.DevInfo != "" {
		return fmt.Errorf("%w (%s)", err, detailed.DevInfo)
	}
	return err
}
