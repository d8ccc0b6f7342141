package apptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
)

// Authenticator is a passkey device in software: one P-256 key for one account.
// Count is what its signature counter says next; 0 for ever is what synced
// passkeys say.
type Authenticator struct {
	RPID   string
	Origin string
	Count  uint32
	t      testing.TB
	key    *ecdsa.PrivateKey
	id     []byte
	handle []byte
}

// NewAuthenticator returns a device that has no account yet.
func NewAuthenticator(t testing.TB) *Authenticator {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	id := sha256.Sum256(point)
	return &Authenticator{t: t, key: key, id: id[:], RPID: "localhost", Origin: PublicURL}
}

type options struct {
	PublicKey struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
	} `json:"publicKey"`
}

func (a *Authenticator) read(raw []byte) options {
	a.t.Helper()
	var o options
	if err := json.Unmarshal(raw, &o); err != nil {
		a.t.Fatal(err)
	}
	return o
}

// Register answers the options of navigator.credentials.create.
func (a *Authenticator) Register(optionsJSON []byte) []byte {
	a.t.Helper()
	o := a.read(optionsJSON)
	handle, err := base64.RawURLEncoding.DecodeString(o.PublicKey.User.ID)
	if err != nil {
		a.t.Fatal(err)
	}
	a.handle = handle
	point, err := a.key.PublicKey.Bytes() // 4, x, y
	if err != nil {
		a.t.Fatal(err)
	}
	// COSE key, RFC 9053 section 7.1.1: kty EC2, alg ES256, crv P-256, x, y.
	cose := []byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21}
	cose = append(cborBytes(cose, point[1:33]), 0x22)
	cose = cborBytes(cose, point[33:65])
	attested := binary.BigEndian.AppendUint16(make([]byte, 16), uint16(len(a.id)))
	attested = append(append(attested, a.id...), cose...)
	// {"fmt": "none", "attStmt": {}, "authData": …} in canonical order.
	object := append([]byte{0xa3}, cborText("fmt")...)
	object = append(append(object, cborText("none")...), cborText("attStmt")...)
	object = append(append(object, 0xa0), cborText("authData")...)
	object = cborBytes(object, a.data(0x40, attested))
	return a.response(map[string]any{"clientDataJSON": encoded(a.client("webauthn.create", o.PublicKey.Challenge)),
		"attestationObject": encoded(object), "transports": []string{"internal"}})
}

// Sign answers the options of navigator.credentials.get.
func (a *Authenticator) Sign(optionsJSON []byte) []byte {
	a.t.Helper()
	client := a.client("webauthn.get", a.read(optionsJSON).PublicKey.Challenge)
	data := a.data(0, nil)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return a.response(map[string]any{"clientDataJSON": encoded(client), "authenticatorData": encoded(data),
		"signature": encoded(signature), "userHandle": encoded(a.handle)})
}

// data is the authenticator data of Web Authentication section 6.1, with the
// user present and verified.
func (a *Authenticator) data(flags byte, attested []byte) []byte {
	rp := sha256.Sum256([]byte(a.RPID))
	b := append(rp[:], flags|0x01|0x04)
	return append(binary.BigEndian.AppendUint32(b, a.Count), attested...)
}

func (a *Authenticator) client(ceremony, challenge string) []byte {
	return a.json(map[string]any{"type": ceremony, "challenge": challenge, "origin": a.Origin, "crossOrigin": false})
}

func (a *Authenticator) response(r map[string]any) []byte {
	return a.json(map[string]any{"id": encoded(a.id), "rawId": encoded(a.id), "type": "public-key",
		"authenticatorAttachment": "platform", "clientExtensionResults": map[string]any{}, "response": r})
}

func (a *Authenticator) json(v any) []byte {
	a.t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		a.t.Fatal(err)
	}
	return b
}

func cborText(s string) []byte { return append([]byte{0x60 | byte(len(s))}, s...) } // below 24 bytes

func cborBytes(to, b []byte) []byte { // at least 24 bytes
	if len(b) < 256 {
		return append(append(to, 0x58, byte(len(b))), b...)
	}
	return append(binary.BigEndian.AppendUint16(append(to, 0x59), uint16(len(b))), b...)
}

func encoded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
