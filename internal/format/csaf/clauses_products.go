package csaf

import (
	"slices"
	"strings"
)

// eachProductReference visits every place that names a product by its id.
func (d *Document) eachProductReference(visit func(at, id string)) {
	list := func(at string, ids []string) {
		for i, id := range ids {
			visit(item(at, i), id)
		}
	}
	if d.Tree != nil {
		for i, g := range d.Tree.Groups {
			list(item("/product_tree/product_groups", i)+"/product_ids", g.Products)
		}
		for i, r := range d.Tree.Relationships {
			at := item("/product_tree/relationships", i)
			visit(at+"/product_reference", r.Reference)
			visit(at+"/relates_to_product_reference", r.RelatesTo)
		}
		for i, p := range d.Tree.Paths {
			at := item("/product_tree/product_paths", i)
			visit(at+"/beginning_product_reference", p.Beginning)
			for j, s := range p.Subpaths {
				visit(at+item("/subpaths", j)+"/next_product_reference", s.Next)
			}
		}
	}
	for i, n := range d.Meta.Notes {
		list(item("/document/notes", i)+"/product_ids", n.Products)
	}
	d.eachVulnerability(func(at string, v *Vulnerability) {
		v.scopes(func(below string, s Scope) { list(at+below+"/product_ids", s.Products) })
		v.statuses(func(name string, ids []string) { list(at+"/product_status/"+name, ids) })
		v.eachScore(func(below string, s scored) { list(at+below+"/products", s.products) })
	})
}

// statuses visits the lists of the product status.
func (v *Vulnerability) statuses(visit func(name string, ids []string)) {
	s := v.Status
	if s == nil {
		return
	}
	visit("first_affected", s.FirstAffected)
	visit("first_fixed", s.FirstFixed)
	visit("fixed", s.Fixed)
	visit("known_affected", s.KnownAffected)
	visit("known_not_affected", s.KnownNotAffected)
	visit("last_affected", s.LastAffected)
	visit("recommended", s.Recommended)
	visit("under_investigation", s.UnderInvestigation)
	visit("unknown", s.Unknown)
}

// 6.1.1 Missing Definition of Product ID
func missingProduct(d *Document, fail fail) {
	d.eachProductReference(func(at, id string) {
		if id != "" && d.products[id] == nil {
			fail(at, "The product %s is not defined in the product tree.", quote(id))
		}
	})
}

// 6.1.2 Multiple Definition of Product ID
func productTwice(d *Document, fail fail) {
	d.eachProduct(func(p product) {
		if first := d.products[p.ID]; p.ID != "" && first.at != p.at {
			fail(p.at+"/product_id", "The product %s is already defined at %s.", quote(p.ID), first.at)
		}
	})
}

// 6.1.3 Circular Definition of Product ID
func productCircle(d *Document, fail fail) {
	const (
		unseen = iota
		open
		done
	)
	state := map[string]int{}
	// A walk with its own stack: a chain may be as long as the document.
	type frame struct {
		id   string
		next int
	}
	walk := func(start string) bool {
		stack := []frame{{id: start}}
		state[start] = open
		circle := false
		for len(stack) > 0 {
			f := &stack[len(stack)-1]
			p := d.products[f.id]
			if p == nil || f.next == len(p.parts) {
				state[f.id] = done
				stack = stack[:len(stack)-1]
				continue
			}
			part := p.parts[f.next]
			f.next++
			switch state[part] {
			case open:
				circle = true
			case unseen:
				state[part] = open
				stack = append(stack, frame{id: part})
			}
		}
		return circle
	}
	d.eachProduct(func(p product) {
		if p.composed && state[p.ID] == unseen && walk(p.ID) {
			fail(p.at+"/product_id", "The product %s is defined by itself.", quote(p.ID))
		}
	})
}

// 6.1.4 Missing Definition of Product Group ID
func missingGroup(d *Document, fail fail) {
	check := func(at string, groups []string) {
		for i, g := range groups {
			if _, ok := d.groups[g]; !ok {
				fail(item(at, i), "The product group %s is not defined in the product tree.", quote(g))
			}
		}
	}
	for i, n := range d.Meta.Notes {
		check(item("/document/notes", i)+"/group_ids", n.Groups)
	}
	d.eachVulnerability(func(at string, v *Vulnerability) {
		v.scopes(func(below string, s Scope) { check(at+below+"/group_ids", s.Groups) })
	})
}

// 6.1.5 Multiple Definition of Product Group ID
func groupTwice(d *Document, fail fail) {
	if d.Tree == nil {
		return
	}
	seen := map[string]bool{}
	for i, g := range d.Tree.Groups {
		if seen[g.ID] {
			fail(item("/product_tree/product_groups", i)+"/group_id", "The product group %s is defined twice.", quote(g.ID))
		}
		seen[g.ID] = true
	}
}

// 6.1.13 PURL
func invalidPURL(d *Document, fail fail) {
	d.eachPURL(func(at, purl string) {
		if why := purlFault(purl); why != "" {
			fail(at, "%s is not a package URL: %s.", quote(purl), why)
		}
	})
}

func (d *Document) eachPURL(visit func(at, purl string)) {
	d.eachProduct(func(p product) {
		if p.Helper == nil {
			return
		}
		at := p.at + "/product_identification_helper"
		if p.Helper.PURL != "" {
			visit(at+"/purl", p.Helper.PURL)
		}
		for i, purl := range p.Helper.PURLs {
			visit(item(at+"/purls", i), purl)
		}
	})
}

// 6.1.25 Multiple Use of Same Hash Algorithm
func hashTwice(d *Document, fail fail) {
	d.eachProduct(func(p product) {
		if p.Helper == nil {
			return
		}
		for i, f := range p.Helper.Hashes {
			seen := map[string]bool{}
			for j, h := range f.Hashes {
				if seen[h.Algorithm] {
					fail(p.at+item("/product_identification_helper/hashes", i)+item("/file_hashes", j), "The algorithm %s is used twice for one file.", quote(h.Algorithm))
				}
				seen[h.Algorithm] = true
			}
		}
	})
}

// rangeWords make a range of what should be one version.
var rangeWords = []string{"after", "all", "before", "earlier", "later", "prior", "versions"}

// 6.1.31 Version Range in Product Version. Words count as words: a version may be
// called "after-eight".
func rangeAsVersion(d *Document, fail fail) {
	d.eachBranch(func(at string, _ []*Branch, b *Branch) {
		if b.Category != "product_version" {
			return
		}
		name := strings.ToLower(b.Name)
		found := strings.ContainsAny(name, "<>")
		for w := range strings.FieldsSeq(name) {
			found = found || slices.Contains(rangeWords, strings.Trim(w, ".,;:()[]"))
		}
		if found {
			fail(at+"/name", "%s is a range of versions. Use the category product_version_range.", quote(b.Name))
		}
	})
}
