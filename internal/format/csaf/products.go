package csaf

// product is a product that the tree defines, with its place.
type product struct {
	*Product
	at       string
	composed bool     // by a relationship or a path
	parts    []string // what it is composed of, the component first
	category string   // of its branch; "" = elsewhere
}

// eachProduct visits every full product name in the order of the document.
func (d *Document) eachProduct(visit func(p product)) {
	if d.Tree == nil {
		return
	}
	d.eachBranch(func(at string, _ []*Branch, b *Branch) {
		if b.Product != nil {
			visit(product{Product: b.Product, at: at + "/product", category: b.Category})
		}
	})
	for i := range d.Tree.Names {
		visit(product{Product: &d.Tree.Names[i], at: item("/product_tree/full_product_names", i)})
	}
	for i := range d.Tree.Relationships {
		if r := &d.Tree.Relationships[i]; r.Product != nil {
			visit(product{Product: r.Product, at: item("/product_tree/relationships", i) + "/full_product_name", composed: true, parts: []string{r.Reference, r.RelatesTo}})
		}
	}
	for i := range d.Tree.Paths {
		if p := &d.Tree.Paths[i]; p.Product != nil {
			visit(product{Product: p.Product, at: item("/product_tree/product_paths", i) + "/full_product_name", composed: true, parts: p.chain()})
		}
	}
}

func (p *Path) chain() []string {
	out := []string{p.Beginning}
	for _, s := range p.Subpaths {
		out = append(out, s.Next)
	}
	return out
}

// eachBranch visits every branch, with the branches above it.
func (d *Document) eachBranch(visit func(at string, above []*Branch, b *Branch)) {
	if d.Tree == nil {
		return
	}
	var walk func(at string, above []*Branch, list []Branch)
	walk = func(at string, above []*Branch, list []Branch) {
		for i := range list {
			here := item(at, i)
			visit(here, above, &list[i])
			walk(here+"/branches", append(above, &list[i]), list[i].Branches)
		}
	}
	walk("/product_tree/branches", nil, d.Tree.Branches)
}

// index makes products and groups known by their ids; the first definition counts.
func (d *Document) index() {
	d.products, d.groups = map[string]*product{}, map[string][]string{}
	d.eachProduct(func(p product) {
		if d.products[p.ID] == nil {
			d.products[p.ID] = &p
		}
	})
	if d.Tree == nil {
		return
	}
	for _, g := range d.Tree.Groups {
		if _, twice := d.groups[g.ID]; !twice {
			d.groups[g.ID] = g.Products
		}
	}
}

// among visits the ids of the products of a scope, those of its groups too.
func (d *Document) among(s Scope, visit func(id string)) {
	for _, id := range s.Products {
		visit(id)
	}
	for _, g := range s.Groups {
		for _, id := range d.groups[g] {
			visit(id)
		}
	}
}

// purl is the package URL of a product; "" = it has none.
func (p *Product) purl() string {
	if p.Helper == nil {
		return ""
	}
	if p.Helper.PURL == "" && len(p.Helper.PURLs) > 0 {
		return p.Helper.PURLs[0]
	}
	return p.Helper.PURL
}
