package spdx

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// contexts of JSON-LD begin like this and end like that, around the version.
const (
	contextBegins = "https://spdx.org/rdf/"
	contextEnds   = "/spdx-context.jsonld"
	version3      = "3.0.1"
)

// graph is a document of SPDX 3 in JSON-LD: a list of elements that name each other,
// in any order. Every element that is needed later is kept by the number of its
// identifier.
type graph struct {
	*json
	context  string
	ids      ids
	aside    int32            // number of what nobody names
	index    int32            // of the element in @graph, from 1
	blank    int              // identifiers given to nodes that have none
	listed   map[int32]string // licences of the list that are named and not held
	agents   map[int32]agent
	made     map[int32]creation
	groups   map[int32]group
	licensed map[int32]licence3
	owed     []debt  // suppliers of packages, which may come later
	document int32   // number of the SpdxDocument, or -1
	boms     []int32 // numbers of the collections, in order
	imports  []int32
	infos    []int32 // numbers of the CreationInfo, in order
}

type agent struct {
	name string
	tool bool
}

// creation is a CreationInfo.
type creation struct {
	at        int64
	by, using []int32
}

// group is a document or another collection.
type group struct {
	id    string
	name  string
	info  int32
	roots []int32
	types []string
}

// debt is what a package says about who it comes from.
type debt struct{ component, supplier, originator int32 }

// json3 reads SPDX 3.0.1 in JSON-LD.
func (p *parser) json3(in io.Reader) error {
	j := p.json(in, inventory.SPDX3JSON)
	g := &graph{json: j, document: -1, agents: map[int32]agent{}, made: map[int32]creation{}, groups: map[int32]group{}, licensed: map[int32]licence3{}, listed: map[int32]string{}}
	g.ids, g.aside = newIDs(), p.refs.of("\x00")
	p.refs.target[g.aside] = other
	// A reference is kept as the index of the element in @graph, from 1; an element
	// that stands alone, without a graph, is -1.
	p.place = func(first int32) inventory.Fault {
		if first < 0 {
			return inventory.Fault{}
		}
		return inventory.Fault{Pointer: "/@graph/" + strconv.Itoa(int(first)-1)}
	}
	g.index = -1
	alone := newNode()
	var graphed, said bool
	if _, err := j.in.Object(func(name string) error {
		switch name {
		case "@context":
			if err := g.contextOf(); err != nil {
				return err
			}
			return g.version()
		case "@graph":
			graphed = true
			return g.graph()
		}
		said = true
		return g.member(&alone, name)
	}); err != nil {
		return err
	}
	if err := j.in.Close(); err != nil {
		return err
	}
	if err := g.version(); err != nil {
		return err
	}
	switch {
	case said && graphed:
		j.faultAt(j.missing("/@graph"), 0, "unknown-member", "Beside @graph stands only @context.")
	case said:
		if _, err := g.settle(&alone); err != nil {
			return err
		}
	case !graphed:
		j.faultAt(j.missing("/@graph"), 0, "required", "The document has no @graph.")
	}
	g.finish()
	return nil
}

// contextOf reads @context: an address, or a list with further contexts.
func (g *graph) contextOf() error {
	take := func() error {
		if g.in.Kind() != '"' {
			return g.in.Skip(nil) // names of the document's own
		}
		s, ok, err := g.text()
		if ok && g.context == "" && strings.HasPrefix(s, contextBegins) {
			g.context = s
		}
		return err
	}
	if g.in.Kind() == '[' {
		return g.list(take)
	}
	return take()
}

// version refuses what is not SPDX 3.0.1.
func (g *graph) version() error {
	v, ok := strings.CutSuffix(strings.TrimPrefix(g.context, contextBegins), contextEnds)
	switch {
	case g.context == "":
		return fault.New(fault.Unsupported, "This is not an SPDX document: its @context is not that of SPDX 3.")
	case !ok || v != version3:
		return fault.Newf(fault.Unsupported, "The document has the context %s. SPDX 3.0.1, SPDX-2.3 and SPDX-2.2 are read; make it again with a newer tool, or convert it.", quote(g.context))
	}
	g.doc.SpecVersion = version3
	return nil
}

func (g *graph) graph() error {
	g.index = 0
	return g.list(func() error {
		g.index++
		n := newNode()
		if err := g.object(func(name string) error { return g.member(&n, name) }); err != nil {
			return err
		}
		_, err := g.settle(&n)
		return err
	})
}

// finish makes the document's own facts and what the packages owe to others.
func (g *graph) finish() {
	for _, n := range g.imports {
		if g.refs.target[n] == unknown {
			g.refs.target[n] = elsewhere
		}
	}
	g.ids.settle(g)
	g.self()
	for _, d := range g.owed {
		c := g.components.at(int(d.component))
		for _, n := range []int32{d.supplier, d.originator} {
			if c.Supplier == "" && n >= 0 {
				c.Supplier = g.agents[n].name
			}
		}
	}
	g.licences3()
	g.roots()
}

// self takes what the SpdxDocument says, or the first collection when there is none.
func (g *graph) self() {
	own := g.document
	if own < 0 && len(g.boms) > 0 {
		own = g.boms[0]
	}
	info := int32(-1)
	if own >= 0 {
		d := g.groups[own]
		g.doc.Name, g.doc.Serial, info = d.name, d.id, d.info
		for _, n := range g.boms {
			if g.doc.Name == "" {
				g.doc.Name = g.groups[n].name
			}
		}
	} else if len(g.infos) > 0 {
		info = g.infos[0]
	}
	for _, n := range g.boms {
		for _, s := range g.groups[n].types {
			if !slices.Contains(g.doc.Lifecycles, s) {
				g.doc.Lifecycles = append(g.doc.Lifecycles, s)
			}
		}
	}
	g.makers(g.made[info])
}

// makers takes who made the document, with what and when. There are more of them
// than the limit only in a document that will be refused for it.
func (g *graph) makers(c creation) {
	g.doc.CreatedAt = c.at
	for i, n := range slices.Concat(c.using, c.by) {
		switch a := g.agents[n]; {
		case i > g.limits.Items:
			return
		case a.name == "":
		case a.tool:
			g.doc.Tools = append(g.doc.Tools, tool(a.name))
		default:
			g.doc.Authors = append(g.doc.Authors, a.name)
		}
	}
}

// roots turns the root elements of the document into descriptions. The root of a
// document is often a collection, whose own roots are then meant.
func (g *graph) roots() {
	own := g.document
	if own < 0 && len(g.boms) > 0 {
		own = g.boms[0]
	}
	if own < 0 {
		return
	}
	g.refs.target[own] = document
	seen := map[int32]bool{own: true}
	next := []int32{own}
	for len(next) > 0 {
		at := next[0]
		next = next[1:]
		for _, n := range g.groups[at].roots {
			if seen[n] {
				continue
			}
			seen[n] = true
			if _, collection := g.groups[n]; collection {
				g.refs.target[n] = document
				next = append(next, n)
				continue
			}
			g.link(own, n, describes)
			g.implied++
		}
	}
}
