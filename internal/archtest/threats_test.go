package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryThreatIsShownByATestThatExists reads the column “Shown by” of
// docs/threat-model.md: a test that was renamed or removed must not go on
// vouching for an answer.
func TestEveryThreatIsShownByATestThatExists(t *testing.T) {
	have := testNames(t)
	name := regexp.MustCompile("`(Test[A-Za-z0-9_]+)`")
	row := regexp.MustCompile(`^\| (\d+) \|`)
	threats := 0
	for line := range strings.SplitSeq(read(t, "docs/threat-model.md"), "\n") {
		number := row.FindStringSubmatch(line)
		if number == nil {
			continue
		}
		threats++
		cells := strings.Split(strings.Trim(line, "| "), "|")
		shown := strings.TrimSpace(cells[len(cells)-1])
		names := name.FindAllStringSubmatch(shown, -1)
		if len(names) == 0 && shown != "fuzz targets, run for longer before a release" {
			t.Errorf("threat %s names no test", number[1])
		}
		for _, n := range names {
			if !have[n[1]] {
				t.Errorf("threat %s is shown by %s, which does not exist.\n\tRemedy: name the test that shows it now.", number[1], n[1])
			}
		}
	}
	if threats < 17 {
		t.Errorf("only %d threats were read", threats)
	}
}

// testNames collects the tests of the repository, those in the browser too.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, root := range []string{"internal", "frameworks", "e2e", "scripts"} {
		err := filepath.WalkDir(filepath.Join("../..", root), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, decl := range f.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && strings.HasPrefix(fn.Name.Name, "Test") {
					out[fn.Name.Name] = true
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(out) < 500 {
		t.Fatalf("only %d tests were found: the test does not see the code", len(out))
	}
	return out
}
