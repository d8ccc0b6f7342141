package inventory

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Basis says what two documents are to each other, and so what their differences
// mean.
type Basis string

// The bases of a comparison.
const (
	// OtherBuild: two builds seen with the same tools. Differences are changes of the
	// product.
	OtherBuild Basis = "other_build"
	// OtherBuildOtherTools: two builds seen with different tools. Differences may be
	// of the product or of the tools.
	OtherBuildOtherTools Basis = "other_build_other_tools"
	// OneBuildOtherTools: different tools describing one build. Differences are no
	// changes of the product.
	OneBuildOtherTools Basis = "one_build_other_tools"
	// OneBuild: one build described twice by the same tools. Differences mean that
	// what was built, or the document, is not what it was.
	OneBuild Basis = "one_build"
)

// Change is a package that is in one document alone, or in another version.
type Change struct {
	Package string // Component.Package
	Name    string // to show
	Before  string // version; empty when it was not there, or has none
	After   string
	// Indexes into the components of the documents; -1 = not there.
	BeforeIndex, AfterIndex int32
}

// LicenceChange is a package whose licences are not the same.
type LicenceChange struct {
	Change
	LicencesBefore, LicencesAfter []string // sorted; empty = none given
}

// Totals count one document.
type Totals struct {
	Components int // without the subject
	Distinct   int // packages with their versions, each once
}

// Difference is what two documents say differently. Lists are sorted by package and
// version, and complete; a page shows the first of each.
type Difference struct {
	Basis                   Basis
	Before, After           Totals
	ToolsBefore, ToolsAfter []string // "name version", sorted
	Added                   []Change
	Removed                 []Change
	Versions                []Change
	Contents                []Change // the same version with other digests
	Licences                []LicenceChange
	Unchanged               int // packages in the same version
}

// Empty reports whether nothing differs.
func (d *Difference) Empty() bool {
	return len(d.Added)+len(d.Removed)+len(d.Versions)+len(d.Contents)+len(d.Licences) == 0
}

// Diff compares two documents by package. The same version listed twice is one
// thing. Where a package has several versions, those in both documents are
// unchanged; of the others the highest in one document goes with the highest in the
// other, and what is left over is added or removed.
func Diff(before, after *Document) Difference {
	b, a := byPackage(before), byPackage(after)
	d := Difference{Before: b.totals, After: a.totals, ToolsBefore: toolNames(before), ToolsAfter: toolNames(after)}
	d.Basis = basis(SameBuild(before, after), slices.EqualFunc(d.ToolsBefore, d.ToolsAfter, sameTool))
	packages := maps.Clone(b.list)
	maps.Copy(packages, a.list)
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		d.compare(name, b.list[name], a.list[name])
	}
	return d
}

// used is a version of a package in a document, and all its components.
type used struct {
	version string
	of      []*Component
	index   int32 // of the first
}

type catalogue struct {
	list   map[string][]used // by package; versions sorted
	totals Totals
}

func byPackage(d *Document) catalogue {
	c := catalogue{list: map[string][]used{}}
	at := map[[2]string]int{}
	for i, component := range d.Parts() {
		c.totals.Components++
		key := [2]string{component.Package(), component.Version}
		n, known := at[key]
		if !known {
			n = len(c.list[key[0]])
			at[key] = n
			c.list[key[0]] = append(c.list[key[0]], used{version: key[1], index: i})
			c.totals.Distinct++
		}
		u := &c.list[key[0]][n]
		u.of = append(u.of, component)
	}
	for _, versions := range c.list {
		slices.SortFunc(versions, func(a, b used) int { return compareVersions(a.version, b.version) })
	}
	return c
}

// compare sorts the versions of one package into the lists.
func (d *Difference) compare(name string, before, after []used) {
	var gone, come []used
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch c := order(before[i:], after[j:]); {
		case c == 0:
			d.same(name, before[i], after[j])
			i, j = i+1, j+1
		case c < 0:
			gone = append(gone, before[i])
			i++
		default:
			come = append(come, after[j])
			j++
		}
	}
	// The highest go together, so align the ends.
	pairs := min(len(gone), len(come))
	for _, u := range gone[:len(gone)-pairs] {
		d.Removed = append(d.Removed, change(name, &u, nil))
	}
	for _, u := range come[:len(come)-pairs] {
		d.Added = append(d.Added, change(name, nil, &u))
	}
	for k := range pairs {
		x, y := gone[len(gone)-pairs+k], come[len(come)-pairs+k]
		d.Versions = append(d.Versions, change(name, &x, &y))
		d.licences(name, x, y)
	}
}

// order tells which list has the lower version in front.
func order(a, b []used) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return compareVersions(a[0].version, b[0].version)
}

func (d *Difference) same(name string, before, after used) {
	d.Unchanged++
	if otherDigests(before.of, after.of) {
		d.Contents = append(d.Contents, change(name, &before, &after))
	}
	d.licences(name, before, after)
}

func (d *Difference) licences(name string, before, after used) {
	x, y := licencesOf(before.of), licencesOf(after.of)
	if !slices.Equal(x, y) {
		d.Licences = append(d.Licences, LicenceChange{Change: change(name, &before, &after), LicencesBefore: x, LicencesAfter: y})
	}
}

func change(name string, before, after *used) Change {
	c := Change{Package: name, BeforeIndex: -1, AfterIndex: -1}
	if before != nil {
		c.Name, c.Before, c.BeforeIndex = shown(before.of[0]), before.version, before.index
	}
	if after != nil {
		c.Name, c.After, c.AfterIndex = shown(after.of[0]), after.version, after.index
	}
	return c
}

func shown(c *Component) string {
	switch {
	case c.Name == "":
		return c.Package()
	case c.Group != "":
		return c.Group + "/" + c.Name
	}
	return c.Name
}

func licencesOf(list []*Component) []string {
	var out []string
	for _, c := range list {
		for _, text := range c.Licences {
			out = append(out, SplitLicence(text)...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// otherDigests reports whether both sides give digests by one algorithm and have
// none of them in common.
func otherDigests(before, after []*Component) bool {
	x, y := digests(before), digests(after)
	for algorithm, values := range x {
		if len(y[algorithm]) > 0 && !slices.ContainsFunc(values, func(v string) bool { return slices.Contains(y[algorithm], v) }) {
			return true
		}
	}
	return false
}

func digests(list []*Component) map[string][]string {
	out := map[string][]string{}
	for _, c := range list {
		for _, h := range c.Hashes {
			out[h.Algorithm] = append(out[h.Algorithm], h.Value)
		}
	}
	return out
}

// SameBuild reports whether two documents describe one build: their subjects have
// the same name and version, the same package URL with a version, or a digest in
// common. Without a version or a digest nothing is known.
func SameBuild(a, b *Document) bool {
	x, y := &a.Subject, &b.Subject
	for _, h := range x.Hashes {
		if slices.Contains(y.Hashes, h) {
			return true
		}
	}
	if x.Version == "" || x.Version != y.Version {
		return false
	}
	// The version of an image is often its digest, and its name is up to the tool.
	return strings.HasPrefix(x.Version, "sha256:") || x.PURL != "" && x.PURL == y.PURL || x.Name != "" && strings.EqualFold(shown(x), shown(y))
}

func basis(oneBuild, sameTools bool) Basis {
	switch {
	case oneBuild && sameTools:
		return OneBuild
	case oneBuild:
		return OneBuildOtherTools
	case sameTools:
		return OtherBuild
	}
	return OtherBuildOtherTools
}

func toolNames(d *Document) []string {
	var out []string
	for _, t := range d.Tools {
		if name := strings.TrimSpace(cmp.Or(t.Name, t.Vendor) + " " + t.Version); name != "" {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// sameTool compares names of tools; SPDX joins name and version by a hyphen.
func sameTool(a, b string) bool {
	return strings.EqualFold(strings.ReplaceAll(a, "-", " "), strings.ReplaceAll(b, "-", " "))
}
