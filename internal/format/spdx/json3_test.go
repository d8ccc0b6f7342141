package spdx

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// sound3 is a document of SPDX 3 in which what is named mostly comes later.
const sound3 = `{
 "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
 "@graph": [
  {"type": "Relationship", "spdxId": "urn:x:r1", "creationInfo": "_:info", "relationshipType": "dependsOn", "from": "urn:x:shop", "to": ["urn:x:a"]},
  {"type": "LifecycleScopedRelationship", "spdxId": "urn:x:r2", "creationInfo": "_:info", "relationshipType": "dependsOn", "scope": "runtime", "from": "urn:x:a", "to": ["urn:x:b", "urn:x:f"]},
  {"type": "Relationship", "spdxId": "urn:x:r3", "creationInfo": "_:info", "relationshipType": "hasVariant", "from": "urn:x:a", "to": "urn:x:b"},
  {"type": "Relationship", "spdxId": "urn:x:r4", "creationInfo": "_:info", "relationshipType": "hasStaticLink", "from": "urn:x:b", "to": ["urn:y:libc"], "completeness": "complete"},
  {"type": "Relationship", "spdxId": "urn:x:r5", "creationInfo": "_:info", "relationshipType": "dependsOn", "from": "urn:x:b", "to": ["NoneElement"]},
  {"type": "Relationship", "spdxId": "urn:x:r6", "creationInfo": "_:info", "relationshipType": "hasConcludedLicense", "from": "urn:x:shop", "to": ["expandedlicensing_NoAssertionLicense"]},
  {"type": "Relationship", "spdxId": "urn:x:r7", "creationInfo": "_:info", "relationshipType": "hasDeclaredLicense", "from": "urn:x:shop", "to": ["urn:x:LicenseRef-own"]},
  {"type": "Relationship", "spdxId": "urn:x:r8", "creationInfo": "_:info", "relationshipType": "hasDeclaredLicense", "from": "urn:x:a", "to": ["https://spdx.org/licenses/MIT"]},
  {"type": "Relationship", "spdxId": "urn:x:r9", "creationInfo": "_:info", "relationshipType": "hasConcludedLicense", "from": "urn:x:a", "to": ["urn:x:l"]},
  {"type": "Relationship", "spdxId": "urn:x:r10", "creationInfo": "_:info", "relationshipType": "availableFrom", "from": "urn:x:a", "to": ["urn:x:azer"]},
  {"type": "SpdxDocument", "spdxId": "urn:x:doc", "creationInfo": "_:info", "name": "shop 1.4", "dataLicense": "https://spdx.org/licenses/CC0-1.0",
   "profileConformance": ["core", "software"], "rootElement": ["urn:x:bom"], "element": ["urn:x:shop", "urn:x:a"],
   "import": [{"type": "ExternalMap", "externalSpdxId": "urn:y:libc", "locationHint": "https://example.org/libc"}]},
  {"type": "software_Sbom", "spdxId": "urn:x:bom", "creationInfo": "_:info", "software_sbomType": ["build", "analyzed"], "rootElement": ["urn:x:shop"]},
  {"type": "software_Package", "spdxId": "urn:x:shop", "creationInfo": "_:info", "name": "shop", "software_packageVersion": "1.4",
   "software_primaryPurpose": "operatingSystem", "suppliedBy": "urn:x:ltd", "software_downloadLocation": "https://example.org/shop",
   "verifiedUsing": [{"type": "PackageVerificationCode", "algorithm": "sha1", "hashValue": "d6a770ba38583ed4bb4525bd96e50461655d2758"},
    {"type": "Hash", "algorithm": "sha3_256", "hashValue": "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"}]},
  {"type": "software_Package", "spdxId": "urn:x:a", "creationInfo": "_:info", "name": "left-pad", "software_packageVersion": "1.3.0", "originatedBy": ["urn:x:azer"],
   "software_packageUrl": "pkg:npm/left-pad@1.3.0", "builtTime": "2025-01-01T00:00:00Z", "externalIdentifier": [
    {"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": "pkg:npm/left-pad@1.3.0"},
    {"type": "ExternalIdentifier", "externalIdentifierType": "packageUrl", "identifier": "pkg:generic/left-pad@1.3.0"},
    {"type": "ExternalIdentifier", "externalIdentifierType": "cpe22", "identifier": "cpe:/a:azer:left-pad:1.3.0"},
    {"type": "ExternalIdentifier", "externalIdentifierType": "cpe23", "identifier": "cpe:2.3:a:azer:left-pad:1.3.0:*:*:*:*:*:*:*"}],
   "software_contentIdentifier": [{"type": "software_ContentIdentifier", "software_contentIdentifierType": "swhid",
    "software_contentIdentifierValue": "swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"}]},
  {"type": "ai_AIPackage", "spdxId": "urn:x:b", "creationInfo": "_:info", "name": "zlib",
   "externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "cpe22", "identifier": "cpe:/a:gnu:zlib"}]},
  {"type": "software_File", "spdxId": "urn:x:f", "creationInfo": "_:info", "name": "a.c"},
  {"type": "expandedlicensing_CustomLicense", "spdxId": "urn:x:LicenseRef-own", "creationInfo": "_:info", "simplelicensing_licenseText": "do as you like"},
  {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:x:l", "creationInfo": "_:info", "simplelicensing_licenseExpression": "(MIT OR Apache-2.0)"},
  {"type": "Organization", "spdxId": "urn:x:ltd", "creationInfo": "_:info", "name": "Example Ltd"},
  {"type": "Person", "spdxId": "urn:x:azer", "creationInfo": "_:info", "name": "Azer"},
  {"type": "Person", "spdxId": "urn:x:other", "creationInfo": "_:info", "name": "A. Nother"},
  {"type": "Tool", "spdxId": "urn:x:maker", "creationInfo": "_:info", "name": "maker-1.2.3"},
  {"type": "SoftwareAgent", "spdxId": "urn:x:ko", "creationInfo": "_:info", "name": "ko 0.12.0"},
  {"type": "CreationInfo", "@id": "_:info", "specVersion": "3.0.1", "created": "2026-01-02T03:04:05Z", "createdBy": ["urn:x:ko", "urn:x:ltd", "urn:x:other"], "createdUsing": ["urn:x:maker"]}
 ]
}`

func TestADocumentOfSPDX3IsRead(t *testing.T) {
	got, err := read(sound3)
	if err != nil {
		t.Fatal(err)
	}
	want := wanted(inventory.SPDX3JSON)
	want.SpecVersion, want.Serial, want.Lifecycles = "3.0.1", "urn:x:doc", []string{"build", "analyzed"}
	for i := range want.Components {
		c := &want.Components[i]
		c.Ref = strings.Replace(c.Ref, "SPDXRef-", "urn:x:", 1)
	}
	want.Subject = want.Components[0]
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

// JSON-LD lets an element stand where it is named, and names of its own stand
// beside the context of SPDX.
func TestElementsMayStandInEachOther(t *testing.T) {
	d, err := read(`{"type": "SpdxDocument", "spdxId": "urn:x:doc", "name": "nested",
	 "creationInfo": {"type": "CreationInfo", "specVersion": "3.0.1", "created": "2026-01-02T03:04:05Z",
	  "createdBy": [{"type": "Person", "spdxId": "urn:x:p", "name": "A. Nother", "creationInfo": "_:2"}]},
	 "rootElement": [{"type": "software_Package", "spdxId": "urn:x:a", "name": "a", "creationInfo": "_:2",
	  "suppliedBy": {"type": "Organization", "spdxId": "urn:x:o", "name": "Example Ltd", "creationInfo": "_:2"}}],
	 "element": [{"type": "Relationship", "spdxId": "urn:x:r", "creationInfo": {"type": "CreationInfo", "@id": "_:2", "specVersion": "3.0.1", "created": "2026-01-02T03:04:05Z", "createdBy": "urn:x:p"},
	  "relationshipType": "contains", "from": "urn:x:a", "to": [{"type": "software_Package", "spdxId": "urn:x:b", "name": "b", "creationInfo": "_:2"}]}],
	 "@context": ["https://spdx.org/rdf/3.0.1/spdx-context.jsonld", {"mine": "https://example.org/"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	want := &inventory.Document{Format: inventory.SPDX3JSON, SpecVersion: "3.0.1", Serial: "urn:x:doc", Name: "nested", CreatedAt: 1767323045000000,
		Authors: []string{"A. Nother"}, Subject: inventory.Component{Ref: "urn:x:a", Name: "a", Supplier: "Example Ltd"},
		Components:   []inventory.Component{{Ref: "urn:x:a", Name: "a", Supplier: "Example Ltd"}, {Ref: "urn:x:b", Name: "b"}},
		Edges:        []inventory.Edge{{From: -1, To: 1}},
		Dependencies: 1}
	if diff := cmp.Diff(want, d, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
}

func TestABrokenRuleOfSPDX3IsAFaultWithItsPlace(t *testing.T) {
	const hash = "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"
	for _, c := range []struct{ name, old, new, rule, pointer string }{
		{"no identifier", `"spdxId": "urn:x:b", `, ``, "required", "/@graph/14"},
		{"an identifier that is none", `"spdxId": "urn:x:f"`, `"spdxId": "f"`, "spdx-id", "/@graph/15"},
		{"an identifier for this document only", `"spdxId": "urn:x:f"`, `"spdxId": "_:f"`, "spdx-id", "/@graph/15"},
		{"an identifier twice", `"spdxId": "urn:x:f"`, `"spdxId": "urn:x:a"`, "unique-id", "/@graph/15"},
		{"no class", `"type": "software_File", `, ``, "required", "/@graph/15"},
		{"an unknown class", `"software_File"`, `"software_Folder"`, "unknown-type", "/@graph/15"},
		{"a class in full", `"software_File"`, `"https://spdx.org/rdf/3.0.1/terms/Software/File"`, "unknown-type", "/@graph/15"},
		{"no creation information", `"spdxId": "urn:x:f", "creationInfo": "_:info"`, `"spdxId": "urn:x:f"`, "required", "/@graph/15"},
		{"creation information that is not there", `"spdxId": "urn:x:f", "creationInfo": "_:info"`, `"spdxId": "urn:x:f", "creationInfo": "_:none"`, "dangling-ref", "/@graph/15"},
		{"no version", `"specVersion": "3.0.1", `, ``, "required", "/@graph/23"},
		{"another version", `"specVersion": "3.0.1"`, `"specVersion": "3.0.0"`, "spdx-version", "/@graph/23"},
		{"no time", `"created": "2026-01-02T03:04:05Z", `, ``, "required", "/@graph/23"},
		{"a time", `2026-01-02T03:04:05Z`, `2026-01-02 03:04`, "date", "/@graph/23/created"},
		{"nobody", `"createdBy": ["urn:x:ko", "urn:x:ltd", "urn:x:other"]`, `"createdBy": []`, "required", "/@graph/23"},
		{"somebody unknown", `"urn:x:ltd", "urn:x:other"`, `"urn:x:ltd", "urn:x:nobody"`, "dangling-ref", "/@graph/23"},
		{"a package without a name", `"name": "zlib",`, ``, "required", "/@graph/14"},
		{"a purpose", `operatingSystem`, `OPERATING-SYSTEM`, "purpose", "/@graph/12"},
		{"an algorithm", `sha3_256`, `SHA3-256`, "checksum-algorithm", "/@graph/12/verifiedUsing/1"},
		{"a checksum", hash, hash[1:], "checksum", "/@graph/12/verifiedUsing/1"},
		{"no checksum", `, "hashValue": "` + hash + `"`, ``, "checksum", "/@graph/12/verifiedUsing/1"},
		{"a package URL", `"pkg:npm/left-pad@1.3.0", "builtTime"`, `"left-pad", "builtTime"`, "purl", "/@graph/13/software_packageUrl"},
		{"a package URL among identifiers", `pkg:generic/left-pad@1.3.0`, `pkg:generic`, "purl", "/@graph/13/externalIdentifier/1"},
		{"a CPE name", `cpe:/a:gnu:zlib`, `gnu:zlib`, "cpe", "/@graph/14/externalIdentifier/0"},
		{"a type of identifier", `"externalIdentifierType": "cpe23"`, `"externalIdentifierType": "cpe"`, "external-identifier", "/@graph/13/externalIdentifier/3"},
		{"an identifier without a value", `, "identifier": "cpe:/a:gnu:zlib"`, ``, "external-identifier", "/@graph/14/externalIdentifier/0"},
		{"a date of a package", `2025-01-01T00:00:00Z`, `2025`, "date", "/@graph/13/builtTime"},
		{"an unknown supplier", `"suppliedBy": "urn:x:ltd"`, `"suppliedBy": "urn:x:limited"`, "dangling-ref", "/@graph/12"},
		{"two suppliers", `"suppliedBy": "urn:x:ltd"`, `"suppliedBy": ["urn:x:ltd", "urn:x:azer"]`, "supplied-by", "/@graph/12"},
		{"a member", `"originatedBy"`, `"originator"`, "unknown-member", "/@graph/13/originator"},
		{"a relationship type", `hasVariant`, `variantOf`, "relationship-type", "/@graph/2"},
		{"a relationship of nothing", `"from": "urn:x:a", "to": "urn:x:b"`, `"from": "urn:x:a"`, "relationship", "/@graph/2"},
		{"a relationship to nothing", `"to": ["urn:x:b", "urn:x:f"]`, `"to": ["urn:x:b", "urn:x:g"]`, "dangling-ref", "/@graph/1"},
		{"a relationship from several", `"from": "urn:x:a", "to": "urn:x:b"`, `"from": ["urn:x:a", "urn:x:b"], "to": "urn:x:b"`, "type", "/@graph/2/from"},
		{"an element that is imported and not said to be", `"externalSpdxId": "urn:y:libc", `, ``, "dangling-ref", "/@graph/3"},
		{"a licence that is not there", `"to": ["urn:x:l"]`, `"to": ["urn:x:licence"]`, "dangling-ref", "/@graph/8"},
		{"a licence that is none", `(MIT OR Apache-2.0)`, `MIT licence`, "licence-expression", "/@graph/17"},
		{"no licence", `"simplelicensing_licenseExpression": "(MIT OR Apache-2.0)"`, `"comment": ""`, "required", "/@graph/17"},
		{"a collection without a root", `"rootElement": ["urn:x:bom"], `, ``, "root-element", "/@graph/10"},
		{"two documents", `"type": "software_Sbom"`, `"type": "SpdxDocument"`, "one-document", "/@graph/11"},
		{"a type of bill of materials", `"analyzed"]`, `"analysed"]`, "sbom-type", "/@graph/11/software_sbomType/1"},
		{"something beside the graph", `"@graph"`, `"name": "x", "@graph"`, "unknown-member", "/@graph"},
		{"an element that is none", `{"type": "software_File", "spdxId": "urn:x:f", "creationInfo": "_:info", "name": "a.c"}`, `"urn:x:f"`, "type", "/@graph/15"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := read(change(t, sound3, c.old, c.new))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(d.Faults, func(f inventory.Fault) bool { return f.Rule == c.rule && f.Pointer == c.pointer && f.Detail != "" }) {
				t.Errorf("no fault of %s at %q among %+v", c.rule, c.pointer, d.Faults)
			}
			for _, c := range d.Components {
				if strings.Contains(c.Ref, "\x00") {
					t.Errorf("a made-up identifier came out: %q", c.Ref)
				}
			}
		})
	}
}

// Relationships are kept by less than their names. What names them, before or after,
// must find them all the same.
func TestWhatNamesARelationshipFindsIt(t *testing.T) {
	for _, c := range []struct{ name, list, rule, pointer string }{
		{"listed before and after", `"urn:x:r1", "urn:x:r10", "urn:x:b", "urn:x:f", "_:info"`, "", ""},
		{"listed and imported", `"urn:y:libc"`, "", ""},
		{"a listed licence", `"https://spdx.org/licenses/MIT"`, "", ""},
		{"listed and not there", `"urn:x:r1", "urn:x:nothing"`, "dangling-ref", "/@graph/10/element/1"},
		{"listed twice and not there", `"urn:x:nothing", "urn:x:nothing"`, "dangling-ref", "/@graph/10/element/0"},
	} {
		for _, order := range []string{"collection last", "collection first"} {
			text := change(t, sound3, `"element": ["urn:x:shop", "urn:x:a"]`, `"element": [`+c.list+`]`)
			pointer := c.pointer
			if order == "collection first" {
				begin := strings.Index(text, `{"type": "SpdxDocument"`)
				end := strings.Index(text, `{"type": "software_Sbom"`)
				document := text[begin:end]
				text = strings.Replace(text[:begin]+text[end:], `"@graph": [`, `"@graph": [`+document, 1)
				pointer = strings.Replace(pointer, "/10/", "/0/", 1)
			}
			d, err := read(text)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range d.Faults {
				got = append(got, f.Rule+" "+f.Pointer)
			}
			want := []string{c.rule + " " + pointer}
			if c.rule == "" {
				want = nil
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, %s: %q, want %q", c.name, order, got, want)
			}
		}
	}
	for name, change := range map[string][2]string{
		"twice":              {`"spdxId": "urn:x:r2"`, `"spdxId": "urn:x:r1"`},
		"that of a file":     {`"spdxId": "urn:x:f"`, `"spdxId": "urn:x:r1"`},
		"that of a licence":  {`"spdxId": "urn:x:r9"`, `"spdxId": "urn:x:l"`},
		"that of an earlier": {`"spdxId": "urn:x:r10"`, `"spdxId": "urn:x:shop"`},
	} {
		d, err := read(strings.Replace(sound3, change[0], change[1], 1))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(d.Faults, func(f inventory.Fault) bool { return f.Rule == "unique-id" }) {
			t.Errorf("%s: %+v", name, d.Faults)
		}
	}
	for _, ends := range []string{`"from": "urn:x:r1", "to": ["urn:x:r10"]`, `"from": "urn:x:r10", "to": ["urn:x:r1"]`} {
		d, err := read(change(t, sound3, `"from": "urn:x:a", "to": "urn:x:b"`, ends))
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Faults) != 0 || d.Dependencies != 3 {
			t.Errorf("a relationship of relationships: %d dependencies, %+v", d.Dependencies, d.Faults)
		}
	}
}

func TestSPDX3ThatIsNotReadIsRefusedWithAReason(t *testing.T) {
	for _, c := range []struct {
		name, text, says string
		kind             fault.Kind
	}{
		{"3.0.0", strings.ReplaceAll(sound3, "3.0.1", "3.0.0"), "/3.0.0/", fault.Unsupported},
		{"3.1", strings.ReplaceAll(sound3, "3.0.1", "3.1"), "/3.1/", fault.Unsupported},
		{"no context", change(t, sound3, `"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",`, ``), "its @context is not that of SPDX 3", fault.Unsupported},
		{"data behind the end", sound3 + " 1", "data after the end", fault.Invalid},
		{"NUL", change(t, sound3, "left-pad", `left\u0000pad`), "has a NUL", fault.Invalid},
		{"cut off", sound3[:len(sound3)-1], "ends too early", fault.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(c.text)
			if fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v; want %s saying %q", err, c.kind, c.says)
			}
		})
	}
}

func TestSPDX3RelationshipTypesAreThoseOfTheSpecification(t *testing.T) {
	for name, k := range relationship3 {
		d, err := read(change(t, sound3, "hasVariant", name))
		if err != nil {
			t.Fatal(err)
		}
		want := []inventory.Edge{{From: -1, To: 1}, {From: 1, To: 2}}
		if diff := cmp.Diff(want, d.Edges); diff != "" || len(d.Faults) != 0 {
			t.Errorf("%s: %v %s", name, d.Faults, diff)
		}
		d, err = read(change(t, sound3, `"hasVariant", "from": "urn:x:a", "to": "urn:x:b"`, `"`+name+`", "from": "urn:x:b", "to": "urn:x:a"`))
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(d.Edges, inventory.Edge{From: 2, To: 1}); got != (k == forwards) {
			t.Errorf("%s: edges %v", name, d.Edges)
		}
	}
	if n := len(relationship3); n != 59 {
		t.Errorf("%d relationship types; SPDX 3.0.1 has 59", n)
	}
}

// licensed gives the licences of a package whose licence is the element urn:x:l.
func licensed(t *testing.T, elements string) []string {
	t.Helper()
	d, err := read(change(t, sound3, `{"type": "simplelicensing_LicenseExpression", "spdxId": "urn:x:l", "creationInfo": "_:info", "simplelicensing_licenseExpression": "(MIT OR Apache-2.0)"}`, elements))
	if err != nil {
		t.Fatal(err)
	}
	return d.Components[1].Licences
}

func TestLicencesOfSPDX3AreWrittenAsExpressions(t *testing.T) {
	element := func(class, id, rest string) string {
		return fmt.Sprintf(`{"type": "%s", "spdxId": "%s", "creationInfo": "_:info"%s}`, class, id, rest)
	}
	const mit = "https://spdx.org/licenses/MIT"
	set := func(class, id string, members ...string) string {
		return element("expandedlicensing_"+class, id, `, "expandedlicensing_member": ["`+strings.Join(members, `", "`)+`"]`)
	}
	for _, c := range []struct {
		name, elements string
		want           []string
	}{
		{"a listed licence", element("expandedlicensing_ListedLicense", "urn:x:l", `, "name": "ISC"`), []string{"ISC"}},
		{"a listed licence by its address", set("DisjunctiveLicenseSet", "urn:x:l", mit, "http://spdx.org/licenses/ISC"), []string{"MIT OR ISC"}},
		{"a text", element("simplelicensing_SimpleLicensingText", "urn:x:l", `, "name": "Own licence"`), []string{"Own licence"}},
		{"a licence without a name", element("expandedlicensing_CustomLicense", "urn:x:l", ""), []string{"l"}},
		{"sets in sets", set("ConjunctiveLicenseSet", "urn:x:l", mit, "urn:x:m") + "," + set("DisjunctiveLicenseSet", "urn:x:m", mit, "https://spdx.org/licenses/ISC"), []string{"MIT AND (MIT OR ISC)"}},
		{"or later", element("expandedlicensing_OrLaterOperator", "urn:x:l", `, "expandedlicensing_subjectLicense": "`+mit+`"`), []string{"MIT+"}},
		{"with", element("expandedlicensing_WithAdditionOperator", "urn:x:l", `, "expandedlicensing_subjectExtendableLicense": "https://spdx.org/licenses/GPL-2.0-only", "expandedlicensing_subjectAddition": "https://spdx.org/licenses/Classpath-exception-2.0"`), []string{"GPL-2.0-only WITH Classpath-exception-2.0"}},
		{"NOASSERTION, so the declared one", element("simplelicensing_LicenseExpression", "urn:x:l", `, "simplelicensing_licenseExpression": "NOASSERTION"`), []string{"MIT"}},
		{"a circle, so the declared one", set("ConjunctiveLicenseSet", "urn:x:l", "urn:x:l", "urn:x:l"), []string{"MIT"}},
		{"a listed licence that the document holds", element("expandedlicensing_ListedLicense", mit, "") + "," + set("ConjunctiveLicenseSet", "urn:x:l", mit, mit), []string{"MIT AND MIT"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := licensed(t, c.elements); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// A licence set of sets that doubles at each step must not grow without bounds.
func TestLicencesThatDoubleDoNotGrow(t *testing.T) {
	var b strings.Builder
	for i := range 40 {
		id, next := fmt.Sprintf("urn:x:l%d", i), fmt.Sprintf("urn:x:l%d", i+1)
		if i == 0 {
			id = "urn:x:l"
		}
		fmt.Fprintf(&b, `{"type": "expandedlicensing_ConjunctiveLicenseSet", "spdxId": "%s", "creationInfo": "_:info", "expandedlicensing_member": ["%s", "%s"]},`, id, next, next)
	}
	b.WriteString(`{"type": "simplelicensing_LicenseExpression", "spdxId": "urn:x:l40", "creationInfo": "_:info", "simplelicensing_licenseExpression": "MIT"}`)
	if got := licensed(t, b.String()); !slices.Equal(got, []string{"MIT"}) {
		t.Errorf("%.80q", got)
	}
}

func TestTheSubjectOfSPDX3(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"a bill of materials", "", "", "shop"},
		{"the root itself", `"rootElement": ["urn:x:bom"]`, `"rootElement": ["urn:x:b"]`, "zlib"},
		{"two roots", `"rootElement": ["urn:x:shop"]`, `"rootElement": ["urn:x:shop", "urn:x:b"]`, "shop 1.4"},
		{"a file", `"rootElement": ["urn:x:shop"]`, `"rootElement": ["urn:x:f"]`, "shop 1.4"},
		{"collections in a circle", `"rootElement": ["urn:x:shop"]`, `"rootElement": ["urn:x:bom", "urn:x:doc", "urn:x:a"]`, "left-pad"},
		{"no document", `"type": "SpdxDocument"`, `"type": "Annotation"`, "shop"},
		{"describes", `"rootElement": ["urn:x:bom"], "element": ["urn:x:shop", "urn:x:a"],`, ``, "left-pad"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := sound3
			if c.old != "" {
				text = change(t, text, c.old, c.new)
			}
			if c.name == "describes" {
				text = change(t, text, `"relationshipType": "hasVariant", "from": "urn:x:a", "to": "urn:x:b"`, `"relationshipType": "describes", "from": "urn:x:doc", "to": "urn:x:a"`)
			}
			d, err := read(text)
			if err != nil {
				t.Fatal(err)
			}
			if d.Subject.Name != c.want {
				t.Errorf("the subject is %q, want %q", d.Subject.Name, c.want)
			}
			sound(t, d)
		})
	}
}
