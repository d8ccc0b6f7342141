package match_test

import (
	"archive/zip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/osv"
	"github.com/touchstone-assurance/touchstone/internal/match"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
)

// load reads every archive of a folder into an index.
func load(t testing.TB, folder string) (*match.Index, map[string]bool) {
	t.Helper()
	archives, err := filepath.Glob(filepath.Join(folder, "*", "all.zip"))
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives in %s: %v", folder, err)
	}
	x, have := match.New(), map[string]bool{}
	for _, name := range archives {
		z, err := zip.OpenReader(name)
		if err != nil {
			t.Fatal(err)
		}
		r := osv.NewReader(budget.Limits{}).Brief()
		for _, f := range z.File {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(in)
			if err != nil {
				t.Fatal(err)
			}
			a, err := r.Read(b)
			if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			x.Add(a, 1)
			have[a.ID] = true
		}
		z.Close()
	}
	return x, have
}

// TestCorpusOracle compares with recorded answers of the OSV service. An id that is
// expected and in the data must be found; what is found beyond the answers must be
// newer than them, or of another revision than the service had.
func TestCorpusOracle(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	x, have := load(t, filepath.Join(folder, "osv"))
	b, err := os.ReadFile(filepath.Join(folder, "osv-oracle", "querybatch.json"))
	if err != nil {
		t.Fatal(err)
	}
	var queries []struct {
		Query struct {
			Package struct{ Ecosystem, Name, PURL string }
			Version string
			Commit  string
		}
		IDs []string
	}
	if err := json.Unmarshal(b, &queries); err != nil {
		t.Fatal(err)
	}
	// Published or changed after the answers were recorded; the README of the data
	// names them.
	newer := []string{"GO-2026-5026", "GO-2026-5942", "GO-2026-5972", "GO-2026-6088", "GO-2026-6089", "GO-2026-6090", "GO-2026-6091", "GO-2026-6179", "GO-2026-6180", "GO-2026-6218", "GO-2026-6222"}
	// Misses that the record itself explains: it is another revision than the service had.
	explained := map[string]string{
		"PyPI django 2.2.24 GHSA-8x94-hmjh-97hq": "the record in the data begins at 3.2",
	}
	// Finds that the record itself explains in the same way: it names the version that
	// was asked about one by one, beside a range that includes it.
	revised := map[string]string{
		"Maven dnsjava:dnsjava 3.4.0 GHSA-crjg-w57m-rqqf": "versions has 3.4.0 in the revision of 22 July 2024",
		"Maven dnsjava:dnsjava 3.4.0 GHSA-mmwx-rj87-vfgr": "versions has 3.4.0 in the revision of 22 July 2024",
		"PyPI django 2.2.24 GHSA-xxj9-f6rv-m3x4":          "versions has 2.2.24 in the revision of 17 February 2024",
	}
	asked, expected, missing := 0, 0, 0
	for _, q := range queries {
		if q.Query.Commit != "" || q.Query.Package.Ecosystem == "GIT" {
			continue
		}
		id := purl.Identity{Ecosystem: q.Query.Package.Ecosystem, Key: purl.Key(q.Query.Package.Ecosystem, q.Query.Package.Name), Version: q.Query.Version}
		if q.Query.Package.PURL != "" {
			p, ok := purl.Parse(q.Query.Package.PURL)
			if !ok {
				t.Fatalf("%s is not read", q.Query.Package.PURL)
			}
			id = p.Identity
		} else if base, release := purl.Split(id.Ecosystem); release != "" {
			id.Ecosystem = purl.Join(base, release)
		}
		asked++
		m := x.Match(id)
		found := map[string]bool{}
		for _, h := range m.Hits {
			found[h.Record.ID] = true
		}
		for _, want := range q.IDs {
			if !have[want] {
				continue // not in the data: a sample, or newer than the snapshot
			}
			expected++
			what := strings.Join([]string{id.Ecosystem, id.Key, id.Version, want}, " ")
			if found[want] && explained[what] != "" {
				t.Errorf("%s is found, and is on the list of misses", what)
			}
			if !found[want] && explained[what] == "" {
				missing++
				t.Errorf("%s %s %s: %s is expected and was not found", id.Ecosystem, id.Key, id.Version, want)
			}
		}
		for extra := range found {
			what := strings.Join([]string{id.Ecosystem, id.Key, id.Version, extra}, " ")
			if !slices.Contains(q.IDs, extra) && !slices.Contains(newer, extra) && revised[what] == "" {
				t.Errorf("%s was found and is not expected", what)
			}
			delete(revised, what)
		}
	}
	for what := range revised {
		t.Errorf("%s is on the list of extras and was not found", what)
	}
	t.Logf("%d queries, %d expected ids in the data, %d missing", asked, expected, missing)
	if asked < 590 || expected < 100 {
		t.Errorf("only %d queries with %d expected ids", asked, expected)
	}
}

// TestCorpusDerivedRecords: every derived record is held, and a package with a known history is
// found by it.
func TestCorpusDerivedRecords(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	x, have := load(t, filepath.Join(folder, "osv-derived"))
	if x.Len() != len(have) || x.Len() != 1856 {
		t.Errorf("%d advisories of %d", x.Len(), len(have))
	}
	c := x.Cover(inventory.Component{Name: "marked", PURL: "pkg:npm/marked@0.3.0"}, match.Feeds{AsOf: map[string]int64{"npm": 1}})
	if len(c.Hits) == 0 {
		t.Error("marked 0.3.0 is affected by several")
	}
}
