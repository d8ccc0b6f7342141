package inventory_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// doc makes a document of "name version licence" lines.
func doc(tool, subject string, lines ...string) *inventory.Document {
	d := &inventory.Document{Format: inventory.CycloneDXJSON, Tools: []inventory.Tool{{Name: tool}}}
	d.Subject.Name, d.Subject.Version, _ = strings.Cut(subject, " ")
	for _, line := range lines {
		f := strings.Fields(line + " ")
		c := inventory.Component{Name: f[0]}
		if len(f) > 1 {
			c.Version = f[1]
		}
		if len(f) > 2 {
			c.Licences = []string{f[2]}
		}
		d.Components = append(d.Components, c)
	}
	return d
}

// lists writes a difference in one line for each kind.
func lists(d inventory.Difference) string {
	var b strings.Builder
	write := func(kind string, list []inventory.Change) {
		for _, c := range list {
			fmt.Fprintf(&b, "%s %s %s>%s;", kind, c.Name, c.Before, c.After)
		}
	}
	write("+", d.Added)
	write("-", d.Removed)
	write("~", d.Versions)
	write("#", d.Contents)
	for _, l := range d.Licences {
		fmt.Fprintf(&b, "L %s %s>%s;", l.Name, strings.Join(l.LicencesBefore, "+"), strings.Join(l.LicencesAfter, "+"))
	}
	return b.String()
}

func TestWhatChangedBetweenTwoDocuments(t *testing.T) {
	for _, c := range []struct{ name, before, after, want string }{
		{"nothing", "a 1|b 2", "b 2|a 1", ""},
		{"added and removed", "a 1|b 1", "b 1|c 1", "+ c >1;- a 1>;"},
		{"another version", "a 1.9", "a 1.10", "~ a 1.9>1.10;"},
		{"one of several versions", "a 1|a 2", "a 2|a 3", "~ a 1>3;"},
		{"versions become fewer", "a 1|a 2|a 9", "a 10", "- a 1>;- a 2>;~ a 9>10;"},
		{"versions become more", "a 9", "a 1|a 10", "+ a >1;~ a 9>10;"},
		{"the highest go together", "a 1|a 2", "a 3|a 4", "~ a 1>3;~ a 2>4;"},
		{"listed twice", "a 1|a 1", "a 1", ""},
		{"a version is given", "a", "a 1", "~ a >1;"},
		{"another licence", "a 1 MIT", "a 1 Apache-2.0", "L a MIT>Apache-2.0;"},
		{"a licence with a version", "a 1 MIT", "a 2 GPL-2.0-only", "~ a 1>2;L a MIT>GPL-2.0-only;"},
		{"a licence no longer said", "a 1 MIT", "a 1", "L a MIT>;"},
	} {
		got := inventory.Diff(doc("t", "app 1", strings.Split(c.before, "|")...), doc("t", "app 2", strings.Split(c.after, "|")...))
		if l := lists(got); l != c.want || got.Basis != inventory.OtherBuild || got.Empty() != (c.want == "") {
			t.Errorf("%s: %s, want %s", c.name, l, c.want)
		}
	}
}

func TestThePackageIsThatOfThePackageURL(t *testing.T) {
	for _, c := range []struct{ purl, group, name, want string }{
		{"pkg:npm/%40angular/core@1.2.3?x=y#z", "", "core", "pkg:npm/@angular/core"},
		{"pkg:npm/@angular/core@1.2.3", "", "core", "pkg:npm/@angular/core"},
		{"pkg:npm/@angular/core", "", "core", "pkg:npm/@angular/core"},
		{"pkg:Golang/github.com/A/b@v1.0.0", "", "b", "pkg:golang/github.com/A/b"},
		{"pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie", "", "curl", "pkg:deb/debian/curl"},
		{"pkg:npm/%zz@1", "", "x", "pkg:npm/%zz"},
		{"", "org.apache", "tomcat", "org.apache/tomcat"},
		{"", "", "left-pad", "left-pad"},
		{"not a purl", "", "left-pad", "left-pad"},
	} {
		component := inventory.Component{PURL: c.purl, Group: c.group, Name: c.name}
		if got := component.Package(); got != c.want {
			t.Errorf("%s: %q, want %q", c.purl, got, c.want)
		}
	}
}

func TestOtherContentInTheSameVersionIsTold(t *testing.T) {
	with := func(values ...string) *inventory.Document {
		d := doc("t", "app 1", "a 1")
		for _, v := range values {
			algorithm, value, _ := strings.Cut(v, ":")
			d.Components[0].Hashes = append(d.Components[0].Hashes, inventory.Hash{Algorithm: algorithm, Value: value})
		}
		return d
	}
	for _, c := range []struct {
		before, after *inventory.Document
		want          string
	}{
		{with("sha256:1"), with("sha256:2"), "# a 1>1;"},
		{with("sha256:1"), with("sha256:1", "sha1:3"), ""},
		{with("sha256:1"), with("sha1:3"), ""},
		{with("sha256:1"), with(), ""},
	} {
		if got := lists(inventory.Diff(c.before, c.after)); got != c.want {
			t.Errorf("%v: %s, want %s", c.after.Components[0].Hashes, got, c.want)
		}
	}
}

func TestTheBasisSaysWhoseTheDifferencesAre(t *testing.T) {
	digest := func(tool string) *inventory.Document {
		d := doc(tool, tool)
		d.Subject.Hashes = []inventory.Hash{{Algorithm: "sha256", Value: "aa"}}
		return d
	}
	image := func(tool, name string) *inventory.Document {
		d := doc(tool, "")
		d.Subject.Name, d.Subject.Version = name, "sha256:aa"
		return d
	}
	for _, c := range []struct {
		name          string
		before, after *inventory.Document
		want          inventory.Basis
	}{
		{"the next release", doc("t", "app 1"), doc("t", "app 2"), inventory.OtherBuild},
		{"the next release by another tool", doc("t", "app 1"), doc("u", "app 2"), inventory.OtherBuildOtherTools},
		{"the same release", doc("t", "app 1"), doc("t", "App 1"), inventory.OneBuild},
		{"the same release by another tool", doc("t", "app 1"), doc("u", "app 1"), inventory.OneBuildOtherTools},
		{"the same digest", digest("t"), digest("u"), inventory.OneBuildOtherTools},
		{"an image by two names", image("t", "alpine"), image("u", "docker.io/alpine"), inventory.OneBuildOtherTools},
		{"no version", doc("t", "app"), doc("u", "app"), inventory.OtherBuildOtherTools},
		{"no subject", doc("t", ""), doc("t", ""), inventory.OtherBuild},
		{"a tool as SPDX writes it", doc("syft 1.2", "app 1"), doc("syft-1.2", "app 1"), inventory.OneBuild},
		{"another product of the same version", doc("t", "app 1"), doc("t", "other 1"), inventory.OtherBuild},
	} {
		if got := inventory.Diff(c.before, c.after).Basis; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTheVerdictIsOneSentenceForPeople(t *testing.T) {
	a, b := []string{"a 1 MIT", "b 1", "c 1"}, []string{"a 2 ISC", "c 1", "d 1", "e 1"}
	for _, c := range []struct {
		before, after *inventory.Document
		want          string
	}{
		{doc("t", "app 1", a...), doc("t", "app 2", b...),
			"Since the document before, 2 packages were added, 1 package was removed, 1 package changed its version and 1 package has other licences."},
		{doc("syft 1", "app 1", a...), doc("trivy 2", "app 1", b...),
			"Different tools describing one build: the second alone lists 2 packages, the first alone lists 1 package, they give 1 package another version and they give 1 package other licences. These are differences between syft 1 and trivy 2, not changes of the product."},
		{doc("t", "app 1", "a 1"), doc("t", "app 1", "a 2"),
			"Both documents describe one build and come from the same tools, yet 1 package changed its version: the build or one of the documents is not what it was."},
		{doc("t", "app 1"), doc("", "app 2", "a 1"),
			"Between the two documents 1 package was added; they come from different tools (t, then a tool that is not named), so some of this may be no change of the product."},
		{doc("t", "app 1", "a 1"), doc("t", "app 2", "a 1"), "Nothing changed: both documents list the same 1 package version."},
		{doc("t", "app 1", "a 1", "a 1", "b 1"), doc("t", "app 2", "a 1", "b 1"), "Nothing changed: both documents list the same 2 package versions, though one lists some of them more often."},
		{doc("t", "app 1"), doc("t", "app 2"), "Neither document lists a component."},
	} {
		d := inventory.Diff(c.before, c.after)
		if got := d.Verdict(); got != c.want {
			t.Errorf("%s\nwant %s", got, c.want)
		}
	}
}

// randomDocument draws a document of few names and versions, so that they meet.
func randomDocument(t *rapid.T, label string) *inventory.Document {
	d := &inventory.Document{Format: rapid.SampledFrom([]inventory.Format{inventory.CycloneDXJSON, inventory.SPDXJSON}).Draw(t, label+" format")}
	some := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }
	d.Tools = []inventory.Tool{{Name: some("t", "u"), Version: some("1", "2")}}
	d.Subject = inventory.Component{Ref: "0", Name: some("app", ""), Version: some("1", "2", "")}
	for i := range rapid.IntRange(0, 12).Draw(t, label+" components") {
		c := inventory.Component{Ref: fmt.Sprint(i), Name: some("a", "b", "c"), Version: some("", "1", "01", "1.2", "1.10", "2-rc1")}
		if some("purl", "") != "" {
			c.PURL = "pkg:npm/" + c.Name + "@" + c.Version
		}
		if l := some("", "MIT", "ISC OR MIT"); l != "" {
			c.Licences = []string{l}
		}
		if h := some("", "x", "y"); h != "" {
			c.Hashes = []inventory.Hash{{Algorithm: "sha256", Value: h}}
		}
		d.Components = append(d.Components, c)
	}
	return d
}

func TestADocumentDoesNotDifferFromItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := randomDocument(t, "d")
		if got := inventory.Diff(d, d); !got.Empty() {
			t.Fatalf("%s", lists(got))
		}
	})
}

func TestReversedTheListsSwap(t *testing.T) {
	turn := func(list []inventory.Change) (out []string) {
		for _, c := range list {
			out = append(out, fmt.Sprint(c.Package, c.After, c.Before, c.AfterIndex, c.BeforeIndex))
		}
		return out
	}
	keep := func(list []inventory.Change) (out []string) {
		for _, c := range list {
			out = append(out, fmt.Sprint(c.Package, c.Before, c.After, c.BeforeIndex, c.AfterIndex))
		}
		return out
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b := randomDocument(t, "a"), randomDocument(t, "b")
		there, back := inventory.Diff(a, b), inventory.Diff(b, a)
		for _, pair := range [][2][]inventory.Change{{there.Added, back.Removed}, {there.Removed, back.Added}, {there.Versions, back.Versions}, {there.Contents, back.Contents}} {
			if d := cmp.Diff(keep(pair[0]), turn(pair[1])); d != "" {
				t.Fatal(d)
			}
		}
		if len(there.Licences) != len(back.Licences) || there.Unchanged != back.Unchanged || there.Basis != back.Basis || there.Before != back.After {
			t.Fatalf("%+v\n%+v", there, back)
		}
		for i, l := range there.Licences {
			if !slices.Equal(l.LicencesBefore, back.Licences[i].LicencesAfter) || !slices.Equal(l.LicencesAfter, back.Licences[i].LicencesBefore) {
				t.Fatalf("%+v\n%+v", l, back.Licences[i])
			}
		}
	})
}

func TestTheNumbersAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := randomDocument(t, "a"), randomDocument(t, "b")
		d := inventory.Diff(a, b)
		if d.Before.Distinct != d.Unchanged+len(d.Removed)+len(d.Versions) || d.After.Distinct != d.Unchanged+len(d.Added)+len(d.Versions) {
			t.Fatalf("%+v", d)
		}
	})
}

func TestTheOrderOfComponentsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := randomDocument(t, "a"), randomDocument(t, "b")
		a.Format, b.Format = inventory.CycloneDXJSON, inventory.CycloneDXJSON
		want := lists(inventory.Diff(a, b))
		b.Components = rapid.Permutation(b.Components).Draw(t, "order")
		if got := lists(inventory.Diff(a, b)); got != want {
			t.Fatalf("%s\n%s", want, got)
		}
	})
}
