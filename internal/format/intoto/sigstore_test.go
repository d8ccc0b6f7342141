package intoto_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/url"
	"testing"
	"time"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/touchstone-assurance/touchstone/internal/format/intoto"
)

// sigstore is a small Sigstore of our own: an authority that issues certificates,
// and a transparency log. It has no certificate log.
type sigstore struct {
	t           *testing.T
	ca          *x509.Certificate
	caKey, log  *ecdsa.PrivateKey
	start       time.Time
	withCTLog   bool
	logOverride *ecdsa.PrivateKey // signs entries instead of log
}

func newKey(t *testing.T, c elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newSigstore(t *testing.T) *sigstore {
	t.Helper()
	s := &sigstore{t: t, caKey: newKey(t, elliptic.P256()), log: newKey(t, elliptic.P256()), start: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority", Organization: []string{"example"}}, NotBefore: s.start.AddDate(-1, 0, 0),
		NotAfter: s.start.AddDate(9, 0, 0), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	s.ca = s.issue(template, template, s.caKey.Public(), s.caKey)
	return s
}

func (s *sigstore) issue(template, parent *x509.Certificate, public any, by *ecdsa.PrivateKey) *x509.Certificate {
	s.t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, by)
	if err != nil {
		s.t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *sigstore) logID() []byte {
	der, err := x509.MarshalPKIXPublicKey(s.log.Public())
	if err != nil {
		s.t.Fatal(err)
	}
	sum := sha256.Sum256(der)
	return sum[:]
}

// root is the trusted root.
func (s *sigstore) root() []byte {
	der, err := x509.MarshalPKIXPublicKey(s.log.Public())
	if err != nil {
		s.t.Fatal(err)
	}
	valid := map[string]any{"start": "2020-01-01T00:00:00Z"}
	log := map[string]any{"baseUrl": "https://log.example.com", "hashAlgorithm": "SHA2_256", "logId": map[string]any{"keyId": s.logID()},
		"publicKey": map[string]any{"rawBytes": der, "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": valid}}
	root := map[string]any{"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1", "tlogs": []any{log},
		"certificateAuthorities": []any{map[string]any{"subject": map[string]any{"organization": "example", "commonName": "authority"}, "uri": "https://ca.example.com",
			"certChain": map[string]any{"certificates": []any{map[string]any{"rawBytes": s.ca.Raw}}}, "validFor": valid}}}
	if s.withCTLog {
		root["ctlogs"] = []any{log}
	}
	b, err := json.Marshal(root)
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

const (
	workflow = "https://github.com/example/app/.github/workflows/release.yml@refs/heads/main"
	issuer   = "https://token.actions.githubusercontent.com"
)

func allowed(subject string, prefix bool) []intoto.Identity {
	return []intoto.Identity{{Issuer: issuer, Subject: subject, Prefix: prefix}}
}

func (s *sigstore) trust(allowed []intoto.Identity) intoto.Trust {
	s.t.Helper()
	trust, err := intoto.NewTrust(nil, s.root(), allowed)
	if err != nil {
		s.t.Fatal(err)
	}
	return trust
}

// certificate is one for ten minutes, as the authority gives them.
func (s *sigstore) certificate(public any) *x509.Certificate {
	u, err := url.Parse(workflow)
	if err != nil {
		s.t.Fatal(err)
	}
	by, err := asn1.Marshal(issuer)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.issue(&x509.Certificate{SerialNumber: big.NewInt(2), NotBefore: s.start, NotAfter: s.start.Add(10 * time.Minute), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}, URIs: []*url.URL{u},
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1, 1}, Value: []byte(issuer)}, {Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1, 8}, Value: by}}},
		s.ca, public, s.caKey)
}

// bundle signs a statement and has the log enter it at a time. change may spoil the
// bundle before it is written.
func (s *sigstore) bundle(statement string, at time.Time, change func(b map[string]any)) []byte {
	s.t.Helper()
	signer := newKey(s.t, elliptic.P256())
	cert := s.certificate(signer.Public())
	sig := sign(s.t, signer, dsse.PAE("application/vnd.in-toto+json", []byte(statement)))
	b := map[string]any{"mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.1",
		"verificationMaterial": map[string]any{"x509CertificateChain": map[string]any{"certificates": []any{map[string]any{"rawBytes": cert.Raw}}},
			"tlogEntries": []any{s.entry(statement, sig, cert, at)}},
		"dsseEnvelope": map[string]any{"payload": []byte(statement), "payloadType": "application/vnd.in-toto+json", "signatures": []any{map[string]any{"sig": sig, "keyid": ""}}}}
	if change != nil {
		change(b)
	}
	out, err := json.Marshal(b)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

func sign(t *testing.T, k *ecdsa.PrivateKey, message []byte) []byte {
	t.Helper()
	sum := sha256.Sum256(message)
	sig, err := ecdsa.SignASN1(rand.Reader, k, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return sig
}

// entry is what the log says, with its promise to keep it.
func (s *sigstore) entry(statement string, sig []byte, cert *x509.Certificate, at time.Time) map[string]any {
	sum := func(b []byte) map[string]any {
		h := sha256.Sum256(b)
		return map[string]any{"algorithm": "sha256", "value": hex.EncodeToString(h[:])}
	}
	body, err := json.Marshal(map[string]any{"apiVersion": "0.0.1", "kind": "dsse", "spec": map[string]any{"envelopeHash": sum([]byte("the envelope")), "payloadHash": sum([]byte(statement)),
		"signatures": []any{map[string]any{"signature": base64.StdEncoding.EncodeToString(sig), "verifier": base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))}}}})
	if err != nil {
		s.t.Fatal(err)
	}
	key := s.log
	if s.logOverride != nil {
		key = s.logOverride
	}
	promise := sign(s.t, key, fmt.Appendf(nil, `{"body":%q,"integratedTime":%d,"logID":%q,"logIndex":7}`, base64.StdEncoding.EncodeToString(body), at.Unix(), hex.EncodeToString(s.logID())))
	return map[string]any{"logIndex": "7", "logId": map[string]any{"keyId": s.logID()}, "kindVersion": map[string]any{"kind": "dsse", "version": "0.0.1"},
		"integratedTime": fmt.Sprint(at.Unix()), "inclusionPromise": map[string]any{"signedEntryTimestamp": promise}, "canonicalizedBody": body}
}
