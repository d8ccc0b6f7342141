package check

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/frameworks"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

var update = flag.Bool("update", false, "write docs/checks.md from the definitions")

func TestThePageSaysWhatTheDefinitionsSay(t *testing.T) {
	page := filepath.Join("..", "..", "docs", "checks.md")
	want, err := library(t).Markdown()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Fatalf("docs/checks.md differs from the definitions (run with -update and read the difference):\n%s", diff)
	}
	for _, c := range library(t).All() {
		if strings.Count(want, "\n`"+c.ID+"`: ") != 1 {
			t.Errorf("%s does not stand on the page once", c.ID)
		}
	}
}

// TestEveryRowThatAMachineCouldDecideIsMapped: the rows are the practices and tasks
// that were found to be within reach of a machine when the frameworks were read.
func TestEveryRowThatAMachineCouldDecideIsMapped(t *testing.T) {
	l := library(t)
	maps, err := Mapping()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{"cisa-sbd": 50, "nist-ssdf": 23}
	for _, m := range maps {
		if len(m.Rows) != want[m.Framework] {
			t.Errorf("%s has %d rows, not %d", m.Framework, len(m.Rows), want[m.Framework])
		}
		delete(want, m.Framework)
		f := newest(t, m.Framework)
		seen := map[string]bool{}
		for _, r := range m.Rows {
			if _, ok := f.Requirement(r.ID); !ok || seen[r.ID] {
				t.Errorf("%s %s is no requirement, or stands twice", m.Framework, r.ID)
			}
			seen[r.ID] = true
			if len(l.For(m.Framework, r.ID)) == 0 && r.Missing == "" {
				t.Errorf("%s %s: no check speaks to it, and no missing fact says why", m.Framework, r.ID)
			}
		}
	}
	for id := range want {
		t.Errorf("%s is not mapped", id)
	}
}

func newest(t *testing.T, id string) *framework.Framework {
	t.Helper()
	all, err := frameworks.Load()
	if err != nil {
		t.Fatal(err)
	}
	var found *framework.Framework
	for _, f := range all {
		if f.ID == id {
			found = f
		}
	}
	if found == nil {
		t.Fatalf("no framework %s ships", id)
	}
	return found
}
