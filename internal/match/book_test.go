package match_test

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/osv"
	"github.com/touchstone-assurance/touchstone/internal/match"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
	"github.com/touchstone-assurance/touchstone/internal/match/version"
)

// shapes are versions as they are written in each ecosystem, from plain to odd.
var shapes = map[string][]string{
	"npm":         {"%d.%d.%d", "%d.%d.%d-rc.%d", "%d.%d.%d-alpha", "v%d.%d.%d", "%d.%d.%d+build"},
	"Go":          {"%d.%d.%d", "v%d.%d.%d", "%d.%d.%d-0", "v%d.%d.%d-20200101000000-abcdefabcdef"},
	"crates.io":   {"%d.%d.%d", "%d.%d.%d-beta.%d"},
	"PyPI":        {"%d.%d", "%d.%d.%d", "%d.%drc%d", "%d.%d.post%d", "%d.%d.dev%d", "1!%d.%d", "%d.%d.0"},
	"Maven":       {"%d.%d", "%d.%d.%d", "%d.%d-SNAPSHOT", "%d.%d-beta-%d", "%d.%d.Final", "%d.%d.0"},
	"NuGet":       {"%d.%d.%d", "%d.%d.%d.%d", "%d.%d.%d-preview%d"},
	"RubyGems":    {"%d.%d.%d", "%d.%d", "%d.%d.%d.pre", "%d.%d.rc%d"},
	"Packagist":   {"%d.%d.%d", "v%d.%d.%d", "%d.%d.%d-RC%d", "%d.%d-beta"},
	"Pub":         {"%d.%d.%d", "%d.%d.%d-dev.%d", "%d.%d.%d+%d"},
	"Hackage":     {"%d.%d", "%d.%d.%d.%d"},
	"CRAN":        {"%d.%d", "%d.%d-%d", "%d.%d.%d"},
	"Debian:12":   {"%d.%d-%d", "1:%d.%d-%d", "%d.%d~rc%d-1", "%d.%d-%d+deb12u1", "%d.%d"},
	"Alpine:v3.2": {"%d.%d.%d-r%d", "%d.%d_rc%d-r1", "%d.%d_p%d-r0"},
	"AlmaLinux:9": {"%d.%d-%d.el9", "1:%d.%d-%d.el9", "%d.%d-%d.el9_%d", "%d.%d~rc%d-1.el9"},
	"Hex":         {"%d.%d.%d", "%d.%d.%d-rc.%d"},
	"Bitnami":     {"%d.%d.%d", "%d.%d.%d-%d"},
}

func drawVersion(t *rapid.T, ecosystem string) string {
	shape := rapid.SampledFrom(shapes[ecosystem]).Draw(t, "shape")
	var numbers []any
	for range strings.Count(shape, "%d") {
		numbers = append(numbers, rapid.IntRange(0, 3).Draw(t, "number"))
	}
	return fmt.Sprintf(shape, numbers...)
}

func drawRecord(t *rapid.T, n int) bookRecord {
	r := bookRecord{ID: fmt.Sprintf("R-%d", n)}
	if rapid.IntRange(0, 9).Draw(t, "withdrawn") == 0 {
		r.Withdrawn = "2026-01-01T00:00:00Z"
	}
	for range rapid.IntRange(1, 3).Draw(t, "entries") {
		var a bookAffected
		a.Package.Ecosystem = rapid.SampledFrom(slices.Sorted(maps.Keys(shapes))).Draw(t, "ecosystem")
		ecosystem := a.Package.Ecosystem
		a.Package.Name = rapid.SampledFrom([]string{"p", "P", "p-q", "p_q"}).Draw(t, "name")
		if base, release := purl.Split(ecosystem); release != "" {
			a.Package.Ecosystem = rapid.SampledFrom([]string{ecosystem, base, base + ":1"}).Draw(t, "release")
		}
		for range rapid.IntRange(0, 3).Draw(t, "ranges") {
			g := bookRange{Type: rapid.SampledFrom([]string{"ECOSYSTEM", "ECOSYSTEM", "SEMVER", "GIT"}).Draw(t, "type")}
			of := ecosystem
			if g.Type == "SEMVER" {
				of = "npm"
			}
			for range rapid.IntRange(1, 6).Draw(t, "events") {
				kind := rapid.SampledFrom([]string{"introduced", "introduced", "fixed", "fixed", "last_affected", "limit"}).Draw(t, "kind")
				at := drawVersion(t, of)
				switch rapid.IntRange(0, 5).Draw(t, "special") {
				case 0:
					if kind == "introduced" {
						at = "0"
					}
					if kind == "limit" {
						at = "*"
					}
				}
				g.Events = append(g.Events, map[string]string{kind: at})
			}
			if !slices.ContainsFunc(g.Events, func(e map[string]string) bool { return e["introduced"] != "" }) {
				g.Events = append(g.Events, map[string]string{"introduced": drawVersion(t, of)})
			}
			a.Ranges = append(a.Ranges, g)
		}
		for range rapid.IntRange(0, 3).Draw(t, "named") {
			a.Versions = append(a.Versions, drawVersion(t, ecosystem))
		}
		r.Affected = append(r.Affected, a)
	}
	return r
}

// TestMatchingIsByTheBook compares with the second opinion on records and versions
// that nobody chose: every ecosystem, unsorted events, limits, several ranges, names.
func TestMatchingIsByTheBook(t *testing.T) {
	decided := map[third]int{}
	rapid.Check(t, func(t *rapid.T) {
		var records []bookRecord
		x := match.New()
		read := osv.NewReader(budget.Limits{})
		for i := range rapid.IntRange(1, 4).Draw(t, "records") {
			r := drawRecord(t, i)
			b, err := json.Marshal(struct {
				bookRecord
				Modified  string `json:"modified"`
				Withdrawn string `json:"withdrawn,omitempty"`
			}{r, "2026-01-01T00:00:00Z", r.Withdrawn})
			if err != nil {
				t.Fatal(err)
			}
			a, err := read.Read(b)
			if err != nil {
				continue // broken by the rules of the schema: it would be in quarantine
			}
			records = append(records, r)
			x.Add(a, 1)
		}
		for _, r := range records {
			for _, a := range r.Affected {
				ecosystem := a.Package.Ecosystem
				if base, release := purl.Split(ecosystem); release == "" && purl.Releases(base) {
					ecosystem = purl.Join(base, "1")
				}
				for range 4 {
					like := ecosystem
					if _, known := shapes[like]; !known {
						base, _ := purl.Split(like)
						like = map[string]string{"Debian": "Debian:12", "Alpine": "Alpine:v3.2", "AlmaLinux": "AlmaLinux:9"}[base]
					}
					v := drawVersion(t, like)
					for _, problem := range disagreements(x, records, ecosystem, a.Package.Name, v, decided) {
						t.Fatal(problem)
					}
				}
			}
		}
	})
	if decided[is] == 0 || decided[isNot] == 0 {
		t.Errorf("%v: the comparison decided nothing", decided)
	}
	t.Logf("%d affected, %d not, %d cannot be said", decided[is], decided[isNot], decided[unknown])
}

// disagreements compares the index with the second opinion on every record.
func disagreements(x *match.Index, records []bookRecord, ecosystem, name, v string, decided map[third]int) []string {
	base, release := purl.Split(ecosystem)
	m := x.Match(purl.Identity{Ecosystem: purl.Join(base, release), Key: purl.Key(base, name), Version: v})
	got := map[string]third{}
	for _, h := range m.Hits {
		got[h.Record.ID] = is
	}
	for _, h := range m.Unsure {
		got[h.Record.ID] = unknown
	}
	var out []string
	for _, r := range records {
		want := r.byTheBook(ecosystem, name, v)
		decided[want]++
		have := got[r.ID]
		delete(got, r.ID)
		if have == want || explained(have, want, ecosystem, v, r) {
			continue
		}
		b, _ := json.Marshal(r)
		out = append(out, fmt.Sprintf("%s %s %s: %s is %d, by the book %d\n%.1500s", ecosystem, name, v, r.ID, have, want, b))
	}
	for id := range got {
		out = append(out, fmt.Sprintf("%s %s %s: %s is found, and does not name the package", ecosystem, name, v, id))
	}
	return out
}

// explained is the one way in which the two may differ: the published comparison puts
// anything in order in some ecosystems, and we say that a text is no version at all:
// the one that is asked about, or one that the record turns on (“nightly.2026-03-10”
// in a range of semantic versions). Then nothing is decided, which is never a clean
// answer.
func explained(have, want third, ecosystem, v string, r bookRecord) bool {
	if have != unknown || want == unknown {
		return false
	}
	if _, isVersion := version.Parse(ecosystem, v); !isVersion {
		return true
	}
	for _, a := range r.Affected {
		for _, g := range a.Ranges {
			of := ecosystem
			if g.Type == "SEMVER" {
				of = "npm"
			}
			if _, isVersion := version.Parse(of, v); !isVersion {
				return true
			}
			for _, e := range g.Events {
				for _, at := range e {
					if _, isVersion := version.Parse(of, at); !isVersion && at != "*" {
						return true
					}
				}
			}
		}
	}
	return false
}

// TestCorpusMatchingIsByTheBook asks about every package of every real record, at the
// versions that its advisories name and at their neighbours.
func TestCorpusMatchingIsByTheBook(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	for _, set := range []string{"osv", "osv-derived"} {
		all := readBooks(t, filepath.Join(folder, set))
		packages := booksByPackage(all)
		decided, asked, wrong := map[third]int{}, 0, 0
		for key, ids := range packages {
			ecosystem, name, _ := strings.Cut(key, "\x00")
			for chunk := range slices.Chunk(ids, mostTogether) {
				x := match.New()
				var records []bookRecord
				for _, id := range chunk {
					x.Add(all[id].read, 1)
					records = append(records, all[id].book)
				}
				for _, v := range versionsOf(records, ecosystem, name) {
					asked++
					for _, problem := range disagreements(x, records, ecosystem, name, v, decided) {
						if wrong++; wrong <= 20 {
							t.Error(problem)
						}
					}
				}
			}
		}
		t.Logf("%s: %d records, %d packages, %d versions; %d affected, %d not, %d cannot be said; %d wrong", set, len(all), len(packages), asked, decided[is], decided[isNot], decided[unknown], wrong)
		if decided[is] < asked/10 || decided[isNot] < asked/10 {
			t.Errorf("%s: the comparison decided too little", set)
		}
	}
}

// mostTogether is how many records of one package are asked at once: a few have
// hundreds, and each is compared with the versions of its neighbours, not of all.
const mostTogether = 12

// bothReadings is a record as the second opinion and as the program reads it.
type bothReadings struct {
	book bookRecord
	read advisory.Advisory
}

func readBooks(t *testing.T, folder string) map[string]bothReadings {
	t.Helper()
	archives, err := filepath.Glob(filepath.Join(folder, "*", "all.zip"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]bothReadings{}
	ours := osv.NewReader(budget.Limits{}).Brief()
	for _, path := range archives {
		z, err := zip.OpenReader(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range z.File {
			in, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(in)
			if err != nil {
				t.Fatal(err)
			}
			var both bothReadings
			if both.book, err = readBook(b); err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			if both.read, err = ours.Read(b); err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
			all[both.book.ID] = both
		}
		z.Close()
	}
	return all
}

// booksByPackage groups ids by every package that records name, as each of them
// writes its name and release.
func booksByPackage(all map[string]bothReadings) map[string][]string {
	type group struct{ base, name string }
	groups := map[group][]string{}
	asked := map[group]map[string]string{} // ecosystem in full, to a name as written
	for id, both := range all {
		seen := map[group]bool{}
		for _, a := range both.book.Affected {
			if a.Package.Name == "" {
				continue
			}
			base, _, _ := strings.Cut(a.Package.Ecosystem, ":")
			g := group{base, bookName(base, a.Package.Name)}
			if !seen[g] {
				seen[g] = true
				groups[g] = append(groups[g], id)
			}
			if asked[g] == nil {
				asked[g] = map[string]string{}
			}
			asked[g][a.Package.Ecosystem] = a.Package.Name
		}
	}
	out := map[string][]string{}
	for g, names := range asked {
		slices.Sort(groups[g])
		for ecosystem, name := range names {
			out[ecosystem+"\x00"+name] = groups[g]
		}
	}
	return out
}

// mostNamed bounds the versions taken of one list: some name hundreds.
const mostNamed = 6

// versionsOf are the versions that records name for a package, and those just beside.
func versionsOf(records []bookRecord, ecosystem, name string) []string {
	seen := map[string]struct{}{"0.0.0": {}, "999999.0.0": {}}
	add := func(list ...string) {
		for _, v := range list {
			if v != "" && v != "*" {
				seen[v] = struct{}{}
			}
		}
	}
	for _, r := range records {
		for _, a := range r.Affected {
			if !samePackage(a.Package.Ecosystem, a.Package.Name, ecosystem, name) {
				continue
			}
			for i, v := range a.Versions {
				if i < mostNamed/2 || i >= len(a.Versions)-mostNamed/2 {
					add(v, beside(v, 1))
				}
			}
			for _, g := range a.Ranges {
				if g.Type == "GIT" {
					continue
				}
				for _, e := range g.Events {
					for _, v := range e {
						add(v, beside(v, 1), beside(v, -1), v+"-rc1", v+".1")
					}
				}
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

var lastNumber = regexp.MustCompile(`^(.*?)(\d+)(\D*)$`)

// beside is the version whose last number is one more or less.
func beside(v string, by int) string {
	m := lastNumber.FindStringSubmatch(v)
	if m == nil {
		return ""
	}
	n, err := strconv.Atoi(m[2])
	if err != nil || n+by < 0 {
		return ""
	}
	return m[1] + strconv.Itoa(n+by) + m[3]
}
