package frameworks_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/touchstone-assurance/touchstone/frameworks"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

// TestCorpusIdentifiersAreThePublishers compares the identifiers of our files with
// copies of the same frameworks that other people made from the publishers'. Words
// are ours; identifiers must be theirs, every one of them and no other.
func TestCorpusIdentifiersAreThePublishers(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	requirement := func(r *framework.Requirement) []string { return []string{r.ID} }
	parts := func(r *framework.Requirement) []string {
		var out []string
		for _, p := range r.Parts {
			out = append(out, p.ID)
		}
		return out
	}
	lib, err := frameworks.Open()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		file, id, version string
		leaf              *regexp.Regexp
		ours              func(*framework.Requirement) []string
		count             int
	}{
		{"ncsc-caf-3.2.yaml", "ncsc-caf", "3.2", regexp.MustCompile(`(?m)ref_id: ([A-D]\d\.[a-f])\s*$`), requirement, 39},
		{"nist-ssdf-1.1.yaml", "nist-ssdf", "1.1", regexp.MustCompile(`(?m)ref_id: ([A-Z]{2}\.\d\.\d)\s*$`), requirement, 42},
		{"cisa-cpg-2.0.yaml", "cisa-cpg", "2.0", regexp.MustCompile(`(?m)ref_id: (\d\.[A-Z])\s*$`), requirement, 34},
		{"nist-csf-2.0.yaml", "touchstone-in-service", "1.0", regexp.MustCompile(`(?m)ref_id: ([A-Z]{2}\.[A-Z]{2}-\d\d)\s*$`), parts, 106},
	} {
		b, err := os.ReadFile(filepath.Join(folder, "frameworks", "ciso-assistant", c.file))
		if err != nil {
			t.Fatal(err)
		}
		var theirs, ours []string
		for _, m := range c.leaf.FindAllSubmatch(b, -1) {
			theirs = append(theirs, string(m[1]))
		}
		f, err := lib.Get(c.id, c.version)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range f.Requirements() {
			ours = append(ours, c.ours(r)...)
		}
		slices.Sort(theirs)
		slices.Sort(ours)
		if len(theirs) != c.count || !slices.Equal(theirs, ours) {
			t.Errorf("%s: the file has %d identifiers, ours %d, want %d alike", c.file, len(theirs), len(ours), c.count)
		}
	}
}

// TestCorpusThemesOfCyberEssentialsAreThePublishers: the document has no
// identifiers, but it has five themes with names and an order. The copy is of
// version 3.1; the themes have stayed the same since.
func TestCorpusThemesOfCyberEssentialsAreThePublishers(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	b, err := os.ReadFile(filepath.Join(folder, "frameworks", "ciso-assistant", "cyber_essentials.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	lib, err := frameworks.Open()
	if err != nil {
		t.Fatal(err)
	}
	f, err := lib.Get("cyber-essentials", "3.3")
	if err != nil {
		t.Fatal(err)
	}
	var theirs, ours []string
	for _, m := range regexp.MustCompile(`ref_id: D\.\d\n\s+name: '? ?([A-Za-z ]+)`).FindAllSubmatch(b, -1) {
		theirs = append(theirs, string(m[1]))
	}
	for _, g := range f.Groups {
		ours = append(ours, g.Title)
	}
	if len(theirs) != 5 || !slices.Equal(theirs, ours) {
		t.Errorf("themes %q, the publisher's %q", ours, theirs)
	}
}
