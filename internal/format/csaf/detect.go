package csaf

import (
	"bytes"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

// Detect reports whether a document that begins with head means to be a CSAF
// advisory. Authors are free in the order of members, so a schema, or the members
// that stand beside the version, are enough.
func Detect(head []byte) bool {
	for _, f := range jsonstream.Fields(head) {
		switch f.Name {
		case "$schema":
			if strings.Contains(f.Text, "csaf") && strings.HasSuffix(strings.TrimSuffix(f.Text, "_json_schema.json"), "csaf.json") {
				return true
			}
		case "document":
			return f.Text == "" && (bytes.Contains(head, []byte(`"csaf_version"`)) || bytes.Contains(head, []byte(`"tracking"`)))
		}
	}
	return false
}
