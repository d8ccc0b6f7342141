package authn

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// authenticator is a passkey device in software: one P-256 key, and a switch
// for everything that a broken or hostile one would do.
type authenticator struct {
	t      *testing.T
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte
	rpID   string
	origin string
	count  uint32

	noUser, noPresence bool   // leave the UV or UP flag out
	backup             byte   // 0x08 eligible, 0x10 backed up
	challenge          string // instead of the one in the options
	ceremony           string // instead of webauthn.create or .get
	badSignature       bool
}

func newAuthenticator(t *testing.T) *authenticator {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := sha256.Sum256(key.X.Bytes())
	return &authenticator{t: t, key: key, id: id[:], rpID: "localhost", origin: "https://localhost:8443"}
}

func (a *authenticator) create(options []byte) []byte {
	var o struct {
		PublicKey struct {
			Challenge string `json:"challenge"`
			User      struct {
				ID string `json:"id"`
			} `json:"user"`
		} `json:"publicKey"`
	}
	if err := json.Unmarshal(options, &o); err != nil {
		a.t.Fatal(err)
	}
	handle, err := base64.RawURLEncoding.DecodeString(o.PublicKey.User.ID)
	if err != nil {
		a.t.Fatal(err)
	}
	a.handle = handle
	// COSE key: kty EC2, alg ES256, crv P-256, x, y (RFC 9053, section 7.1.1).
	cose := a.cbor(map[int]any{1: 2, 3: -7, -1: 1, -2: a.key.X.FillBytes(make([]byte, 32)), -3: a.key.Y.FillBytes(make([]byte, 32))})
	attested := append(make([]byte, 16), binary.BigEndian.AppendUint16(nil, uint16(len(a.id)))...)
	attested = append(append(attested, a.id...), cose...)
	object := a.cbor(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": a.data(0x40, attested)})
	return a.response(map[string]any{
		"clientDataJSON": encoded(a.client("webauthn.create", o.PublicKey.Challenge)), "attestationObject": encoded(object),
		"transports": []string{"internal", "hybrid"},
	})
}

func (a *authenticator) get(options []byte) []byte {
	var o struct {
		PublicKey struct {
			Challenge string `json:"challenge"`
		} `json:"publicKey"`
	}
	if err := json.Unmarshal(options, &o); err != nil {
		a.t.Fatal(err)
	}
	client := a.client("webauthn.get", o.PublicKey.Challenge)
	data := a.data(0, nil)
	clientHash := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), clientHash[:]...))
	if a.badSignature {
		digest[0] ^= 1
	}
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return a.response(map[string]any{"clientDataJSON": encoded(client), "authenticatorData": encoded(data),
		"signature": encoded(signature), "userHandle": encoded(a.handle)})
}

// data is the authenticator data of WebAuthn section 6.1.
func (a *authenticator) data(flags byte, attested []byte) []byte {
	flags |= a.backup
	if !a.noPresence {
		flags |= 0x01
	}
	if !a.noUser {
		flags |= 0x04
	}
	rp := sha256.Sum256([]byte(a.rpID))
	b := append(rp[:], flags)
	return append(binary.BigEndian.AppendUint32(b, a.count), attested...)
}

func (a *authenticator) client(ceremony, challenge string) []byte {
	if a.ceremony != "" {
		ceremony = a.ceremony
	}
	if a.challenge != "" {
		challenge = a.challenge
	}
	b, err := json.Marshal(map[string]any{"type": ceremony, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

func (a *authenticator) response(r map[string]any) []byte {
	b, err := json.Marshal(map[string]any{"id": encoded(a.id), "rawId": encoded(a.id), "type": "public-key",
		"authenticatorAttachment": "platform", "clientExtensionResults": map[string]any{}, "response": r})
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

func (a *authenticator) cbor(v any) []byte {
	mode, err := cbor.CTAP2EncOptions().EncMode()
	if err != nil {
		a.t.Fatal(err)
	}
	b, err := mode.Marshal(v)
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

func encoded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
