package cyclonedx

import (
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// What a bom-ref may stand for besides a component (from 0): the subject, or
// something that is not in the inventory, such as a service.
const (
	subject int32 = -1
	none    int32 = -2
	unknown int32 = -3
)

// refs numbers the bom-refs of a document in the order in which they appear, so
// that an edge is two numbers although its ends may come later.
type refs struct {
	number map[string]int32
	target []int32 // by number
	most   int
	over   bool // there were more than most; the document will be refused
}

func (r *refs) of(ref string) int32 {
	n, ok := r.number[ref]
	if !ok && len(r.target) >= r.most {
		r.over = true
		return 0
	}
	if !ok {
		n = int32(len(r.target))
		r.number[ref] = n
		r.target = append(r.target, unknown)
	}
	return n
}

// declare says what a bom-ref stands for. Only since 1.5 it must not be empty.
func (p *parser) declare(ref string, target int32) {
	if ref == "" {
		p.faultIn(5, latest, "empty-ref", "The bom-ref is empty. Leave it out, or give one.")
		return
	}
	n := p.refs.of(ref)
	if p.refs.target[n] != unknown {
		p.fault("unique-ref", "The bom-ref %s is used more than once.", quote(ref))
		return
	}
	p.refs.target[n] = target
}

// link is a dependency of the first on the second, both numbers of refs.
type link struct{ from, to int32 }

// dangle is a place where a ref was used that might not be declared.
type dangle struct {
	ref string
	at  inventory.Fault
}

// use notes that something names a ref. Places are kept for the first ones only: a
// document with more of them that dangle has enough to be told.
func (p *parser) use(ref string) (int32, bool) {
	if ref == "" {
		p.faultIn(5, latest, "empty-ref", "The reference is empty.")
		return 0, false
	}
	n := p.refs.of(ref)
	if p.refs.target[n] == unknown {
		if strings.HasPrefix(ref, "urn:cdx:") {
			p.refs.target[n] = none // a BOM-Link: it leads into another document
		} else if len(p.dangles) < 4*maxFaults {
			p.dangles = append(p.dangles, dangle{ref, p.src.here()})
		}
	}
	return n, true
}

// dependency reads one entry of dependencies and gives its ref. In XML the entries
// that it depends on are nested in it.
func (p *parser) dependency(s *shape) (int32, bool, error) {
	var from int32
	var named bool
	var to []int32
	on := func(ref string) {
		p.doc.Dependencies++
		if n, ok := p.use(ref); ok {
			if slices.Contains(to[max(0, len(to)-64):], n) {
				p.fault("unique-items", "%s is in the list more than once.", quote(ref))
			}
			to = append(to, n)
		}
	}
	err := p.object(s, func(m *member) (bool, error) {
		switch m.name {
		case "ref":
			ref, err := p.text(m)
			if err == nil {
				from, named = p.use(ref)
			}
			return true, err
		case "dependsOn":
			return true, p.textList(m, on)
		case "provides":
			return true, p.textList(m, func(ref string) { p.use(ref) })
		case "dependency":
			p.doc.Dependencies++
			n, ok, err := p.dependency(m.shape)
			if ok {
				to = append(to, n)
			}
			return true, err
		}
		return false, nil
	})
	if named {
		for _, n := range to {
			p.links = append(p.links, link{from, n})
		}
	}
	return from, named, err
}

// resolve makes the edges and finds what leads nowhere.
func (p *parser) resolve() {
	told := map[string]bool{}
	for _, d := range p.dangles {
		if p.refs.target[p.refs.number[d.ref]] == unknown && !told[d.ref] {
			told[d.ref] = true
			p.faultAt(d.at, "dangling-ref", "Nothing in the document has the bom-ref %s.", quote(d.ref))
		}
	}
	if len(p.links) > 0 {
		p.doc.Edges = make([]inventory.Edge, 0, len(p.links))
	}
	for _, l := range p.links {
		from, to := p.refs.target[l.from], p.refs.target[l.to]
		if from >= subject && to >= subject {
			p.doc.Edges = append(p.doc.Edges, inventory.Edge{From: from, To: to})
		}
	}
}
