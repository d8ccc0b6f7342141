package authn

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"strings"
	"time"
)

// RecoveryCodeCount is how many codes a person gets at a time.
const RecoveryCodeCount = 10

// recoveryAlphabet leaves out the letters that are taken for digits or for
// each other when read from paper.
const recoveryAlphabet = "0123456789abcdefghjkmnpqrstvwxyz"

const (
	recoveryLength = 16 // characters of 5 bits: 80 bits, beyond guessing
	recoveryGroup  = 4
)

// StoredCode is what is kept of a recovery code. A code has 80 random bits, so
// a salted SHA-256 is enough.
type StoredCode struct {
	Salt   []byte
	Digest []byte
	UsedAt time.Time // zero while it can be used
}

// NewRecoveryCodes returns ten codes to show once, such as
// "7k2m-0c9x-pq4d-h1wz", and what to store of each, in the same order. New
// codes replace the old ones.
func NewRecoveryCodes(random io.Reader) (codes []string, stored []StoredCode, err error) {
	for range RecoveryCodeCount {
		b := make([]byte, recoveryLength+saltLength)
		if _, err := io.ReadFull(random, b); err != nil {
			return nil, nil, fmt.Errorf("make recovery codes: %w", err)
		}
		var plain strings.Builder
		for _, c := range b[:recoveryLength] {
			plain.WriteByte(recoveryAlphabet[c%32]) // 256 is a multiple of 32: no bias
		}
		salt := b[recoveryLength:]
		codes = append(codes, grouped(plain.String()))
		stored = append(stored, StoredCode{Salt: salt, Digest: recoveryDigest(salt, plain.String())})
	}
	return codes, stored, nil
}

// MatchRecoveryCode returns the index of the unused code that was typed, in
// whatever case and grouping, with o for 0 and i or l for 1. The caller marks
// it used in the same transaction, on the condition that it is still unused.
func MatchRecoveryCode(stored []StoredCode, typed string) (index int, ok bool) {
	plain := readRecoveryCode(typed)
	index = -1
	for i, c := range stored {
		match := subtle.ConstantTimeCompare(recoveryDigest(c.Salt, plain), c.Digest) == 1
		if match && c.UsedAt.IsZero() && len(plain) == recoveryLength {
			index = i
		}
	}
	return index, index >= 0
}

func readRecoveryCode(typed string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case ' ', '-', '\t', '\r', '\n', '\u00a0', '\u2010', '\u2011', '\u2013':
			return -1
		case 'o':
			return '0'
		case 'i', 'l':
			return '1'
		}
		return r
	}, strings.ToLower(typed))
}

func recoveryDigest(salt []byte, plain string) []byte {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte(plain))
	return h.Sum(nil)
}

func grouped(plain string) string {
	var groups []string
	for i := 0; i < len(plain); i += recoveryGroup {
		groups = append(groups, plain[i:i+recoveryGroup])
	}
	return strings.Join(groups, "-")
}
