package version_test

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/match/version"
)

func TestCompare(t *testing.T) {
	for _, c := range []struct {
		ecosystem, a, b string
		want            version.Order
	}{
		{"npm", "1.0.0", "1.0.1", version.Less},
		{"npm", "1.0.0-rc.1", "1.0.0", version.Less},
		{"npm", "1.0.0+build", "1.0.0", version.Equal},
		{"Go", "v1.2.3", "1.2.3", version.Equal},
		{"Go", "v0.0.0-20200101000000-abcdefabcdef", "0.0.1", version.Less},
		{"PyPI", "1.0.post1", "1.0", version.Greater},
		{"PyPI", "1!0.1", "2.0", version.Greater},
		{"Maven", "1.0-alpha", "1.0", version.Less},
		{"Maven", "1.0", "1.0.0", version.Equal},
		{"Debian:12", "1:1.0-1", "2.0-1", version.Greater},
		{"Debian", "1.0~rc1-1", "1.0-1", version.Less},
		{"Alpine:v3.19", "1.2.3-r1", "1.2.3-r0", version.Greater},
		{"AlmaLinux:9", "1.0-1.el9", "1.0-2.el9", version.Less},
		{"Rocky Linux", "0:1.0-1", "1.0-1", version.Equal},
		{"SwiftURL", "1.0.0", "2.0.0", version.Less},
		{"GitHub Actions", "4.1.0", "4.2.0", version.Less},
		{"npm", "latest", "1.0.0", version.Incomparable},
		{"npm", "", "1.0.0", version.Incomparable},
		{"npm", "1.0.0", strings.Repeat("9", 300), version.Incomparable},
		{"Packagist", "dev-master", "1.0.0", version.Less},
		{"Nowhere", "1.0.0", "1.0.1", version.Incomparable},
		{"", "1.0.0", "1.0.0", version.Incomparable},
	} {
		if got := version.Compare(c.ecosystem, c.a, c.b); got != c.want {
			t.Errorf("%s: %q to %q is %v, want %v", c.ecosystem, c.a, c.b, got, c.want)
		}
	}
}

func TestVersionsOfDifferentFamiliesAreIncomparable(t *testing.T) {
	a, _ := version.Parse("npm", "1.0.0")
	b, _ := version.Parse("PyPI", "1.0.0")
	if a.Compare(b) != version.Incomparable || a.Compare(version.Version{}) != version.Incomparable {
		t.Error("they were compared")
	}
	c, _ := version.Parse("crates.io", "1.0.0")
	if a.Compare(c) != version.Equal {
		t.Error("npm and crates.io have one order")
	}
}

var ecosystems = []string{"npm", "Go", "PyPI", "Maven", "NuGet", "RubyGems", "crates.io", "Packagist", "Pub", "Hackage", "CRAN", "Debian", "Alpine", "Red Hat",
	"AlmaLinux", "SUSE", "Bitnami", "SwiftURL"}

// TestOrderIsTheSameFromBothSides: whatever the texts, a to b is the reverse of b
// to a, and a text is equal to itself or cannot be compared at all.
func TestOrderIsTheSameFromBothSides(t *testing.T) {
	text := rapid.StringMatching(`[v=]?([0-9]{1,4}[.:~+_-]?|rc|alpha|r|p|post|dev|el8){1,6}`)
	mirror := map[version.Order]version.Order{version.Less: version.Greater, version.Greater: version.Less, version.Equal: version.Equal, version.Incomparable: version.Incomparable}
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SampledFrom(ecosystems).Draw(t, "ecosystem")
		a, b := text.Draw(t, "a"), text.Draw(t, "b")
		there, back := version.Compare(e, a, b), version.Compare(e, b, a)
		if mirror[there] != back {
			t.Fatalf("%s: %q to %q is %v, and back it is %v", e, a, b, there, back)
		}
		if self := version.Compare(e, a, a); self != version.Equal && self != version.Incomparable {
			t.Fatalf("%s: %q to itself is %v", e, a, self)
		}
	})
}

func FuzzCompare(f *testing.F) {
	for _, e := range ecosystems {
		f.Add(e, "1.0.0", "1.0-rc1")
		f.Add(e, "1:2.3-4", "v1..2")
		f.Add(e, "9999999999999999999999", "~")
	}
	f.Fuzz(func(t *testing.T, e, a, b string) {
		if there, back := version.Compare(e, a, b), version.Compare(e, b, a); (there == version.Incomparable) != (back == version.Incomparable) {
			t.Errorf("%s: %q and %q can be compared from one side only", e, a, b)
		}
	})
}

// TestCorpusVersions holds the published comparison fixtures of each ecosystem.
func TestCorpusVersions(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	ecosystem := map[string]string{"alpine": "Alpine", "cran": "CRAN", "debian": "Debian", "maven": "Maven", "nuget": "NuGet", "packagist": "Packagist", "pub": "Pub",
		"pypi": "PyPI", "redhat": "Red Hat", "rubygems": "RubyGems", "semver": "npm"}
	files, err := filepath.Glob(filepath.Join(folder, "versions", "*.txt"))
	if err != nil || len(files) != 16 {
		t.Fatalf("%d files of fixtures, want 16: %v", len(files), err)
	}
	signs := map[string]version.Order{"<": version.Less, "=": version.Equal, ">": version.Greater}
	for _, file := range files {
		name, _, _ := strings.Cut(filepath.Base(file), "-")
		t.Run(filepath.Base(file), func(t *testing.T) {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			pairs, wrong := 0, 0
			for lines := bufio.NewScanner(f); lines.Scan(); {
				line := strings.TrimSpace(lines.Text())
				parts := strings.Fields(line)
				if line == "" || strings.HasPrefix(line, "#") || strings.HasPrefix(line, "//") {
					continue
				}
				if len(parts) != 3 || signs[parts[1]] == 0 {
					t.Fatalf("a line that is no comparison: %q", line)
				}
				pairs++
				if got := version.Compare(ecosystem[name], parts[0], parts[2]); got != signs[parts[1]] {
					if wrong++; wrong <= 15 {
						t.Errorf("%s: got %v", line, got)
					}
				}
			}
			if pairs < 10 {
				t.Errorf("only %d comparisons were read", pairs)
			}
			t.Logf("%d comparisons, %d wrong", pairs, wrong)
		})
	}
}
