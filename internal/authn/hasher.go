package authn

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Cost is the work of one Argon2id hash (RFC 9106, section 3.1).
type Cost struct {
	KiB     uint32
	Passes  uint32
	Threads uint8
}

// DefaultCost takes about 40 ms and 19 MiB on one core. More memory per hash
// would let a few sign-ins at once slow every other page down.
func DefaultCost() Cost { return Cost{KiB: 19 * 1024, Passes: 2, Threads: 1} }

const (
	saltLength = 16
	keyLength  = 32
)

// Hasher hashes and verifies passphrases, a few at a time. Beyond its slots a
// few callers wait; beyond those it answers fault.RateLimited, because each
// hash needs memory and a core, and anybody can ask for one.
type Hasher struct {
	cost   Cost
	random io.Reader
	slots  chan struct{} // holds one value per hash at work
	places chan struct{} // holds one value per caller, at work or waiting
}

// NewHasher returns a hasher with slots at work at once (one per core, or one
// fewer to keep pages quick) and queue callers waiting.
func NewHasher(slots, queue int, cost Cost, random io.Reader) *Hasher {
	slots, queue = max(slots, 1), max(queue, 0)
	if random == nil {
		random = rand.Reader
	}
	return &Hasher{cost: cost, random: random, slots: make(chan struct{}, slots), places: make(chan struct{}, slots+queue)}
}

// Hash returns the passphrase's hash as a PHC string. Whether the passphrase
// is good enough is for Policy.Check to say first. It fails with
// fault.RateLimited when too many are being hashed.
func (h *Hasher) Hash(ctx context.Context, passphrase string) (string, error) {
	p := phc{cost: h.cost, salt: make([]byte, saltLength)}
	if _, err := io.ReadFull(h.random, p.salt); err != nil {
		return "", fmt.Errorf("make a salt: %w", err)
	}
	key, err := h.key(ctx, p, passphrase, keyLength)
	if err != nil {
		return "", err
	}
	p.key = key
	return p.String(), nil
}

// Verify reports whether the passphrase belongs to the hash, and whether the
// hash should be made anew because the cost has been raised since. An unknown
// person is verified against the hash "", which takes the same time and is
// never right, so that an answer's delay does not tell who has an account.
func (h *Hasher) Verify(ctx context.Context, hash, passphrase string) (ok, outdated bool, err error) {
	known := hash != ""
	p := phc{cost: h.cost, salt: make([]byte, saltLength), key: make([]byte, keyLength)}
	if known {
		if p, err = parsePHC(hash); err != nil {
			return false, false, err
		}
	}
	key, err := h.key(ctx, p, passphrase, uint32(len(p.key)))
	if err != nil {
		return false, false, err
	}
	ok = subtle.ConstantTimeCompare(key, p.key) == 1 && known
	return ok, ok && p.cost != h.cost, nil
}

func (h *Hasher) key(ctx context.Context, p phc, passphrase string, length uint32) ([]byte, error) {
	if len(passphrase) > 4*MaxPassphrase { // bytes; the policy counts characters
		passphrase = ""
	}
	select {
	case h.places <- struct{}{}:
		defer func() { <-h.places }()
	default:
		return nil, fault.New(fault.RateLimited, "Too many people are signing in at this moment. Try again in a few seconds.")
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a passphrase: %w", ctx.Err())
	}
	return argon2.IDKey([]byte(norm.NFC.String(passphrase)), p.salt, p.cost.Passes, p.cost.KiB, p.cost.Threads, length), nil
}

// phc is a hash in the PHC string format:
// $argon2id$v=19$m=19456,t=2,p=1$salt$key, both in base64 without padding.
type phc struct {
	cost      Cost
	salt, key []byte
}

// Bounds of a stored hash. Somebody who can write to the store must not be
// able to make one sign-in take all memory.
const (
	maxKiB    = 256 * 1024
	maxPasses = 16
	maxLength = 64
)

func (p phc) String() string {
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		p.cost.KiB, p.cost.Passes, p.cost.Threads, b64(p.salt), b64(p.key))
}

func parsePHC(s string) (phc, error) {
	bad := func(what string) (phc, error) { return phc{}, fmt.Errorf("parse passphrase hash: %s", what) }
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return bad("not an argon2id hash of version 19")
	}
	var p phc
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.cost.KiB, &p.cost.Passes, &p.cost.Threads); err != nil {
		return bad("cost is not readable")
	}
	c := p.cost
	if c.KiB < 8 || c.KiB > maxKiB || c.Passes < 1 || c.Passes > maxPasses || c.Threads < 1 || c.Threads > 8 {
		return bad("cost is out of bounds")
	}
	var err error
	if p.salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4]); err != nil || len(p.salt) < 8 || len(p.salt) > maxLength {
		return bad("salt is not readable")
	}
	if p.key, err = base64.RawStdEncoding.Strict().DecodeString(parts[5]); err != nil || len(p.key) < 16 || len(p.key) > maxLength {
		return bad("key is not readable")
	}
	if p.String() != s {
		return bad("not in its canonical form")
	}
	return p, nil
}
