package spdx

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

const soundJSON = `{
 "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": "shop 1.4",
 "documentNamespace": "https://example.org/spdx/shop-1.4", "comment": "made for a test",
 "creationInfo": {"created": "2026-01-02T03:04:05Z", "licenseListVersion": "3.25",
  "creators": ["Tool: maker-1.2.3", "Tool: ko 0.12.0", "Organization: Example Ltd ()", "Person: A. Nother (a@example.org)"]},
 "externalDocumentRefs": [{"externalDocumentId": "DocumentRef-base", "spdxDocument": "https://example.org/spdx/base",
  "checksum": {"algorithm": "SHA1", "checksumValue": "d6a770ba38583ed4bb4525bd96e50461655d2759"}}],
 "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-own", "extractedText": "do as you like", "name": "Own"}],
 "documentDescribes": ["SPDXRef-shop"],
 "packages": [
  {"SPDXID": "SPDXRef-shop", "name": "shop", "versionInfo": "1.4", "downloadLocation": "NOASSERTION", "filesAnalyzed": false,
   "primaryPackagePurpose": "OPERATING_SYSTEM", "supplier": "Organization: Example Ltd (x@example.org)", "licenseConcluded": "NOASSERTION",
   "licenseDeclared": "LicenseRef-own", "checksums": [{"algorithm": "SHA3-256", "checksumValue": "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"}]},
  {"SPDXID": "SPDXRef-a", "name": "left-pad", "versionInfo": "1.3.0", "downloadLocation": "git+https://example.org/left-pad.git@v1.3.0",
   "licenseConcluded": "(MIT OR Apache-2.0)", "licenseDeclared": "MIT", "copyrightText": "NONE", "originator": "Person: Azer",
   "supplier": "NOASSERTION", "builtDate": "2025-01-01T00:00:00Z",
   "externalRefs": [
    {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:npm/left-pad@1.3.0"},
    {"referenceCategory": "PACKAGE_MANAGER", "referenceType": "http://spdx.org/rdf/references/purl", "referenceLocator": "pkg:npm/left-pad@1.3.0"},
    {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:generic/left-pad@1.3.0"},
    {"referenceCategory": "SECURITY", "referenceType": "cpe22Type", "referenceLocator": "cpe:/a:azer:left-pad:1.3.0"},
    {"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:azer:left-pad:1.3.0:*:*:*:*:*:*:*"},
    {"referenceCategory": "PERSISTENT-ID", "referenceType": "swh", "referenceLocator": "swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"}]},
  {"SPDXID": "SPDXRef-b", "name": "zlib", "downloadLocation": "NONE", "licenseDeclared": "NONE",
   "externalRefs": [{"referenceCategory": "SECURITY", "referenceType": "cpe22Type", "referenceLocator": "cpe:/a:gnu:zlib"}]}],
 "files": [{"SPDXID": "SPDXRef-f", "fileName": "./a.c", "checksums": []}],
 "snippets": [{"SPDXID": "SPDXRef-s", "snippetFromFile": "SPDXRef-f", "ranges": []}],
 "relationships": [
  {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-shop"},
  {"spdxElementId": "SPDXRef-shop", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-a", "comment": "direct"},
  {"spdxElementId": "SPDXRef-b", "relationshipType": "RUNTIME_DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-a"},
  {"spdxElementId": "SPDXRef-b", "relationshipType": "VARIANT_OF", "relatedSpdxElement": "SPDXRef-a"},
  {"spdxElementId": "SPDXRef-a", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-f"},
  {"spdxElementId": "SPDXRef-b", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NONE"},
  {"spdxElementId": "SPDXRef-b", "relationshipType": "STATIC_LINK", "relatedSpdxElement": "DocumentRef-base:SPDXRef-libc"}]
}`

// wanted is what every form of the sound document says.
func wanted(f inventory.Format) *inventory.Document {
	shop := inventory.Component{Ref: "SPDXRef-shop", Type: "operating-system", Name: "shop", Version: "1.4", Supplier: "Example Ltd", Licences: []string{"LicenseRef-own"},
		Hashes: []inventory.Hash{{Algorithm: "sha3256", Value: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}}}
	return &inventory.Document{
		Format: f, SpecVersion: "2.3", Serial: "https://example.org/spdx/shop-1.4", Name: "shop 1.4", CreatedAt: 1767323045000000,
		Authors: []string{"Example Ltd", "A. Nother"}, Tools: []inventory.Tool{{Name: "maker", Version: "1.2.3"}, {Name: "ko 0.12.0"}},
		Subject: shop,
		Components: []inventory.Component{shop,
			{Ref: "SPDXRef-a", Name: "left-pad", Version: "1.3.0", PURL: "pkg:npm/left-pad@1.3.0", PURLs: []string{"pkg:generic/left-pad@1.3.0"},
				CPE: "cpe:2.3:a:azer:left-pad:1.3.0:*:*:*:*:*:*:*", Identifiers: []string{"swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"},
				Supplier: "Azer", Licences: []string{"(MIT OR Apache-2.0)"}},
			{Ref: "SPDXRef-b", Name: "zlib", CPE: "cpe:/a:gnu:zlib"}},
		Edges:        []inventory.Edge{{From: -1, To: 1}, {From: 1, To: 2}},
		Dependencies: 4, // DEPENDS_ON, RUNTIME_DEPENDENCY_OF, VARIANT_OF, STATIC_LINK
	}
}

func read(text string) (*inventory.Document, error) {
	return Parse(strings.NewReader(text), budget.Limits{})
}

func TestADocumentInJSONIsRead(t *testing.T) {
	got, err := read(soundJSON)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(wanted(inventory.SPDXJSON), got, cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	if got.SubjectIndex() != 0 {
		t.Errorf("the subject is component %d", got.SubjectIndex())
	}
}

// change gives the sound document with one thing changed.
func change(t *testing.T, text, old, new string) string {
	t.Helper()
	if !strings.Contains(text, old) {
		t.Fatalf("the document has no %q", old)
	}
	return strings.Replace(text, old, new, 1)
}

func TestABrokenRuleIsAFaultWithItsPlace(t *testing.T) {
	const hash = "0123456789ABCDEF0123456789abcdef0123456789abcdef0123456789abcdef"
	for _, c := range []struct{ name, old, new, rule, pointer string }{
		{"no version", `"spdxVersion": "SPDX-2.3", `, ``, "required", "/spdxVersion"},
		{"three numbers", `"SPDX-2.3"`, `"SPDX-2.3.1"`, "spdx-version", "/spdxVersion"},
		{"another data licence", `CC0-1.0`, `MIT`, "data-licence", "/dataLicense"},
		{"no data licence", `"dataLicense": "CC0-1.0", `, ``, "required", "/dataLicense"},
		{"an empty name", `"name": "shop 1.4"`, `"name": ""`, "required", "/name"},
		{"another identifier", `"SPDXID": "SPDXRef-DOCUMENT"`, `"SPDXID": "SPDXRef-Doc"`, "spdx-id", "/SPDXID"},
		{"no namespace", `"documentNamespace": "https://example.org/spdx/shop-1.4", `, ``, "required", "/documentNamespace"},
		{"a relative namespace", `https://example.org/spdx/shop-1.4`, `shop`, "namespace", "/documentNamespace"},
		{"a namespace with a fragment", `spdx/shop-1.4`, `spdx#shop-1.4`, "namespace", "/documentNamespace"},
		{"no creators", `"creators": ["Tool: maker-1.2.3", "Tool: ko 0.12.0", "Organization: Example Ltd ()", "Person: A. Nother (a@example.org)"]`, `"creators": []`, "required", "/creationInfo/creators"},
		{"no creation time", `"created": "2026-01-02T03:04:05Z", `, ``, "required", "/creationInfo/created"},
		{"no creator at all", `Tool: ko 0.12.0`, `Ko 0.12.0`, "agent", "/creationInfo/creators/1"},
		{"a creator without a name", `Tool: ko 0.12.0`, `Tool: `, "agent", "/creationInfo/creators/1"},
		{"a creator that is no text", `"Tool: ko 0.12.0"`, `{"Tool": "ko"}`, "type", "/creationInfo/creators/1"},
		{"a date alone", `2026-01-02T03:04:05Z`, `2026-01-02`, "date", "/creationInfo/created"},
		{"a time with an offset", `2026-01-02T03:04:05Z`, `2026-01-02T03:04:05+01:00`, "date", "/creationInfo/created"},
		{"a time with fractions", `2026-01-02T03:04:05Z`, `2026-01-02T03:04:05.5Z`, "date", "/creationInfo/created"},
		{"a date of a package", `2025-01-01T00:00:00Z`, `yesterday`, "date", "/packages/1/builtDate"},
		{"a member of the document", `"comment": "made`, `"coment": "made`, "unknown-member", "/coment"},
		{"a member of a package", `"originator"`, `"orignator"`, "unknown-member", "/packages/1/orignator"},
		{"a tag's name", `"originator"`, `"packageOriginator"`, "unknown-member", "/packages/1/packageOriginator"},
		{"no package name", `"name": "zlib", `, ``, "required", "/packages/2"},
		{"no package identifier", `"SPDXID": "SPDXRef-b", `, ``, "required", "/packages/2"},
		{"no download location", `"downloadLocation": "NONE", `, ``, "required", "/packages/2"},
		{"a download location", `"downloadLocation": "NONE"`, `"downloadLocation": "zlib/zlib"`, "download-location", "/packages/2/downloadLocation"},
		{"an identifier", `"SPDXID": "SPDXRef-b"`, `"SPDXID": "SPDXRef-b_1"`, "spdx-id", "/packages/2/SPDXID"},
		{"an identifier without its beginning", `"SPDXID": "SPDXRef-f"`, `"SPDXID": "f"`, "spdx-id", "/files/0/SPDXID"},
		{"an identifier twice", `"SPDXID": "SPDXRef-f"`, `"SPDXID": "SPDXRef-a"`, "unique-id", "/files/0/SPDXID"},
		{"a package that calls itself the document", `"SPDXID": "SPDXRef-b"`, `"SPDXID": "SPDXRef-DOCUMENT"`, "unique-id", "/packages/2/SPDXID"},
		{"a file without an identifier", `"SPDXID": "SPDXRef-f", `, ``, "required", "/files/0"},
		{"a supplier", `Organization: Example Ltd (x@example.org)`, `Example Ltd`, "agent", "/packages/0/supplier"},
		{"a supplier that is a tool", `Organization: Example Ltd (x@example.org)`, `Tool: x`, "agent", "/packages/0/supplier"},
		{"a supplier NONE", `"supplier": "NOASSERTION"`, `"supplier": "NONE"`, "agent", "/packages/1/supplier"},
		{"a purpose", `OPERATING_SYSTEM`, `SERVICE`, "purpose", "/packages/0/primaryPackagePurpose"},
		{"a flag", `"filesAnalyzed": false`, `"filesAnalyzed": "false"`, "type", "/packages/0/filesAnalyzed"},
		{"a verification code too many", `"filesAnalyzed": false`, `"filesAnalyzed": false, "packageVerificationCode": {}`, "verification-code", "/packages/0"},
		{"a licence that is none", `"(MIT OR Apache-2.0)"`, `"Apache License 2.0"`, "licence-expression", "/packages/1/licenseConcluded"},
		{"a licence that is not defined", `"LicenseRef-own", "extractedText"`, `"LicenseRef-other", "extractedText"`, "licence-ref", "/packages/0/licenseDeclared"},
		{"a licence identifier", `"LicenseRef-own", "extractedText"`, `"LicenseRef-my own", "extractedText"`, "licence-id", "/hasExtractedLicensingInfos/0/licenseId"},
		{"an algorithm", `"SHA3-256"`, `"SHA-256"`, "checksum-algorithm", "/packages/0/checksums/0"},
		{"too short a checksum", hash, hash[2:], "checksum", "/packages/0/checksums/0"},
		{"a checksum that is no number", hash, "g" + hash[1:], "checksum", "/packages/0/checksums/0"},
		{"a checksum without a value", `, "checksumValue": "` + hash + `"`, ``, "checksum", "/packages/0/checksums/0"},
		{"a category", `"SECURITY", "referenceType": "cpe23Type"`, `"SECURE", "referenceType": "cpe23Type"`, "external-ref", "/packages/1/externalRefs/4"},
		{"a reference without a locator", `, "referenceLocator": "cpe:/a:gnu:zlib"`, ``, "external-ref", "/packages/2/externalRefs/0"},
		{"a package URL", `pkg:generic/left-pad@1.3.0`, `npm:left-pad`, "purl", "/packages/1/externalRefs/2"},
		{"a CPE 2.3 name", `cpe:2.3:a:azer:left-pad:1.3.0:*:*:*:*:*:*:*`, `cpe:2.3:a:azer:left-pad:1.3.0`, "cpe", "/packages/1/externalRefs/4"},
		{"a CPE 2.2 name", `cpe:/a:gnu:zlib`, `cpe:2.3:a:gnu:zlib`, "cpe", "/packages/2/externalRefs/0"},
		{"an external document's name", `"DocumentRef-base", "spdxDocument"`, `"base", "spdxDocument"`, "external-document", "/externalDocumentRefs/0"},
		{"an external document that is not declared", `"DocumentRef-base", "spdxDocument"`, `"DocumentRef-other", "spdxDocument"`, "dangling-ref", "/relationships/6"},
		{"a relationship type", `VARIANT_OF`, `LIKE`, "relationship-type", "/relationships/3"},
		{"DESCRIBE", `DESCRIBES"`, `DESCRIBE"`, "relationship-type", "/relationships/0"},
		{"no relationship type", `"relationshipType": "VARIANT_OF", `, ``, "relationship", "/relationships/3"},
		{"a left side that is none", `"spdxElementId": "SPDXRef-b", "relationshipType": "VARIANT_OF"`, `"spdxElementId": "NONE", "relationshipType": "VARIANT_OF"`, "relationship", "/relationships/3"},
		{"a relationship that leads nowhere", `"relatedSpdxElement": "SPDXRef-f"`, `"relatedSpdxElement": "SPDXRef-g"`, "dangling-ref", "/relationships/4"},
		{"a description of nothing", `["SPDXRef-shop"]`, `["SPDXRef-shop", "SPDXRef-nobody"]`, "dangling-ref", "/documentDescribes/1"},
		{"a list that is none", `["SPDXRef-shop"]`, `"SPDXRef-shop"`, "type", "/documentDescribes"},
		{"a relationship that is no object", `{"spdxElementId": "SPDXRef-b", "relationshipType": "VARIANT_OF", "relatedSpdxElement": "SPDXRef-a"}`, `7`, "type", "/relationships/3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := read(change(t, soundJSON, c.old, c.new))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(d.Faults, func(f inventory.Fault) bool { return f.Rule == c.rule && f.Pointer == c.pointer && f.Detail != "" }) {
				t.Errorf("no fault of %s at %q among %+v", c.rule, c.pointer, d.Faults)
			}
			if d.Status() != inventory.AcceptedWithFaults || len(d.Components) != 3 {
				t.Errorf("%s with %d components", d.Status(), len(d.Components))
			}
		})
	}
}

// What both editions ask for differs in a few things.
func TestTheRulesOfAnEditionAreItsOwn(t *testing.T) {
	older := change(t, soundJSON, "SPDX-2.3", "SPDX-2.2")
	d, err := read(older)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range d.Faults {
		got = append(got, f.Rule+" "+f.Pointer)
	}
	want := []string{
		"unknown-member /packages/0/primaryPackagePurpose", "checksum-algorithm /packages/0/checksums/0", "required /packages/0",
		"unknown-member /packages/1/builtDate", "required /packages/1", "required /packages/2", "required /packages/2", "required /packages/2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("SPDX 2.2: %s", diff)
	}
	// The version may come last.
	last := strings.TrimSuffix(change(t, older, `"spdxVersion": "SPDX-2.2", `, ``), "}") + `, "spdxVersion": "SPDX-2.2"}`
	e, err := read(last)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(d, e); diff != "" {
		t.Errorf("with the version at the end: %s", diff)
	}
}

func TestARelationshipIsTurnedSoThatOneNeedsTheOther(t *testing.T) {
	for name, k := range relationship2 {
		d, err := read(change(t, soundJSON, "VARIANT_OF", name))
		if err != nil {
			t.Fatal(err)
		}
		if name == "DESCRIBED_BY" || name == "DESCRIBES" {
			k = related // not of the document
		}
		want := []inventory.Edge{{From: -1, To: 1}, {From: 1, To: 2}}
		if k == forwards {
			want = append(want, inventory.Edge{From: 2, To: 1})
		}
		if diff := cmp.Diff(want, d.Edges); diff != "" || d.Dependencies != 4 {
			t.Errorf("%s (%d): %d dependencies, %s", name, k, d.Dependencies, diff)
		}
	}
	if n := len(relationship2); n != 45 {
		t.Errorf("%d relationship types; table 68 of SPDX 2.3 has 45", n)
	}
}

func TestTheSubjectIsTheOnePackageThatIsDescribed(t *testing.T) {
	without := change(t, change(t, soundJSON, `"documentDescribes": ["SPDXRef-shop"],`, ``), `{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-shop"},`, ``)
	relation := func(from, kind, to string) string {
		return change(t, without, `"relationships": [`, `"relationships": [{"spdxElementId": "`+from+`", "relationshipType": "`+kind+`", "relatedSpdxElement": "`+to+`"},`)
	}
	for _, c := range []struct {
		name, text, subject string
		index               int32
		fault               bool
	}{
		{"DESCRIBES", relation("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-b"), "zlib", 2, false},
		{"DESCRIBED_BY", relation("SPDXRef-a", "DESCRIBED_BY", "SPDXRef-DOCUMENT"), "left-pad", 1, false},
		{"documentDescribes", change(t, without, `"packages": [`, `"documentDescribes": ["SPDXRef-f", "SPDXRef-b"], "packages": [`), "zlib", 2, false},
		{"two packages", change(t, without, `"packages": [`, `"documentDescribes": ["SPDXRef-a", "SPDXRef-b"], "packages": [`), "shop 1.4", -1, false},
		{"a file", relation("SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-f"), "shop 1.4", -1, false},
		{"a package that describes", relation("SPDXRef-a", "DESCRIBES", "SPDXRef-b"), "shop 1.4", -1, true},
		{"nothing", without, "shop 1.4", -1, true},
	} {
		d, err := read(c.text)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		fault := slices.ContainsFunc(d.Faults, func(f inventory.Fault) bool { return f.Rule == "describes" })
		if d.Subject.Name != c.subject || d.SubjectIndex() != c.index || fault != c.fault {
			t.Errorf("%s: the subject is %q (%d), faults %+v", c.name, d.Subject.Name, d.SubjectIndex(), d.Faults)
		}
	}
	one, err := read(`{"spdxVersion":"SPDX-2.3","packages":[{"name":"only","SPDXID":"SPDXRef-1"}]}`)
	if err != nil || one.Subject.Name != "only" || one.SubjectIndex() != 0 {
		t.Errorf("a single package is not the subject: %+v, %v", one, err)
	}
}

func TestWhatIsNotReadIsRefusedWithAReason(t *testing.T) {
	for _, c := range []struct {
		name, text, says string
		kind             fault.Kind
	}{
		{"nothing", ``, "not an SPDX document", fault.Unsupported},
		{"another object", `{"bomFormat": "CycloneDX", "specVersion": "1.5"}`, "not an SPDX document", fault.Unsupported},
		{"a list", `[1]`, "not an SPDX document", fault.Unsupported},
		{"words", "hello\nworld\n", "not an SPDX document", fault.Unsupported},
		{"SPDX 2.1", change(t, soundJSON, "SPDX-2.3", "SPDX-2.1"), `"SPDX-2.1"`, fault.Unsupported},
		{"SPDX 1.2", change(t, soundJSON, "SPDX-2.3", "SPDX-1.2"), `"SPDX-1.2"`, fault.Unsupported},
		{"SPDX 2.20", change(t, soundJSON, "SPDX-2.3", "SPDX-2.20"), `"SPDX-2.20"`, fault.Unsupported},
		{"a number", change(t, soundJSON, `"SPDX-2.3"`, "2"), `"2"`, fault.Unsupported},
		{"RDF", `<?xml version="1.0"?><rdf:RDF xmlns:spdx="http://spdx.org/rdf/terms#"></rdf:RDF>`, "in RDF, which is not read. Convert", fault.Unsupported},
		{"XML", `<Document><SPDXID>SPDXRef-DOCUMENT</SPDXID></Document>`, "in XML, which is not read. Convert", fault.Unsupported},
		{"YAML", "---\nSPDXID: \"SPDXRef-DOCUMENT\"\nspdxVersion: \"SPDX-2.3\"\n", "in YAML, which is not read. Convert", fault.Unsupported},
		{"data behind the end", soundJSON + `{}`, "data after the end", fault.Invalid},
		{"a member twice", change(t, soundJSON, `"comment": "made`, `"name": "b", "comment": "made`), "the same member twice", fault.Invalid},
		{"NUL", change(t, soundJSON, `left-pad`, `left\u0000pad`), "/packages/1/name has a NUL", fault.Invalid},
		{"not UTF-8", change(t, soundJSON, `left-pad`, "left\xffpad"), "not JSON at byte", fault.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(c.text)
			if fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v; want %s saying %q", err, c.kind, c.says)
			}
		})
	}
}

func TestDetectTellsSPDXByItsContent(t *testing.T) {
	for _, c := range []struct {
		name, head string
		want       bool
	}{
		{"2.3", soundJSON, true},
		{"a mark before it", "\xef\xbb\xbf" + soundJSON, true},
		{"the version at the end", `{"packages":[{"SPDXID":"SPDXRef-a"}],`, true},
		{"3.0", `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}`, true},
		{"a schema before it", `{"$schema":"https://example.org/spdx-schema.json","spdxVersion":"SPDX-2.3"}`, true},
		{"SARIF", `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[]}`, false},
		{"3.0 with a list", `{"@graph":[{"spdxId":"urn:x:1","type":"Person"}],"@context":["https://spdx.org/rdf/3.0.1/spdx-context.jsonld"]}`, true},
		{"tag-value", "\n# made by hand\nSPDXVersion: SPDX-2.2\n", true},
		{"XML", `<Document><spdxVersion>SPDX-2.3</spdxVersion>`, true},
		{"YAML", "spdxVersion: \"SPDX-2.3\"\n", true},
		{"CycloneDX", `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"SPDXID":"x"}]}`, false},
		{"OpenVEX", `{"@context":"https://openvex.dev/ns/v0.2.0","statements":[]}`, false},
		{"a lock file", `{"name":"x","packages":{"":{}}}`, false},
		{"CycloneDX XML", `<bom xmlns="http://cyclonedx.org/schema/bom/1.5">`, false},
		{"security.txt", "Contact: mailto:a@example.org\n", false},
		{"nothing", "", false},
	} {
		if Detect([]byte(c.head)) != c.want {
			t.Errorf("%s: %v", c.name, !c.want)
		}
	}
}

func TestPackageURLs(t *testing.T) {
	for s, sound := range map[string]bool{
		"pkg:npm/left-pad@1.3.0": true, "pkg:npm/%40a/b@1": true, "pkg:deb/debian/curl@7.50.3-1?arch=i386&distro=jessie": true,
		"pkg://npm/a@1": true, "pkg:golang/google.golang.org/genproto#googleapis/api": true, "pkg:generic/a?download_url=https://x/a%20b": true,
		"": false, "npm/a": false, "pkg:": false, "pkg:npm": false, "pkg:npm/": false, "pkg:npm/@1": false, "pkg:1npm/a": false, "pkg:n m/a": false,
		"pkg:npm/a b": false, "pkg:npm/a%zz": false, "pkg:npm/a@%zz": false, "pkg:npm/a?x": false, "pkg:npm/a?x=1&X=2": false, "pkg:npm/a?1x=1": false, "pkg:npm/a#%zz": false,
	} {
		if why := purlFault(s); (why == "") != sound {
			t.Errorf("%q: %q", s, why)
		}
	}
}
