// Package authn proves who somebody is: passphrases, one-time codes, recovery
// codes, passkeys, and the random secrets that sessions, links and tokens are
// made of.
//
// Values go in and values come out. It keeps no state but the places of the
// passphrase hasher, reads no clock but the one it is given, opens no
// connection and stores nothing. Whether somebody who proved something may act
// is decided by identity.MayActNow, never here.
//
// It implements NIST SP 800-63B-4 section 3.1.1 (passphrases), RFC 9106
// (Argon2id), RFC 6238 (TOTP) and, through go-webauthn, W3C Web Authentication
// Level 3 sections 7.1 and 7.2.
package authn

import (
	"fmt"
	"io"

	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
)

// NewSecret returns 256 bits from random (crypto/rand outside tests).
func NewSecret(random io.Reader) (identity.Secret, error) {
	var s identity.Secret
	if _, err := io.ReadFull(random, s[:]); err != nil {
		return identity.Secret{}, fmt.Errorf("make a secret: %w", err)
	}
	return s, nil
}
