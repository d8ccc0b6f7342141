package spdx

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// head is what a document of SPDX 2 says about itself.
type head struct {
	seen fields
}

// setHead takes the value of a field of the document and finds fault with it.
func (p *parser) setHead(h *head, f field, s string) error {
	h.seen |= 1 << f
	switch f {
	case fieldSPDXVersion:
		return p.specVersion(s)
	case fieldDataLicence:
		if s != "" && s != "CC0-1.0" {
			p.fault("data-licence", "The data licence is %s and must be CC0-1.0.", quote(s))
		}
	case fieldID:
		if s != documentID {
			p.fault("spdx-id", "The document calls itself %s and must be %s.", quote(s), documentID)
		}
		if s != "" && s != documentID {
			p.declare(s, document)
		}
	case fieldName:
		p.doc.Name = s
	case fieldNamespace:
		p.namespace(s)
		p.doc.Serial = s
	case fieldCreated:
		p.doc.CreatedAt = p.date(s, "time of creation")
	}
	if s == "" && f != fieldID {
		h.seen &^= 1 << f // an empty value is none
	}
	return nil
}

// creator takes a person, an organisation or a tool that made the document.
func (p *parser) creator(h *head, s string) {
	h.seen |= 1 << fieldCreators
	switch kind, name := p.agent(s, "Person", "Organization", "Tool"); {
	case name == "":
	case kind == "Tool":
		p.doc.Tools = append(p.doc.Tools, tool(name))
	default:
		p.doc.Authors = append(p.doc.Authors, name)
	}
}

// externalDocument takes the declaration of another document: its short name here,
// its namespace and its checksum (clause 6.6).
func (p *parser) externalDocument(name, namespace string, sums []inventory.Hash) {
	if rest, ok := strings.CutPrefix(name, "DocumentRef-"); !ok || !letters(rest, ".+-") {
		p.fault("external-document", "The external document %s must be called DocumentRef- with letters, digits, full stops, hyphens and plus signs.", quote(name))
	}
	if namespace == "" || len(sums) == 0 {
		p.fault("external-document", "The external document %s must have a namespace and a checksum.", quote(name))
	}
	if len(p.refs.declared) < p.limits.Items {
		p.refs.declared[name] = true
	}
}

// complete finds what the document does not say about itself.
func (p *parser) complete(h *head) {
	for _, f := range []field{fieldSPDXVersion, fieldDataLicence, fieldID, fieldName, fieldNamespace, fieldCreators, fieldCreated} {
		if !h.seen.has(f) {
			name := p.fieldOf(f)
			if f == fieldName && p.doc.Format == inventory.SPDXTagValue {
				name = "DocumentName"
			}
			pointer := "/" + name
			if f == fieldCreators || f == fieldCreated {
				pointer = "/creationInfo" + pointer
			}
			p.faultAt(p.missing(pointer), 0, "required", "The document has no %s.", name)
		}
	}
	p.undefinedLicences()
}

// missing is the place of what a document as a whole lacks: where it belongs in
// JSON, the first line of tag-value.
func (p *parser) missing(pointer string) inventory.Fault {
	if p.doc.Format == inventory.SPDXTagValue {
		return inventory.Fault{Line: 1}
	}
	return inventory.Fault{Pointer: pointer}
}
