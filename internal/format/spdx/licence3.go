package spdx

import (
	"slices"
	"strings"
)

// licence3 is a licence of SPDX 3, or an operator on others.
type licence3 struct {
	text    string // an expression, an identifier or a name
	set     string // AND or OR between members
	members []int32
	left    int32 // of WITH and +
	right   int32
	later   bool // +
}

// licenceLists are how the addresses of the SPDX Licence List begin.
var licenceLists = []string{"https://spdx.org/licenses/", "http://spdx.org/licenses/"}

// predefined tells whether an identifier of SPDX 3 stands for something that every
// document knows: nothing, no assertion, or a listed licence.
func predefined(ref string) bool {
	switch ref {
	case "NoneElement", "NoAssertionElement", "SpdxOrganization", "expandedlicensing_NoneLicense", "expandedlicensing_NoAssertionLicense":
		return true
	}
	return strings.HasPrefix(ref, contextBegins) || listedLicence(ref) != ""
}

// listedLicence is the identifier in the address of a listed licence.
func listedLicence(ref string) string {
	for _, prefix := range licenceLists {
		if id, ok := strings.CutPrefix(ref, prefix); ok {
			return id
		}
	}
	return ""
}

// licenceNode takes a licence.
func (g *graph) licenceNode(n *node, number int32) {
	l := licence3{left: n.left, right: n.right}
	switch n.class {
	case "simplelicensing_LicenseExpression":
		if n.text == "" {
			g.fault("required", "The licence expression has no text.")
		}
		g.licence(n.text) // for its faults
		l.text = n.text
	case "expandedlicensing_ConjunctiveLicenseSet":
		l.set, l.members = " AND ", n.members
	case "expandedlicensing_DisjunctiveLicenseSet":
		l.set, l.members = " OR ", n.members
	case "expandedlicensing_OrLaterOperator":
		l.later = true
	case "expandedlicensing_WithAdditionOperator":
	case "expandedlicensing_IndividualLicensingInfo":
	default:
		l.text = first(listedLicence(n.id), n.name, afterLast(n.id))
	}
	if l.set != "" && len(l.members) < 2 {
		g.fault("licence-set", "A set of licences has two or more members.")
	}
	g.licensed[number] = l
}

// afterLast is the end of an address, such as LicenseRef-own in …/doc#LicenseRef-own.
func afterLast(s string) string { return s[strings.LastIndexAny(s, "#/:")+1:] }

// maxLicenceDepth and maxLicenceText bound what sets of sets make.
const (
	maxLicenceDepth = 16
	maxLicenceText  = 4096
)

// written is a licence as an expression; empty for NONE and NOASSERTION, and for
// what goes round in a circle.
func (g *graph) written(number int32, depth int) string {
	if depth > maxLicenceDepth || number < 0 {
		return ""
	}
	l, known := g.licensed[number]
	switch {
	case !known:
		return g.listed[number]
	case l.set != "":
		var parts []string
		length := 0
		for _, m := range l.members {
			s := g.written(m, depth+1)
			if s == "" {
				return ""
			}
			if g.licensed[m].set != "" && g.licensed[m].set != l.set {
				s = "(" + s + ")"
			}
			if length += len(s); length > maxLicenceText {
				return ""
			}
			parts = append(parts, s)
		}
		return strings.Join(parts, l.set)
	case l.left >= 0:
		left, right := g.written(l.left, depth+1), g.written(l.right, depth+1)
		switch {
		case left == "":
			return ""
		case l.later:
			return left + "+"
		case right != "":
			return left + " WITH " + right
		}
		return left
	}
	if l.text == "NONE" || l.text == "NOASSERTION" {
		return ""
	}
	return strings.TrimSpace(l.text)
}

// licences3 gives each package its concluded licences, else those declared.
func (g *graph) licences3() {
	texts := map[int32]string{}
	given := make([]bool, g.components.n)
	for _, k := range []kind{concluded, declared} {
		for l := range g.links.all() {
			at := g.refs.target[l.from]
			if l.kind != k || at < 0 || given[at] {
				continue
			}
			text, known := texts[l.to]
			if !known {
				text = g.written(l.to, 0)
				texts[l.to] = text
			}
			if text != "" {
				g.license(&g.components.at(int(at)).Licences, text)
			}
		}
		for i := range given {
			given[i] = len(g.components.at(i).Licences) > 0
		}
	}
}

// license adds a licence that the list has not yet.
func (g *graph) license(list *[]string, text string) {
	switch known := g.licences[text]; {
	case slices.Contains(*list, text) || len(*list) >= maxOfOne:
	case len(*list) == 0 && len(known) == 1:
		*list = known // one list for all who have the same licence
	default:
		*list = append(slices.Clip(*list), text)
	}
}
