package intoto

import (
	"strings"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"github.com/sigstore/sigstore-go/pkg/bundle"
	"github.com/sigstore/sigstore-go/pkg/verify"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// future is how far a signature may lie ahead of our clock.
const future = 10 * 60 * 1_000_000 // 10 minutes in microseconds

// verifyBundle verifies a bundle that holds an envelope, whose payload has been read
// from raw. What does not count says why.
func (t Trust) verifyBundle(a *fact.Attestation, raw []byte, e *dsse.Envelope, body []byte, now int64) {
	b, err := readBundle(raw)
	if err != nil {
		a.Problem = "The bundle breaks a rule of Sigstore: " + reason(err)
		return
	}
	// What is believed is what the library verifies, so it must be what was read.
	signed := b.GetDsseEnvelope()
	if signed == nil || string(signed.GetPayload()) != string(body) || signed.GetPayloadType() != e.PayloadType {
		a.Problem = "The bundle can be read in two ways."
		return
	}
	if b.GetVerificationMaterial().GetPublicKey() != nil {
		t.verifyKeys(a, e, body)
		return
	}
	if len(e.Signatures) != 1 {
		a.Problem = "A bundle has one signature, and this one has another number of them."
		return
	}
	if sig, ok := decode64(e.Signatures[0].Sig); !ok || len(sig) == 0 {
		a.Problem = "It has a signature that is empty or not encoded in base64."
		return
	}
	if t.sigs == nil {
		a.Problem = "It is signed by way of Sigstore, and no trusted root is set up."
		return
	}
	result, err := t.verifySigstore(b)
	if err != nil {
		a.Problem = reason(err)
		return
	}
	t.accept(a, result, now)
}

// accept decides on a bundle whose cryptography is right.
func (t Trust) accept(a *fact.Attestation, result *verify.VerificationResult, now int64) {
	cert := result.Signature.Certificate
	if cert == nil || len(result.VerifiedTimestamps) == 0 {
		a.Problem = "Nobody whom you trust says when it was signed."
		return
	}
	for _, ts := range result.VerifiedTimestamps {
		if at := ts.Timestamp.UnixMicro(); a.SignedAt == 0 || at < a.SignedAt {
			a.SignedAt = at
		}
	}
	a.Identity, a.Issuer = cert.SubjectAlternativeName, cert.Issuer
	switch {
	case !t.allows(a.Issuer, a.Identity):
		a.Problem = "Its signer is " + quote(a.Identity) + " by the word of " + quote(a.Issuer) + ", which is not an identity that you allow."
	case a.SignedAt > now+future:
		a.Problem = "It was signed in the future, or our clock is wrong."
	default:
		a.Counts, a.Problem = true, ""
	}
}

// readBundle and verifySigstore stand between us and a large library that reads what
// anybody may send: should it panic, the bundle is one that cannot be verified.
func readBundle(raw []byte) (b *bundle.Bundle, err error) {
	defer recovered(&err)
	b = &bundle.Bundle{}
	return b, b.UnmarshalJSON(raw)
}

func (t Trust) verifySigstore(b *bundle.Bundle) (r *verify.VerificationResult, err error) {
	defer recovered(&err)
	return t.sigs.Verify(b, verify.NewPolicy(verify.WithoutArtifactUnsafe(), verify.WithoutIdentitiesUnsafe()))
}

type panicked struct{}

func (panicked) Error() string { return "panicked" }

func recovered(err *error) {
	if recover() != nil {
		*err = panicked{}
	}
}

// reasons turn the library's errors into sentences, by how they begin or what they
// hold; the first that fits is taken.
var reasons = []struct{ part, says string }{
	{"failed to verify log inclusion: not enough", "No transparency log that you trust has an entry for it."},
	{"does not match envelope payload hash", "The entry in the transparency log is for something else: what it says was changed after it was signed."},
	{"integrated time outside certificate validity", "Its certificate was not valid when it was signed."},
	{"transparency log signature does not match", "The entry in the transparency log is for another signature."},
	{"transparency log certificate does not match", "The entry in the transparency log is for another signer."},
	{"failed to verify log inclusion", "The entry in the transparency log does not hold: it is not there, is broken, or is for something else."},
	{"failed to verify timestamps", "Nobody whom you trust says when it was signed."},
	{"failed to verify leaf certificate", "Its certificate does not lead to your trusted root, or was not valid when it was signed."},
	{"failed to verify signed certificate timestamp", "Its certificate is not in a certificate log that you trust."},
	{"failed to verify signature", "Its signature does not fit what it says."},
	{"inclusion proof missing", "there is no proof that it is in the log."},
	{"inclusion promises missing", "there is no promise that it is in the log."},
	{"unsupported media type", "it is of a version that is not read."},
	{"missing verification material", "it has neither a certificate nor a key."},
	{"panicked", "It cannot be verified: it is broken in a way that is not understood."},
}

func reason(err error) string {
	for _, r := range reasons {
		if strings.Contains(err.Error(), r.part) {
			return r.says
		}
	}
	return "it cannot be verified."
}
