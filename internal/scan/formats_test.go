package scan_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/scan"
)

// scanTexts scans documents as they are, with the readers of formats.
func scanTexts(t *testing.T, w *world, texts ...string) *scan.Result {
	t.Helper()
	o := w.options()
	o.Read = nil
	for i, text := range texts {
		o.Documents = append(o.Documents, scan.Source{Path: fmt.Sprintf("%d.json", i), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }})
	}
	r, err := scan.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

const (
	shop = `{"bomFormat":"CycloneDX","specVersion":"1.5","serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","version":1,
 "metadata":{"timestamp":"2026-01-01T00:00:00Z","authors":[{"name":"The maker"}],"component":{"bom-ref":"root","type":"application","name":"shop","version":"1.0"}},
 "components":[{"bom-ref":"a","type":"library","name":"p","version":"1.0.0","purl":"pkg:npm/p@1.0.0"},{"bom-ref":"b","type":"library","name":"q","version":"1.0.0","purl":"pkg:npm/q@1.0.0"}],
 "dependencies":[{"ref":"root","dependsOn":["a","b"]},{"ref":"a","dependsOn":["b"]},{"ref":"b"}]%s}`
	shopVEX  = `{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"metadata":{"authors":[{"name":"The maker"}]},"vulnerabilities":[%s]}`
	analysis = `{"id":"A-1","analysis":{"state":"not_affected","justification":"code_not_reachable","detail":"The parser is not called."},"affects":[{"ref":%q}]}`
)

func TestStatementsInsideABillOfMaterialsDecide(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"), record("A-2", "npm", "q", "2.0.0"))
	r := scanTexts(t, w, fmt.Sprintf(shop, `,"vulnerabilities":[`+fmt.Sprintf(analysis, "a")+`]`))
	d := r.Documents[0]
	if got := told(d); got != "not_affected_by_decision A-1\naffected A-2" || d.Dependencies != 3 || d.Applied != 1 || d.Statements != 1 {
		t.Errorf("%s, %+v", got, d)
	}
	if by := d.Components[0].Vulnerabilities[0].Decision; by.Author != "The maker" || by.Source != "cyclonedx" {
		t.Errorf("%+v", by)
	}
}

func TestStatementsInADocumentOfTheirOwnPointByLink(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"), record("A-2", "npm", "q", "2.0.0"))
	for ref, want := range map[string]string{
		"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#a": "not_affected_by_decision A-1\naffected A-2",
		"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#b": "affected A-1\naffected A-2",
		"urn:cdx:00000000-395b-41f5-a30f-a58921a69b79/1#a": "affected A-1\naffected A-2",
	} {
		r := scanTexts(t, w, fmt.Sprintf(shop, ""), fmt.Sprintf(shopVEX, fmt.Sprintf(analysis, ref)))
		if got := told(r.Documents[0]); got != want {
			t.Errorf("%s: %s; %+v", ref, got, r.Documents[1])
		}
	}
}

// A bill of materials names its own product. What it says of it says nothing about
// another product with the same component.
func TestStatementsInsideABillOfMaterialsDoNotReachAnother(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"))
	other := strings.Replace(strings.Replace(fmt.Sprintf(shop, ""), `"name":"shop"`, `"name":"bank"`, 1), "3e671687", "3e671688", 1)
	r := scanTexts(t, w, fmt.Sprintf(shop, `,"vulnerabilities":[`+fmt.Sprintf(analysis, "a")+`]`), other)
	if got := told(r.Documents[1]); !strings.HasPrefix(got, "affected A-1") {
		t.Error(got)
	}
}

func TestADocumentThatIsNoBillOfMaterialsIsRefused(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"))
	whole := fmt.Sprintf(shop, "")
	for name, text := range map[string]string{"nothing": "", "text": "hello", "cut off": whole[:len(whole)/2], "an advisory": record("A-1", "npm", "p", "2.0.0"), "two documents": whole + whole,
		"a scan": `{"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[]}`} {
		d := scanTexts(t, w, text).Documents[0]
		if d.Status != inventory.Refused || d.Problem == "" || len(d.Faults) == 0 || len(d.Components) != 0 {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the disk is on fire") }
func (broken) Close() error             { return nil }

func TestADocumentThatCannotBeReadIsRefused(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"))
	o := w.options()
	o.Read = nil
	o.Documents = []scan.Source{{Path: "a", Open: func() (io.ReadCloser, error) { return broken{}, nil }}, {Path: "b", Open: func() (io.ReadCloser, error) { return nil, errors.New("no") }}}
	r, err := scan.Run(context.Background(), o)
	if err != nil || r.Tally().Refused != 2 {
		t.Errorf("%v %+v", err, r)
	}
}
