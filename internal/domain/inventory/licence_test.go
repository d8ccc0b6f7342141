package inventory_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

func TestAnExpressionIsSplitIntoItsLicences(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"MIT", "MIT"},
		{" MIT OR Apache-2.0 ", "MIT|Apache-2.0"},
		{"(MIT AND (BSD-3-Clause OR MIT))", "MIT|BSD-3-Clause"},
		{"GPL-2.0-only WITH Classpath-exception-2.0 and MIT", "GPL-2.0-only WITH Classpath-exception-2.0|MIT"},
		{"GPL-2.0+", "GPL-2.0+"},
		{"DocumentRef-a:LicenseRef-b", "DocumentRef-a:LicenseRef-b"},
		{"Apache License 2.0", "Apache License 2.0"}, // no expression: a name
		{"MIT OR", "MIT OR"},
		{"(MIT", "(MIT"},
		{"MIT)", "MIT)"},
		{"() MIT", "() MIT"},
		{"MIT WITH", "MIT WITH"},
		{"WITH MIT", "WITH MIT"},
		{"MIT WITH a WITH b", "MIT WITH a WITH b"},
		{"GPL v2, or later", "GPL v2, or later"},
		{"NONE", ""}, {"NOASSERTION", ""}, {"  ", ""},
	} {
		if got := strings.Join(inventory.SplitLicence(c.text), "|"); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestTheListKnowsLicencesAndExceptionsInTheirOwnSpelling(t *testing.T) {
	for id, want := range map[string]bool{"MIT": true, "Apache-2.0": true, "GPL-2.0": true, "mit": false, "Apache-2": false, "": false, "Classpath-exception-2.0": false} {
		if inventory.KnownLicence(id) != want {
			t.Errorf("KnownLicence(%q) is %v", id, !want)
		}
	}
	if !inventory.KnownException("Classpath-exception-2.0") || inventory.KnownException("MIT") {
		t.Error("KnownException mixes the lists up")
	}
}

func TestLicencesAreCountedOnceAComponent(t *testing.T) {
	d := &inventory.Document{Format: inventory.CycloneDXJSON, Components: []inventory.Component{
		{Name: "a", Licences: []string{"MIT", "MIT OR Apache-2.0"}},
		{Name: "b", Licences: []string{"MIT"}},
		{Name: "c"},
		{Name: "d", Licences: []string{"NOASSERTION"}},
		{Name: "e", Licences: []string{"Our own licence", "GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0+"}},
	}}
	got := inventory.Licences(d)
	want := inventory.LicenceSummary{
		Licences: []inventory.LicenceUse{{"MIT", true, 2}, {"Apache-2.0", true, 1}, {"GPL-2.0+", true, 1},
			{"GPL-2.0-only WITH Classpath-exception-2.0", true, 1}, {"Our own licence", false, 1}},
		Without: []int32{2, 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTheSubjectOfAnSPDXDocumentIsNoPart(t *testing.T) {
	parts := func(d *inventory.Document) (out []string) {
		for i, c := range d.Parts() {
			if d.Components[i].Name != c.Name {
				t.Errorf("index %d is not that of %s", i, c.Name)
			}
			out = append(out, c.Name)
		}
		return out
	}
	d := &inventory.Document{Format: inventory.SPDXJSON, Subject: inventory.Component{Ref: "SPDXRef-b"},
		Components: []inventory.Component{{Ref: "SPDXRef-a", Name: "a"}, {Ref: "SPDXRef-b", Name: "b"}, {Ref: "SPDXRef-c", Name: "c"}}}
	if got := parts(d); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("SPDX: %v", got)
	}
	d.Format = inventory.CycloneDXJSON
	if got := parts(d); len(got) != 3 || d.SubjectIndex() != -1 {
		t.Errorf("CycloneDX: %v", got)
	}
	for range d.Parts() { // stopping early is allowed
		break
	}
}

// Every text comes back as licences of which none is empty, and splitting a licence
// again gives the same one.
func TestSplittingIsStable(t *testing.T) {
	word := rapid.SampledFrom([]string{"MIT", "Apache-2.0", "OR", "AND", "WITH", "(", ")", "x y", "é", "GPL-2.0+", "NONE"})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(word, 0, 8).Draw(t, "words"), " ")
		for _, l := range inventory.SplitLicence(text) {
			if again := inventory.SplitLicence(l); l != "NONE" && (len(again) != 1 || again[0] != l) {
				t.Fatalf("%q gives %q, and that %q", text, l, again)
			}
		}
	})
}
