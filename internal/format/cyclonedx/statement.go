package cyclonedx

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// statements gives the VEX document in what was read, or nil.
func (p *parser) statements() *decision.Document {
	if len(p.vex.list) == 0 {
		return nil
	}
	d := &decision.Document{ID: first(p.vex.id, p.doc.Serial), Author: strings.Join(p.doc.Authors, ", "), MadeAt: p.doc.CreatedAt, Version: p.doc.Version}
	for _, a := range p.vex.list {
		s := a.Statement
		if s.MadeAt == 0 {
			s.MadeAt = a.updated
		}
		if s.MadeAt == 0 {
			s.MadeAt = d.MadeAt
		}
		s.Products = p.products(a.targets)
		if len(a.versions) > 0 {
			s.Condition = join(s.Condition, "The document says this of these versions: "+strings.Join(a.versions, ", ")+".")
		}
		if s.Vulnerability == "" {
			a.at.Rule, a.at.Detail = "vulnerability-id", "The analysis is of a vulnerability without an id and says nothing that can be used."
			d.Faults = append(d.Faults, a.at)
			continue
		}
		for _, f := range s.Check() {
			f.Pointer, f.Line = a.at.Pointer, a.at.Line
			d.Faults = append(d.Faults, f)
		}
		d.Statements = append(d.Statements, s)
	}
	return d
}

// products tells what a statement is about. A component is a part of the subject,
// or, in a document without one, of the outermost component that it is nested in.
// Neighbouring parts of one product stay together.
func (p *parser) products(refs []string) []decision.Product {
	var out []decision.Product
	of := none // the product whose parts are being gathered
	if len(refs) == 0 && p.hasSubject() {
		return []decision.Product{p.product(subject)}
	}
	for _, ref := range refs {
		target := p.refs.target[p.refs.number[ref]]
		if target < subject {
			of = none
			out = append(out, decision.Product{ID: ref})
			continue
		}
		whole := p.outermost(target)
		if whole == target {
			of = none
			out = append(out, p.product(target))
			continue
		}
		if of != whole {
			of = whole
			out = append(out, p.product(whole))
		}
		last := &out[len(out)-1]
		last.Parts = append(last.Parts, p.part(target))
	}
	return out
}

func (p *parser) hasSubject() bool { return p.doc.Subject.Ref != "" || p.doc.Subject.Name != "" }

func (p *parser) outermost(target int32) int32 {
	if p.hasSubject() {
		return subject
	}
	for target >= 0 && p.vex.parents[target] >= 0 {
		target = p.vex.parents[target]
	}
	return target
}

func (p *parser) at(target int32) *inventory.Component {
	if target == subject {
		return &p.doc.Subject
	}
	return &p.doc.Components[target]
}

func (p *parser) product(target int32) decision.Product {
	c := p.at(target)
	id, own := p.vex.ids[target]
	if !own {
		id = p.part(target)
	}
	return decision.Product{ID: id, PURL: c.PURL}
}

// part is the package URL of a component, or else its name with its version, or
// its bom-ref when it has no name.
func (p *parser) part(target int32) string {
	c := p.at(target)
	if c.PURL == "" && c.Name != "" && c.Version != "" {
		return c.Name + "@" + c.Version
	}
	return first(c.PURL, c.Name, c.Ref)
}
