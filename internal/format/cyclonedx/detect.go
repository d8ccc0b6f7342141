package cyclonedx

import (
	"bytes"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

const namespace = "http://cyclonedx.org/schema/bom/"

// Detect reports whether a document that begins with head means to be CycloneDX,
// by its content. Some kilobytes of head are enough for what tools write; JSON
// that says its format behind a long list of components is known by that list.
func Detect(head []byte) bool {
	head = trimMark(head)
	if len(head) == 0 {
		return false
	}
	if head[0] == '<' {
		return bytes.Contains(head, []byte("cyclonedx.org/schema/bom")) && (bytes.Contains(head, []byte("<bom")) || bytes.Contains(head, []byte(":bom")))
	}
	for _, f := range jsonstream.Fields(head) {
		switch f.Name {
		case "bomFormat":
			return true
		case "$schema":
			if strings.Contains(f.Text, "cyclonedx.org") {
				return true
			}
		case "specVersion", "serialNumber":
			return !bytes.Contains(head, []byte(`"spdxVersion"`))
		}
	}
	return startsWithComponents(head)
}

func startsWithComponents(head []byte) bool {
	for _, next := range []string{"{", `"components"`, ":", "["} {
		rest, ok := bytes.CutPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte(next))
		if !ok {
			return false
		}
		head = rest
	}
	return true
}

func trimMark(head []byte) []byte {
	return bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
}
