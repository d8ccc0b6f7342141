package csaf

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
)

// VEX is what the advisory says of the vulnerabilities in its products: of a VEX
// document and, by their product status, of every other advisory. nil = nothing.
//
// A product is named by its package URL, else by its CPE, else by its name, since
// the ids of a document mean nothing outside it. A product that a relationship or a
// path composes is the product that it ends at, with the component as its part, so
// that a statement about a component reaches no further than the author went.
// Recommended versions, and those of which nothing is known, are no statements.
func (d *Document) VEX() *decision.Document {
	out := &decision.Document{}
	if p := d.Meta.Publisher; p != nil {
		out.Author = p.Name
	}
	if t := d.Meta.Tracking; t != nil {
		out.ID, out.MadeAt, out.Version = t.ID, micros(t.Current), t.Version
	}
	r := resolver{d: d, known: map[string]composed{}}
	d.eachVulnerability(func(at string, v *Vulnerability) {
		for _, s := range r.statements(v, out.MadeAt) {
			for _, f := range s.Check() {
				f.Pointer = at
				if len(out.Faults) < maxFaults {
					out.Faults = append(out.Faults, f)
				}
			}
			out.Statements = append(out.Statements, s)
		}
	})
	if len(out.Statements) == 0 {
		return nil
	}
	if r.cut {
		out.Faults = append(out.Faults, decision.Fault{Rule: "texts-cut", Detail: "The texts of the statements come to more than can be kept. Some are left out."})
	}
	return out
}

// said is what a vulnerability says of one product, beside the status. Texts are
// kept by their place, since one text is often about thousands of products.
type said struct {
	limits
	impacts, actions []int // of threats and remediations
}

// limits are what else can tell statements about one status apart.
type limits struct {
	justification, condition string
	madeAt, expiresAt        int64
}

// sameness is what products must have in common to be in one statement.
type sameness struct {
	limits
	impacts, actions string
}

func (s *said) sameness() sameness {
	return sameness{s.limits, fmt.Sprint(s.impacts), fmt.Sprint(s.actions)}
}

// statements makes one statement of each status and of what is said alike of
// several products.
func (r *resolver) statements(v *Vulnerability, made int64) []decision.Statement {
	if v.Status == nil {
		return nil
	}
	says := r.d.said(v, made)
	nothing := &said{limits: limits{madeAt: made}}
	var out []decision.Statement
	name, aliases := v.names()
	for _, list := range []struct {
		status decision.Status
		ids    []string
	}{
		{decision.Affected, v.Status.affected()},
		{decision.Fixed, v.Status.fixed()},
		{decision.NotAffected, v.Status.KnownNotAffected},
		{decision.UnderInvestigation, v.Status.UnderInvestigation},
	} {
		groups := map[sameness]*grouped{}
		var order []*grouped
		have := map[string]bool{}
		for _, id := range list.ids {
			if have[id] {
				continue
			}
			have[id] = true
			s := says[id]
			if s == nil {
				s = nothing
			}
			key := s.sameness()
			g := groups[key]
			if g == nil {
				g = &grouped{said: s, at: map[string]int{}}
				groups[key] = g
				order = append(order, g)
			}
			g.add(r.of(id))
		}
		for _, g := range order {
			out = append(out, decision.Statement{Vulnerability: name, Aliases: aliases, Products: g.products, Status: list.status,
				Justification: decision.Justification(g.justification), Condition: g.condition, MadeAt: g.madeAt, ExpiresAt: g.expiresAt,
				Impact: r.text(g.impacts, func(i int) string { return v.Threats[i].Details }),
				Action: r.text(g.actions, func(i int) string { return v.Remediations[i].Details })})
		}
	}
	return out
}

// mostText bounds what the texts of all statements may come to: a document can
// repeat one text in very many of them.
const mostText = 64 << 20

// text puts texts one below the other, each once.
func (r *resolver) text(places []int, of func(int) string) string {
	var b strings.Builder
	have := map[string]bool{}
	for _, i := range places {
		t := of(i)
		if have[t] {
			continue
		}
		have[t] = true
		if r.written += len(t) + 1; r.written > mostText {
			r.cut = true
			break
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(t)
	}
	return b.String()
}

// grouped are products of which the same is said.
type grouped struct {
	*said
	products []decision.Product
	at       map[string]int // products that have parts, by identity
}

// add takes a product in; parts of the same product come together.
func (g *grouped) add(c composed) {
	if c.part == "" {
		g.products = append(g.products, c.product)
		return
	}
	key := c.product.ID + "\x00" + c.product.PURL
	i, ok := g.at[key]
	if !ok {
		i = len(g.products)
		g.at[key] = i
		g.products = append(g.products, c.product)
	}
	g.products[i].Parts = append(g.products[i].Parts, c.part)
}

// names gives the identifier of a vulnerability, and its other ones. Numbers of bug
// trackers, which say nothing without the tracker, are left out.
func (v *Vulnerability) names() (name string, aliases []string) {
	name = v.CVE
	if name == "" {
		if i := slices.IndexFunc(v.IDs, func(id ID) bool { return id.System == ownName }); i >= 0 {
			name = v.IDs[i].Text
		} else if len(v.IDs) > 0 {
			name = v.IDs[0].Text
		}
	}
	for _, id := range v.IDs {
		looks := strings.ContainsRune(id.Text, '-') && strings.ContainsFunc(id.Text, func(r rune) bool { return r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' })
		if id.Text != name && (looks || id.System == ownAlias) && !slices.Contains(aliases, id.Text) {
			aliases = append(aliases, id.Text)
		}
	}
	return name, aliases
}

// said collects what flags, threats, remediations and our own notes say of each
// product.
func (d *Document) said(v *Vulnerability, made int64) map[string]*said {
	out := map[string]*said{}
	of := func(id string) *said {
		s := out[id]
		if s == nil {
			s = &said{limits: limits{madeAt: made}}
			out[id] = s
		}
		return s
	}
	for _, f := range v.Flags {
		d.among(f.Scope, func(id string) { of(id).justification = f.Label })
	}
	for i, t := range v.Threats {
		if t.Category == "impact" && t.Details != noReason {
			d.among(t.Scope, func(id string) { of(id).impacts = append(of(id).impacts, i) })
		}
	}
	for i, r := range v.Remediations {
		if r.Details != noAction {
			d.among(r.Scope, func(id string) { of(id).actions = append(of(id).actions, i) })
		}
	}
	for _, n := range v.Notes {
		kind, ids := ownNote(n.Title)
		for _, id := range ids {
			switch kind {
			case noteCondition:
				of(id).condition = n.Text
			case noteExpiry:
				of(id).expiresAt = micros(n.Text)
			case noteTime:
				of(id).madeAt = micros(n.Text)
			}
		}
	}
	return out
}

// composed is a product and, when it is composed, the part of it that is meant.
type composed struct {
	product decision.Product
	part    string
}

// resolver finds what the ids of a document stand for.
type resolver struct {
	d       *Document
	known   map[string]composed
	written int  // bytes of text in statements
	cut     bool // some was left out
}

// of follows relationships to the product that they end at and to the component
// that they begin with. Circles, which are a failure of their own, end where they
// began.
func (r *resolver) of(id string) composed {
	if c, ok := r.known[id]; ok {
		return c
	}
	c := composed{product: r.d.plain(r.end(id, func(parts []string) string { return parts[len(parts)-1] }))}
	if p := r.d.products[id]; p != nil && p.composed {
		part := r.d.plain(r.end(id, func(parts []string) string { return parts[0] }))
		if c.part = part.PURL; c.part == "" {
			c.part = part.ID
		}
	}
	r.known[id] = c
	return c
}

// end follows one side of relationships.
func (r *resolver) end(id string, side func(parts []string) string) string {
	seen := map[string]bool{}
	for !seen[id] && len(seen) < 100 {
		seen[id] = true
		p := r.d.products[id]
		if p == nil || !p.composed {
			break
		}
		id = side(p.parts)
	}
	return id
}

// plain is a product as it is known outside the document.
func (d *Document) plain(id string) decision.Product {
	p := d.products[id]
	if p == nil {
		return decision.Product{ID: id}
	}
	out := decision.Product{PURL: p.purl()}
	if h := p.Helper; h != nil {
		for _, u := range h.URIs {
			switch u.Namespace {
			case ownProduct:
				out.ID = unescaped(ownProduct, u.URI)
			case ownPURL:
				out.PURL = unescaped(ownPURL, u.URI)
			}
		}
	}
	switch {
	case out.ID != "":
	case out.PURL != "":
		out.ID = out.PURL
	case p.Helper != nil && p.Helper.CPE != "":
		out.ID = p.Helper.CPE
	default:
		out.ID = p.Name
	}
	return out
}

func unescaped(namespace, uri string) string {
	s, err := url.PathUnescape(strings.TrimPrefix(uri, namespace+":"))
	if err != nil {
		return uri
	}
	return s
}
