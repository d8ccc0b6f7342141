package csaf

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// number is a version of the document: a whole number, or one by SemVer.
type number struct {
	core       []string // one part, or three
	pre, build string
}

func parseNumber(s string) number {
	var n number
	s, n.build, _ = strings.Cut(s, "+")
	s, n.pre, _ = strings.Cut(s, "-")
	n.core = strings.Split(s, ".")
	return n
}

func (n number) major() string { return n.core[0] }

func (n number) semantic() bool { return len(n.core) > 1 }

// compare orders versions by the precedence of SemVer. Numbers are compared as
// texts, since they may be longer than a machine's.
func (n number) compare(m number) int {
	for i := range max(len(n.core), len(m.core)) {
		if c := compareDigits(part(n.core, i), part(m.core, i)); c != 0 {
			return c
		}
	}
	switch {
	case n.pre == m.pre:
		return 0
	case n.pre == "":
		return 1
	case m.pre == "":
		return -1
	}
	a, b := strings.Split(n.pre, "."), strings.Split(m.pre, ".")
	for i := range min(len(a), len(b)) {
		if c := comparePre(a[i], b[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

func part(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "0"
}

func compareDigits(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func comparePre(a, b string) int {
	digits := func(s string) bool { return strings.Trim(s, "0123456789") == "" }
	switch {
	case digits(a) && digits(b):
		return compareDigits(a, b)
	case digits(a):
		return -1
	case digits(b):
		return 1
	}
	return strings.Compare(a, b)
}

// revision is an item of the history, read.
type revision struct {
	number
	text string
	when time.Time
	at   string
}

// history is the revision history by date; items of one instant stand by number.
// Items without a readable date or number are left out: the schema has found fault
// with them.
func (d *Document) history() []revision {
	var out []revision
	if d.Meta.Tracking == nil {
		return nil
	}
	for i, r := range d.Meta.Tracking.History {
		when, ok := instant(r.Date)
		if ok && kindFault("version", r.Number) == "" {
			out = append(out, revision{parseNumber(r.Number), r.Number, when, item("/document/tracking/revision_history", i)})
		}
	}
	slices.SortStableFunc(out, func(a, b revision) int {
		return cmp.Or(a.when.Compare(b.when), a.compare(b.number))
	})
	return out
}

// tracked gives the version and the status of the document, if it has them.
func (d *Document) tracked() (version number, text, status string, ok bool) {
	t := d.Meta.Tracking
	if t == nil || kindFault("version", t.Version) != "" {
		return number{}, "", "", false
	}
	return parseNumber(t.Version), t.Version, t.Status, true
}

// 6.1.14 Sorted Revision History
func unsortedHistory(d *Document, fail fail) {
	h := d.history()
	for i := 1; i < len(h); i++ {
		if h[i].compare(h[i-1].number) < 0 {
			fail(h[i].at+"/number", "Version %s is dated after version %s.", quote(h[i].text), quote(h[i-1].text))
		}
	}
}

// 6.1.16 Latest Document Version
func notLatestVersion(d *Document, fail fail) {
	h := d.history()
	v, text, status, ok := d.tracked()
	if !ok || len(h) == 0 {
		return
	}
	last := h[len(h)-1]
	want := last.number
	if status == "draft" {
		v.pre, want.pre = "", ""
	}
	if v.compare(want) != 0 || v.semantic() != want.semantic() {
		fail("/document/tracking/version", "The document says that it is version %s. The last revision is %s.", quote(text), quote(last.text))
	}
}

// 6.1.17 Document Status Draft
func draftVersionNotDraft(d *Document, fail fail) {
	v, text, status, ok := d.tracked()
	if ok && status != "draft" && (v.major() == "0" || v.pre != "") {
		fail("/document/tracking/status", "Version %s is that of a draft and the status is %s.", quote(text), quote(status))
	}
}

// 6.1.18 Released Revision History
func releasedWithZero(d *Document, fail fail) {
	_, _, status, ok := d.tracked()
	if !ok || status == "draft" {
		return
	}
	for _, r := range d.history() {
		if r.major() == "0" {
			fail(r.at+"/number", "A released document has no revision %s.", quote(r.text))
		}
	}
}

// 6.1.19 Revision History Entries for Pre-release Versions
func preReleaseInHistory(d *Document, fail fail) {
	for _, r := range d.history() {
		if r.pre != "" {
			fail(r.at+"/number", "The revision %s is a pre-release.", quote(r.text))
		}
	}
}

// 6.1.20 Non-draft Document Version
func preReleaseNotDraft(d *Document, fail fail) {
	v, text, status, ok := d.tracked()
	if ok && status != "draft" && v.pre != "" {
		fail("/document/tracking/version", "Version %s is a pre-release and the status is %s.", quote(text), quote(status))
	}
}

// 6.1.21 Missing Item in Revision History
func missingRevision(d *Document, fail fail) {
	h := d.history()
	for i, r := range h {
		if i == 0 {
			if r.major() != "0" && r.major() != "1" {
				fail(r.at+"/number", "The history begins with %s and not with 0 or 1.", quote(r.text))
			}
			continue
		}
		before := h[i-1]
		if r.major() != before.major() && r.major() != next(before.major()) {
			fail(r.at+"/number", "Between %s and %s a version is missing.", quote(before.text), quote(r.text))
		}
	}
}

// next adds one to a number in digits.
func next(digits string) string {
	b := []byte(digits)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i] < '9' {
			b[i]++
			return string(b)
		}
		b[i] = '0'
	}
	return "1" + string(b)
}

// 6.1.22 Multiple Definition in Revision History
func revisionTwice(d *Document, fail fail) {
	seen := map[string]bool{}
	for _, r := range d.history() {
		if seen[r.text] {
			fail(r.at+"/number", "The history has the version %s twice.", quote(r.text))
		}
		seen[r.text] = true
	}
}

// 6.1.30 Mixed Integer and Semantic Versioning
func mixedVersions(d *Document, fail fail) {
	v, text, _, ok := d.tracked()
	if !ok {
		return
	}
	for _, r := range d.history() {
		if r.semantic() != v.semantic() {
			fail(r.at+"/number", "The revision %s and the version %s are numbered in two ways.", quote(r.text), quote(text))
		}
	}
}
