// Package feedtest makes archives of invented advisories in the shape of a large
// ecosystem's, for benchmarks and tests: the same seed gives the same bytes.
//
// Nothing in them is true of a real package, and their ids belong to no database.
package feedtest

import (
	"archive/zip"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Shape says what to make.
type Shape struct {
	Seed       uint64
	Advisories int
	Packages   int // that they are spread over; a few have very many, most have one
}

// NPM is the shape that our figures are taken with: 200,000 advisories.
func NPM() Shape { return Shape{Seed: 1, Advisories: 200_000, Packages: 150_000} }

// Ecosystem is the ecosystem of every package.
const Ecosystem = "npm"

// Package is the name of the i-th package. Those of low numbers have the most advisories.
func (s Shape) Package(i int) string {
	r := rand.New(rand.NewPCG(s.Seed, 1<<40+uint64(i)))
	name := fmt.Sprintf("%s-%s-%d", words[r.IntN(len(words))], words[r.IntN(len(words))], i)
	if r.IntN(7) == 0 {
		return "@" + words[r.IntN(len(words))] + "/" + name
	}
	return name
}

// ID is the id of the i-th record; ids rise with i.
func (s Shape) ID(i int) string { return fmt.Sprintf("GEN-%07d", i) }

// Record is the i-th record as JSON.
func (s Shape) Record(i int) []byte {
	r := rand.New(rand.NewPCG(s.Seed, uint64(i)))
	published := time.Date(2018, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(r.IntN(8*365*24)) * time.Hour)
	rec := record{
		Schema: "1.7.3", ID: s.ID(i), Published: published, Modified: published.Add(time.Duration(r.IntN(400*24)) * time.Hour),
		Summary: prose(r, 6, 14), Details: prose(r, 40, 260),
	}
	if r.IntN(5) < 3 {
		rec.Aliases = []string{fmt.Sprintf("CVE-%d-%05d", published.Year(), i)}
	}
	if r.IntN(10) < 7 {
		rec.Severity = []severity{{"CVSS_V3", vectors[r.IntN(len(vectors))]}}
	}
	for range 1 + max(0, r.IntN(12)-9) {
		u := r.Float64()
		rec.Affected = append(rec.Affected, s.affected(r, int(u*u*float64(s.Packages))))
	}
	for j := range 2 + r.IntN(5) {
		rec.References = append(rec.References, reference{"WEB", fmt.Sprintf("https://example.org/%s/%d/%s", rec.ID, j, words[r.IntN(len(words))])})
	}
	rec.Specific = specific{CWEs: []string{fmt.Sprintf("CWE-%d", 1+r.IntN(1300))}, Severity: "MODERATE", Reviewed: true, ReviewedAt: published}
	b, err := json.Marshal(rec)
	if err != nil {
		panic(err) // a struct of texts and times always marshals
	}
	return b
}

func (s Shape) affected(r *rand.Rand, pkg int) affected {
	name := s.Package(pkg)
	a := affected{Package: pack{Ecosystem, name, "pkg:npm/" + strings.ReplaceAll(name, "@", "%40")}}
	switch r.IntN(10) {
	case 0: // a package that was malicious in a few versions
		for range 1 + r.IntN(6) {
			a.Versions = append(a.Versions, version(r, 0))
		}
	case 1: // malicious from the beginning
		a.Ranges = []span{{"SEMVER", []map[string]string{{"introduced": "0"}}}}
	default:
		major := 0
		for range 1 + max(0, r.IntN(8)-5) {
			from := "0"
			if major > 0 {
				from = version(r, major)
			}
			end := "fixed"
			if r.IntN(20) == 0 {
				end = "last_affected"
			}
			a.Ranges = append(a.Ranges, span{"SEMVER", []map[string]string{{"introduced": from}, {end: version(r, major+1)}}})
			major += 2
		}
	}
	return a
}

// Write writes an archive of every record.
func (s Shape) Write(w io.Writer) error {
	z := zip.NewWriter(w)
	for i := range s.Advisories {
		f, err := z.CreateHeader(&zip.FileHeader{Name: s.ID(i) + ".json", Method: zip.Deflate,
			Modified: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return fmt.Errorf("add a record: %w", err)
		}
		if _, err := f.Write(s.Record(i)); err != nil {
			return fmt.Errorf("add a record: %w", err)
		}
	}
	return z.Close()
}

// WriteDir writes DIR/npm/all.zip.
func (s Shape) WriteDir(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, Ecosystem), 0o755); err != nil {
		return fmt.Errorf("make the directory of an ecosystem: %w", err)
	}
	f, err := os.Create(filepath.Join(dir, Ecosystem, "all.zip"))
	if err != nil {
		return fmt.Errorf("make an archive: %w", err)
	}
	if err := s.Write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

func version(r *rand.Rand, major int) string {
	return fmt.Sprintf("%d.%d.%d", major, r.IntN(30), r.IntN(40))
}

func prose(r *rand.Rand, least, most int) string {
	var b strings.Builder
	for i := range least + r.IntN(most-least) {
		if i > 0 {
			b.WriteString([]string{" ", " ", " ", " ", ", ", ".\n"}[r.IntN(6)])
		}
		b.WriteString(words[r.IntN(len(words))])
	}
	return b.String()
}

type (
	record struct {
		Schema     string      `json:"schema_version"`
		ID         string      `json:"id"`
		Modified   time.Time   `json:"modified"`
		Published  time.Time   `json:"published"`
		Aliases    []string    `json:"aliases,omitempty"`
		Summary    string      `json:"summary"`
		Details    string      `json:"details"`
		Severity   []severity  `json:"severity,omitempty"`
		Affected   []affected  `json:"affected"`
		References []reference `json:"references"`
		Specific   specific    `json:"database_specific"`
	}
	severity struct {
		Type  string `json:"type"`
		Score string `json:"score"`
	}
	affected struct {
		Package  pack     `json:"package"`
		Ranges   []span   `json:"ranges,omitempty"`
		Versions []string `json:"versions,omitempty"`
	}
	pack struct {
		Ecosystem string `json:"ecosystem"`
		Name      string `json:"name"`
		PURL      string `json:"purl"`
	}
	span struct {
		Type   string              `json:"type"`
		Events []map[string]string `json:"events"`
	}
	reference struct {
		Type string `json:"type"`
		URL  string `json:"url"`
	}
	specific struct {
		CWEs       []string  `json:"cwe_ids"`
		Severity   string    `json:"severity"`
		Reviewed   bool      `json:"github_reviewed"`
		ReviewedAt time.Time `json:"github_reviewed_at"`
	}
)

var vectors = [...]string{
	"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N",
	"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N",
	"CVSS:3.0/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:L/I:N/A:N",
	"CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:U/C:H/I:H/A:H", "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:N/I:L/A:L",
}

var words = strings.Fields(`parse render stream cache token router bundle script loader merge clone query
	schema template markdown archive socket session cookie header proxy regular expression object prototype
	pollution injection traversal denial service memory buffer overflow crafted request attacker remote
	arbitrary code execution validation input function module version before users upgrade workaround server
	client request response handler config option value string array number promise event queue worker thread
	file path directory symlink archive extract image pixel colour canvas chart table form field login`)
