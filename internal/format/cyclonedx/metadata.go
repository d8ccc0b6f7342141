package cyclonedx

import "github.com/touchstone-assurance/touchstone/internal/domain/inventory"

func (p *parser) metadata(s *shape) error {
	var manufacturer, supplier, maker string
	err := p.object(s, func(m *member) (bool, error) {
		switch m.name {
		case "timestamp":
			at, err := p.text(m)
			p.doc.CreatedAt = micro(at, p.format)
			return true, err
		case "lifecycles":
			return true, p.list(m, func() error { return p.lifecycle(m.shape) })
		case "tools":
			return true, p.tools(&p.doc.Tools)
		case "authors":
			return true, p.names(m, &p.doc.Authors)
		case "component":
			return true, p.component(m.shape, subject, noParent, &p.doc.Subject)
		case "manufacturer":
			return true, p.entity(m.shape, &manufacturer)
		case "supplier":
			return true, p.entity(m.shape, &supplier)
		case "manufacture":
			return true, p.entity(m.shape, &maker)
		}
		return false, nil
	})
	if manufacturer != "" { // who made the document, says 1.6
		p.doc.Authors = append(p.doc.Authors, manufacturer)
	}
	if c := &p.doc.Subject; c.Name != "" && c.Supplier == "" {
		c.Supplier = first(supplier, maker)
	}
	return err
}

func (p *parser) lifecycle(s *shape) error {
	return p.object(s, func(m *member) (bool, error) {
		if m.name != "phase" && m.name != "name" {
			return false, nil
		}
		text, err := p.text(m)
		if text != "" {
			p.doc.Lifecycles = append(p.doc.Lifecycles, text)
		}
		return true, err
	})
}

// names reads people or organisations and keeps their names.
func (p *parser) names(m *member, to *[]string) error {
	return p.list(m, func() error {
		var name, email string
		err := p.object(m.shape, func(m *member) (bool, error) {
			switch m.name {
			case "name":
				return p.textTo(m, &name)
			case "email":
				return p.textTo(m, &email)
			}
			return false, nil
		})
		if who := first(name, email); who != "" {
			*to = append(*to, who)
		}
		return err
	})
}

// tools reads the programs that made a document: a list until 1.4, since 1.5 an
// object of components and services beside it. A nil list keeps none.
func (p *parser) tools(to *[]inventory.Tool) error {
	keep := func(t inventory.Tool) {
		if to != nil && t != (inventory.Tool{}) {
			*to = append(*to, t)
		}
	}
	if p.src.list() {
		return p.each(func(string) error { return p.tool(p.grammar.objects["tool"], keep) })
	}
	if p.format == inJSON {
		p.faultIn(earliest, 4, "type", "The value must be a list.")
	}
	return p.object(p.grammar.objects["tools"], func(m *member) (bool, error) {
		switch m.name {
		case "tool":
			return true, p.list(m, func() error { return p.tool(m.shape, keep) })
		case "components":
			return true, p.list(m, func() error {
				var c inventory.Component
				err := p.component(m.shape, none, noParent, &c)
				keep(inventory.Tool{Vendor: first(c.Supplier, c.Group), Name: c.Name, Version: c.Version})
				return err
			})
		case "services":
			return true, p.list(m, func() error { return p.tool(m.shape, keep) })
		}
		return false, nil
	})
}

// tool reads a tool, or a service that is one.
func (p *parser) tool(s *shape, keep func(inventory.Tool)) error {
	var t inventory.Tool
	err := p.object(s, func(m *member) (bool, error) {
		switch m.name {
		case "vendor":
			return p.textTo(m, &t.Vendor)
		case "provider":
			return true, p.entity(m.shape, &t.Vendor)
		case "name":
			return p.textTo(m, &t.Name)
		case "version":
			return p.textTo(m, &t.Version)
		}
		return false, nil
	})
	keep(t)
	return err
}
