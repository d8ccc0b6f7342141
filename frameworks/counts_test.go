package frameworks

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

// counts are the sizes that each shipped framework must have, from its source.
var counts = []struct {
	key                                     string
	groups, requirements, parts, activities int
}{
	{"cisa-cpg@2.0", 6, 34, 0, 0},
	{"cisa-pledge@2024-05", 1, 7, 6, 0},
	{"cisa-sbd@2023-10", -1, 90, 0, 0},
	{"cyber-essentials@3.3", 5, 32, 3, 0},
	{"eu-cra@2024-2847", 2, 22, 0, 0},
	{"gov-sbd@2024", 10, 38, 0, 21},
	{"gov-sbd-adoption@2024", 2, 13, 0, 0},
	{"mod-sbd@2025", 1, 7, 0, 19},
	{"ncsc-caf@3.2", 18, 39, 0, 0},
	{"ncsc-caf@4.0", 18, 41, 0, 0},
	{"nist-ssdf@1.1", -1, 42, 0, 0},
	{"osps-baseline@2026.08.28", 49, 64, 0, 0},
	{"touchstone-foundation@1.0", 20, 54, 0, 0},
	{"touchstone-in-service@1.0", 6, 22, 106, 0},
	{"uk-software-security-code@2025-05", 4, 14, 0, 0},
}

func TestEachFrameworkHasTheSizeOfItsSource(t *testing.T) {
	all, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	byKey := map[string]*framework.Framework{}
	for _, f := range all {
		byKey[f.Key()] = f
	}
	if len(all) != len(counts) {
		t.Errorf("%d frameworks are shipped and %d are listed here", len(all), len(counts))
	}
	for _, want := range counts {
		t.Run(want.key, func(t *testing.T) {
			f := byKey[want.key]
			if f == nil {
				t.Fatalf("not shipped")
			}
			parts := 0
			for _, r := range f.Requirements() {
				parts += len(r.Parts)
			}
			got := [...]int{countGroups(f.Groups), len(f.Requirements()), parts, len(f.Activities)}
			wanted := [...]int{want.groups, want.requirements, want.parts, want.activities}
			if want.groups < 0 {
				wanted[0] = got[0]
			}
			if got != wanted {
				t.Errorf("groups, requirements, parts, activities: %v, want %v", got, wanted)
			}
		})
	}
}

func countGroups(gs []framework.Group) int {
	n := len(gs)
	for _, g := range gs {
		n += countGroups(g.Groups)
	}
	return n
}

func TestTheListInTheDocumentationAgrees(t *testing.T) {
	b, err := os.ReadFile("../docs/frameworks.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range counts {
		var row []string
		for line := range strings.Lines(string(b)) {
			if strings.HasPrefix(line, "| `"+want.key+"` |") {
				row = strings.Split(line, "|")
			}
		}
		if row == nil || strings.TrimSpace(row[4]) != strconv.Itoa(want.requirements) {
			t.Errorf("docs/frameworks.md does not give %d requirements for %s", want.requirements, want.key)
		}
	}
}
