package spdx

import (
	stdjson "encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// made is an inventory to be written in every form. The first component is the
// subject.
type made struct {
	components []inventory.Component
	needs      []need
}

// need says that one component needs another, in words of SPDX 2 and 3.
type need struct {
	from, to int
	words    int
}

// words are pairs of relationships that say the same; the second is turned round in
// SPDX 2 when it ends with OF or FOR.
var words = []struct{ two, three string }{
	{"DEPENDS_ON", "dependsOn"}, {"CONTAINS", "contains"}, {"STATIC_LINK", "hasStaticLink"}, {"DYNAMIC_LINK", "hasDynamicLink"},
	{"HAS_PREREQUISITE", "hasPrerequisite"}, {"DEPENDENCY_OF", "dependsOn"}, {"BUILD_DEPENDENCY_OF", "dependsOn"}, {"DEV_DEPENDENCY_OF", "dependsOn"},
	{"TEST_DEPENDENCY_OF", "dependsOn"}, {"RUNTIME_DEPENDENCY_OF", "dependsOn"}, {"OPTIONAL_DEPENDENCY_OF", "hasOptionalDependency"},
	{"PROVIDED_DEPENDENCY_OF", "hasProvidedDependency"}, {"PREREQUISITE_FOR", "hasPrerequisite"}, {"CONTAINED_BY", "contains"},
	{"OPTIONAL_COMPONENT_OF", "hasOptionalComponent"},
}

// turned tells whether SPDX 2 writes the needed one first.
func turned(two string) bool {
	return strings.HasSuffix(two, "_OF") || strings.HasSuffix(two, "_FOR") || strings.HasSuffix(two, "_BY")
}

func drawn() *rapid.Generator[made] {
	text := rapid.StringMatching(`[@A-Za-z0-9é][-@/._+A-Za-z0-9é ]{0,10}[A-Za-z0-9ß)]`)
	licence := rapid.SampledFrom([]string{"", "NOASSERTION", "NONE", "MIT", "(MIT OR Apache-2.0)", "GPL-2.0-only WITH Classpath-exception-2.0", "BSD-3-Clause AND ISC"})
	return rapid.Custom(func(t *rapid.T) made {
		var m made
		n := rapid.IntRange(1, 12).Draw(t, "components")
		for i := range n {
			c := inventory.Component{Name: text.Draw(t, "name"), Version: rapid.OneOf(rapid.Just(""), text).Draw(t, "version")}
			if rapid.Bool().Draw(t, "identified") {
				c.PURL = fmt.Sprintf("pkg:generic/part-%d@%d", i, rapid.IntRange(0, 99).Draw(t, "number"))
			}
			if l := licence.Draw(t, "licence"); l != "" {
				c.Licences = []string{l}
			}
			m.components = append(m.components, c)
		}
		for range rapid.IntRange(0, 20).Draw(t, "needs") {
			one := rapid.IntRange(0, n-1)
			m.needs = append(m.needs, need{one.Draw(t, "from"), one.Draw(t, "to"), rapid.IntRange(0, len(words)-1).Draw(t, "words")})
		}
		return m
	})
}

// relations gives the relationships in the words of SPDX 2.
func (m made) relations(write func(from int, kind string, to int)) {
	for _, n := range m.needs {
		if kind := words[n.words].two; turned(kind) {
			write(n.to, kind, n.from)
		} else {
			write(n.from, kind, n.to)
		}
	}
}

func (m made) json2() string {
	id := func(i int) string { return fmt.Sprintf("SPDXRef-%d", i) }
	doc := map[string]any{"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "made", "documentNamespace": "https://example.org/made",
		"creationInfo": map[string]any{"created": "2026-01-02T03:04:05Z", "creators": []string{"Tool: test-1.0"}}, "documentDescribes": []string{id(0)}}
	packages, relationships := []any{}, []any{}
	for i, c := range m.components {
		p := map[string]any{"SPDXID": id(i), "name": c.Name, "downloadLocation": "NOASSERTION"}
		if c.Version != "" {
			p["versionInfo"] = c.Version
		}
		if c.PURL != "" {
			p["externalRefs"] = []any{map[string]any{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": c.PURL}}
		}
		if len(c.Licences) > 0 {
			p["licenseConcluded"] = c.Licences[0]
		}
		packages = append(packages, p)
	}
	m.relations(func(from int, kind string, to int) {
		relationships = append(relationships, map[string]any{"spdxElementId": id(from), "relationshipType": kind, "relatedSpdxElement": id(to)})
	})
	doc["packages"], doc["relationships"] = packages, relationships
	return encode(doc)
}

func encode(v any) string {
	b, err := stdjson.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (m made) tags() string {
	var b strings.Builder
	b.WriteString("SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: made\nDocumentNamespace: https://example.org/made\nCreator: Tool: test-1.0\nCreated: 2026-01-02T03:04:05Z\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-0\n")
	for i, c := range m.components {
		fmt.Fprintf(&b, "\nPackageName: %s\nSPDXID: SPDXRef-%d\nPackageDownloadLocation: NOASSERTION\n", c.Name, i)
		if c.Version != "" {
			fmt.Fprintf(&b, "PackageVersion: %s\n", c.Version)
		}
		if c.PURL != "" {
			fmt.Fprintf(&b, "ExternalRef: PACKAGE-MANAGER purl %s\n", c.PURL)
		}
		if len(c.Licences) > 0 {
			fmt.Fprintf(&b, "PackageLicenseConcluded: %s\n", c.Licences[0])
		}
	}
	m.relations(func(from int, kind string, to int) {
		fmt.Fprintf(&b, "Relationship: SPDXRef-%d %s SPDXRef-%d\n", from, kind, to)
	})
	return b.String()
}

func (m made) json3() string {
	id := func(i int) string { return fmt.Sprintf("https://example.org/made#%d", i) }
	elements := []any{}
	add := func(class, id string, members map[string]any) {
		members["type"], members["spdxId"], members["creationInfo"] = class, id, "_:info"
		elements = append(elements, members)
	}
	count := 0
	relation := func(from, kind string, to ...string) {
		count++
		add("Relationship", fmt.Sprintf("https://example.org/made#r%d", count), map[string]any{"relationshipType": kind, "from": from, "to": to})
	}
	for _, n := range m.needs {
		relation(id(n.from), words[n.words].three, id(n.to))
	}
	licences := map[string]bool{}
	for i, c := range m.components {
		p := map[string]any{"name": c.Name}
		if c.Version != "" {
			p["software_packageVersion"] = c.Version
		}
		if c.PURL != "" {
			p["software_packageUrl"] = c.PURL
		}
		add("software_Package", id(i), p)
		for _, l := range c.Licences {
			name := "https://example.org/licence/" + strings.ReplaceAll(l, " ", "-")
			if !licences[name] {
				licences[name] = true
				add("simplelicensing_LicenseExpression", name, map[string]any{"simplelicensing_licenseExpression": l})
			}
			relation(id(i), "hasConcludedLicense", name)
		}
	}
	add("Tool", "https://example.org/made#tool", map[string]any{"name": "test-1.0"})
	add("Person", "https://example.org/made#person", map[string]any{"name": "A. Nother"})
	elements = append(elements, map[string]any{"type": "CreationInfo", "@id": "_:info", "specVersion": "3.0.1", "created": "2026-01-02T03:04:05Z",
		"createdBy": []string{"https://example.org/made#person"}, "createdUsing": []string{"https://example.org/made#tool"}})
	add("SpdxDocument", "https://example.org/made", map[string]any{"name": "made", "rootElement": []string{id(0)}})
	return encode(map[string]any{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": elements})
}

// One inventory says the same in SPDX 2.3 JSON, in tag-value and in SPDX 3.0.1.
func TestOneInventoryIsTheSameInEveryForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawn().Draw(t, "inventory")
		want := make([]inventory.Component, len(m.components))
		for i, c := range m.components {
			want[i] = c
			if len(c.Licences) > 0 && nothingNamed(c.Licences[0]) {
				want[i].Licences = nil
			}
		}
		edges := map[inventory.Edge]bool{}
		for _, n := range m.needs {
			if n.from != n.to {
				edges[inventory.Edge{From: seen(int32(n.from), 0), To: seen(int32(n.to), 0)}] = true
			}
		}
		for form, text := range map[string]string{"JSON": m.json2(), "tag-value": m.tags(), "SPDX 3": m.json3()} {
			d, err := read(text)
			if err != nil {
				t.Fatalf("%s: %v\n%s", form, err, text)
			}
			if len(d.Faults) > 0 {
				t.Fatalf("%s: %+v\n%s", form, d.Faults, text)
			}
			if diff := cmp.Diff(want, d.Components, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(inventory.Component{}, "Ref")); diff != "" {
				t.Fatalf("%s: %s", form, diff)
			}
			got := map[inventory.Edge]bool{}
			for _, e := range d.Edges {
				got[e] = true
			}
			if diff := cmp.Diff(edges, got, cmpopts.EquateEmpty()); diff != "" || len(got) != len(d.Edges) || d.Dependencies != len(m.needs) {
				t.Fatalf("%s: %d dependencies of %d, %s", form, d.Dependencies, len(m.needs), diff)
			}
			if d.SubjectIndex() != 0 || d.Name != "made" || len(d.Tools) != 1 {
				t.Fatalf("%s: the subject is %d, the name %q, tools %v", form, d.SubjectIndex(), d.Name, d.Tools)
			}
		}
	})
}
