package cyclonedx

// licences reads the licences of a component, which are licences and expressions;
// to may be nil. Until 1.6 an expression stood alone, but for the JSON schemas of
// 1.2 to 1.4, which do not say so.
func (p *parser) licences(to *[]string) error {
	keep := func(s string) {
		if to != nil && s != "" {
			*to = append(*to, p.shared(s))
		}
	}
	n, expressions := 0, 0
	err := p.each(func(name string) error {
		n++
		switch {
		case p.format == inJSON:
			return p.choice(keep, &expressions)
		case name == "license":
			return p.licence(keep)
		case name == "expression" || name == "expression-detailed":
			expressions++
			return p.expression(name, keep)
		}
		p.fault("unknown-member", "CycloneDX has no %s among licences.", quote(name))
		return p.src.skip()
	})
	if expressions > 0 && n > 1 {
		from := earliest
		if p.format == inJSON {
			from = 5
		}
		p.faultIn(from, 6, "expression-alone", "A licence expression stands alone until CycloneDX 1.6: no other licence or expression beside it.")
	}
	return err
}

// choice reads an item of the list in JSON.
func (p *parser) choice(keep func(string), expressions *int) error {
	return p.object(p.grammar.objects["choice"], func(m *member) (bool, error) {
		switch m.name {
		case "license":
			return true, p.licence(keep)
		case "expression":
			*expressions++
			s, err := p.text(m)
			keep(s)
			return true, err
		}
		return false, nil
	})
}

func (p *parser) licence(keep func(string)) error {
	var id, name string
	err := p.object(p.grammar.objects["licence"], func(m *member) (bool, error) {
		switch m.name {
		case "id":
			return p.textTo(m, &id)
		case "name":
			return p.textTo(m, &name)
		}
		return false, nil
	})
	keep(first(id, name))
	return err
}

// expression reads an expression in XML.
func (p *parser) expression(name string, keep func(string)) error {
	if name == "expression-detailed" {
		p.faultIn(earliest, 6, "unknown-member", "%s among licences came with CycloneDX 1.7.", quote(name))
	}
	return p.object(p.grammar.objects[name], func(m *member) (bool, error) {
		if m.name != "expression" {
			return false, nil
		}
		s, err := p.text(m)
		keep(s)
		return true, err
	})
}
