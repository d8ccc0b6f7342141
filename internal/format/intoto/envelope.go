package intoto

import (
	"encoding/base64"
	"strings"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// maxSignatures bounds the signatures that are looked at.
const maxSignatures = 32

// payload decodes the payload of an envelope. Encodings that other readers would
// read otherwise, or that say the same in other characters, are none.
func payload(e *dsse.Envelope) ([]byte, bool) { return decode64(e.Payload) }

func decode64(s string) ([]byte, bool) {
	if strings.ContainsAny(s, "\r\n") {
		return nil, false
	}
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil {
		b, err = base64.URLEncoding.Strict().DecodeString(s)
	}
	return b, err == nil
}

// verifyKeys finds a trusted key that signed the envelope. The key id that the
// envelope claims is a hint that nobody signed, so it is not asked.
func (t Trust) verifyKeys(a *fact.Attestation, e *dsse.Envelope, body []byte) {
	m := message{}
	good := 0
	for i, s := range e.Signatures {
		sig, ok := decode64(s.Sig)
		if i >= maxSignatures || !ok || len(sig) == 0 {
			continue
		}
		good++
		a.KeyID = s.KeyID
		if m.bytes == nil && len(t.keys) > 0 {
			m = newMessage(dsse.PAE(e.PayloadType, body))
		}
		for _, k := range t.keys {
			if k.signed(m, sig) {
				a.Counts, a.Problem, a.Identity, a.KeyID = true, "", k.name, k.id
				return
			}
		}
	}
	switch {
	case good == 0:
		a.Problem = "It has a signature that is empty or not encoded in base64."
	case len(t.keys) == 0:
		a.Problem = "It is signed with a key, and no key is set up as trusted."
	default:
		a.Problem = "It is not signed by a key that you trust, or was changed after it was signed."
	}
}
