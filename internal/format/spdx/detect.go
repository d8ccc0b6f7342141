package spdx

import (
	"bytes"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

const byteOrderMark = "\xef\xbb\xbf"

// Detect reports whether a document that begins with head means to be SPDX, by its
// content. It is also true for the forms of SPDX that are not read, so that Parse
// can say what to convert them to.
func Detect(head []byte) bool { return formOf(head) != foreign }

// form is how a document is written.
type form int

const (
	foreign form = iota // not SPDX
	json2
	json3
	tagValue
	xmlForm
	rdfForm
	yamlForm
)

// formOf tells the form of a document from its beginning.
func formOf(head []byte) form {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte(byteOrderMark)), " \t\r\n")
	switch {
	case len(head) == 0:
		return foreign
	case head[0] == '{':
		return jsonForm(head)
	case head[0] == '<':
		return markup(head)
	}
	return lines(head)
}

// jsonForm tells SPDX 2 from SPDX 3 by the members of the outermost object. Those
// that SPDX shares with other formats count only beside an identifier of SPDX.
func jsonForm(head []byte) form {
	weak := foreign
	for _, f := range jsonstream.Fields(head) {
		switch f.Name {
		case "spdxVersion", "SPDXID", "documentNamespace", "documentDescribes", "dataLicense", "hasExtractedLicensingInfos":
			return json2
		case "bomFormat":
			return foreign
		case "@context", "@graph", "spdxId":
			if bytes.Contains(head, []byte("spdx.org/rdf")) || bytes.Contains(head, []byte(`"spdxId"`)) {
				return json3
			}
		case "packages", "files", "relationships", "snippets":
			if bytes.Contains(head, []byte(`"SPDXID"`)) || bytes.Contains(head, []byte(`"spdxElementId"`)) {
				weak = json2
			}
		}
	}
	return weak
}

func markup(head []byte) form {
	switch {
	case bytes.Contains(head, []byte("spdx.org/rdf/")):
		return rdfForm
	case bytes.Contains(head, []byte("<spdxVersion>")), bytes.Contains(head, []byte("<SPDXID>")):
		return xmlForm
	}
	return foreign
}

// lines tells tag-value from YAML: both begin lines with a name and a colon, and
// only the case of the names differs.
func lines(head []byte) form {
	for line := range bytes.FieldsFuncSeq(head, func(r rune) bool { return r == '\n' || r == '\r' }) {
		name, _, ok := strings.Cut(string(line), ":")
		if !ok {
			continue
		}
		switch strings.TrimSpace(name) {
		case "SPDXVersion", "DataLicense", "DocumentName", "DocumentNamespace":
			return tagValue
		case "spdxVersion", `"spdxVersion"`, "dataLicense", "documentNamespace", "documentDescribes":
			return yamlForm
		case "@context", `"@context"`:
			if bytes.Contains(head, []byte("spdx.org/rdf")) {
				return yamlForm
			}
		}
	}
	return foreign
}

// refusal is the answer to forms that are not read; nil for the others.
func (f form) refusal() error {
	name := ""
	switch f {
	case foreign:
		return fault.New(fault.Unsupported, "This is not an SPDX document: it has neither an spdxVersion nor the context of SPDX 3.")
	case xmlForm:
		name = "XML"
	case rdfForm:
		name = "RDF"
	case yamlForm:
		name = "YAML"
	default:
		return nil
	}
	return fault.Newf(fault.Unsupported, "This is an SPDX document in %s, which is not read. Convert it to JSON (SPDX 2.3 or 3.0.1) or to tag-value, for example with the SPDX tools.", name)
}
