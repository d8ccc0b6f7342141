package spdx

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// licenceRefs are the licences that a document of SPDX 2 defines itself.
type licenceRefs struct {
	defined map[string]bool
	used    map[string]bool
	order   []licenceRef // those used, in the order of their first use
}

type licenceRef struct {
	id string
	at inventory.Fault
}

// maxLicenceRefs bounds how many are compared; a document with more is not checked
// further.
const maxLicenceRefs = 1 << 16

// licence finds fault with a licence expression and gives it as a list of one; NONE,
// NOASSERTION and the empty text give nil.
func (p *parser) licence(s string) []string {
	if known, ok := p.licences[s]; ok {
		return known
	}
	var list []string
	names := inventory.SplitLicence(s)
	if len(names) > 0 {
		list = []string{strings.TrimSpace(s)}
	}
	sound := true
	for _, name := range names {
		id, exception, with := strings.Cut(name, " WITH ")
		sound = sound && licenceName(id) && (!with || licenceName(exception))
	}
	if !sound {
		p.fault("licence-expression", "%s is not a licence expression.", quote(s))
		return list // not kept, so that every place is told
	}
	for _, name := range names {
		id, _, _ := strings.Cut(name, " WITH ")
		p.useLicence(id)
	}
	if len(p.licences) < maxShared {
		p.licences[s] = list
	}
	return list
}

func licenceName(s string) bool { return letters(s, "-.+:_") }

func (p *parser) useLicence(id string) {
	if !strings.HasPrefix(id, "LicenseRef-") || p.doc.Format == inventory.SPDX3JSON || len(p.licenceRefs.used) >= maxLicenceRefs {
		return
	}
	if p.licenceRefs.used[id] {
		return
	}
	if p.licenceRefs.used == nil {
		p.licenceRefs.used = map[string]bool{}
	}
	p.licenceRefs.used[id] = true
	p.licenceRefs.order = append(p.licenceRefs.order, licenceRef{id, p.here()})
}

// undefinedLicences finds those whose text the document does not hold.
func (p *parser) undefinedLicences() {
	if len(p.licenceRefs.defined) >= maxLicenceRefs {
		return
	}
	for _, r := range p.licenceRefs.order {
		if !p.licenceRefs.defined[r.id] {
			p.faultAt(r.at, 0, "licence-ref", "The document does not hold the text of %s.", quote(r.id))
		}
	}
}

// defineLicence notes the identifier of a licence text that the document holds.
func (p *parser) defineLicence(id string) {
	if rest, ok := strings.CutPrefix(id, "LicenseRef-"); ok && !idString(rest) {
		p.fault("licence-id", "The licence identifier %s must be LicenseRef- with letters, digits, full stops and hyphens.", quote(id))
	}
	if p.licenceRefs.defined == nil {
		p.licenceRefs.defined = map[string]bool{}
	}
	if p.licenceRefs.defined[id] {
		p.fault("unique-id", "The licence identifier %s is used more than once.", quote(id))
	}
	if len(p.licenceRefs.defined) < maxLicenceRefs {
		p.licenceRefs.defined[id] = true
	}
}
