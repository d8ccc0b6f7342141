package intoto

import (
	"bytes"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

const (
	statementPrefix = "https://in-toto.io/Statement/"
	bundlePrefix    = "application/vnd.dev.sigstore.bundle"
	payloadType     = "application/vnd.in-toto+json"
)

// Detect reports whether a document that begins with head means to be one or more
// attestations.
func Detect(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n[")
	have := map[string]bool{}
	for _, f := range jsonstream.Fields(head) {
		have[f.Name] = true
		switch f.Name {
		case "_type":
			return strings.HasPrefix(f.Text, statementPrefix)
		case "mediaType":
			return strings.HasPrefix(f.Text, bundlePrefix)
		case "payloadType", "dsseEnvelope", "provenance_summary":
			return true
		case "payload": // of an envelope that puts it first, and that is longer than the head
			return f.Text == "" || strings.HasPrefix(f.Text, "eyJ")
		case "attestations":
			return bytes.Contains(head, []byte(`"bundle"`)) || bytes.Contains(head, []byte(`"predicateType"`))
		}
	}
	return have["predicateType"] && have["subject"] || have["verificationMaterial"]
}
