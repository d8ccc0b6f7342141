package sarif

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// mostCWEs bounds what is kept of one rule or result.
const mostCWEs = 20

// Tools write "CWE-79", "CWE-79: Improper Neutralization …", "cwe:79" or, as CodeQL
// does, "external/cwe/cwe-079".
var weakness = regexp.MustCompile(`(?i)\bcwe[-_: ]{0,2}0*([1-9][0-9]{0,5})\b`)

var number = regexp.MustCompile(`^0*([1-9][0-9]{0,5})$`)

// addCWEs adds the weaknesses that s names. A bare number counts where the place
// says that it is one.
func addCWEs(list *[]string, s string, bare bool) {
	found := weakness.FindAllStringSubmatch(s, mostCWEs)
	if m := number.FindStringSubmatch(strings.TrimSpace(s)); bare && m != nil {
		found = append(found, m)
	}
	for _, m := range found {
		if id := "CWE-" + m[1]; len(*list) < mostCWEs && !slices.Contains(*list, id) {
			*list = append(*list, id)
		}
	}
}

// bag is what is read of a property bag. Its members are of the tool's making; those
// here have become common.
type bag struct {
	cwes     *[]string
	tags     *[]string
	severity *float64
}

const mostTags = 100

func (p *parser) properties(b *bag) error {
	return p.object(func(name string) error {
		switch key := strings.ToLower(name); {
		case key == "tags":
			return p.texts(func(s string) {
				addCWEs(b.cwes, s, false)
				if b.tags != nil && len(*b.tags) < mostTags {
					*b.tags = append(*b.tags, s)
				}
			})
		case key == "cwe" || key == "cwes" || key == "cwe_id" || key == "cwe-id" || key == "cweid" || key == "cwe_ids" || key == "cweids":
			if k := p.in.Kind(); k == '{' {
				return p.in.Skip(nil)
			}
			return p.texts(func(s string) { addCWEs(b.cwes, s, true) })
		case key == "security-severity":
			s, _, err := p.in.Text()
			if err == nil && s != "" {
				p.severity(b.severity, s)
			}
			return err
		}
		return p.in.Skip(nil)
	})
}

// severity reads a security-severity: a number from 0 to 10, or one of the words
// that Semgrep writes instead, which stand for the lower end of their band in CVSS.
func (p *parser) severity(into *float64, s string) {
	switch strings.ToLower(s) {
	case "critical":
		*into = 9
	case "high":
		*into = 7
	case "medium", "moderate":
		*into = 4
	case "low":
		*into = 0.1
	default:
		f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
		if err != nil || !(f >= 0 && f <= 10) {
			p.fault("security-severity", p.in.Pointer(), "%s is not a security-severity: a number from 0.0 to 10.0. It is passed over.", quote(s))
			return
		}
		*into = f
	}
}

// taxon resolves a reference to a weakness: "CWE-79" anywhere, "79" or a place in
// the list when the component that it names is the CWE.
func (r *run) taxon(list *[]string, ref reference) {
	t := lookUp(r.byTaxonomy, r.taxonomies, ref)
	ours := strings.EqualFold(ref.name, "CWE") || t != nil && strings.EqualFold(t.name, "CWE")
	id := ref.id
	if id == "" && t != nil && ref.index >= 0 && ref.index < len(t.taxa) {
		id = t.taxa[ref.index]
	}
	addCWEs(list, id, ours)
}
