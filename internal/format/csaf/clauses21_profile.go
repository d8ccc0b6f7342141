package csaf

import (
	"regexp"
	"slices"
	"strings"
)

// The tests that came with CSAF 2.1, by the documents of the standard's committee:
// the edition is not final, so their details may still move.

// 6.1.27.12 Affected Products
func profileAffected(d *Document, fail fail) {
	if !d.security() {
		return
	}
	d.eachVulnerability(func(at string, v *Vulnerability) {
		if v.Status != nil && len(v.Status.affected()) == 0 {
			fail(at+"/product_status", "The profile asks for an affected product in every vulnerability.")
		}
	})
}

// 6.1.27.13 Corresponding Affected Products. A product that is composed corresponds
// to one that ends at the same product; of others it is enough that there is one.
func profileFixedAndAffected(d *Document, fail fail) {
	if !d.security() {
		return
	}
	d.eachVulnerability(func(at string, v *Vulnerability) {
		if v.Status == nil {
			return
		}
		ends, some := map[string]bool{}, false
		for _, id := range v.Status.affected() {
			ends[d.endsAt(id)], some = true, true
		}
		for _, id := range v.Status.fixed() {
			if end := d.endsAt(id); !some || end != "" && !ends[end] {
				fail(at+"/product_status", "The product %s is fixed, and no product that corresponds to it is affected.", quote(id))
			}
		}
	})
}

// endsAt is what a composed product is composed on, in one text.
func (d *Document) endsAt(id string) string {
	p := d.products[id]
	if p == nil || !p.composed {
		return ""
	}
	return strings.Join(p.parts[1:], "\x00")
}

// 6.1.27.14 Document Notes
func profileReason(d *Document, fail fail) {
	if d.gone() && !d.described() {
		fail("/document/notes", "The profile asks for a note that describes why.")
	}
}

// 6.1.27.15 Product Tree
func profileNoTree(d *Document, fail fail) {
	if d.gone() && d.Tree != nil {
		fail("/product_tree", "The profile has no product tree.")
	}
}

// 6.1.27.16 Revision History
func profileTwoRevisions(d *Document, fail fail) {
	if d.gone() && d.Meta.Tracking != nil && len(d.Meta.Tracking.History) < 2 {
		fail("/document/tracking/revision_history", "What is no more was something before: the history has at least two revisions.")
	}
}

// english reports whether the document's language is English, or not said. Fixed
// titles are translated otherwise.
func (d *Document) english() bool {
	l := strings.ToLower(d.Meta.Lang)
	return l == "" || l == "en" || strings.HasPrefix(l, "en-")
}

// titled counts the notes of a title, and reports whether one is of the category.
func (d *Document) titled(title, category string) (n int, right bool) {
	for _, note := range d.Meta.Notes {
		if note.Title == title {
			n++
			right = right || note.Category == category
		}
	}
	return n, right
}

func (d *Document) reasoning(profile, title string, fail fail) {
	if d.Meta.Version != v21 || !d.profile(profile) || !d.english() {
		return
	}
	if n, right := d.titled(title, "description"); n != 1 || !right {
		fail("/document/notes", "The profile asks for one note with the title %s, of the category description.", quote(title))
	}
}

// 6.1.27.17 Reasoning for Withdrawal
func profileWithdrawal(d *Document, fail fail) {
	d.reasoning("csaf_withdrawn", "Reasoning for Withdrawal", fail)
}

// 6.1.27.18 Reasoning for Supersession
func profileSupersession(d *Document, fail fail) {
	d.reasoning("csaf_superseded", "Reasoning for Supersession", fail)
}

// 6.1.27.19 Reference to Superseding Document
func profileSuccessor(d *Document, fail fail) {
	if !d.profile("csaf_superseded") || !d.english() {
		return
	}
	if !slices.ContainsFunc(d.Meta.References, func(r Reference) bool {
		return r.Category == "external" && strings.HasPrefix(r.Summary, "Superseding Document")
	}) {
		fail("/document/references", "The profile asks for an external reference to the superseding document.")
	}
}

// The sharing groups with a meaning of their own.
const (
	everybody = "ffffffff-ffff-ffff-ffff-ffffffffffff"
	nobody    = "00000000-0000-0000-0000-000000000000"
)

// shared gives the sharing group and the label of the document.
func (d *Document) shared() (g SharingGroup, label string, ok bool) {
	if d.Meta.Distribution == nil || d.Meta.Distribution.Group == nil || d.Meta.Distribution.TLP == nil {
		return SharingGroup{}, "", false
	}
	g = *d.Meta.Distribution.Group
	g.ID = strings.ToLower(g.ID)
	return g, d.Meta.Distribution.TLP.Label, true
}

// 6.1.38 Non-Public Sharing Group with Max UUID
func publicGroupWithheld(d *Document, fail fail) {
	if g, label, ok := d.shared(); ok && g.ID == everybody && label != "CLEAR" {
		fail("/document/distribution/sharing_group/id", "The sharing group is everybody and the label is %s.", quote(label))
	}
}

// 6.1.39 Public Sharing Group with no Max UUID
func publicWithoutPublicGroup(d *Document, fail fail) {
	g, label, ok := d.shared()
	if !ok || label != "CLEAR" || g.ID == everybody || g.ID == nobody && d.Meta.Tracking != nil && d.Meta.Tracking.Status == "draft" {
		return
	}
	fail("/document/distribution/sharing_group/id", "The label is CLEAR and the sharing group is not everybody.")
}

// groupNames are the names of the two groups.
var groupNames = map[string]string{everybody: "Public", nobody: "No sharing allowed"}

// 6.1.40 Invalid Sharing Group Name
func reservedGroupName(d *Document, fail fail) {
	g, _, ok := d.shared()
	for id, name := range groupNames {
		if ok && g.Name == name && g.ID != id {
			fail("/document/distribution/sharing_group/name", "The name %s belongs to the group %s.", quote(name), id)
		}
	}
}

// 6.1.41 Missing Sharing Group Name
func missingGroupName(d *Document, fail fail) {
	if g, _, ok := d.shared(); ok && groupNames[g.ID] != "" && g.Name != groupNames[g.ID] {
		fail("/document/distribution/sharing_group/name", "The group %s is called %s.", g.ID, quote(groupNames[g.ID]))
	}
}

// 6.1.37 Date and Time
func wrongTime(d *Document, fail fail) {
	for _, t := range d.oddTimes {
		fail(t.at, "%s is not a time as CSAF 2.1 wants it: RFC 3339 with capital letters, an offset, and no leap second.", quote(t.text))
	}
}

var licenceID = regexp.MustCompile(`^[A-Za-z0-9.-]+$`)

// 6.1.54 License Expression. Whether a licence is registered is not asked: new ones
// are.
func invalidLicence(d *Document, fail fail) {
	if e := d.Meta.Licence; e != "" && !licenceExpression(e) {
		fail("/document/license_expression", "%s is not an SPDX licence expression.", quote(e))
	}
}

func licenceExpression(s string) bool {
	depth, operand := 0, true // operand: a licence or a bracket comes next
	for _, w := range strings.Fields(strings.NewReplacer("(", " ( ", ")", " ) ").Replace(s)) {
		lower := strings.ToLower(w)
		switch {
		case w == "(" && operand:
			depth++
		case w == ")" && !operand && depth > 0:
			depth--
		case (lower == "and" || lower == "or" || lower == "with") && !operand:
			operand = true
		case operand && licence(w):
			operand = false
		default:
			return false
		}
	}
	return depth == 0 && !operand
}

// licence reports whether a word can name a licence: one of the list, or one of the
// document's own, which has no later versions.
func licence(w string) bool {
	switch lower := strings.ToLower(w); {
	case strings.HasPrefix(lower, "documentref-"):
		return false
	case strings.HasPrefix(lower, "licenseref-"):
		return strings.HasPrefix(w, "LicenseRef-") && licenceID.MatchString(w)
	}
	return licenceID.MatchString(strings.TrimSuffix(w, "+"))
}

// 6.1.55 License Text
func missingLicenceText(d *Document, fail fail) {
	own := strings.Count(d.Meta.Licence, "LicenseRef-") > strings.Count(d.Meta.Licence, "LicenseRef-scancode-") // which has a register of its own
	if !own || !d.english() {
		return
	}
	if n, right := d.titled("License", "legal_disclaimer"); n != 1 || !right {
		fail("/document/notes", "A licence of its own has its text in one note with the title License, of the category legal_disclaimer.")
	}
}

// extensionMembers are those of an extension, with the kind of their values.
var extensionMembers = map[string]string{"$schema": `"`, "category": `"`, "content": "{", "critical": "tf"}

// 6.1.60.1 Content Schema. What is in the content is for a schema elsewhere.
func invalidExtension(d *Document, fail fail) {
	for i, e := range d.Extensions {
		at := item("/x_extensions", i)
		for _, name := range sorted(extensionMembers) {
			if v, ok := e[name]; !ok || !strings.ContainsRune(extensionMembers[name], rune(v.Kind)) {
				fail(at+"/"+name, "An extension has the member %s, and this one has not or has another kind of value there.", name)
			}
		}
		for _, name := range sorted(e) {
			if extensionMembers[name] == "" {
				fail(at+"/"+name, "An extension has no member %s.", quote(name))
			}
		}
	}
}
