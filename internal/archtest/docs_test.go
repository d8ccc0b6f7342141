package archtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../..", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestEveryDependencyIsExplained compares docs/dependencies.md with what is
// required. A module that our code imports counts as ours to explain.
func TestEveryDependencyIsExplained(t *testing.T) {
	page := read(t, "docs/dependencies.md")
	wanted := map[string]bool{}
	for line := range strings.SplitSeq(read(t, "go.mod"), "\n") {
		f := strings.Fields(line)
		if strings.HasPrefix(line, "\t") && len(f) >= 2 && !strings.Contains(line, "// indirect") {
			wanted[f[0]] = true
		}
	}
	for m := range modules {
		wanted[m] = true
	}
	var npm struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal([]byte(read(t, "package.json")), &npm); err != nil {
		t.Fatal(err)
	}
	for _, list := range []map[string]string{npm.Dependencies, npm.DevDependencies} {
		for name := range list {
			wanted[name] = true
		}
	}
	if len(wanted) < 20 {
		t.Fatalf("only %d dependencies were found", len(wanted))
	}
	for name := range wanted {
		if !strings.Contains(page, "| `"+name+"` |") {
			t.Errorf("%s has no line in docs/dependencies.md.\n\tRemedy: say its job, why it, the runner-up, the licence and how to leave.", name)
		}
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(page, -1) {
		if !wanted[m[1]] {
			t.Errorf("docs/dependencies.md explains %s, which is not used", m[1])
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

// TestLinksBetweenDocumentsLead follows every relative link. Pictures are left
// out: they are made by the browser journeys.
func TestLinksBetweenDocumentsLead(t *testing.T) {
	var pages []string
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/adr/*.md", "frameworks/*.md"} {
		found, err := filepath.Glob(filepath.Join("../..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	if len(pages) < 15 {
		t.Fatalf("only %d pages were found", len(pages))
	}
	for _, page := range pages {
		b, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(b), -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") || strings.HasSuffix(target, ".png") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), target)); err != nil {
				t.Errorf("%s links to %s, which is not there", strings.TrimPrefix(page, "../../"), m[1])
			}
		}
	}
}
