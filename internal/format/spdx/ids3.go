package spdx

import (
	"cmp"
	"hash/maphash"
	"slices"
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// ids are the identifiers of SPDX 3 that nobody needs by name. Relationships are
// elements there, several for each package, and collections list all of them once
// more: with their names they would take more memory than the inventory. A hash of
// 64 bits stands for each. Two that are equal by chance, one document of millions of
// elements in ten million, can give a wrong fault and nothing else.
type ids struct {
	seed      maphash.Seed
	relations map[uint64]struct{} // of relationships
	ahead     map[uint64]listing  // listed in a collection before they are declared
}

// listing is where a collection lists an element: its own index in @graph, from 1,
// and that in its list, from 1.
type listing struct{ element, item int32 }

func newIDs() ids {
	return ids{seed: maphash.MakeSeed(), relations: map[uint64]struct{}{}, ahead: map[uint64]listing{}}
}

// relation declares a relationship, and tells whether it can do without a number:
// not when something else has the same identifier, or has named it already.
func (x *ids) relation(g *graph, id string) bool {
	if _, named := g.refs.number[id]; named {
		return false
	}
	h := maphash.String(x.seed, id)
	if _, twice := x.relations[h]; twice {
		g.fault("unique-id", "The identifier %s is used more than once.", quote(id))
	}
	x.relations[h] = struct{}{}
	delete(x.ahead, h)
	return true
}

// declare is that of parser, for what is no relationship.
func (x *ids) declare(g *graph, id string, target int32) {
	h := maphash.String(x.seed, id)
	if _, twice := x.relations[h]; twice {
		g.fault("unique-id", "The identifier %s is used more than once.", quote(id))
	}
	delete(x.ahead, h)
	g.declare(id, target)
}

// list notes that a collection lists an element.
func (x *ids) list(g *graph, id string, item int32) {
	if _, named := g.refs.number[id]; named {
		g.use(id, g.index)
		return
	}
	h := maphash.String(x.seed, id)
	if _, known := x.relations[h]; known || predefined(id) {
		return
	}
	if _, known := x.ahead[h]; known {
		return
	}
	if len(x.ahead) > g.limits.Items {
		g.refs.over = true
		return
	}
	x.ahead[h] = listing{g.index, item}
}

// settle finds what a collection lists and the document does not hold, and what was
// named after it was declared as a relationship.
func (x *ids) settle(g *graph) {
	for id, n := range g.refs.number {
		h := maphash.String(x.seed, id)
		if _, known := x.relations[h]; known && g.refs.target[n] == unknown {
			g.refs.target[n] = other
		}
		delete(x.ahead, h) // imported, or told as dangling by its name
	}
	rest := make([]listing, 0, len(x.ahead))
	for _, l := range x.ahead {
		rest = append(rest, l)
	}
	slices.SortFunc(rest, func(a, b listing) int {
		return cmp.Or(cmp.Compare(a.element, b.element), cmp.Compare(a.item, b.item))
	})
	for _, l := range rest {
		at := inventory.Fault{Pointer: "/element/" + strconv.Itoa(int(l.item)-1)}
		if l.element > 0 {
			at.Pointer = "/@graph/" + strconv.Itoa(int(l.element)-1) + at.Pointer
		}
		g.faultAt(at, 0, "dangling-ref", "Nothing in the document has the identifier that is listed here.")
	}
}
