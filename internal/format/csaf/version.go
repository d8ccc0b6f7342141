package csaf

import (
	"fmt"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// versionFaults lists what the schema of the document's own version has otherwise
// than the other one.
func (d *Document) versionFaults() []fact.Fault {
	var out []fact.Fault
	say := func(at, format string, args ...any) {
		if len(out) < maxFaults {
			out = append(out, fact.Fault{Pointer: at, Rule: "schema", Detail: fmt.Sprintf(format, args...)})
		}
	}
	labels := []string{"AMBER", "GREEN", "RED", "WHITE"}
	if d.Meta.Version == v21 {
		labels = []string{"AMBER", "AMBER+STRICT", "CLEAR", "GREEN", "RED"}
		if d.Meta.Distribution == nil || d.Meta.Distribution.TLP == nil {
			say("/document/distribution/tlp", "CSAF 2.1 asks for a label of the traffic light protocol.")
		}
	}
	if dist := d.Meta.Distribution; dist != nil && dist.TLP != nil && !slices.Contains(labels, dist.TLP.Label) {
		say("/document/distribution/tlp/label", "%s is not a label of CSAF %s.", quote(dist.TLP.Label), d.Meta.Version)
	}
	if p := d.Meta.Publisher; p != nil && p.Category == "multiplier" && d.Meta.Version == v20 {
		say("/document/publisher/category", "%s is a word of CSAF 2.1.", quote(p.Category))
	}
	if d.Tree != nil && d.Meta.Version == v20 {
		for i, g := range d.Tree.Groups {
			if len(g.Products) < 2 {
				say(item("/product_tree/product_groups", i)+"/product_ids", "A product group has at least two products.")
			}
		}
	}
	for i := range d.Vulnerabilities {
		d.remediationFaults(item("/vulnerabilities", i), &d.Vulnerabilities[i], say)
	}
	return out
}

func (d *Document) remediationFaults(at string, v *Vulnerability, say func(at, format string, args ...any)) {
	if d.Meta.Version != v20 {
		return
	}
	for i, r := range v.Remediations {
		if r.Category == "fix_planned" || r.Category == "optional_patch" {
			say(at+item("/remediations", i)+"/category", "%s is a word of CSAF 2.1.", quote(r.Category))
		}
	}
}
