package cyclonedx_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/cyclonedx"
)

const soundJSON = `{
 "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
 "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "version": 2,
 "metadata": {
  "timestamp": "2026-01-02T03:04:05Z",
  "lifecycles": [{"phase": "build"}, {"name": "nightly", "description": "from a clean tree"}],
  "tools": {"components": [{"type": "application", "publisher": "Anchor", "name": "finder", "version": "1.2", "bom-ref": "tool"}], "services": [{"name": "cloud", "provider": {"name": "Acme"}}]},
  "authors": [{"name": "A. Writer", "email": "a@example.org"}, {"email": "b@example.org"}],
  "component": {"bom-ref": "app", "type": "application", "name": "app", "version": "3"},
  "manufacturer": {"name": "Maker"}, "supplier": {"name": "Seller"}
 },
 "components": [
  {"bom-ref": "pkg:npm/%40a/b@1.0?id=1", "type": "library", "group": "@a", "name": "b", "version": "1.0", "purl": "pkg:npm/%40a/b@1.0", "cpe": "cpe:2.3:a:a:b:1.0:*:*:*:*:*:*:*",
   "scope": "required", "publisher": "Someone else", "supplier": {"name": "B Ltd", "contact": [{"name": "Desk"}]},
   "licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "Our own"}}],
   "hashes": [{"alg": "SHA-256", "content": "F498A8FF2DD007E29C2074F5E4B01A9A01775C3FF3AEAF6906EA503BC5791B7B"}, {"alg": "SHA3-256", "content": "f498a8ff2dd007e29c2074f5e4b01a9a01775c3ff3aeaf6906ea503bc5791b7b"}],
   "swhid": ["swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2"], "swid": {"tagId": "tag-b", "name": "b"},
   "pedigree": {"ancestors": [{"type": "library", "bom-ref": "old", "name": "b-before"}]},
   "components": [{"bom-ref": "inner", "type": "file", "name": "b.js", "manufacturer": {"name": "M"}}]},
  {"bom-ref": "c", "type": "framework", "name": "c", "licenses": [{"expression": "MIT OR Apache-2.0"}]}
 ],
 "services": [{"bom-ref": "svc", "name": "remote"}],
 "dependencies": [
  {"ref": "app", "dependsOn": ["pkg:npm/%40a/b@1.0?id=1", "c"]},
  {"ref": "c", "dependsOn": ["inner", "svc", "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b70/1#x"]}
 ]}`

const soundXML = `<?xml version="1.0" encoding="UTF-8"?>
<cdx:bom xmlns:cdx="http://cyclonedx.org/schema/bom/1.6" xmlns:own="https://example.org/own" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" version="2">
 <!-- said twice, once in each syntax -->
 <cdx:metadata>
  <cdx:timestamp>2026-01-02T03:04:05Z</cdx:timestamp>
  <cdx:lifecycles><cdx:lifecycle><cdx:phase>build</cdx:phase></cdx:lifecycle><cdx:lifecycle><cdx:name>nightly</cdx:name><cdx:description>from a clean tree</cdx:description></cdx:lifecycle></cdx:lifecycles>
  <cdx:tools><cdx:components><cdx:component type="application" bom-ref="tool"><cdx:publisher>Anchor</cdx:publisher><cdx:name>finder</cdx:name><cdx:version>1.2</cdx:version></cdx:component></cdx:components>
   <cdx:services><cdx:service><cdx:provider><cdx:name>Acme</cdx:name></cdx:provider><cdx:name>cloud</cdx:name></cdx:service></cdx:services></cdx:tools>
  <cdx:authors><cdx:author><cdx:name>A. Writer</cdx:name><cdx:email>a@example.org</cdx:email></cdx:author><cdx:author><cdx:email>b@example.org</cdx:email></cdx:author></cdx:authors>
  <cdx:component type="application" bom-ref="app"><cdx:name>app</cdx:name><cdx:version>3</cdx:version></cdx:component>
  <cdx:manufacturer><cdx:name>Maker</cdx:name></cdx:manufacturer><cdx:supplier><cdx:name>Seller</cdx:name></cdx:supplier>
  <own:note bom-ref="app">other namespaces are <own:b>free</own:b></own:note>
 </cdx:metadata>
 <cdx:components>
  <cdx:component type="library" bom-ref="pkg:npm/%40a/b@1.0?id=1" own:mark="1">
   <cdx:supplier><cdx:name>B Ltd</cdx:name><cdx:contact><cdx:name>Desk</cdx:name></cdx:contact><cdx:contact><cdx:name>Desk 2</cdx:name></cdx:contact></cdx:supplier>
   <cdx:publisher>Someone else</cdx:publisher><cdx:group>@a</cdx:group><cdx:name> b
   </cdx:name><cdx:version>1.0</cdx:version><cdx:scope>required</cdx:scope>
   <cdx:hashes><cdx:hash alg="SHA-256">
     F498A8FF2DD007E29C2074F5E4B01A9A01775C3FF3AEAF6906EA503BC5791B7B</cdx:hash><cdx:hash alg="SHA3-256">f498a8ff2dd007e29c2074f5e4b01a9a01775c3ff3aeaf6906ea503bc5791b7b</cdx:hash></cdx:hashes>
   <cdx:licenses><cdx:license><cdx:id>MIT</cdx:id></cdx:license><cdx:license><cdx:name>Our own</cdx:name></cdx:license></cdx:licenses>
   <cdx:cpe>cpe:2.3:a:a:b:1.0:*:*:*:*:*:*:*</cdx:cpe><cdx:purl><![CDATA[pkg:npm/%40a/b@1.0]]></cdx:purl>
   <cdx:swhid>swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2</cdx:swhid><cdx:swid tagId="tag-b" name="b"/>
   <cdx:pedigree><cdx:ancestors><cdx:component type="library" bom-ref="old"><cdx:name>b-before</cdx:name></cdx:component></cdx:ancestors></cdx:pedigree>
   <cdx:components><cdx:component type="file" bom-ref="inner"><cdx:manufacturer><cdx:name>M</cdx:name></cdx:manufacturer><cdx:name>b.js</cdx:name></cdx:component></cdx:components>
  </cdx:component>
  <cdx:component type="framework" bom-ref="c"><cdx:name>c</cdx:name><cdx:licenses><cdx:expression>MIT OR Apache-2.0</cdx:expression></cdx:licenses></cdx:component>
 </cdx:components>
 <cdx:services><cdx:service bom-ref="svc"><cdx:name>remote</cdx:name></cdx:service></cdx:services>
 <cdx:dependencies>
  <cdx:dependency ref="app"><cdx:dependency ref="pkg:npm/%40a/b@1.0?id=1"/><cdx:dependency ref="c"/></cdx:dependency>
  <cdx:dependency ref="c"><cdx:dependency ref="inner"/><cdx:dependency ref="svc"/><cdx:dependency ref="urn:cdx:3e671687-395b-41f5-a30f-a58921a69b70/1#x"/></cdx:dependency>
 </cdx:dependencies>
</cdx:bom>`

func parse(s string) (*inventory.Document, error) {
	return cyclonedx.Parse(strings.NewReader(s), budget.Limits{})
}

func sound() *inventory.Document {
	return &inventory.Document{
		SpecVersion: "1.6", Serial: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", Version: "2", CreatedAt: 1767323045000000,
		Authors: []string{"A. Writer", "b@example.org", "Maker"}, Lifecycles: []string{"build", "nightly"},
		Tools:   []inventory.Tool{{Vendor: "Anchor", Name: "finder", Version: "1.2"}, {Vendor: "Acme", Name: "cloud"}},
		Subject: inventory.Component{Ref: "app", Type: "application", Name: "app", Version: "3", Supplier: "Seller"},
		Components: []inventory.Component{
			{Ref: "pkg:npm/%40a/b@1.0?id=1", Type: "library", Group: "@a", Name: "b", Version: "1.0", PURL: "pkg:npm/%40a/b@1.0", CPE: "cpe:2.3:a:a:b:1.0:*:*:*:*:*:*:*",
				Scope: "required", Supplier: "B Ltd", Licences: []string{"MIT", "Our own"}, Identifiers: []string{"swh:1:cnt:94a9ed024d3859793618152ea559a168bbcbb5e2", "tag-b"},
				Hashes: []inventory.Hash{{Algorithm: "sha256", Value: "f498a8ff2dd007e29c2074f5e4b01a9a01775c3ff3aeaf6906ea503bc5791b7b"},
					{Algorithm: "sha3256", Value: "f498a8ff2dd007e29c2074f5e4b01a9a01775c3ff3aeaf6906ea503bc5791b7b"}}},
			{Ref: "inner", Type: "file", Name: "b.js", Supplier: "M"},
			{Ref: "c", Type: "framework", Name: "c", Licences: []string{"MIT OR Apache-2.0"}},
		},
		Edges:        []inventory.Edge{{From: -1, To: 0}, {From: -1, To: 2}, {From: 2, To: 1}},
		Dependencies: 5,
	}
}

func TestBothSyntaxesGiveTheSameInventory(t *testing.T) {
	for format, text := range map[inventory.Format]string{inventory.CycloneDXJSON: soundJSON, inventory.CycloneDXXML: soundXML} {
		got, err := parse(text)
		if err != nil {
			t.Fatal(err)
		}
		want := sound()
		want.Format = format
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s: %s", format, d)
		}
	}
}

func TestAMarkAtTheStartIsPassedOver(t *testing.T) {
	for _, text := range []string{soundJSON, soundXML} {
		if d, err := parse("\xef\xbb\xbf" + text); err != nil || len(d.Components) != 3 {
			t.Errorf("%v", err)
		}
	}
}

func TestManyComponentsKeepTheirOrder(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[`)
	const n = 10_000
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(`{"type":"library","name":"n` + strings.Repeat("x", i%7) + `","version":"` + strings.Repeat("1", i%5+1) + `","components":[{"type":"file","name":"f"}]}`)
	}
	b.WriteString("]}")
	d, err := parse(b.String())
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Components) != 2*n {
		t.Fatalf("%d components", len(d.Components))
	}
	for i, c := range d.Components {
		want := "f"
		if i%2 == 0 {
			want = "n" + strings.Repeat("x", i/2%7)
		}
		if c.Name != want {
			t.Fatalf("component %d is %q, want %q", i, c.Name, want)
		}
	}
}

func TestToolsOfTheOldForm(t *testing.T) {
	want := []inventory.Tool{{Vendor: "V", Name: "t", Version: "1"}, {Name: "u"}}
	for _, text := range []string{
		`{"bomFormat":"CycloneDX","specVersion":"1.3","version":1,"metadata":{"tools":[{"vendor":"V","name":"t","version":"1","hashes":[]},{"name":"u"}]}}`,
		`<bom xmlns="http://cyclonedx.org/schema/bom/1.3"><metadata><tools><tool><vendor>V</vendor><name>t</name><version>1</version></tool><tool><name>u</name></tool></tools></metadata></bom>`,
	} {
		d, err := parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, d.Tools); diff != "" || len(d.Faults) > 0 {
			t.Errorf("%s %+v", diff, d.Faults)
		}
	}
}

func TestTheMakerOfADocumentUntil15(t *testing.T) {
	d, err := parse(`{"bomFormat":"CycloneDX","specVersion":"1.4","version":1,"metadata":{"manufacture":{"name":"Maker"},"component":{"type":"application","name":"a"}}}`)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Authors) != 0 || d.Subject.Supplier != "Maker" {
		t.Errorf("authors %v, subject %+v", d.Authors, d.Subject)
	}
}

func TestATimeInXMLMayHaveNoZone(t *testing.T) {
	d, err := parse(`<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><metadata><timestamp>2026-01-02T03:04:05</timestamp></metadata></bom>`)
	if err != nil || d.CreatedAt != 1767323045000000 || len(d.Faults) > 0 {
		t.Errorf("%v %+v", err, d)
	}
}

// inJSON and inXML wrap a component's content into a document of a version.
func jsonOf(version, components string) string {
	return `{"bomFormat":"CycloneDX","specVersion":"` + version + `","version":1,"components":[` + components + `]}`
}

func xmlOf(version, components string) string {
	return "<bom xmlns=\"http://cyclonedx.org/schema/bom/" + version + "\"><components>\n" + components + "\n</components></bom>"
}

func TestABrokenRuleIsAFaultWithItsPlace(t *testing.T) {
	const a = `"type":"library","name":"a","version":"1"`
	for _, c := range []struct {
		name, text, rule string
		pointer          string
		line             int
	}{
		{"no name", jsonOf("1.6", `{"type":"library"}`), "required", "/components/0", 0},
		{"no version in 1.3", jsonOf("1.3", `{"type":"library","name":"a"}`), "required", "/components/0", 0},
		{"no version in 1.3 XML", xmlOf("1.3", `<component type="library"><name>a</name></component>`), "required", "", 2},
		{"no document version", `{"bomFormat":"CycloneDX","specVersion":"1.5"}`, "required", "", 0},
		{"no bomFormat", `{"specVersion":"1.5","version":1}`, "required", "", 0},
		{"an unknown type", jsonOf("1.6", `{"type":"thing","name":"a"}`), "enumeration", "/components/0/type", 0},
		{"a type of a later version", jsonOf("1.4", `{"type":"data","name":"a"}`), "enumeration", "/components/0/type", 0},
		{"a member of a later version", jsonOf("1.4", `{`+a+`,"tags":[]}`), "unknown-member", "/components/0/tags", 0},
		{"a member of a later version in XML", xmlOf("1.2", `<component type="library"><name>a</name><version>1</version><properties/></component>`), "unknown-member", "", 2},
		{"an unknown member", jsonOf("1.6", `{`+a+`,"colour":"red"}`), "unknown-member", "/components/0/colour", 0},
		{"an unknown element", xmlOf("1.6", "<component type=\"library\"><name>a</name>\n<colour/></component>"), "unknown-member", "", 3},
		{"an unknown element among components", xmlOf("1.6", "<thing/>"), "unknown-member", "", 2},
		{"text where none belongs", xmlOf("1.6", `<component type="library"><name>a</name>loose</component>`), "unknown-member", "", 2},
		{"an element twice", xmlOf("1.6", `<component type="library"><name>a</name><name>b</name></component>`), "repeated-member", "", 2},
		{"a number for a text", jsonOf("1.6", `{"type":"library","name":1}`), "type", "/components/0/name", 0},
		{"an object for a text", jsonOf("1.6", `{"type":"library","name":{"x":1}}`), "type", "/components/0/name", 0},
		{"an element in a text", xmlOf("1.6", `<component type="library"><name><b>a</b></name></component>`), "type", "", 2},
		{"a text for an object", jsonOf("1.6", `"a"`), "type", "/components/0", 0},
		{"an object for a list", `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":{}}`, "type", "/components", 0},
		{"a text for a truth value", jsonOf("1.6", `{`+a+`,"modified":"yes"}`), "type", "/components/0/modified", 0},
		{"a word for a truth value in XML", xmlOf("1.6", `<component type="library"><name>a</name><modified>yes</modified></component>`), "type", "", 2},
		{"a fraction for a whole number", `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1.5}`, "type", "/version", 0},
		{"version nought", `{"bomFormat":"CycloneDX","specVersion":"1.5","version":0}`, "minimum", "/version", 0},
		{"a bad serial number", `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"serialNumber":"urn:uuid:3E671687-395B-41F5-A30F-A58921A69B79"}`, "serial-number", "/serialNumber", 0},
		{"a bad time", `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"metadata":{"timestamp":"2026-01-02"}}`, "timestamp", "/metadata/timestamp", 0},
		{"a bad media type", jsonOf("1.6", `{`+a+`,"mime-type":"jar"}`), "mime-type", "/components/0/mime-type", 0},
		{"a bad digest", jsonOf("1.6", `{`+a+`,"hashes":[{"alg":"MD5","content":"12"}]}`), "hash-content", "/components/0/hashes/0/content", 0},
		{"a digest without algorithm", jsonOf("1.6", `{`+a+`,"hashes":[{"content":"3942447fac867ae5cdb3229b658f4d48"}]}`), "required", "/components/0/hashes/0", 0},
		{"an unknown licence", jsonOf("1.6", `{`+a+`,"licenses":[{"license":{"id":"Apache-2"}}]}`), "licence-id", "/components/0/licenses/0/license/id", 0},
		{"a licence without id and name", jsonOf("1.6", `{`+a+`,"licenses":[{"license":{}}]}`), "exactly-one", "/components/0/licenses/0/license", 0},
		{"a licence with id and name", jsonOf("1.6", `{`+a+`,"licenses":[{"license":{"id":"MIT","name":"MIT"}}]}`), "exactly-one", "/components/0/licenses/0/license", 0},
		{"licence and expression in one", jsonOf("1.6", `{`+a+`,"licenses":[{"license":{"id":"MIT"},"expression":"MIT"}]}`), "exactly-one", "/components/0/licenses/0", 0},
		{"licence beside expression", jsonOf("1.6", `{`+a+`,"licenses":[{"license":{"id":"MIT"}},{"expression":"MIT"}]}`), "expression-alone", "/components/0/licenses", 0},
		{"licence beside expression in XML", xmlOf("1.6", `<component type="library"><name>a</name><licenses><license><id>MIT</id></license><expression>MIT</expression></licenses></component>`), "expression-alone", "", 2},
		{"a detailed expression too early", xmlOf("1.6", `<component type="library"><name>a</name><licenses><expression-detailed expression="MIT"/></licenses></component>`), "unknown-member", "", 2},
		{"a bad CPE in XML", xmlOf("1.6", `<component type="library"><name>a</name><cpe>cpe:x</cpe></component>`), "cpe", "", 2},
		{"a ref twice", jsonOf("1.6", `{`+a+`,"bom-ref":"r"},{`+a+`,"bom-ref":"r"}`), "unique-ref", "/components/1/bom-ref", 0},
		{"a ref twice, once in what is passed over", jsonOf("1.6", `{`+a+`,"bom-ref":"r","releaseNotes":{"x":{"bom-ref":"r"}}}`), "unique-ref", "/components/0/releaseNotes/x/bom-ref", 0},
		{"a ref twice in XML, once in what is passed over", xmlOf("1.6", `<component type="library" bom-ref="r"><name>a</name><evidence><occurrences><occurrence bom-ref="r"/></occurrences></evidence></component>`), "unique-ref", "", 2},
		{"an empty ref", jsonOf("1.6", `{`+a+`,"bom-ref":""}`), "empty-ref", "/components/0/bom-ref", 0},
		{"a dependency on nothing", `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"dependencies":[{"ref":"x"}]}`, "dangling-ref", "/dependencies/0/ref", 0},
		{"a dependency without ref", `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"dependencies":[{}]}`, "required", "/dependencies/0", 0},
		{"a dependency twice", `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[{"type":"library","name":"a","bom-ref":"a"}],"dependencies":[{"ref":"a","dependsOn":["a","a"]}]}`, "unique-items", "/dependencies/0/dependsOn/1", 0},
		{"version and range", jsonOf("1.7", `{"type":"library","name":"a","version":"1","versionRange":"vers:npm/1","isExternal":true}`), "at-most-one", "/components/0", 0},
		{"a range of something internal", jsonOf("1.7", `{"type":"library","name":"a","versionRange":"vers:npm/1"}`), "range-of-internal", "/components/0", 0},
		{"an overlong version", jsonOf("1.6", `{"type":"library","name":"a","version":"`+strings.Repeat("1", 1025)+`"}`), "length", "/components/0/version", 0},
		{"a property without name", jsonOf("1.6", `{`+a+`,"properties":[{"value":"x"}]}`), "required", "/components/0/properties/0", 0},
		{"tools as an object before 1.5", `{"bomFormat":"CycloneDX","specVersion":"1.4","version":1,"metadata":{"tools":{"components":[]}}}`, "type", "/metadata/tools", 0},
		{"the version comes last", `{"components":[{"type":"data","name":"a"}],"bomFormat":"CycloneDX","version":1,"specVersion":"1.4"}`, "enumeration", "/components/0/type", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := parse(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if d.Status() != inventory.AcceptedWithFaults {
				t.Fatal("no fault")
			}
			f := d.Faults[0]
			if f.Rule != c.rule || f.Pointer != c.pointer || f.Line != c.line || f.Detail == "" {
				t.Errorf("%+v, want rule %s at %q line %d", f, c.rule, c.pointer, c.line)
			}
		})
	}
}

func TestWhatALaterOrOlderVersionAllowsIsNoFault(t *testing.T) {
	for _, c := range []struct{ name, text string }{
		{"own members until 1.3", jsonOf("1.3", `{"type":"library","name":"a","version":"1","colour":"red"}`)},
		{"no version since 1.4", jsonOf("1.4", `{"type":"library","name":"a"}`)},
		{"empty refs until 1.4", jsonOf("1.4", `{"type":"library","name":"a","bom-ref":""}`)},
		{"licence beside expression until 1.4", jsonOf("1.4", `{"type":"library","name":"a","licenses":[{"license":{"id":"MIT"}},{"expression":"MIT"}]}`)},
		{"licence beside expression since 1.7", jsonOf("1.7", `{"type":"library","name":"a","licenses":[{"license":{"id":"MIT"}},{"expression":"MIT","acknowledgement":"concluded"}]}`)},
		{"a range of something external", jsonOf("1.7", `{"type":"library","name":"a","versionRange":"vers:npm/1","isExternal":true}`)},
		{"no document version since 1.6", `{"bomFormat":"CycloneDX","specVersion":"1.6"}`},
		{"a new type, and the version last", `{"components":[{"type":"data","name":"a","tags":["x"]}],"bomFormat":"CycloneDX","version":1,"specVersion":"1.6"}`},
		{"the serial number in braces, in XML", `<bom xmlns="http://cyclonedx.org/schema/bom/1.4" serialNumber="{3e671687-395b-41f5-a30f-a58921a69b79}"/>`},
		{"the schema by its address", `{"$schema":"https://cyclonedx.org/schema/bom-1.6.schema.json","bomFormat":"CycloneDX","specVersion":"1.6"}`},
	} {
		if d, err := parse(c.text); err != nil || len(d.Faults) > 0 {
			t.Errorf("%s: %v %+v", c.name, err, d)
		}
	}
}

func TestWhatIsNoDocumentIsRefusedWithTheReason(t *testing.T) {
	for _, c := range []struct {
		name, text, says string
		kind             fault.Kind
	}{
		{"empty", "", "ends too early", fault.Invalid},
		{"white space", " \n ", "ends too early", fault.Invalid},
		{"another format", `{"bomFormat":"AnotherFormat","specVersion":"1.6"}`, `bomFormat is "AnotherFormat"`, fault.Unsupported},
		{"another JSON document", `{"spdxVersion":"SPDX-2.3","packages":[]}`, "no specVersion", fault.Unsupported},
		{"a JSON array", `[{"bomFormat":"CycloneDX"}]`, "neither a JSON object", fault.Invalid},
		{"no document at all", "hello", "not JSON", fault.Invalid},
		{"1.1 in JSON", `{"bomFormat":"CycloneDX","specVersion":"1.1"}`, `CycloneDX "1.1". Versions 1.2 to 1.7 are read`, fault.Unsupported},
		{"1.0 in XML", `<bom xmlns="http://cyclonedx.org/schema/bom/1.0"/>`, `CycloneDX "1.0". Versions 1.2 to 1.7 are read`, fault.Unsupported},
		{"a version to come", `{"bomFormat":"CycloneDX","specVersion":"1.8"}`, "Versions 1.2 to 1.7", fault.Unsupported},
		{"another XML document", `<project xmlns="http://maven.apache.org/POM/4.0.0"/>`, `outermost element is "project"`, fault.Unsupported},
		{"no namespace", `<bom/>`, "outermost element", fault.Unsupported},
		{"a member twice", `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"version":2}`, "the same member twice", fault.Invalid},
		{"two JSON documents", soundJSON + soundJSON, "after the end", fault.Invalid},
		{"two XML documents", soundXML + soundXML, "after the end", fault.Invalid},
		{"text behind XML", soundXML + "x", "after the end", fault.Invalid},
		{"text before XML", `<?xml version="1.0"?>x<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>`, "before the first element", fault.Invalid},
		{"a document type", `<!DOCTYPE bom [<!ENTITY a "b">]><bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>`, "document type declaration", fault.Invalid},
		{"an entity", `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><metadata><timestamp>&a;</timestamp></metadata></bom>`, "not XML", fault.Invalid},
		{"another encoding", `<?xml version="1.0" encoding="UTF-16"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>`, "encoding", fault.Invalid},
		{"XML 1.1", `<?xml version="1.1"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>`, "version", fault.Invalid},
		{"crossed elements", `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><metadata><tools></metadata></tools></bom>`, "not XML", fault.Invalid},
		{"NUL in XML", "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><metadata>\x00</metadata></bom>", "not XML", fault.Invalid},
		{"invalid UTF-8 in XML", "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><metadata>\xff</metadata></bom>", "not XML", fault.Invalid},
		{"invalid UTF-8 in JSON", "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"serialNumber\":\"\xff\"}", "not JSON", fault.Invalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := parse(c.text)
			if err == nil {
				t.Fatalf("accepted: %+v", d)
			}
			if fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v; want %s saying %q", err, c.kind, c.says)
			}
		})
	}
}

func TestDetectByContent(t *testing.T) {
	for _, c := range []struct {
		head string
		want bool
	}{
		{soundJSON, true}, {soundXML, true}, {soundXML[:300], true}, {soundJSON[:100], true}, {"\xef\xbb\xbf \n" + soundJSON, true},
		{` { "components" : [{"type":"library"`, true}, {`{"components":{"schemas":{`, false}, {`{"specVersion":"1.5",`, true},
		{`{"spdxVersion":"SPDX-2.3","components":[]}`, false}, {`{"@context":"https://openvex.dev/ns","statements":[]}`, false},
		{`<project xmlns="http://maven.apache.org/POM/4.0.0"/>`, false}, {`{"vulnerabilities":[]}`, false}, {`{"openapi":"3.1.0","components":{"schemas":{}}}`, false}, {`{"name":"x","dependencies":{}}`, false}, {"", false}, {"<", false}, {"SPDXVersion: SPDX-2.3", false},
	} {
		if got := cyclonedx.Detect([]byte(c.head)); got != c.want {
			t.Errorf("%.60q: %v", c.head, got)
		}
	}
}
