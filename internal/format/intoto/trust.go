package intoto

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	_ "crypto/sha512" // SHA-384 and SHA-512, which keys may sign with
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"strconv"
	"strings"

	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/verify"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Trust is whom an operator believes. The zero value believes nobody.
type Trust struct {
	keys    []key
	allowed []Identity
	sigs    *verify.Verifier // nil = there is no trusted root
}

// Key is a public key that is trusted, under a name for people.
type Key struct {
	Name string
	PEM  string // ECDSA, Ed25519, or RSA of 2048 bits and more
}

// Identity is a signer that certificates of the trusted root may name.
type Identity struct {
	Issuer  string // of the identity, "https://token.actions.githubusercontent.com"; must be equal
	Subject string // "https://github.com/example/app/.github/workflows/release.yml@refs/heads/main"
	Prefix  bool   // the subject need only begin so
}

// NewTrust makes a Trust of keys and, unless trustedRoot is empty, of a Sigstore
// trusted root (trusted_root.json) with the identities that it may vouch for. What
// cannot be used is an Invalid fault.
func NewTrust(keys []Key, trustedRoot []byte, allowed []Identity) (Trust, error) {
	var t Trust
	var p fault.Problems
	for i, k := range keys {
		parsed, why := parseKey(k)
		if why != "" {
			p.Add("/keys/"+strconv.Itoa(i), "%s", why)
			continue
		}
		t.keys = append(t.keys, parsed)
	}
	for i, id := range allowed {
		if id.Issuer == "" || id.Subject == "" {
			p.Add("/identities/"+strconv.Itoa(i), "An identity has an issuer and a subject")
		}
	}
	t.allowed = allowed
	if len(bytes.TrimSpace(trustedRoot)) > 0 {
		v, err := newVerifier(trustedRoot)
		if err != nil {
			p.Add("/trusted_root", "This is not a trusted root of Sigstore that can be used: it needs certificate authorities, and a transparency log or an authority for time stamps")
		}
		t.sigs = v
	}
	return t, p.Err()
}

// newVerifier asks for everything that the root can vouch for: an entry in a
// transparency log and the time of it, a receipt of the certificate log; or, with a
// root that has no logs, a time stamp.
func newVerifier(trustedRoot []byte) (*verify.Verifier, error) {
	r, err := root.NewTrustedRootFromJSON(trustedRoot)
	if err != nil {
		return nil, err
	}
	if len(r.FulcioCertificateAuthorities()) == 0 || len(r.RekorLogs())+len(r.TimestampingAuthorities()) == 0 {
		return nil, fault.New(fault.Invalid, "The trusted root has nobody to vouch.")
	}
	options := []verify.VerifierOption{verify.WithObserverTimestamps(1), verify.WithoutStatementPredicate()}
	if len(r.RekorLogs()) > 0 {
		options = append(options, verify.WithTransparencyLog(1))
	}
	if len(r.CTLogs()) > 0 {
		options = append(options, verify.WithSignedCertificateTimestamps(1))
	}
	return verify.NewVerifier(r, options...)
}

// allows reports whether a signer is one of those that are allowed.
func (t Trust) allows(issuer, subject string) bool {
	for _, id := range t.allowed {
		if id.Issuer == issuer && (id.Subject == subject || id.Prefix && strings.HasPrefix(subject, id.Subject)) {
			return issuer != "" && subject != ""
		}
	}
	return false
}

// key is a public key, ready for use.
type key struct {
	name, id string
	public   crypto.PublicKey
}

func parseKey(k Key) (key, string) {
	block, rest := pem.Decode([]byte(k.PEM))
	if block == nil || len(bytes.TrimSpace(rest)) > 0 {
		return key{}, "The key is not one public key in PEM form"
	}
	public, err := x509.ParsePKIXPublicKey(block.Bytes)
	if block.Type == "RSA PUBLIC KEY" {
		public, err = x509.ParsePKCS1PublicKey(block.Bytes)
	}
	if err != nil {
		return key{}, "The key is not a public key (PEM type PUBLIC KEY)"
	}
	switch public := public.(type) {
	case *ecdsa.PublicKey, ed25519.PublicKey:
	case *rsa.PublicKey:
		if public.N.BitLen() < 2048 {
			return key{}, "The RSA key is shorter than 2048 bits"
		}
	default:
		return key{}, "The key is neither ECDSA nor Ed25519 nor RSA"
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return key{}, "The key cannot be used"
	}
	digest := sha256.Sum256(der)
	return key{name: k.Name, id: "sha256:" + hex.EncodeToString(digest[:]), public: public}, ""
}

// hashes are those that signatures are made with.
var hashes = []crypto.Hash{crypto.SHA256, crypto.SHA384, crypto.SHA512}

// message is what was signed, with its digests, so that many keys cost no more
// hashing than one.
type message struct {
	bytes   []byte
	digests map[crypto.Hash][]byte
}

func newMessage(b []byte) message {
	m := message{bytes: b, digests: map[crypto.Hash][]byte{}}
	for _, h := range hashes {
		d := h.New()
		d.Write(b)
		m.digests[h] = d.Sum(nil)
	}
	return m
}

// signed reports whether sig is the key's signature of the message. Signers differ
// in the hash that they take with a key, and in the padding with RSA; all of those
// here are sound, so each is tried.
func (k key) signed(m message, sig []byte) bool {
	switch public := k.public.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(public, m.bytes, sig)
	case *ecdsa.PublicKey:
		for _, h := range hashes {
			if ecdsa.VerifyASN1(public, m.digests[h], sig) {
				return true
			}
		}
	case *rsa.PublicKey:
		for _, h := range hashes {
			if rsa.VerifyPSS(public, h, m.digests[h], sig, nil) == nil || rsa.VerifyPKCS1v15(public, h, m.digests[h], sig) == nil {
				return true
			}
		}
	}
	return false
}
