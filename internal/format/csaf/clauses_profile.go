package csaf

import "slices"

// profile reports whether the document is of one of the profiles.
func (d *Document) profile(names ...string) bool { return slices.Contains(names, d.Meta.Category) }

// 6.1.27.1 Document Notes
func profileNotes(d *Document, fail fail) {
	if !d.profile("csaf_informational_advisory", "csaf_security_incident_response") {
		return
	}
	if !d.described() {
		fail("/document/notes", "The profile asks for a note that describes, details or sums up.")
	}
}

// described reports whether the document has a note that says something of it.
func (d *Document) described() bool {
	return slices.ContainsFunc(d.Meta.Notes, func(n Note) bool {
		return slices.Contains([]string{"description", "details", "general", "summary"}, n.Category)
	})
}

// 6.1.27.2 Document References
func profileReferences(d *Document, fail fail) {
	if !d.profile("csaf_informational_advisory", "csaf_security_incident_response") {
		return
	}
	if !slices.ContainsFunc(d.Meta.References, func(r Reference) bool { return r.Category == "external" || r.Category == "" }) {
		fail("/document/references", "The profile asks for a reference to an external source.")
	}
}

// 6.1.27.3 Vulnerabilities
func profileNoVulnerabilities(d *Document, fail fail) {
	if (d.profile("csaf_informational_advisory") || d.gone()) && d.Vulnerabilities != nil {
		fail("/vulnerabilities", "The profile has no vulnerabilities.")
	}
}

// security reports whether the profile is that of security advisories; that of
// deprecated ones came with 2.1.
func (d *Document) security() bool {
	return d.profile("csaf_security_advisory") || d.Meta.Version == v21 && d.profile("csaf_deprecated_security_advisory")
}

// advisory reports whether the profile is about vulnerabilities in products.
func (d *Document) advisory() bool { return d.security() || d.profile("csaf_vex") }

// gone reports whether the document says that an advisory is no more (2.1).
func (d *Document) gone() bool {
	return d.Meta.Version == v21 && d.profile("csaf_withdrawn", "csaf_superseded")
}

// 6.1.27.4 Product Tree
func profileTree(d *Document, fail fail) {
	if d.advisory() && d.Tree == nil {
		fail("/product_tree", "The profile asks for a product tree.")
	}
}

// 6.1.27.5 Vulnerability Notes
func profileVulnerabilityNotes(d *Document, fail fail) {
	if !d.advisory() {
		return
	}
	d.eachVulnerability(func(at string, v *Vulnerability) {
		if v.Notes == nil {
			fail(at+"/notes", "The profile asks for notes on every vulnerability.")
		}
	})
}

// 6.1.27.6 Product Status
func profileStatus(d *Document, fail fail) {
	if !d.security() {
		return
	}
	d.eachVulnerability(func(at string, v *Vulnerability) {
		if v.Status == nil {
			fail(at+"/product_status", "The profile asks for the status of products in every vulnerability.")
		}
	})
}

// 6.1.27.7 VEX Product Status
func profileVEXStatus(d *Document, fail fail) {
	if !d.profile("csaf_vex") {
		return
	}
	d.eachVulnerability(func(at string, v *Vulnerability) {
		s := v.Status
		if s == nil || s.Fixed == nil && s.KnownAffected == nil && s.KnownNotAffected == nil && s.UnderInvestigation == nil {
			fail(at+"/product_status", "A VEX document says which products are fixed, affected, not affected or under investigation.")
		}
	})
}

// 6.1.27.8 Vulnerability ID
func profileID(d *Document, fail fail) {
	if !d.profile("csaf_vex") {
		return
	}
	d.eachVulnerability(func(at string, v *Vulnerability) {
		if v.CVE == "" && v.IDs == nil {
			fail(at, "A VEX document names every vulnerability by a CVE or another identifier.")
			return
		}
		d.unnamed(at, v, fail)
	})
}

// unnamed finds the products of a vulnerability that none of its identifiers is for:
// since 2.1 an identifier may be for some products.
func (d *Document) unnamed(at string, v *Vulnerability, fail fail) {
	named := map[string]bool{}
	for _, id := range v.IDs {
		if id.Products == nil && id.Groups == nil {
			return
		}
		d.among(id.Scope, func(id string) { named[id] = true })
	}
	if v.CVE != "" {
		return
	}
	v.statuses(func(name string, ids []string) {
		for i, id := range ids {
			if !named[id] {
				fail(at+item("/product_status/"+name, i), "For the product %s the vulnerability has neither a CVE nor another identifier.", quote(id))
			}
		}
	})
}

// 6.1.27.9 Impact Statement
func profileImpact(d *Document, fail fail) {
	if !d.profile("csaf_vex") {
		return
	}
	d.eachVulnerability(func(at string, v *Vulnerability) {
		if v.Status == nil {
			return
		}
		said := map[string]bool{}
		for _, f := range v.Flags {
			d.among(f.Scope, func(id string) { said[id] = true })
		}
		for _, t := range v.Threats {
			if t.Category == "impact" {
				d.among(t.Scope, func(id string) { said[id] = true })
			}
		}
		for i, id := range v.Status.KnownNotAffected {
			if !said[id] {
				fail(at+item("/product_status/known_not_affected", i), "Nothing says why the product %s is not affected.", quote(id))
			}
		}
	})
}

// 6.1.27.10 Action Statement
func profileAction(d *Document, fail fail) {
	if !d.profile("csaf_vex") {
		return
	}
	d.eachVulnerability(func(at string, v *Vulnerability) {
		if v.Status == nil {
			return
		}
		said := map[string]bool{}
		for _, r := range v.Remediations {
			d.among(r.Scope, func(id string) { said[id] = true })
		}
		for i, id := range v.Status.KnownAffected {
			if !said[id] {
				fail(at+item("/product_status/known_affected", i), "Nothing says what to do about the product %s.", quote(id))
			}
		}
	})
}

// 6.1.27.11 Vulnerabilities
func profileVulnerabilities(d *Document, fail fail) {
	if d.advisory() && d.Vulnerabilities == nil {
		fail("/vulnerabilities", "The profile asks for vulnerabilities.")
	}
}
