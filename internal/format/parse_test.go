package format

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/cyclonedx"
)

// catalogues rank vulnerabilities. They are loaded with feeds and are no documents
// about anybody's release.
var catalogues = []string{"kev", "epss"}

// TestEveryFormatIsInTheList finds the folders whose package can tell its format
// and asks that each is tried.
func TestEveryFormatIsInTheList(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, k := range formats() {
		listed = append(listed, k.folder)
	}
	found := 0
	for _, e := range entries {
		if !e.IsDir() || slices.Contains(catalogues, e.Name()) || !detects(t, e.Name()) {
			continue
		}
		found++
		if !slices.Contains(listed, e.Name()) {
			t.Errorf("internal/format/%s can tell its format and is not in the list.\n\tRemedy: add it to formats in internal/format/parse.go.", e.Name())
		}
	}
	if found != len(listed) {
		t.Errorf("%d folders can tell their format, %d are listed: %v", found, len(listed), listed)
	}
}

// detects reports whether the package in a folder has an exported Detect and a
// Parse, which makes it a format of documents that are delivered.
func detects(t *testing.T, folder string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil {
				names[fn.Name.Name] = true
			}
		}
	}
	return names["Detect"] && names["Parse"]
}

func TestParseGoesByContentAndNotByName(t *testing.T) {
	for _, c := range []struct {
		name, text, format string
		kind               check.Kind
		items              int64
	}{
		{"sbom.json", `{"@context":"https://openvex.dev/ns/v0.2.0","@id":"x","author":"A","timestamp":"2026-01-02T03:04:05Z","version":1,"statements":[
			{"vulnerability":{"name":"CVE-2026-1"},"products":[{"@id":"pkg:npm/app@1"}],"status":"fixed"}]}`, "openvex", check.VEX, 1},
		{"x.sarif", `{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2026-12345","assignerOrgId":"x","state":"PUBLISHED"},"containers":{"cna":{}}}`, "cve-json", check.CVE, 1},
		{"", `<testsuites><testsuite name="a" tests="1"><testcase name="b" classname="c"/></testsuite></testsuites>`, "junit-xml", check.Tests, 1},
		{"", `{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x","rules":[{"id":"r"}]}},"results":[{"ruleId":"r","message":{"text":"m"}}]}]}`, "sarif", check.Scan, 1},
		{"", `{"date":"2026-01-02","repo":{"name":"github.com/a/b","commit":"c"},"scorecard":{"version":"v5"},"score":5,"checks":[{"name":"Fuzzing","score":0,"reason":"r"}]}`, "scorecard", check.Scorecard, 1},
		{"", `{"document":{"category":"csaf_vex","csaf_version":"2.0","title":"t","publisher":{"name":"p","category":"vendor","namespace":"https://example.org"},
			"tracking":{"id":"A-1","status":"final","version":"1","current_release_date":"2026-01-02T03:04:05Z","initial_release_date":"2026-01-02T03:04:05Z",
			"revision_history":[{"number":"1","date":"2026-01-02T03:04:05Z","summary":"s"}]}},"vulnerabilities":[{"cve":"CVE-2026-1000"}]}`, "csaf", check.VEX, 1},
		{"", `{"id":"GHSA-x","modified":"2026-01-02T03:04:05Z","affected":[{"package":{"ecosystem":"npm","name":"a"},"versions":["1"]}]}`, "osv", "", 1},
	} {
		p, err := Parse(context.Background(), c.name, strings.NewReader(c.text), Options{})
		if err != nil {
			t.Errorf("%s: %v", c.format, err)
			continue
		}
		if p.Format != c.format || p.Kind != c.kind || p.Items != c.items {
			t.Errorf("%s: %+v", c.format, p)
		}
	}
}

const csafDocument = `{"document":{"category":"%s","csaf_version":"2.0","title":"t","publisher":{"name":"p","category":"vendor","namespace":"https://example.org"},
	"tracking":{"id":"A-1","status":"final","version":"1","current_release_date":"2026-01-02T03:04:05Z","initial_release_date":"2026-01-02T03:04:05Z",
	"revision_history":[{"number":"1","date":"2026-01-02T03:04:05Z","summary":"s"}]}},
	"product_tree":{"full_product_names":[{"product_id":"P","name":"App 1","product_identification_helper":{"purl":"pkg:npm/app@1"}}]},
	"vulnerabilities":[{"cve":"CVE-2026-1000","product_status":{"known_not_affected":["P"]}}]}`

// An advisory that somebody published is judged as one; a VEX document is not,
// though both may say what is affected.
func TestCSAFIsAnAdvisoryOrAVEXByItsProfile(t *testing.T) {
	for category, kind := range map[string]check.Kind{"csaf_security_advisory": check.Advisories, "csaf_base": check.Advisories, "csaf_vex": check.VEX} {
		p, err := Parse(context.Background(), "a.json", strings.NewReader(fmt.Sprintf(csafDocument, category)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if p.Kind != kind || p.Publication == nil || p.Publication.Category != category || p.Publication.Status != "final" || p.Publication.Vulnerabilities != 1 {
			t.Errorf("%s: %+v, %+v", category, p, p.Publication)
		}
		if p.VEX == nil || len(p.VEX.Statements) != 1 {
			t.Fatalf("%s: statements %+v", category, p.VEX)
		}
		if !slices.ContainsFunc(p.Faults, func(f fact.Fault) bool { return f.Rule == "justification-or-impact" && f.Pointer != "" }) {
			t.Errorf("%s: nobody is told that the statement gives no reason: %+v", category, p.Faults)
		}
	}
}

func TestCycloneDXGivesItsStatementsBesideTheBill(t *testing.T) {
	text := `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"timestamp":"2026-01-02T03:04:05Z","component":{"type":"application","bom-ref":"app","name":"app","version":"3"}},
		"components":[{"type":"library","bom-ref":"b","name":"b","version":"1","purl":"pkg:npm/b@1"}],
		"vulnerabilities":[{"id":"CVE-2026-1","analysis":{"state":"not_affected"},"affects":[{"ref":"b"}]},{"id":"CVE-2026-2","affects":[{"ref":"b"}]}]}`
	p, err := Parse(context.Background(), "bom.json", strings.NewReader(text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Kind != check.Inventory || p.Inventory == nil || p.VEX == nil || len(p.VEX.Statements) != 1 {
		t.Fatalf("%+v", p)
	}
	if got := p.VEX.Statements[0]; got.Vulnerability != "CVE-2026-1" || len(got.Products) != 1 || got.Products[0].ID != "app@3" || !slices.Equal(got.Products[0].Parts, []string{"pkg:npm/b@1"}) {
		t.Errorf("%+v", got)
	}
	without := func(f fact.Fault) bool { return f.Rule == "justification-or-impact" }
	if !slices.ContainsFunc(p.Faults, without) || slices.ContainsFunc(p.Inventory.Faults, without) {
		t.Errorf("of the document %+v, of the bill %+v", p.Faults, p.Inventory.Faults)
	}
}

func TestACycloneDXDocumentOfStatementsAloneIsNoBill(t *testing.T) {
	document := func(rest string) string {
		return `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,` + rest + `,"vulnerabilities":[{"id":"CVE-2026-1","analysis":{"state":"in_triage"},"affects":[{"ref":"b"}]}]}`
	}
	const app, b, c = `{"type":"application","bom-ref":"app","name":"app","version":"3"}`, `{"type":"library","bom-ref":"b","name":"b","version":"1"}`, `{"type":"library","bom-ref":"c","name":"c"}`
	var own bytes.Buffer
	if err := cyclonedx.WriteVEX(&own, decision.Document{ID: "x", Author: "A", MadeAt: 1767323045000000, Version: "1", Statements: []decision.Statement{
		{Vulnerability: "CVE-2026-1", Status: decision.UnderInvestigation, Products: []decision.Product{{ID: "app@3", Parts: []string{"pkg:npm/b@1"}}}}}}, "maker"); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, text string
		kind       check.Kind
	}{
		{"nothing is listed", document(`"metadata":{"component":` + app + `}`), check.VEX},
		{"only what the statement is about is listed", document(`"components":[` + b + `]`), check.VEX},
		{"something else is listed", document(`"components":[` + b + `,` + c + `]`), check.Inventory},
		{"components of a product", document(`"metadata":{"component":` + app + `},"components":[` + b + `]`), check.Inventory},
		{"dependencies", document(`"components":[` + b + `],"dependencies":[{"ref":"b","dependsOn":["b"]}]`), check.Inventory},
		{"no statement", `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[` + b + `]}`, check.Inventory},
		{"what this program writes", own.String(), check.VEX},
	} {
		p, err := Parse(context.Background(), "x.json", strings.NewReader(tc.text), Options{})
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		if p.Kind != tc.kind || (p.Inventory != nil) != (tc.kind == check.Inventory) || p.Items == 0 && tc.kind == check.VEX {
			t.Errorf("%s: %+v", tc.name, p)
		}
	}
}

func TestParseRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, c := range []struct {
		name, text string
		kind       fault.Kind
	}{
		{"nothing", "", fault.Invalid},
		{"a picture", "\x89PNG\r\n\x1a\n", fault.Unsupported},
		{"another JSON", `{"hello":"world"}`, fault.Unsupported},
		{"JSON that breaks off", `{"@context":"https://openvex.dev/ns/v0.2.0","statements":[`, fault.Invalid},
	} {
		if _, err := Parse(context.Background(), "file", strings.NewReader(c.text), Options{}); !fault.Is(err, c.kind) {
			t.Errorf("%s: want %s, got %v", c.name, c.kind, err)
		}
	}
	if _, err := Parse(context.Background(), "file", strings.NewReader(strings.Repeat(" ", 100)+"{}"), Options{Limits: budget.Limits{Bytes: 50}}); !fault.Is(err, fault.TooLarge) {
		t.Errorf("beyond the limit: %v", err)
	}
	ended, end := context.WithCancel(context.Background())
	end()
	if _, err := Parse(ended, "file", strings.NewReader("{}"), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("after its context has ended: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"@context":"https://openvex.dev/ns","statements":[]}`, `{"id":"a","affected":[]}`, `{"cveMetadata":{}}`, "", "<bom", "\xef\xbb\xbf{"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Parse(context.Background(), "file", strings.NewReader(string(b)), Options{Limits: budget.Limits{Bytes: 1 << 20}})
		if (p == nil) == (err == nil) {
			t.Errorf("%+v, %v", p, err)
		}
	})
}
