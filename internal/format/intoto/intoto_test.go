package intoto_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/intoto"
)

const now = 1790000000000000 // in 2026

const (
	digest = "026a37919b182ef7c63791e82c9645e2f897a3f0b73c7a6028c7febf62e93838"

	provenance1 = `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"app.tar.gz","digest":{"sha256":"` + digest + `"}}],"predicateType":"https://slsa.dev/provenance/v1",
"predicate":{"buildDefinition":{"buildType":"https://example.com/build@v1","externalParameters":{"workflow":{"repository":"https://github.com/example/app"}},
"resolvedDependencies":[{"uri":"pkg:docker/base","digest":{"sha256":"` + digest + `"}},{"uri":"git+https://github.com/example/app@refs/heads/main","digest":{"gitCommit":"4D329C75E7EC1725F7C9CE917A8799D408D06BE3"}}]},
"runDetails":{"builder":{"id":"https://builder.example.com"},"metadata":{"startedOn":"2026-01-01T00:00:00Z","finishedOn":"2026-01-01T00:05:00Z"}}}}`

	provenance02 = `{"_type":"https://in-toto.io/Statement/v0.1","subject":[{"name":"app","digest":{"sha256":"` + digest + `"}}],"predicateType":"https://slsa.dev/provenance/v0.2",
"predicate":{"builder":{"id":"b"},"buildType":"t","invocation":{"configSource":{"uri":"git+https://github.com/example/app","digest":{"sha1":"4d329c75e7ec1725f7c9ce917a8799d408d06be3"}}},
"metadata":{"buildFinishedOn":"2026-01-01T00:05:00Z"},"materials":[{"uri":"x"}]}}`
)

func parse(b []byte, trust intoto.Trust) ([]fact.Attestation, []fact.Fault, error) {
	return intoto.Parse(bytes.NewReader(b), budget.Limits{}, trust, now)
}

// one parses a document that must hold one attestation.
func one(t *testing.T, b []byte, trust intoto.Trust) fact.Attestation {
	t.Helper()
	list, _, err := parse(b, trust)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d attestations, %v", len(list), err)
	}
	return list[0]
}

func TestProvenanceIsRead(t *testing.T) {
	subjects := []fact.Subject{{Name: "app.tar.gz", Digests: map[string]string{"sha256": digest}}}
	for _, c := range []struct {
		name, text string
		want       fact.Attestation
	}{
		{"v1", provenance1, fact.Attestation{PredicateType: "https://slsa.dev/provenance/v1", Envelope: "none", Subjects: subjects, Problem: "It is not signed.",
			Builder: "https://builder.example.com", BuildType: "https://example.com/build@v1", Source: "https://github.com/example/app", Commit: "4d329c75e7ec1725f7c9ce917a8799d408d06be3",
			BuiltAt: 1767225900000000, Parameters: true, Materials: 2}},
		{"v0.2", provenance02, fact.Attestation{PredicateType: "https://slsa.dev/provenance/v0.2", Envelope: "none", Subjects: []fact.Subject{{Name: "app", Digests: subjects[0].Digests}}, Problem: "It is not signed.",
			Builder: "b", BuildType: "t", Source: "git+https://github.com/example/app", Commit: "4d329c75e7ec1725f7c9ce917a8799d408d06be3", BuiltAt: 1767225900000000, Parameters: true, Materials: 1}},
		{"v0.1", strings.NewReplacer("provenance/v0.2", "provenance/v0.1", `"buildType":"t"`, `"recipe":{"type":"t","entryPoint":"x"}`, `{"uri":"x"}`, `{"uri":"x"},{"uri":"git+https://a","digest":{"sha1":"4d329c75e7ec1725f7c9ce917a8799d408d06be3"}}`).Replace(provenance02),
			fact.Attestation{PredicateType: "https://slsa.dev/provenance/v0.1", Envelope: "none", Subjects: []fact.Subject{{Name: "app", Digests: subjects[0].Digests}}, Problem: "It is not signed.",
				Builder: "b", BuildType: "t", Source: "git+https://a", Commit: "4d329c75e7ec1725f7c9ce917a8799d408d06be3", BuiltAt: 1767225900000000, Parameters: true, Materials: 2}},
		{"another predicate", strings.Replace(provenance1, "https://slsa.dev/provenance/v1", "https://example.com/other", 1), fact.Attestation{PredicateType: "https://example.com/other", Envelope: "none", Subjects: subjects, Problem: "It is not signed."}},
		{"a predicate of another kind", `{"_type":"https://in-toto.io/Statement/v1","subject":[{"uri":"u","digest":{"other":"X"}}],"predicateType":"https://slsa.dev/provenance/v1","predicate":[1]}`,
			fact.Attestation{PredicateType: "https://slsa.dev/provenance/v1", Envelope: "none", Subjects: []fact.Subject{{Name: "u", Digests: map[string]string{"other": "X"}}}, Problem: "It is not signed."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if d := cmp.Diff(c.want, one(t, []byte(c.text), intoto.Trust{})); d != "" {
				t.Error(d)
			}
			if !intoto.Detect([]byte(c.text)) {
				t.Error("it is not recognised")
			}
		})
	}
}

// envelope is a DSSE envelope of a statement with signatures of the keys.
func envelope(t *testing.T, statement string, sigs ...[]byte) []byte {
	t.Helper()
	list := []any{}
	for _, s := range sigs {
		list = append(list, map[string]any{"sig": s, "keyid": "somebody"})
	}
	b, err := json.Marshal(map[string]any{"payload": []byte(statement), "payloadType": "application/vnd.in-toto+json", "signatures": list})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func pae(statement string) []byte {
	return dsse.PAE("application/vnd.in-toto+json", []byte(statement))
}

func publicPEM(t *testing.T, public crypto.PublicKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

func trusting(t *testing.T, keys ...crypto.PublicKey) intoto.Trust {
	t.Helper()
	var list []intoto.Key
	for i, k := range keys {
		list = append(list, intoto.Key{Name: fmt.Sprintf("key %d", i), PEM: publicPEM(t, k)})
	}
	trust, err := intoto.NewTrust(list, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return trust
}

func TestASignatureOfATrustedKeyCounts(t *testing.T) {
	p256, p384 := newKey(t, elliptic.P256()), newKey(t, elliptic.P384())
	edPublic, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	must := func(sig []byte, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return sig
	}
	sum256, sum384 := sha256.Sum256(pae(provenance1)), sha512.Sum384(pae(provenance1))
	stranger := newKey(t, elliptic.P256())
	for _, c := range []struct {
		name string
		key  crypto.PublicKey
		sig  []byte
	}{
		{"ECDSA P-256", p256.Public(), sign(t, p256, pae(provenance1))},
		{"ECDSA P-384 with SHA-384", p384.Public(), must(ecdsa.SignASN1(rand.Reader, p384, sum384[:]))},
		{"ECDSA P-384 with SHA-256", p384.Public(), must(ecdsa.SignASN1(rand.Reader, p384, sum256[:]))},
		{"Ed25519", edPublic, ed25519.Sign(ed, pae(provenance1))},
		{"RSA PSS", rsaKey.Public(), must(rsa.SignPSS(rand.Reader, rsaKey, crypto.SHA256, sum256[:], nil))},
		{"RSA PKCS 1 v1.5", rsaKey.Public(), must(rsa.SignPKCS1v15(rand.Reader, rsaKey, crypto.SHA256, sum256[:]))},
	} {
		t.Run(c.name, func(t *testing.T) {
			trust := trusting(t, stranger.Public(), c.key)
			a := one(t, envelope(t, provenance1, c.sig), trust)
			if !a.Counts || a.Problem != "" || a.Identity != "key 1" || !strings.HasPrefix(a.KeyID, "sha256:") || !a.Signed || a.Envelope != "dsse" {
				t.Errorf("%+v", a)
			}
			if a := one(t, envelope(t, provenance1, []byte("nonsense"), c.sig), trust); !a.Counts {
				t.Errorf("the second signature: %+v", a)
			}
			if a := one(t, envelope(t, provenance1, c.sig), trusting(t, stranger.Public())); a.Counts || !strings.Contains(a.Problem, "not signed by a key that you trust") || a.Identity != "" {
				t.Errorf("a key that is not trusted: %+v", a)
			}
			if a := one(t, envelope(t, provenance02, c.sig), trust); a.Counts {
				t.Errorf("the signature of another statement: %+v", a)
			}
			if a := one(t, envelope(t, provenance1, c.sig), intoto.Trust{}); a.Counts || !strings.Contains(a.Problem, "no key is set up") {
				t.Errorf("nobody is trusted: %+v", a)
			}
		})
	}
}

func TestWhatIsNotSignedRightlySaysWhy(t *testing.T) {
	k := newKey(t, elliptic.P256())
	trust := trusting(t, k.Public())
	raw := sign(t, k, []byte(provenance1)) // over the payload, and not over what DSSE asks for
	good := string(envelope(t, provenance1, sign(t, k, pae(provenance1))))
	for _, c := range []struct{ name, text, says string }{
		{"no envelope", provenance1, "not signed"},
		{"no signature", string(envelope(t, provenance1)), "no signature"},
		{"an empty signature", string(envelope(t, provenance1, []byte{})), "empty"},
		{"a signature that is not base64", strings.Replace(good, `"sig":"`, `"sig":"*`, 1), "not encoded in base64"},
		{"a line break in the signature", strings.Replace(good, `"sig":"`, `"sig":"\n`, 1), "not encoded in base64"},
		{"a signature of the bare payload", string(envelope(t, provenance1, raw)), "not signed by a key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if a := one(t, []byte(c.text), trust); a.Counts || !strings.Contains(a.Problem, c.says) {
				t.Errorf("%+v", a)
			}
		})
	}
}

// same compares what counts with what was signed, but for what names the signer.
func same(a, b fact.Attestation) string {
	return cmp.Diff(a, b, cmpopts.IgnoreFields(fact.Attestation{}, "KeyID"))
}

func TestOneChangedByteNeverMakesSomethingElseCount(t *testing.T) {
	k := newKey(t, elliptic.P256())
	trust := trusting(t, k.Public())
	text := envelope(t, provenance1, sign(t, k, pae(provenance1)))
	want := one(t, text, trust)
	inside := func(i int, member string) bool { // of the value of a member
		begin := bytes.Index(text, []byte(`"`+member+`":"`)) + len(member) + 4
		return i >= begin && i < begin+bytes.IndexByte(text[begin:], '"')
	}
	for i := range text {
		for _, c := range []byte{text[i] ^ 1, text[i] ^ 0x20, text[i] ^ 0x80, 0, '"', '\n', 'A'} {
			changed := bytes.Clone(text)
			if changed[i] = c; c == text[i] {
				continue
			}
			list, _, err := parse(changed, trust)
			for _, a := range list {
				if !a.Counts {
					continue
				}
				if d := same(want, a); d != "" || err != nil {
					t.Errorf("byte %d as %q counts as something else: %s", i, c, d)
				}
				if inside(i, "payload") || inside(i, "sig") || inside(i, "payloadType") {
					t.Errorf("byte %d as %q of what was signed was changed, and it counts", i, c)
				}
			}
		}
	}
}

func TestASigstoreBundleCountsForAnIdentityThatIsAllowed(t *testing.T) {
	s := newSigstore(t)
	at := s.start.Add(time.Minute)
	b := s.bundle(provenance1, at, nil)
	for _, c := range []struct {
		name    string
		allowed []intoto.Identity
		counts  bool
	}{
		{"this one", allowed(workflow, false), true},
		{"its beginning", allowed("https://github.com/example/app/", true), true},
		{"its beginning, taken for all of it", allowed("https://github.com/example/app/", false), false},
		{"another", allowed("https://github.com/other/", true), false},
		{"another issuer", []intoto.Identity{{Issuer: "https://accounts.example.com", Subject: workflow}}, false},
		{"nobody", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := one(t, b, s.trust(c.allowed))
			if a.Counts != c.counts || a.Identity != workflow || a.Issuer != issuer || a.SignedAt != at.UnixMicro() || a.Envelope != "sigstore-bundle" || !a.Signed {
				t.Errorf("%+v", a)
			}
			if !c.counts && !strings.Contains(a.Problem, "not an identity that you allow") {
				t.Errorf("problem %q", a.Problem)
			}
		})
	}
}

func TestABundleThatDoesNotHoldSaysWhy(t *testing.T) {
	at := func(s *sigstore) time.Time { return s.start.Add(time.Minute) }
	material := func(b map[string]any) map[string]any { return b["verificationMaterial"].(map[string]any) }
	for _, c := range []struct {
		name string
		make func(s *sigstore) ([]byte, intoto.Trust)
		says string
	}{
		{"no trusted root", func(s *sigstore) ([]byte, intoto.Trust) { return s.bundle(provenance1, at(s), nil), intoto.Trust{} }, "no trusted root is set up"},
		{"another root", func(s *sigstore) ([]byte, intoto.Trust) {
			return s.bundle(provenance1, at(s), nil), newSigstore(t).trust(allowed(workflow, false))
		}, "No transparency log that you trust"},
		{"another authority", func(s *sigstore) ([]byte, intoto.Trust) {
			b := s.bundle(provenance1, at(s), nil)
			other := newSigstore(t)
			other.log = s.log
			return b, other.trust(allowed(workflow, false))
		}, "does not lead to your trusted root"},
		{"no log entry", func(s *sigstore) ([]byte, intoto.Trust) {
			return s.bundle(provenance1, at(s), func(b map[string]any) { material(b)["tlogEntries"] = []any{} }), s.trust(allowed(workflow, false))
		}, "No transparency log that you trust"},
		{"an entry that the log did not sign", func(s *sigstore) ([]byte, intoto.Trust) {
			s.logOverride = newKey(t, elliptic.P256())
			return s.bundle(provenance1, at(s), nil), s.trust(allowed(workflow, false))
		}, "No transparency log that you trust"},
		{"signed when the certificate had run out", func(s *sigstore) ([]byte, intoto.Trust) {
			return s.bundle(provenance1, s.start.Add(time.Hour), nil), s.trust(allowed(workflow, false))
		}, "not valid when it was signed"},
		{"another statement in the envelope", func(s *sigstore) ([]byte, intoto.Trust) {
			return s.bundle(provenance1, at(s), func(b map[string]any) { b["dsseEnvelope"].(map[string]any)["payload"] = []byte(provenance02) }), s.trust(allowed(workflow, false))
		}, "changed after it was signed"},
		{"the entry of another bundle", func(s *sigstore) ([]byte, intoto.Trust) {
			var other map[string]any
			if err := json.Unmarshal(s.bundle(provenance1, at(s), nil), &other); err != nil {
				t.Fatal(err)
			}
			return s.bundle(provenance1, at(s), func(b map[string]any) { material(b)["tlogEntries"] = material(other)["tlogEntries"] }), s.trust(allowed(workflow, false))
		}, "for another sign"},
		{"no receipt of a certificate log", func(s *sigstore) ([]byte, intoto.Trust) {
			s.withCTLog = true
			return s.bundle(provenance1, at(s), nil), s.trust(allowed(workflow, false))
		}, "not in a certificate log"},
		{"two signatures", func(s *sigstore) ([]byte, intoto.Trust) {
			return s.bundle(provenance1, at(s), func(b map[string]any) {
				e := b["dsseEnvelope"].(map[string]any)
				e["signatures"] = append(e["signatures"].([]any), map[string]any{"sig": []byte("x")})
			}), s.trust(allowed(workflow, false))
		}, "one signature"},
		{"a member that Sigstore does not know", func(s *sigstore) ([]byte, intoto.Trust) {
			return s.bundle(provenance1, at(s), func(b map[string]any) { b["more"] = 1 }), s.trust(allowed(workflow, false))
		}, "breaks a rule"},
		{"a version that is not read", func(s *sigstore) ([]byte, intoto.Trust) {
			return s.bundle(provenance1, at(s), func(b map[string]any) { b["mediaType"] = "application/vnd.dev.sigstore.bundle.v9+json" }), s.trust(allowed(workflow, false))
		}, "breaks a rule"},
		{"signed in the future", func(s *sigstore) ([]byte, intoto.Trust) {
			s.start = time.UnixMicro(now).Add(time.Hour).UTC()
			return s.bundle(provenance1, at(s), nil), s.trust(allowed(workflow, false))
		}, "in the future"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, trust := c.make(newSigstore(t))
			if a := one(t, b, trust); a.Counts || !strings.Contains(a.Problem, c.says) {
				t.Errorf("counts %t, problem %q", a.Counts, a.Problem)
			}
		})
	}
}

func TestOneChangedByteOfABundleNeverMakesSomethingElseCount(t *testing.T) {
	s := newSigstore(t)
	trust := s.trust(allowed(workflow, false))
	text := s.bundle(provenance1, s.start.Add(time.Minute), nil)
	want := one(t, text, trust)
	if !want.Counts {
		t.Fatal(want.Problem)
	}
	for i := range text {
		changed := bytes.Clone(text)
		changed[i] ^= 1
		list, _, _ := parse(changed, trust)
		for _, a := range list {
			if d := same(want, a); a.Counts && d != "" {
				t.Errorf("byte %d: %s", i, d)
			}
		}
	}
}

func TestABundleThatIsSignedWithAKeyIsVerifiedByTheKey(t *testing.T) {
	k := newKey(t, elliptic.P256())
	b, err := json.Marshal(map[string]any{"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "verificationMaterial": map[string]any{"publicKey": map[string]any{"hint": "mine"}},
		"dsseEnvelope": json.RawMessage(envelope(t, provenance1, sign(t, k, pae(provenance1))))})
	if err != nil {
		t.Fatal(err)
	}
	if a := one(t, b, trusting(t, k.Public())); !a.Counts || a.Identity != "key 0" || a.Envelope != "sigstore-bundle" {
		t.Errorf("%+v", a)
	}
	if a := one(t, b, trusting(t, newKey(t, elliptic.P256()).Public())); a.Counts {
		t.Errorf("%+v", a)
	}
}

func TestSeveralInOneDocument(t *testing.T) {
	k := newKey(t, elliptic.P256())
	trust := trusting(t, k.Public())
	e := string(envelope(t, provenance1, sign(t, k, pae(provenance1))))
	flat := strings.ReplaceAll(provenance1, "\n", "")
	for _, c := range []struct {
		name, text string
		counts     []bool
		faults     []fact.Fault
	}{
		{"lines", e + "\n\n" + flat + "\r\n", []bool{true, false}, nil},
		{"lines of which one is broken", e + "\n{\n" + e, []bool{true, true}, []fact.Fault{{Line: 2, Rule: "line"}}},
		{"lines of which one is something else", e + "\n{}\n", []bool{true}, []fact.Fault{{Line: 2, Rule: "not-an-attestation"}}},
		{"a list", "[" + e + ",7," + flat + "]", []bool{true, false}, []fact.Fault{{Pointer: "/1", Rule: "not-an-attestation"}}},
		{"the list of a registry", `{"attestations":[{"predicateType":"x","bundle":` + e + `},{"bundle":null}]}`, []bool{true}, []fact.Fault{{Pointer: "/attestations/1/bundle", Rule: "not-an-attestation"}}},
		{"the description of an image", `{"provenance_summary":{"provenance":[{"envelope":` + e + `}]}}`, []bool{true}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, faults, err := parse([]byte(c.text), trust)
			if err != nil {
				t.Fatal(err)
			}
			var counts []bool
			for _, a := range list {
				counts = append(counts, a.Counts)
			}
			if d := cmp.Diff(c.counts, counts); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(c.faults, faults, cmpopts.IgnoreFields(fact.Fault{}, "Detail")); d != "" {
				t.Error(d)
			}
			if !intoto.Detect([]byte(c.text)) {
				t.Error("it is not recognised")
			}
		})
	}
}

func TestOddStatementsHaveFaults(t *testing.T) {
	with := func(subject string) string {
		return `{"_type":"https://in-toto.io/Statement/v1","predicateType":"x","subject":` + subject + `}`
	}
	for _, c := range []struct{ name, text, rule string }{
		{"no subject", with(`[]`), "subject"},
		{"no digest", with(`[{"name":"a"}]`), "digest"},
		{"half a digest", with(`[{"name":"a","digest":{"sha256":"026a"}}]`), "digest"},
		{"a digest in other digits", with(`[{"name":"a","digest":{"sha256":"` + strings.Repeat("g", 64) + `"}}]`), "digest"},
		{"very many subjects", with(`[` + strings.Repeat(`{"name":"a","digest":{"x":"y"}},`, 3000) + `{"name":"a","digest":{"x":"y"}}]`), "more-subjects"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, faults, err := parse([]byte(c.text), intoto.Trust{})
			if err != nil || len(list) != 1 || len(faults) != 1 || faults[0].Rule != c.rule || faults[0].Pointer == "" || len(list[0].Subjects) > fact.MaxSubjects {
				t.Errorf("%d attestations, faults %v, %v", len(list), faults, err)
			}
		})
	}
	upper := one(t, []byte(with(`[{"name":"a","digest":{"sha256":"`+strings.ToUpper(digest)+`"}}]`)), intoto.Trust{})
	if upper.Subjects[0].Digests["sha256"] != digest {
		t.Errorf("digests are compared in lower case: %v", upper.Subjects)
	}
}

func TestWhatIsNoAttestationIsRefused(t *testing.T) {
	payload := func(body, kind string) string {
		return fmt.Sprintf(`{"payload":%q,"payloadType":%q,"signatures":[{"sig":"YQ=="}]}`, base64.StdEncoding.EncodeToString([]byte(body)), kind)
	}
	const kind = "application/vnd.in-toto+json"
	for _, c := range []struct {
		name, text string
		limits     budget.Limits
		kind       fault.Kind
		says       string
	}{
		{"nothing", ``, budget.Limits{}, fault.Invalid, "empty"},
		{"another object", `{"a":1}`, budget.Limits{}, fault.Unsupported, "neither an in-toto statement"},
		{"an empty list", `[]`, budget.Limits{}, fault.Unsupported, "not an attestation"},
		{"a number", `7`, budget.Limits{}, fault.Unsupported, "wrong kind"},
		{"members of another kind", `{"_type":7}`, budget.Limits{}, fault.Unsupported, "wrong kind"},
		{"another statement", `{"_type":"https://example.com/"}`, budget.Limits{}, fault.Unsupported, "not an in-toto statement"},
		{"a later statement", `{"_type":"https://in-toto.io/Statement/v2","predicateType":"x"}`, budget.Limits{}, fault.Unsupported, "version"},
		{"no predicate type", `{"_type":"https://in-toto.io/Statement/v1"}`, budget.Limits{}, fault.Unsupported, "predicateType"},
		{"an envelope of something else", payload(provenance1, "text/plain"), budget.Limits{}, fault.Unsupported, "text/plain"},
		{"a payload that is no JSON", payload("hello", kind), budget.Limits{}, fault.Unsupported, "not JSON"},
		{"a payload with a member twice", payload(`{"_type":"https://in-toto.io/Statement/v1","_type":"x"}`, kind), budget.Limits{}, fault.Unsupported, "twice"},
		{"a payload with data behind it", payload(provenance1+"{}", kind), budget.Limits{}, fault.Unsupported, "after the end"},
		{"a payload that is not base64", `{"payload":"*","payloadType":"` + kind + `","signatures":[]}`, budget.Limits{}, fault.Unsupported, "base64"},
		{"a payload with loose bits", `{"payload":"e31=","payloadType":"` + kind + `","signatures":[]}`, budget.Limits{}, fault.Unsupported, "base64"},
		{"a bundle of a file", `{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","messageSignature":{}}`, budget.Limits{}, fault.Unsupported, "signs a file"},
		{"a trusted root", `{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}`, budget.Limits{}, fault.Unsupported, "not a bundle"},
		{"a bundle without an envelope", `{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","dsseEnvelope":7}`, budget.Limits{}, fault.Unsupported, "no envelope"},
		{"not UTF-8", "{\"_type\":\"\xff\"}", budget.Limits{}, fault.Invalid, "not JSON"},
		{"a bare NUL", "{\x00}", budget.Limits{}, fault.Invalid, "not JSON"},
		{"a member twice", `{"_type":"a","_type":"b"}`, budget.Limits{}, fault.Invalid, "twice"},
		{"deep", strings.Repeat(`[`, 1000), budget.Limits{}, fault.TooLarge, "deeper"},
		{"a deep predicate", payload(`{"_type":"https://in-toto.io/Statement/v1","predicate":`+strings.Repeat(`[`, 1000), kind), budget.Limits{}, fault.TooLarge, "deeper"},
		{"a long text in a statement", payload(`{"_type":"https://in-toto.io/Statement/v1","predicate":"`+strings.Repeat("a", 2000)+`"}`, kind), budget.Limits{Text: 1000}, fault.TooLarge, "longer than 1000"},
		{"too long", provenance1, budget.Limits{Bytes: 100}, fault.TooLarge, "longer"},
		{"very many attestations", "[" + strings.Repeat(provenance02+",", 1001) + provenance02 + "]", budget.Limits{}, fault.TooLarge, "more than 1000"},
		{"very many values", "[" + strings.Repeat("1,", 100_000) + "1]", budget.Limits{Items: 1000}, fault.TooLarge, "more than 1000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := intoto.Parse(strings.NewReader(c.text), c.limits, intoto.Trust{}, now)
			if !fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s saying %q", err, c.kind, c.says)
			}
		})
	}
}

func TestTruncatedAnywhereIsRefused(t *testing.T) {
	s := newSigstore(t)
	text := s.bundle(provenance1, s.start.Add(time.Minute), nil)
	trust := s.trust(allowed(workflow, false))
	for n := range len(text) {
		if list, _, err := parse(text[:n], trust); err == nil {
			t.Fatalf("%d of %d bytes were accepted: %+v", n, len(text), list)
		}
	}
}

func TestATrustThatCannotBeUsedIsRefused(t *testing.T) {
	good := publicPEM(t, newKey(t, elliptic.P256()).Public())
	short := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(3), 1022), E: 65537} // of 1024 bits
	for _, c := range []struct {
		name    string
		keys    []intoto.Key
		root    string
		allowed []intoto.Identity
		says    string
	}{
		{"no PEM", []intoto.Key{{Name: "a", PEM: "hello"}}, "", nil, "/keys/0"},
		{"two keys in one", []intoto.Key{{Name: "a", PEM: good}, {Name: "b", PEM: good + good}}, "", nil, "/keys/1"},
		{"a certificate", []intoto.Key{{Name: "a", PEM: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: newSigstore(t).ca.Raw}))}}, "", nil, "not a public key"},
		{"a short RSA key", []intoto.Key{{Name: "a", PEM: publicPEM(t, short)}}, "", nil, "2048"},
		{"a root that is none", nil, `{"mediaType":"x"}`, nil, "/trusted_root"},
		{"a root that vouches for nobody", nil, `{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}`, nil, "/trusted_root"},
		{"an identity without an issuer", nil, "", []intoto.Identity{{Subject: "x", Prefix: true}}, "/identities/0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := intoto.NewTrust(c.keys, []byte(c.root), c.allowed); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestOtherJSONIsNotTakenForAnAttestation(t *testing.T) {
	for _, s := range []string{`{"bomFormat":"CycloneDX"}`, `{"document":{}}`, ``, `[]`, `{"mediaType":"application/vnd.oci.image.manifest.v1+json"}`, `{"_type":"https://example.com"}`, `{"attestations":[1]}`} {
		if intoto.Detect([]byte(s)) {
			t.Errorf("%s", s)
		}
	}
	for _, s := range []string{`{"payload":"eyJ`, `{"payload":"eyJfdHlwZSI6Imh0`, "\xef\xbb\xbf{\"payloadType\":\"x\"", `{"verificationMaterial":{},`} {
		if !intoto.Detect([]byte(s)) {
			t.Errorf("%s", s)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(provenance1))
	f.Add([]byte(provenance02 + "\n{}\n"))
	f.Add([]byte(`{"payload":"e30=","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"YQ==","keyid":null}]}`))
	f.Add([]byte(`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"certificate":{"rawBytes":"MA=="},"tlogEntries":[{}]},"dsseEnvelope":{"payload":"eyJfdHlwZSI6Imh0dHBzOi8vaW4tdG90by5pby9TdGF0ZW1lbnQvdjEiLCJwcmVkaWNhdGVUeXBlIjoieCJ9","payloadType":"application/vnd.in-toto+json","signatures":[{"sig":"YQ=="}]}}`))
	f.Add([]byte(`{"attestations":[{"bundle":{}}],"provenance_summary":{"provenance":[null]}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, _, err := intoto.Parse(bytes.NewReader(b), budget.Limits{Bytes: 1 << 16}, intoto.Trust{}, now)
		if err != nil && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) && !fault.Is(err, fault.Unsupported) {
			t.Errorf("an error that is no fault: %v", err)
		}
		for _, a := range list {
			if a.Counts || a.Problem == "" {
				t.Errorf("counts although nobody is trusted: %+v", a)
			}
		}
	})
}
