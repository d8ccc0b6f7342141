package csaf

// 6.1.6 Contradicting Product Status
func contradictingStatus(d *Document, fail fail) {
	d.eachVulnerability(func(at string, v *Vulnerability) {
		first := map[string]string{}
		v.statuses(func(name string, ids []string) {
			means := meaning[name]
			for i, id := range ids {
				if means == "" {
					continue // a version may be recommended whatever its status
				}
				if said := first[id]; said != "" && said != means {
					fail(at+item("/product_status/"+name, i), "The product %s is said to be %s and %s.", quote(id), said, means)
				}
				first[id] = means
			}
		})
	})
}

// meaning puts the lists of the product status into the groups that contradict each
// other.
var meaning = map[string]string{
	"first_affected": "affected", "known_affected": "affected", "last_affected": "affected",
	"known_not_affected": "not affected",
	"first_fixed":        "fixed", "fixed": "fixed",
	"under_investigation": "under investigation",
	"unknown":             "unknown",
}

// 6.1.23 Multiple Use of Same CVE
func cveTwice(d *Document, fail fail) {
	seen := map[string]bool{}
	d.eachVulnerability(func(at string, v *Vulnerability) {
		if v.CVE != "" && seen[v.CVE] {
			fail(at+"/cve", "%s is the subject of an earlier vulnerability.", quote(v.CVE))
		}
		seen[v.CVE] = true
	})
}

// 6.1.24 Multiple Definition in Involvements
func involvementTwice(d *Document, fail fail) {
	type key struct {
		party string
		at    int64
		date  bool
		about string
	}
	d.eachVulnerability(func(at string, v *Vulnerability) {
		seen := map[key]bool{}
		for i, in := range v.Involvements {
			abouts := []string{""}
			if len(in.Products)+len(in.Groups) > 0 {
				abouts = abouts[:0]
				d.among(in.Scope, func(id string) { abouts = append(abouts, id) })
			}
			for _, about := range abouts {
				k := key{in.Party, micros(in.Date), in.Date != "", about}
				if seen[k] {
					fail(at+item("/involvements", i), "The party %s is involved twice at one date.", quote(in.Party))
				}
				seen[k] = true
			}
		}
	})
}

// 6.1.29 Remediation without Product Reference
func remediationWithoutProduct(d *Document, fail fail) {
	d.eachVulnerability(func(at string, v *Vulnerability) {
		for i, r := range v.Remediations {
			if r.Products == nil && r.Groups == nil {
				fail(at+item("/remediations", i), "The remediation does not say for which products it is.")
			}
		}
	})
}

// 6.1.32 Flag without Product Reference
func flagWithoutProduct(d *Document, fail fail) {
	d.eachVulnerability(func(at string, v *Vulnerability) {
		for i, f := range v.Flags {
			if f.Products == nil && f.Groups == nil {
				fail(at+item("/flags", i), "The flag does not say for which products it is.")
			}
		}
	})
}

// 6.1.33 Multiple Flags with VEX Justification Codes per Product
func flaggedTwice(d *Document, fail fail) {
	d.eachVulnerability(func(at string, v *Vulnerability) {
		by := map[string]int{}
		for i, f := range v.Flags {
			if kindFault("flag", f.Label) != "" {
				continue // not a justification
			}
			d.among(f.Scope, func(id string) {
				if j, twice := by[id]; twice && j != i {
					fail(at+item("/flags", i), "The product %s already has the justification %s.", quote(id), quote(v.Flags[j].Label))
				}
				by[id] = i
			})
		}
	})
}
