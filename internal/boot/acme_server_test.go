package boot

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// authority is a certificate authority that speaks as much of RFC 8555 as an
// order for one name takes. It checks signatures, nonces and challenges for real,
// but dials the address it is given instead of asking the DNS.
type authority struct {
	*httptest.Server
	t      *testing.T
	key    *ecdsa.PrivateKey
	cert   *x509.Certificate
	dial   string          // where challenges are checked
	life   []time.Duration // of the certificates, in turn; the last one again and again
	refuse string          // type of the problem that answers every order

	mu      sync.Mutex
	nonces  map[string]bool
	account *ecdsa.PublicKey
	thumb   string
	token   string
	valid   bool
	domain  string
	issued  []*x509.Certificate
}

func newAuthority(t *testing.T, life ...time.Duration) *authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{t: t, key: key, cert: cert, life: life, nonces: map[string]bool{}}
	a.Server = httptest.NewTLSServer(http.HandlerFunc(a.serve))
	t.Cleanup(a.Close)
	return a
}

// roots is what acme_roots would name: the certificate of the directory itself.
func (a *authority) roots() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Certificate().Raw})
}

func (a *authority) certificates() []*x509.Certificate {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]*x509.Certificate(nil), a.issued...)
}

func (a *authority) serve(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	nonce := rand.Text()
	a.nonces[nonce] = true
	w.Header().Set("Replay-Nonce", nonce)
	if r.URL.Path == "/dir" {
		answer(w, 200, map[string]any{"newNonce": a.URL + "/nonce", "newAccount": a.URL + "/account", "newOrder": a.URL + "/order", "revokeCert": a.URL + "/revoke",
			"keyChange": a.URL + "/key", "meta": map[string]any{"termsOfService": a.URL + "/terms"}})
		return
	}
	if r.URL.Path == "/nonce" {
		w.WriteHeader(http.StatusOK)
		return
	}
	payload, err := a.read(r)
	if err != nil {
		answer(w, http.StatusBadRequest, map[string]any{"type": "urn:ietf:params:acme:error:malformed", "detail": err.Error()})
		return
	}
	a.route(w, r, payload)
}

func (a *authority) route(w http.ResponseWriter, r *http.Request, payload []byte) {
	switch r.URL.Path {
	case "/account":
		w.Header().Set("Location", a.URL+"/account/1")
		answer(w, http.StatusCreated, map[string]any{"status": "valid"})
	case "/order":
		a.order(w, payload)
	case "/order/1":
		answer(w, 200, a.orderNow())
	case "/authz/1":
		answer(w, 200, a.authz())
	case "/challenge/1":
		a.check()
		answer(w, 200, a.authz()["challenges"].([]any)[0])
	case "/finalize/1":
		a.finalize(w, payload)
	case "/cert/1":
		w.Header().Set("Content-Type", "application/pem-certificate-chain")
		last := a.issued[len(a.issued)-1]
		pem.Encode(w, &pem.Block{Type: "CERTIFICATE", Bytes: last.Raw})   //nolint:errcheck // the test sees it
		pem.Encode(w, &pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}) //nolint:errcheck // the test sees it
	default:
		answer(w, http.StatusNotFound, map[string]any{"type": "urn:ietf:params:acme:error:malformed", "detail": r.URL.Path})
	}
}

func (a *authority) order(w http.ResponseWriter, payload []byte) {
	if a.refuse != "" {
		answer(w, http.StatusForbidden, map[string]any{"type": "urn:ietf:params:acme:error:" + a.refuse, "detail": "This name is not served here"})
		return
	}
	var in struct {
		Identifiers []struct{ Type, Value string }
	}
	if err := json.Unmarshal(payload, &in); err != nil || len(in.Identifiers) != 1 {
		a.t.Errorf("order %s", payload)
		return
	}
	a.domain, a.valid, a.token = in.Identifiers[0].Value, false, rand.Text()
	w.Header().Set("Location", a.URL+"/order/1")
	answer(w, http.StatusCreated, a.orderNow())
}

func (a *authority) orderNow() map[string]any {
	status := "pending"
	if a.valid {
		status = "ready"
	}
	return map[string]any{"status": status, "identifiers": []any{map[string]string{"type": "dns", "value": a.domain}}, "authorizations": []string{a.URL + "/authz/1"}, "finalize": a.URL + "/finalize/1"}
}

func (a *authority) authz() map[string]any {
	status := "pending"
	if a.valid {
		status = "valid"
	}
	return map[string]any{"status": status, "identifier": map[string]string{"type": "dns", "value": a.domain},
		"challenges": []any{map[string]any{"type": "tls-alpn-01", "url": a.URL + "/challenge/1", "token": a.token, "status": status}}}
}

// check does what RFC 8737 section 3 asks of an authority.
func (a *authority) check() {
	conn, err := tls.Dial("tcp", a.dial, &tls.Config{ServerName: a.domain, NextProtos: []string{"acme-tls/1"}, InsecureSkipVerify: true}) //nolint:gosec // the certificate of a challenge is checked below
	if err != nil {
		a.t.Errorf("challenge: %v", err)
		return
	}
	defer conn.Close()
	state := conn.ConnectionState()
	want := sha256.Sum256([]byte(a.token + "." + a.thumb))
	value, err := asn1.Marshal(want[:])
	if err != nil {
		a.t.Error(err)
		return
	}
	leaf := state.PeerCertificates[0]
	for _, e := range leaf.Extensions {
		if e.Id.Equal(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 31}) && e.Critical && string(e.Value) == string(value) &&
			state.NegotiatedProtocol == "acme-tls/1" && len(leaf.DNSNames) == 1 && leaf.DNSNames[0] == a.domain {
			a.valid = true
			return
		}
	}
	a.t.Error("the challenge was not answered as RFC 8737 wants it")
}

func (a *authority) finalize(w http.ResponseWriter, payload []byte) {
	var in struct{ CSR string }
	if err := json.Unmarshal(payload, &in); err != nil || !a.valid {
		a.t.Errorf("finalize %s, valid %v", payload, a.valid)
		return
	}
	der, err := base64.RawURLEncoding.DecodeString(in.CSR)
	if err != nil {
		a.t.Error(err)
		return
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil || csr.CheckSignature() != nil {
		a.t.Errorf("request: %v", err)
		return
	}
	life := a.life[min(len(a.issued), len(a.life)-1)]
	now := time.Now()
	raw, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(int64(100 + len(a.issued))), DNSNames: csr.DNSNames, Subject: csr.Subject,
		NotBefore: now.Add(-time.Minute), NotAfter: now.Add(life)}, a.cert, csr.PublicKey, a.key)
	if err != nil {
		a.t.Error(err)
		return
	}
	leaf, err := x509.ParseCertificate(raw)
	if err != nil {
		a.t.Error(err)
		return
	}
	a.issued = append(a.issued, leaf)
	out := a.orderNow()
	out["status"], out["certificate"] = "valid", a.URL+"/cert/1"
	w.Header().Set("Location", a.URL+"/order/1")
	answer(w, 200, out)
}

// read checks the signature of a request (RFC 7515 with ES256) and its nonce.
func (a *authority) read(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return nil, err
	}
	var jws struct{ Protected, Payload, Signature string }
	if err := json.Unmarshal(body, &jws); err != nil {
		return nil, err
	}
	b64 := base64.RawURLEncoding
	protected, err := b64.DecodeString(jws.Protected)
	if err != nil {
		return nil, err
	}
	var head struct {
		Alg, Nonce, URL, Kid string
		JWK                  *struct{ Crv, Kty, X, Y string }
	}
	if err := json.Unmarshal(protected, &head); err != nil {
		return nil, err
	}
	if head.JWK != nil {
		x, errX := b64.DecodeString(head.JWK.X)
		y, errY := b64.DecodeString(head.JWK.Y)
		if errX != nil || errY != nil {
			return nil, fmt.Errorf("jwk: %v, %v", errX, errY)
		}
		if a.account, err = ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...)); err != nil {
			return nil, err
		}
		sum := sha256.Sum256([]byte(`{"crv":"P-256","kty":"EC","x":"` + head.JWK.X + `","y":"` + head.JWK.Y + `"}`))
		a.thumb = b64.EncodeToString(sum[:])
	}
	sig, err := b64.DecodeString(jws.Signature)
	if err != nil || len(sig) != 64 || a.account == nil {
		return nil, fmt.Errorf("signature of %d bytes: %v", len(sig), err)
	}
	digest := sha256.Sum256([]byte(jws.Protected + "." + jws.Payload))
	if !ecdsa.Verify(a.account, digest[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		return nil, fmt.Errorf("the signature does not fit")
	}
	if !a.nonces[head.Nonce] || head.URL != a.URL+r.URL.Path || head.Alg != "ES256" || head.JWK == nil && !strings.HasPrefix(head.Kid, a.URL) {
		return nil, fmt.Errorf("the header does not fit: %s", protected)
	}
	delete(a.nonces, head.Nonce)
	return b64.DecodeString(jws.Payload)
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	if status >= 400 {
		w.Header().Set("Content-Type", "application/problem+json")
	}
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v) //nolint:errcheck // the test sees it
}
