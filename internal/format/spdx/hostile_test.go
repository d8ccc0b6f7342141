package spdx

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// repeated gives before, then n pieces, then after, without holding them.
func repeated(before string, n int, piece func(i int) string, after string) io.Reader {
	i := -1
	var rest string
	return readerFunc(func(p []byte) (int, error) {
		for rest == "" {
			switch {
			case i < 0:
				rest = before
			case i < n:
				rest = piece(i)
			case i == n:
				rest = after
			default:
				return 0, io.EOF
			}
			i++
		}
		k := copy(p, rest)
		rest = rest[k:]
		return k, nil
	})
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func numbered(format string) func(int) string {
	return func(i int) string { return fmt.Sprintf(format, i) }
}

func same(s string) func(int) string { return func(int) string { return s } }

const (
	begin2   = `{"spdxVersion":"SPDX-2.3",`
	begin3   = `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[`
	beginTag = "SPDXVersion: SPDX-2.3\n"
)

func TestADocumentThatIsCutOffAnywhereIsRefused(t *testing.T) {
	for _, text := range []string{soundJSON, sound3} {
		for n := 0; n < len(text); n += 3 {
			if _, err := read(text[:n]); err == nil {
				t.Fatalf("%d of %d bytes were accepted", n, len(text))
			}
		}
	}
}

func TestWhatGoesBeyondALimitIsRefused(t *testing.T) {
	const million = 1_000_000
	few := budget.Limits{Items: 1000}
	for _, c := range []struct {
		name   string
		in     io.Reader
		limits budget.Limits
		says   string
	}{
		{"packages", repeated(begin2+`"packages":[`, million, numbered(`{"SPDXID":"SPDXRef-%d"},`), `{}]}`), few, "more than 1000 packages"},
		{"packages without identifiers", repeated(begin2+`"packages":[`, million, same(`{},`), `{}]}`), few, "more than 1000 packages"},
		{"files", repeated(begin2+`"files":[`, million, numbered(`{"SPDXID":"SPDXRef-%d"},`), `{}]}`), few, "more than 1000 identifiers"},
		{"relationships", repeated(begin2+`"relationships":[`, million, same(`{"spdxElementId":"SPDXRef-a","relationshipType":"OTHER","relatedSpdxElement":"SPDXRef-b"},`), `{}]}`), few, "more than 1000 relationships"},
		{"relationships without ends", repeated(begin2+`"relationships":[`, million, same(`{},`), `{}]}`), few, "more than 1000 relationships"},
		{"descriptions", repeated(begin2+`"documentDescribes":[`, million, numbered(`"SPDXRef-%d",`), `"SPDXRef-a"]}`), few, "more than 1000"},
		{"creators", repeated(begin2+`"creationInfo":{"creators":[`, million, same(`"Tool: a",`), `"Tool: b"]}}`), few, "more than 1000 creators"},
		{"hashes of a package", repeated(begin2+`"packages":[{"checksums":[`, million, same(`{"algorithm":"MD5","checksumValue":"0123456789abcdef0123456789abcdef"},`), `{}]}]}`), few, "more than 1000 package URLs"},
		{"references of a package", repeated(begin2+`"packages":[{"externalRefs":[`, million, numbered(`{"referenceCategory":"OTHER","referenceType":"purl","referenceLocator":"pkg:npm/a@%d"},`), `{}]}]}`), few, "more than 1000 package URLs"},
		{"references that are not kept", repeated(begin2+`"packages":[{"externalRefs":[`, million, same(`{},`), `{}]}]}`), few, "more than 8000 things"},
		{"depth", strings.NewReader(begin2 + `"comment":` + strings.Repeat("[", 200)), budget.Limits{}, "nests deeper than 64"},
		{"a long text", repeated(begin2+`"comment":"`, 2000, same(strings.Repeat("x", 1000)), `"}`), budget.Limits{}, "longer than 1048576 bytes"},
		{"bytes", repeated(begin2+`"files":[`, million, same(`{"fileName":"a"},`), `{}]}`), budget.Limits{Bytes: 1 << 20}, "longer than 1 MB"},

		{"elements", repeated(begin3, million, numbered(`{"type":"software_Package","spdxId":"urn:x:%d"},`), `{}]}`), few, "more than 1000"},
		{"elements without identifiers", repeated(begin3, million, same(`{},`), `{}]}`), few, "more than 1000 identifiers"},
		{"relationships of SPDX 3", repeated(begin3+`{"type":"Relationship","relationshipType":"dependsOn","from":"urn:x:1","to":[`, million, same(`"urn:x:2",`), `"urn:x:2"]}]}`), few, "more than 8000 things"},
		{"names of SPDX 3", repeated(begin3+`{"type":"Bom","element":[`, million, numbered(`"urn:x:%d",`), `"urn:x:2"]}]}`), few, "more than 1000 identifiers"},
		{"relationships of SPDX 3 without anything", repeated(begin3, million, same(`{"type":"Relationship"},`), `{}]}`), few, "more than 1000 relationships"},
		{"relationships of SPDX 3 that are not named", repeated(begin3, million, numbered(`{"type":"Relationship","spdxId":"urn:x:%d"},`), `{}]}`), few, "more than 1000 relationships"},
		{"hashes of SPDX 3", repeated(begin3+`{"type":"software_Package","verifiedUsing":[`, million, same(`{"type":"Hash","algorithm":"md5","hashValue":"0123456789abcdef0123456789abcdef"},`), `{}]}]}`), few, "more than 1000 hashes"},
		{"identifiers of SPDX 3", repeated(begin3+`{"type":"software_Package","externalIdentifier":[`, million, numbered(`{"externalIdentifierType":"packageUrl","identifier":"pkg:npm/a@%d"},`), `{}]}]}`), few, "more than 1000 identifiers"},
		{"makers", repeated(`{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"Person","spdxId":"urn:x:1","name":"a"},{"type":"CreationInfo","createdBy":[`, 5000, same(`"urn:x:1",`), `"urn:x:1"]}]}`), few, "more than 1000 creators"},
		{"elements in elements", strings.NewReader(begin3 + strings.Repeat(`{"suppliedBy":`, 200)), budget.Limits{}, "nests deeper than 64"},
		{"packages in tag-value", repeated(beginTag, million, same("PackageName: a\n"), ""), few, "more than 1000 packages"},
		{"files in tag-value", repeated(beginTag, million, numbered("FileName: a\nSPDXID: SPDXRef-%d\n"), ""), few, "more than 1000 identifiers"},
		{"relationships in tag-value", repeated(beginTag, million, same("Relationship: SPDXRef-a OTHER SPDXRef-b\n"), ""), few, "more than 1000 relationships"},
		{"half relationships in tag-value", repeated(beginTag, million, same("Relationship: SPDXRef-a\n"), ""), few, "more than 1000 relationships"},
		{"creators in tag-value", repeated(beginTag, million, same("Creator: Tool: a\n"), ""), few, "more than 1000 creators"},
		{"hashes in tag-value", repeated(beginTag+"PackageName: a\n", million, same("PackageChecksum: SHA1: d6a770ba38583ed4bb4525bd96e50461655d2759\n"), ""), few, "more than 1000 package URLs"},
		{"references in tag-value", repeated(beginTag+"PackageName: a\n", million, numbered("ExternalRef: PACKAGE-MANAGER purl pkg:npm/a@%d\n"), ""), few, "more than 1000 package URLs"},
		{"a long line", repeated(beginTag+"PackageName: ", 2000, same(strings.Repeat("x", 1000)), "\n"), budget.Limits{}, "longer than 1048576 bytes"},
		{"a long text of lines", repeated(beginTag+"PackageName: <text>", 2_000_000, same("x\n"), "</text>\n"), budget.Limits{}, "longer than 1048576 bytes"},
		{"bytes in tag-value", repeated(beginTag, million, same("\r"), ""), budget.Limits{Bytes: 1 << 19}, "longer than 512 kB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse(c.in, c.limits)
			if !fault.Is(err, fault.TooLarge) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want too_large saying %q", err, c.says)
			}
		})
	}
}

func TestADocumentThatIsWrongEverywhereTellsAThousandFaults(t *testing.T) {
	d, err := Parse(repeated(begin2+`"relationships":[`, 100_000, numbered(`{"spdxElementId":"SPDXRef-a%[1]d","relationshipType":"OTHER","relatedSpdxElement":"SPDXRef-b"},`), `{}]}`), budget.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if last := d.Faults[len(d.Faults)-1]; len(d.Faults) != maxFaults+1 || last.Rule != "more-faults" || last.Detail != "99008 more faults are not listed." {
		t.Errorf("%d faults, the last %+v", len(d.Faults), last)
	}
}

func TestCirclesAreNothingSpecial(t *testing.T) {
	d, err := read(begin2 + `"packages":[{"SPDXID":"SPDXRef-a"},{"SPDXID":"SPDXRef-b"}],"relationships":[
	{"spdxElementId":"SPDXRef-a","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-b"},
	{"spdxElementId":"SPDXRef-b","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-a"},
	{"spdxElementId":"SPDXRef-b","relationshipType":"DEPENDENCY_OF","relatedSpdxElement":"SPDXRef-a"},
	{"spdxElementId":"SPDXRef-a","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-a"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Edges) != 2 || d.Dependencies != 4 {
		t.Errorf("edges %v, %d dependencies", d.Edges, d.Dependencies)
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range seeds() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		known := Detect(b)
		d, err := Parse(bytes.NewReader(b), budget.Limits{Bytes: 1 << 16, Items: 1000, Text: 4096})
		if err != nil {
			if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) && !fault.Is(err, fault.Unsupported) {
				t.Errorf("an error that is no fault: %v", err)
			}
			return
		}
		if !known {
			t.Error("read and not detected")
		}
		sound(t, d)
	})
}

// sound finds what can be wrong in no inventory.
func sound(t *testing.T, d *inventory.Document) {
	t.Helper()
	subject := d.SubjectIndex()
	for i, e := range d.Edges {
		if e.From == e.To || e.From < -1 || e.To < -1 || int(e.From) >= len(d.Components) || int(e.To) >= len(d.Components) {
			t.Errorf("edge %d is %+v of %d components", i, e, len(d.Components))
		}
		if subject < 0 && (e.From < 0 || e.To < 0) {
			t.Errorf("edge %d is %+v and there is no subject among the components", i, e)
		}
	}
	if len(d.Edges) > d.Dependencies {
		t.Errorf("%d edges of %d dependencies", len(d.Edges), d.Dependencies)
	}
	if len(d.Faults) > maxFaults+1 {
		t.Errorf("%d faults", len(d.Faults))
	}
	for _, f := range d.Faults {
		if f.Rule == "" || f.Detail == "" || f.Line < 0 {
			t.Errorf("a fault that says nothing: %+v", f)
		}
		if d.Format == inventory.SPDXTagValue && f.Line == 0 && f.Rule != "more-faults" {
			t.Errorf("a fault without a line: %+v", f)
		}
	}
}

func seeds() []string {
	return []string{
		soundJSON, sound3, soundTags, strings.ReplaceAll(soundTags, "\n", "\r"),
		"SPDXVersion: SPDX-2.2\nSPDXID\n: \nPackageName: <text>a</text>b\nSPDXID: SPDXRef-DOCUMENT\nRelationship: a DESCRIBES NONE\nFileName: <text>",
		"\xef\xbb\xbf" + begin2 + `"packages":null,"relationships":[null,{}],"creationInfo":[],"SPDXID":7}`,
		`{"SPDXID":"SPDXRef-DOCUMENT","packages":[{"SPDXID":"SPDXRef-a","packageName":"a","externalRefs":[{"referenceType":"purl"}]}],"documentDescribes":["SPDXRef-a","NONE"]}`,
		begin3 + `{"type":"software_Sbom","rootElement":["_:a"]},{"@id":"_:a","@type":"software_Package","verifiedUsing":["_:h"],"suppliedBy":{"type":"Tool"}},null,7,{"type":"Relationship","from":[],"to":[[]]}]}`,
		`{"spdxId":"urn:x:1","type":"Bundle","rootElement":"urn:x:1","@context":["https://spdx.org/rdf/3.0.1/spdx-context.jsonld"]}`,
		begin2 + `"relationships":[{"spdxElementId":"NONE","relationshipType":"DESCRIBES","relatedSpdxElement":"DocumentRef-x"}]}`,
	}
}
