package csaf

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// mostLevels is how deep branches may be stacked.
const mostLevels = 30

// 6.1.34 Branches Recursion Depth
func deepBranches(d *Document, fail fail) {
	d.eachBranch(func(at string, above []*Branch, _ *Branch) {
		if len(above) == mostLevels {
			fail(at, "Branches are stacked deeper than %d levels.", mostLevels)
		}
	})
}

// 6.1.35 Contradicting Remediations. Told are the pairs that exclude each other for
// certain: an optional patch is for products that need none, and where a fix exists
// none is missing or merely planned.
func contradictingRemediations(d *Document, fail fail) {
	d.eachVulnerability(func(at string, v *Vulnerability) {
		seen := map[string][]string{} // categories by product
		for i, r := range v.Remediations {
			d.among(r.Scope, func(id string) {
				for _, other := range seen[id] {
					if excludes(r.Category, other) || excludes(other, r.Category) {
						fail(at+item("/remediations", i), "For the product %s there is both %s and %s.", quote(id), quote(other), quote(r.Category))
					}
				}
				if !slices.Contains(seen[id], r.Category) {
					seen[id] = append(seen[id], r.Category)
				}
			})
		}
	})
}

func excludes(a, b string) bool {
	switch a {
	case "optional_patch":
		return b != a
	case "vendor_fix":
		return b == "none_available" || b == "fix_planned" || b == "no_fix_planned"
	case "none_available":
		return b == "mitigation" || b == "workaround"
	}
	return false
}

// 6.1.36 Contradicting Product Status Remediation Combination
func remediationAgainstStatus(d *Document, fail fail) {
	d.eachVulnerability(func(at string, v *Vulnerability) {
		if v.Status == nil {
			return
		}
		is := map[string]string{}
		v.statuses(func(name string, ids []string) {
			for _, id := range ids {
				if meaning[name] != "" {
					is[id] = meaning[name]
				}
			}
		})
		for i, r := range v.Remediations {
			d.among(r.Scope, func(id string) {
				optional := r.Category == "optional_patch"
				planned := r.Category == "fix_planned" || r.Category == "no_fix_planned"
				if s := is[id]; optional && s == "affected" || !optional && (s == "fixed" || s == "not affected" && !planned) {
					fail(at+item("/remediations", i), "The product %s is %s, and the remediation is %s.", quote(id), s, quote(r.Category))
				}
			})
		}
	})
}

// 6.1.42 PURL Qualifiers
func purlsOfSeveral(d *Document, fail fail) {
	bare := func(purl string) string {
		before, after, ok := strings.Cut(purl, "?")
		if _, subpath, has := strings.Cut(after, "#"); ok && has {
			return before + "#" + subpath
		}
		return before
	}
	d.eachProduct(func(p product) {
		if p.Helper == nil {
			return
		}
		for i, purl := range p.Helper.PURLs {
			if bare(purl) != bare(p.Helper.PURLs[0]) {
				fail(p.at+item("/product_identification_helper/purls", i), "The package URLs of one product differ in nothing but qualifiers.")
			}
		}
	})
}

// stars reports whether a pattern has more than one star that stands for anything.
func stars(s string) bool {
	n, escaped := 0, false
	for _, r := range s {
		if r == '*' && !escaped {
			n++
		}
		escaped = r == '\\' && !escaped
	}
	return n > 1
}

func (d *Document) manyStars(member string, of func(h *Helper) []string, fail fail) {
	d.eachProduct(func(p product) {
		if p.Helper == nil {
			return
		}
		for i, s := range of(p.Helper) {
			if stars(s) {
				fail(p.at+item("/product_identification_helper/"+member, i), "%s has more than one star.", quote(s))
			}
		}
	})
}

// 6.1.43 Use of Multiple Stars in Model Number
func starsInModel(d *Document, fail fail) {
	d.manyStars("model_numbers", func(h *Helper) []string { return h.Models }, fail)
}

// 6.1.44 Use of Multiple Stars in Serial Number
func starsInSerial(d *Document, fail fail) {
	d.manyStars("serial_numbers", func(h *Helper) []string { return h.Serials }, fail)
}

// 6.1.61 Use of Multiple Stars in SKU
func starsInSKU(d *Document, fail fail) {
	d.manyStars("skus", func(h *Helper) []string { return h.SKUs }, fail)
}

// newest is the date of the newest revision of a document that was released.
func (d *Document) newest() (time.Time, bool) {
	h := d.history()
	if len(h) == 0 || d.Meta.Tracking.Status == "draft" {
		return time.Time{}, false
	}
	return h[len(h)-1].when, true
}

// later reports a time that lies behind the newest revision.
func (d *Document) later(at, text string, fail fail) {
	newest, ok := d.newest()
	if when, readable := instant(text); ok && readable && when.After(newest) {
		fail(at, "%s is later than the newest revision of the document.", quote(text))
	}
}

// 6.1.45 Inconsistent Disclosure Date
func disclosedLater(d *Document, fail fail) {
	if d.Meta.Distribution == nil || d.Meta.Distribution.TLP == nil || d.Meta.Distribution.TLP.Label != "CLEAR" {
		return
	}
	d.eachVulnerability(func(at string, v *Vulnerability) { d.later(at+"/disclosure_date", v.Disclosed, fail) })
}

// eachContent visits the metrics of every vulnerability.
func (d *Document) eachContent(visit func(at string, v *Vulnerability, c *Content)) {
	d.eachVulnerability(func(at string, v *Vulnerability) {
		v.eachScore(func(_ string, s scored) {
			if s.content != nil {
				visit(at+s.below, v, s.content)
			}
		})
	})
}

// 6.1.46 Invalid SSVC
func invalidSSVC(d *Document, fail fail) {
	d.eachContent(func(at string, _ *Vulnerability, c *Content) {
		if c.SSVC != nil && (len(c.SSVC.Selections) == 0 || c.SSVC.Timestamp == "") {
			fail(at+"/ssvc_v2", "The decisions have no selections, or no time.")
		}
	})
}

// 6.1.47 Inconsistent SSVC Target IDs
func targetOfSSVC(d *Document, fail fail) {
	d.eachContent(func(at string, v *Vulnerability, c *Content) {
		if c.SSVC == nil {
			return
		}
		for i, target := range c.SSVC.Targets {
			if target != v.CVE && !slices.ContainsFunc(v.IDs, func(id ID) bool { return id.Text == target }) {
				fail(at+item("/ssvc_v2/target_ids", i), "%s is not an identifier of the vulnerability.", quote(target))
			}
		}
	})
}

// 6.1.49 Inconsistent SSVC Timestamp
func laterSSVC(d *Document, fail fail) {
	d.eachContent(func(at string, _ *Vulnerability, c *Content) {
		if c.SSVC != nil {
			d.later(at+"/ssvc_v2/timestamp", c.SSVC.Timestamp, fail)
		}
	})
}

// 6.1.51 Inconsistent EPSS Timestamp
func laterEPSS(d *Document, fail fail) {
	d.eachContent(func(at string, _ *Vulnerability, c *Content) {
		if c.EPSS != nil {
			d.later(at+"/epss/timestamp", c.EPSS.Timestamp, fail)
		}
	})
}

// 6.1.52 Inconsistent First Known Exploitation Dates
func laterExploitationNote(d *Document, fail fail) {
	d.eachVulnerability(func(at string, v *Vulnerability) {
		for i, e := range v.Exploited {
			d.later(at+item("/first_known_exploitation_dates", i)+"/date", e.Date, fail)
		}
	})
}

// 6.1.53 Inconsistent Exploitation Date
func exploitedLater(d *Document, fail fail) {
	d.eachVulnerability(func(at string, v *Vulnerability) {
		for i, e := range v.Exploited {
			known, ok := instant(e.Date)
			if when, readable := instant(e.Exploited); ok && readable && when.After(known) {
				fail(at+item("/first_known_exploitation_dates", i)+"/exploitation_date", "The exploitation was known before it took place.")
			}
		}
	})
}

// 6.1.56 Use of CVSS and Qualitative Severity Rating
func ratedTwice(d *Document, fail fail) {
	type key struct{ product, source string }
	d.eachVulnerability(func(at string, v *Vulnerability) {
		cvss := map[key]bool{}
		v.eachScore(func(_ string, s scored) {
			for _, id := range s.products {
				cvss[key{id, s.source}] = cvss[key{id, s.source}] || len(s.cvss) > 0
			}
		})
		v.eachScore(func(below string, s scored) {
			for _, id := range s.products {
				if s.content != nil && s.content.Qualitive != "" && cvss[key{id, s.source}] {
					fail(at+below, "For the product %s one source gives a CVSS score and a rating in words.", quote(id))
				}
			}
		})
	})
}

// 6.1.57 Stacked Branch Categories
func stackedBranches(d *Document, fail fail) {
	d.eachBranch(func(at string, above []*Branch, b *Branch) {
		if b.Category != "product_family" && slices.ContainsFunc(above, func(a *Branch) bool { return a.Category == b.Category }) {
			fail(at+"/category", "The category %s stands in the path already.", quote(b.Category))
		}
	})
}

// 6.1.58 Use of product_version in one Path with product_version_range
func rangeWithinVersion(d *Document, fail fail) {
	other := map[string]string{"product_version": "product_version_range", "product_version_range": "product_version"}
	d.eachBranch(func(at string, above []*Branch, b *Branch) {
		if slices.ContainsFunc(above, func(a *Branch) bool { return other[b.Category] != "" && a.Category == other[b.Category] }) {
			fail(at+"/category", "A version and a range of versions stand in one path.")
		}
	})
}

var (
	versScheme      = regexp.MustCompile(`^vers:[a-z][a-z0-9.+-]*/`)
	versConstraint  = regexp.MustCompile(`^(=|!=|<=|>=|<|>)?[^<>=!*|\s]+$`)
	looseConstraint = regexp.MustCompile(`^(=|!=|<=|>=|<|>)[^<>=!*|\s]+$`) // of a range without a scheme
)

// versionRange takes a range in the form vers apart; ok is false for other forms.
func versionRange(name string) (constraints []string, ok bool) {
	scheme := versScheme.FindString(name)
	if scheme == "" {
		return nil, false
	}
	return strings.Split(name[len(scheme):], "|"), true
}

func (d *Document) eachRange(visit func(at, name string)) {
	d.eachBranch(func(at string, _ []*Branch, b *Branch) {
		if b.Category == "product_version_range" {
			visit(at+"/name", b.Name)
		}
	})
}

// 6.1.50 Product Version Range Rules
func invalidRange(d *Document, fail fail) {
	d.eachRange(func(at, name string) {
		list, ok := versionRange(name)
		whole := ok && len(list) == 1 && list[0] == "*"
		form := versConstraint
		if !ok {
			list, form = strings.Split(name, "|"), looseConstraint
		}
		if name != "vers:/all" && !whole && slices.ContainsFunc(list, func(c string) bool { return !form.MatchString(c) }) {
			fail(at, "%s is not a range of versions: neither by vers nor versions with an operator before each.", quote(name))
		}
	})
}

// 6.1.59 Single Version as Product Version Range
func versionAsRange(d *Document, fail fail) {
	d.eachRange(func(at, name string) {
		list, ok := versionRange(name)
		if ok && len(list) == 1 && list[0] != "*" && !strings.ContainsAny(list[0], "<>!") {
			fail(at, "%s is one version. Use the category product_version.", quote(name))
		}
	})
}
