package identity

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/hex"
	"log/slog"
	"strings"
)

// Secret is 256 random bits that prove something to us once or many times: a
// session cookie, a link, an API token. It prints as a mark, so that it cannot
// slip into a log; Reveal is the one way to its text.
type Secret [32]byte

// Digest is the SHA-256 of a secret's text. It is what a store keeps: a secret
// of 256 random bits needs no salt and no slow hash.
type Digest [sha256.Size]byte

const (
	tokenPrefix  = "tst_" // lets scanners find a token that leaked into a repository
	secretLength = 52     // 32 bytes in base32 without padding
)

var secretEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Reveal returns the text that is handed out: 52 lower-case characters.
func (s Secret) Reveal() string { return secretEncoding.EncodeToString(s[:]) }

// RevealToken returns the text of an API token: "tst_" and Reveal.
func (s Secret) RevealToken() string { return tokenPrefix + s.Reveal() }

// Digest returns what is stored for the text of Reveal.
func (s Secret) Digest() Digest { return sha256.Sum256([]byte(s.Reveal())) }

// TokenDigest returns what is stored for the text of RevealToken.
func (s Secret) TokenDigest() Digest { return sha256.Sum256([]byte(s.RevealToken())) }

const masked = "[secret]"

func (Secret) String() string               { return masked }
func (Secret) GoString() string             { return masked }
func (Secret) LogValue() slog.Value         { return slog.StringValue(masked) }
func (Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// ReadSecret returns the digest of a secret's text as it came from a cookie or
// a link, and false when the text cannot be one. Any other spelling of the
// same bits (upper case, stray last bits) is refused.
func ReadSecret(text string) (Digest, bool) {
	if !isSecret(text) {
		return Digest{}, false
	}
	return sha256.Sum256([]byte(text)), true
}

// ReadToken is ReadSecret for API tokens.
func ReadToken(text string) (Digest, bool) {
	rest, ok := strings.CutPrefix(text, tokenPrefix)
	if !ok || !isSecret(rest) {
		return Digest{}, false
	}
	return sha256.Sum256([]byte(text)), true
}

// Equal compares in constant time.
func (d Digest) Equal(other Digest) bool { return subtle.ConstantTimeCompare(d[:], other[:]) == 1 }

// String returns the digest in hexadecimal.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

func isSecret(text string) bool {
	if len(text) != secretLength {
		return false
	}
	b, err := secretEncoding.DecodeString(text)
	return err == nil && secretEncoding.EncodeToString(b) == text
}
