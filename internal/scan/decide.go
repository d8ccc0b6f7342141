package scan

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
	"github.com/touchstone-assurance/touchstone/internal/match/version"
)

// said is every VEX statement that was given.
type said struct {
	by    map[string][]*claim     // by vulnerability, under each of its ids
	open  map[string][]*claim     // that say affected or under investigation, by key of the package
	whole []*claim                // the same, of a product as a whole
	spoke map[string]map[int]bool // path to the statements that spoke to a finding
}

// claim is one statement about one product.
type claim struct {
	decision.Decision // without its subject
	aliases           []string
	path              string
	number            int // of the statement
	product           name
	parts             []name
}

// name is how a statement names a product or a component.
type name struct {
	text   string // identifier, package URL or both in one
	purl   purl.Parsed
	isPURL bool // purl was read
}

func nameOf(id, packageURL string) name {
	n := name{text: id}
	if packageURL != "" {
		n.text = packageURL
	}
	n.purl, n.isPURL = purl.Parse(n.text)
	return n
}

// statements gathers the statements of all documents.
func statements(docs []*opened) *said {
	s := &said{by: map[string][]*claim{}, open: map[string][]*claim{}, spoke: map[string]map[int]bool{}}
	for _, d := range docs {
		if d.vex == nil {
			continue
		}
		source := sourceOf(d.Format)
		author := d.vex.Author
		if author == "" {
			author = "the author of " + d.Path
		}
		for i, st := range d.vex.Statements {
			for j, p := range st.Products {
				c := &claim{path: d.Path, number: i, aliases: st.Aliases, product: nameOf(p.ID, p.PURL), Decision: decision.Decision{
					ID: fmt.Sprintf("%s#%d.%d", d.Path, i, j), Vulnerability: st.Vulnerability, Status: st.Status, Justification: st.Justification, Statement: st.Impact,
					Action: st.Action, Condition: st.Condition, Source: source, Author: author, MadeAt: st.MadeAt, ExpiresAt: st.ExpiresAt}}
				for _, part := range p.Parts {
					c.parts = append(c.parts, nameOf(part, ""))
				}
				for _, id := range append([]string{st.Vulnerability}, st.Aliases...) {
					s.by[id] = append(s.by[id], c)
				}
				s.keepOpen(c)
			}
		}
	}
	return s
}

// keepOpen makes what is said to be wrong findable by the package it is said of.
func (s *said) keepOpen(c *claim) {
	if c.Status != decision.Affected && c.Status != decision.UnderInvestigation {
		return
	}
	names := c.parts
	if len(names) == 0 {
		names = []name{c.product}
		s.whole = append(s.whole, c)
	}
	for _, n := range names {
		if n.isPURL {
			key := keyOf(n.purl.Ecosystem, n.purl.Key)
			s.open[key] = append(s.open[key], c)
		}
	}
}

// beyond gives what is said to be wrong with a component and that no advisory here
// speaks of: somebody who says affected is heard without one. has reports the ids
// under which a vulnerability of the component is known already.
func (s *said) beyond(d *opened, c *Component, id *identified, has func(id string) bool, now int64) []Vulnerability {
	claims := s.open[keyOf(id.Ecosystem, id.Key)]
	if c == d.Subject {
		claims = slices.Concat(claims, s.whole)
	}
	var out []Vulnerability
	seen := map[string]bool{}
	for _, cl := range claims {
		ids := append([]string{cl.Vulnerability}, cl.aliases...)
		if slices.ContainsFunc(ids, has) || slices.ContainsFunc(ids, func(id string) bool { return seen[id] }) {
			continue
		}
		v := Vulnerability{Advisory: &advisory.Advisory{ID: cl.Vulnerability, Aliases: cl.aliases}, Band: advisory.Unrated}
		s.decide(&v, func() []string { return ids }, d, c, id, now)
		if v.Decision != nil && open(v.Verdict) {
			out = append(out, v)
			for _, id := range ids {
				seen[id] = true
			}
		}
	}
	return out
}

func sourceOf(format string) decision.Source {
	switch {
	case strings.HasPrefix(format, "cyclonedx"):
		return decision.CycloneDX
	case strings.HasPrefix(format, "csaf"):
		return decision.CSAF
	}
	return decision.OpenVEX
}

// applied is how many statements of a document spoke to a finding.
func (s *said) applied(path string) int { return len(s.spoke[path]) }

// decide lets the statements about a vulnerability, under any of its ids, decide.
func (s *said) decide(v *Vulnerability, ids func() []string, d *opened, c *Component, id *identified, now int64) {
	if len(s.by) == 0 {
		return
	}
	var list []decision.Decision
	from := map[string]string{} // decision to the path of its document
	for _, vulnerability := range ids() {
		for _, cl := range s.by[vulnerability] {
			dec, speaks := cl.about(d, c, id)
			if !speaks || from[dec.ID] != "" {
				continue
			}
			from[dec.ID] = cl.path
			list = append(list, dec)
			if !dec.InForce(now) {
				continue
			}
			if s.spoke[cl.path] == nil {
				s.spoke[cl.path] = map[int]bool{}
			}
			s.spoke[cl.path][cl.number] = true
		}
	}
	if len(list) == 0 {
		return
	}
	subject := decision.Subject{Ecosystem: id.Ecosystem, Key: id.Key, Version: id.Version, System: product, Release: product}
	out := decision.Resolve(list, subject, now, v.Exploited != nil)
	v.Refused = out.Refused
	if !out.Decided {
		return
	}
	v.Decision = &Decided{Decision: out.By, Path: from[out.By.ID], Conflicting: out.Conflicting}
	switch out.Status {
	case decision.NotAffected:
		v.Verdict = finding.NotAffectedByDecision
	case decision.Fixed:
		v.Verdict = finding.Fixed
	case decision.UnderInvestigation:
		v.Verdict = finding.UnderInvestigation
	case decision.Affected:
		v.Verdict = finding.Affected
	}
}

// product stands for what a document is about, in the scope of a decision: a
// statement about a component in that product is nearer to the matter than one about
// the component wherever it is.
const product = "product"

// about says whether a claim speaks of a component of a document, and as what. A
// statement about another product says nothing here, even if it names the same
// component as part of it.
func (cl *claim) about(d *opened, c *Component, id *identified) (decision.Decision, bool) {
	dec := cl.Decision
	inThis := cl.product.isDocument(d) || d.Subject != nil && cl.product.is(cl.path, d, d.Subject, &d.subject)
	if inThis {
		dec.System, dec.Release = product, product
		if len(cl.parts) == 0 {
			return dec, true
		}
		for _, part := range cl.parts {
			if part.is(cl.path, d, c, id) {
				part.scope(&dec, id)
				return dec, true
			}
		}
		return dec, false
	}
	if len(cl.parts) > 0 || !cl.product.is(cl.path, d, c, id) {
		return dec, false
	}
	cl.product.scope(&dec, id)
	return dec, true
}

// scope narrows a decision to the component that was named.
func (n name) scope(dec *decision.Decision, id *identified) {
	dec.Component, dec.Ecosystem, dec.Key = n.text, id.Ecosystem, id.Key
	if !n.isPURL || n.purl.Version != "" {
		dec.Versions = id.Version
	}
}

// is reports whether a name is that of a component of a document. Path is where the
// statement stands: a bare reference or name means something only in its own document;
// a name with its version is taken where there is no package URL to go by.
func (n name) is(path string, d *opened, c *Component, id *identified) bool {
	if n.isPURL && id.Ecosystem != "" {
		return n.names(id)
	}
	switch {
	case n.text == "":
		return false
	case n.text == c.PURL:
		return true
	case path == d.Path && (n.text == c.Ref || n.text == c.Name):
		return true
	case c.PURL == "" && c.Name != "" && c.Version != "" && n.text == c.Name+"@"+c.Version:
		return true
	}
	serial, ref, isLink := bomLink(n.text)
	return isLink && ref != "" && serial == bareSerial(d.serial) && ref == c.Ref
}

// names compares packages: the same package, and the same version where a version
// is named. A release of a distribution that is not named is any.
func (n name) names(id *identified) bool {
	base, release := purl.Split(n.purl.Ecosystem)
	ofBase, ofRelease := purl.Split(id.Ecosystem)
	if base != ofBase || n.purl.Key != id.Key || release != "" && release != ofRelease {
		return false
	}
	return n.purl.Version == "" || n.purl.Version == id.Version || version.Compare(id.Ecosystem, n.purl.Version, id.Version) == version.Equal
}

// isDocument reports whether a name is the BOM-Link of a whole document.
func (n name) isDocument(d *opened) bool {
	serial, ref, isLink := bomLink(n.text)
	return isLink && ref == "" && serial == bareSerial(d.serial)
}

// bomLink reads urn:cdx:SERIAL/VERSION#REF (CycloneDX, BOM-Link). The version is of
// the document and not compared: a corrected document has another.
func bomLink(text string) (serial, ref string, is bool) {
	rest, is := strings.CutPrefix(text, "urn:cdx:")
	if !is {
		return "", "", false
	}
	rest, ref, _ = strings.Cut(rest, "#")
	if plain, err := url.PathUnescape(ref); err == nil {
		ref = plain
	}
	serial, _, _ = strings.Cut(rest, "/")
	return strings.ToLower(serial), ref, serial != ""
}

func bareSerial(s string) string { return strings.ToLower(strings.TrimPrefix(s, "urn:uuid:")) }
