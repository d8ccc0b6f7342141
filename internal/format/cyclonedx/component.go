package cyclonedx

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// noParent is the parent of a component at the top of the document.
const noParent int32 = -1

// pages holds components while their number is not known, without copying them
// again and again as a slice that grows would.
type pages struct {
	list  [][]inventory.Component
	count int
}

const pageSize = 4096

func (g *pages) add() (int32, *inventory.Component) {
	if n := len(g.list); n == 0 || len(g.list[n-1]) == cap(g.list[n-1]) {
		g.list = append(g.list, make([]inventory.Component, 0, min(pageSize, 16<<min(n, 8))))
	}
	last := &g.list[len(g.list)-1]
	*last = append(*last, inventory.Component{})
	g.count++
	return int32(g.count - 1), &(*last)[len(*last)-1]
}

// join gives all components in one slice of exactly their number.
func (g *pages) join() []inventory.Component {
	if g.count == 0 {
		return nil
	}
	out := make([]inventory.Component, 0, g.count)
	for i, page := range g.list {
		out = append(out, page...)
		g.list[i] = nil
	}
	return out
}

// components reads a list of components of the inventory, parents before what is
// nested in them.
func (p *parser) components(m *member, parent int32) error {
	return p.list(m, func() error {
		i, c := p.found.add()
		p.vex.parent(parent)
		return p.component(m.shape, i, parent, c)
	})
}

// component reads a component into c. target is what its bom-ref stands for: its
// index, the subject, or none for one that is no part of the inventory (a tool),
// whose nested components are not either.
func (p *parser) component(s *shape, target, parent int32, c *inventory.Component) error {
	var manufacturer, publisher string
	var external, ranged bool
	err := p.object(s, func(m *member) (bool, error) {
		switch m.name {
		case "type":
			return p.sharedTo(m, &c.Type)
		case "bom-ref":
			ref, _, err := p.src.scalar()
			c.Ref = ref
			p.declare(ref, target)
			return true, err
		case "group":
			return p.sharedTo(m, &c.Group)
		case "name":
			return p.textTo(m, &c.Name)
		case "version":
			return p.textTo(m, &c.Version)
		case "purl":
			return p.textTo(m, &c.PURL)
		case "cpe":
			return p.textTo(m, &c.CPE)
		case "scope":
			return p.sharedTo(m, &c.Scope)
		case "publisher":
			return p.sharedTo(m, &publisher)
		case "supplier":
			return true, p.entity(m.shape, &c.Supplier)
		case "manufacturer":
			return true, p.entity(m.shape, &manufacturer)
		case "licenses":
			return true, p.licences(&c.Licences)
		case "hashes":
			return true, p.list(m, func() error { return p.hash(m.shape, &c.Hashes) })
		case "omniborId", "swhid":
			return true, p.textList(m, func(s string) { c.Identifiers = append(c.Identifiers, s) })
		case "swid":
			return true, p.swid(m.shape, &c.Identifiers)
		case "properties":
			return true, p.properties(m, func(name, value string) { p.vex.componentProperty(target, name, value) })
		case "isExternal":
			text, err := p.text(m)
			external = text == "true" || text == "1"
			return true, err
		case "versionRange":
			ranged = true
		case "components":
			if target == none {
				break
			}
			return true, p.components(m, max(target, noParent))
		}
		return false, nil
	})
	c.Supplier = p.shared(first(c.Supplier, manufacturer, publisher))
	c.PURL = within(c.Ref, c.PURL)
	c.Name = within(c.PURL, c.Name)
	c.Version = p.shared(within(c.PURL, c.Version))
	if ranged && !external {
		p.faultIn(7, latest, "range-of-internal", "A component that is not external has one version, not a range.")
	}
	return err
}

// within gives part as a piece of whole when it is one, so that both share their
// memory: bom-refs are made of package URLs, and those of names and versions.
func within(whole, part string) string {
	if i := strings.Index(whole, part); i >= 0 {
		return whole[i : i+len(part)]
	}
	return part
}

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}

// entity reads the name of an organisation.
func (p *parser) entity(s *shape, name *string) error {
	return p.object(s, func(m *member) (bool, error) {
		if m.name == "name" {
			return p.sharedTo(m, name)
		}
		return false, nil
	})
}

func (p *parser) hash(s *shape, to *[]inventory.Hash) error {
	var h inventory.Hash
	err := p.object(s, func(m *member) (bool, error) {
		switch m.name {
		case "alg":
			return p.sharedTo(m, &h.Algorithm)
		case "content":
			return p.textTo(m, &h.Value)
		}
		return false, nil
	})
	if err == nil && h.Algorithm != "" && h.Value != "" {
		h.Algorithm, h.Value = p.algorithm(h.Algorithm), strings.ToLower(h.Value)
		*to = append(*to, h)
	}
	return err
}

// algorithm writes the name of a hash as an inventory does; documents have few.
func (p *parser) algorithm(s string) string {
	out, ok := p.algorithms[s]
	if !ok {
		out = strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s))
		if len(p.algorithms) < 64 {
			p.algorithms[s] = out
		}
	}
	return out
}

func (p *parser) swid(s *shape, to *[]string) error {
	return p.object(s, func(m *member) (bool, error) {
		if m.name != "tagId" {
			return false, nil
		}
		id, err := p.text(m)
		if id != "" {
			*to = append(*to, id)
		}
		return true, err
	})
}

// properties reads the name and value of each property.
func (p *parser) properties(m *member, take func(name, value string)) error {
	return p.list(m, func() error {
		var name, value string
		err := p.object(m.shape, func(m *member) (bool, error) {
			if m.name == "name" {
				return p.textTo(m, &name)
			}
			return p.textTo(m, &value)
		})
		take(name, value)
		return err
	})
}
