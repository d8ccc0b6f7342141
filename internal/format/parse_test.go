package format

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
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
