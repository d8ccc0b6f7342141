package cyclonedx

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// object reads an object of a shape and finds what breaks the shape's rules. take
// may read a member itself and says whether it did; everything else is read for its
// faults and forgotten. Without an object there is a fault and take is not called.
func (p *parser) object(s *shape, take func(*member) (bool, error)) error {
	var seen uint64
	ok, err := p.src.object(func(name string) error {
		m := s.named[p.format][name]
		if m == nil {
			return p.stranger(s, name)
		}
		if v := m.since[p.format]; v > earliest && name != "." {
			p.faultIn(p.open(), v-1, "unknown-member", "%s of a %s came with CycloneDX 1.%d.", quote(m.name), s.name, v)
		}
		if seen&(1<<m.bit) != 0 && p.format == inXML && (p.version < m.repeats.from || p.version > m.repeats.to) {
			p.fault("repeated-member", "The %s of a %s is there more than once.", m.name, s.name)
		}
		seen |= 1 << m.bit
		if take != nil {
			if taken, err := take(m); taken || err != nil {
				return err
			}
		}
		return p.value(m)
	})
	if err != nil {
		return err
	}
	if !ok {
		p.wrongType("an object")
		return nil
	}
	p.complete(s, seen)
	return nil
}

// open is the first version whose schema closes its objects: the JSON schemas of
// 1.2 and 1.3 let members be added.
func (p *parser) open() int {
	if p.format == inJSON {
		return 4
	}
	return earliest
}

// stranger passes over a member that the shape has not.
func (p *parser) stranger(s *shape, name string) error {
	switch {
	case name == ".":
		if text, _, err := p.src.scalar(); err != nil || text == "" {
			return err
		}
		p.fault("unknown-member", "A %s has no text of its own.", s.name)
		return nil
	case name[:min(1, len(name))] == "@":
		// Attributes that are not ours are allowed nearly everywhere in the schemas.
		return p.src.skip()
	}
	p.faultIn(p.open(), latest, "unknown-member", "CycloneDX has no %s in a %s.", quote(name), s.name)
	return p.src.skip()
}

// complete finds what an object lacks or has too much of, by the members seen.
func (p *parser) complete(s *shape, seen uint64) {
	for _, m := range s.members {
		r := m.required[p.format]
		if r.empty() || seen&(1<<m.bit) != 0 || m.since[p.format] == 0 {
			continue
		}
		p.faultIn(max(r.from, m.since[p.format]), r.to, "required", "The %s has no %s.", s.name, m.name)
	}
	for _, c := range s.counts {
		n := 0
		for _, bit := range c.bits {
			n += int(seen >> bit & 1)
		}
		since := c.since[p.format]
		if since == 0 || n == 1 || n > 1 && c.rule == "at-least-one" || n == 0 && c.rule == "at-most-one" {
			continue
		}
		p.faultIn(since, latest, c.rule, "The %s has %d of %s and must have %s.", s.name, n, strings.Join(c.names, ", "), strings.ReplaceAll(c.rule, "-", " "))
	}
}

// value reads a member that nobody wants to keep.
func (p *parser) value(m *member) error {
	switch m.kind {
	case kindOne:
		return p.object(m.shape, nil)
	case kindList, kindMany:
		return p.list(m, func() error { return p.object(m.shape, nil) })
	case kindTexts:
		return p.textList(m, func(string) {})
	case kindLicences:
		return p.licences(nil)
	case kindTools:
		return p.tools(nil)
	case kindAny:
		return p.src.skip()
	}
	_, err := p.text(m)
	return err
}

// list reads a list of objects; item reads one. In XML the elements of a member
// without a wrapper come one by one.
func (p *parser) list(m *member, item func() error) error {
	if p.format == inXML && m.item == "" {
		if err := p.item(); err != nil {
			return err
		}
		return item()
	}
	return p.each(func(name string) error {
		if p.format == inXML && name != m.item {
			p.fault("unknown-member", "CycloneDX has no %s among %s.", quote(name), m.name)
			return p.src.skip()
		}
		return item()
	})
}

// each reads the items of a list, whatever they are.
func (p *parser) each(visit func(name string) error) error {
	ok, err := p.src.each(func(name string) error {
		if err := p.item(); err != nil {
			return err
		}
		return visit(name)
	})
	if err == nil && !ok {
		p.wrongType("a list")
	}
	return err
}

// textList reads a list of texts.
func (p *parser) textList(m *member, take func(string)) error {
	return p.list(m, func() error {
		s, err := p.text(m)
		if err == nil {
			take(s)
		}
		return err
	})
}

// item counts what the document lists. What the inventory keeps, or the parser
// itself, is held to the limit each by itself; all items together, most of which
// are passed over, to a multiple of it.
func (p *parser) item() error {
	p.items++
	switch most := p.limits.Items; {
	case p.found.count > most:
		return p.limits.TooMany("components")
	case p.doc.Dependencies > most:
		return p.limits.TooMany("dependencies")
	case len(p.vex.list) > most:
		return p.limits.TooMany("statements")
	case p.refs.over:
		return p.limits.TooMany("bom-refs")
	case p.items > 8*most:
		return fault.Newf(fault.TooLarge, "The document lists more than %d things.", 8*most)
	}
	return nil
}

// text reads a value that is no object and no list, and applies the member's rule.
func (p *parser) text(m *member) (string, error) {
	text, kind, err := p.src.scalar()
	if err != nil {
		return "", err
	}
	want, name := byte('"'), "a text"
	switch m.kind {
	case kindFlag:
		want, name = 't', "true or false"
	case kindWhole, kindNumber:
		want, name = '0', "a number"
	}
	if kind != want && kind != 'x' {
		p.wrongType(name)
		return text, nil
	}
	p.check(m, text)
	return text, nil
}

// textTo is text for a callback of object: it reads into a variable.
func (p *parser) textTo(m *member, to *string) (bool, error) {
	s, err := p.text(m)
	*to = s
	return true, err
}

// sharedTo is textTo for texts that repeat throughout a document.
func (p *parser) sharedTo(m *member, to *string) (bool, error) {
	s, err := p.text(m)
	*to = p.shared(s)
	return true, err
}

// maxShared bounds the texts that are kept for comparison.
const maxShared = 1 << 16

// shared gives the same string for equal texts.
func (p *parser) shared(s string) string {
	if known, ok := p.texts[s]; ok {
		return known
	}
	if len(p.texts) < maxShared {
		p.texts[s] = s
	}
	return s
}

func (p *parser) wrongType(want string) {
	p.fault("type", "The value must be %s.", want)
}
