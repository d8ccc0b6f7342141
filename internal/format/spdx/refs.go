package spdx

import (
	"cmp"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// What an identifier may stand for besides a package, which is its index (from 0).
const (
	unknown   int32 = -1 - iota
	document        // the document, or a collection that stands for it
	elsewhere       // something in another document
	nothing         // NONE, NOASSERTION
	other           // a file, a licence, a person: in the document and no package
)

// refs numbers the identifiers of a document in the order in which they appear, so
// that a relationship is two numbers although its ends may come later.
type refs struct {
	number map[string]int32
	target []int32 // by number
	first  []int32 // by number: where it was first used, for parser.place; 0 = not used
	most   int
	over   bool // there were more than most; the document will be refused

	documents map[string]int32 // DocumentRef- that are used, with the first place
	declared  map[string]bool  // DocumentRef- that are declared
}

func newRefs(most int) refs {
	return refs{number: map[string]int32{}, most: most, documents: map[string]int32{}, declared: map[string]bool{}}
}

func (r *refs) of(ref string) int32 {
	n, ok := r.number[ref]
	if ok {
		return n
	}
	if len(r.target) >= r.most {
		r.over = true
		return 0 // the limit is at least 1
	}
	n = int32(len(r.target))
	r.number[ref] = n
	r.target = append(r.target, unknown)
	r.first = append(r.first, 0)
	return n
}

// declare says what an identifier stands for.
func (p *parser) declare(ref string, target int32) {
	n := p.refs.of(ref)
	known := p.refs.target[n]
	if known == nothing && p.doc.Format == inventory.SPDX3JSON {
		known = unknown // a document may hold what every document knows
	}
	if known != unknown {
		p.fault("unique-id", "The identifier %s is used more than once.", quote(ref))
		return
	}
	p.refs.target[n] = target
}

// use notes that something names an identifier.
func (p *parser) use(ref string, at int32) int32 {
	n := p.refs.of(ref)
	if p.refs.first[n] != 0 {
		return n
	}
	p.refs.first[n] = at
	if p.refs.target[n] != unknown {
		return n
	}
	switch {
	case nothingNamed(ref):
		p.refs.target[n] = nothing
	case ref == documentID && p.doc.Format != inventory.SPDX3JSON:
		p.refs.target[n] = document
	case strings.HasPrefix(ref, "DocumentRef-") && p.doc.Format != inventory.SPDX3JSON:
		p.refs.target[n] = elsewhere
		name, _, _ := strings.Cut(ref, ":")
		if _, used := p.refs.documents[name]; !used {
			p.refs.documents[name] = at
		}
	case p.doc.Format == inventory.SPDX3JSON && predefined(ref):
		p.refs.target[n] = nothing
	}
	return n
}

func nothingNamed(ref string) bool { return ref == "NONE" || ref == "NOASSERTION" }

// link is a relationship of the first to the second, both numbers of refs.
type link struct {
	from, to int32
	kind     kind
}

func (p *parser) link(from, to int32, k kind) {
	p.links.add(link{from, to, k})
}

// resolve makes the subject and the edges, and finds what leads nowhere.
func (p *parser) resolve() {
	p.doc.Components = p.components.list()
	p.dangling()
	subject := p.subject()
	edges := 0
	for l := range p.links.all() {
		from, to := p.refs.target[l.from], p.refs.target[l.to]
		if countable(from, to, l.kind) {
			p.doc.Dependencies++
		}
		if needs(from, to, l.kind) {
			edges++
		}
	}
	p.doc.Edges = make([]inventory.Edge, 0, edges)
	for l := range p.links.all() {
		from, to := p.refs.target[l.from], p.refs.target[l.to]
		if !needs(from, to, l.kind) {
			continue
		}
		if l.kind == backwards {
			from, to = to, from
		}
		p.doc.Edges = append(p.doc.Edges, inventory.Edge{From: seen(from, subject), To: seen(to, subject)})
	}
	slices.SortFunc(p.doc.Edges, func(a, b inventory.Edge) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	p.doc.Edges = slices.Compact(p.doc.Edges)
}

// needs tells whether a relationship makes one package need another.
func needs(from, to int32, k kind) bool {
	return from >= 0 && to >= 0 && from != to && (k == forwards || k == backwards)
}

// seen is how an edge names a package: the subject is -1.
func seen(index, subject int32) int32 {
	if index == subject {
		return -1
	}
	return index
}

// countable tells whether a relationship is one between packages: one end is a
// package, and nothing says that the other is not.
func countable(from, to int32, k kind) bool {
	if k == concluded || k == declared {
		return false
	}
	outside := func(t int32) bool { return t == unknown || t == elsewhere }
	return from >= 0 && (to >= 0 || outside(to)) || to >= 0 && outside(from)
}

// subject finds the package that the document describes and gives its index, or -2
// when there is not exactly one.
func (p *parser) subject() int32 {
	one, count, anything := int32(-2), 0, false
	seen := map[int32]bool{}
	for l := range p.links.all() {
		from, to := p.refs.target[l.from], p.refs.target[l.to]
		switch {
		case l.kind == described:
			from, to = to, from
		case l.kind != describes:
			continue
		}
		if from != document {
			continue
		}
		anything = anything || to != nothing && to != document
		if to >= 0 && !seen[to] {
			seen[to] = true
			one, count = to, count+1
		}
	}
	switch {
	case anything:
	case len(p.doc.Components) == 1: // then it need not be said
		one, count = 0, 1
	case len(p.doc.Components) > 1 && p.doc.Format != inventory.SPDX3JSON:
		p.faultAt(p.missing("/relationships"), 0, "describes", "The document holds several packages and says of none that it describes it (DESCRIBES).")
	}
	if count != 1 {
		p.doc.Subject = inventory.Component{Name: p.doc.Name}
		return -2
	}
	p.doc.Subject = p.doc.Components[one]
	return one
}

// dangling finds the identifiers that are used and stand for nothing.
func (p *parser) dangling() {
	names := make(map[int32]string)
	for name, n := range p.refs.number {
		if p.refs.target[n] == unknown && p.refs.first[n] != 0 {
			names[n] = name
		}
	}
	numbers := make([]int32, 0, len(names))
	for n := range names {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	for _, n := range numbers {
		p.faultAt(p.place(p.refs.first[n]), 0, "dangling-ref", "Nothing in the document has the identifier %s.", quote(names[n]))
	}
	for _, name := range sortedByPlace(p.refs.documents) {
		if !p.refs.declared[name] {
			p.faultAt(p.place(p.refs.documents[name]), 0, "dangling-ref", "No external document reference declares %s.", quote(name))
		}
	}
}

func sortedByPlace(places map[string]int32) []string {
	out := make([]string, 0, len(places))
	for name := range places {
		out = append(out, name)
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Or(cmp.Compare(places[a], places[b]), strings.Compare(a, b)) })
	return out
}
