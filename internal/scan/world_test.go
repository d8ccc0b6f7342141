package scan_test

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format"
	"github.com/touchstone-assurance/touchstone/internal/scan"
)

// now is the time of every scan in these tests, and of every archive.
var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// world is a folder of advisories and the documents that are scanned.
type world struct {
	t      testing.TB
	dir    string
	parsed map[string]*format.Parsed
	errs   map[string]error
	files  []string
	cache  string
	maxAge time.Duration
}

func newWorld(t testing.TB) *world {
	return &world{t: t, dir: t.TempDir(), parsed: map[string]*format.Parsed{}, errs: map[string]error{}}
}

// archive writes the archive of an ecosystem. Records are JSON; a record that begins
// with a name and a colon goes under that name.
func (w *world) archive(ecosystem string, records ...string) *world {
	w.t.Helper()
	path := filepath.Join(w.dir, ecosystem, "all.zip")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		w.t.Fatal(err)
	}
	f, err := os.Create(path)
	if err != nil {
		w.t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for i, r := range records {
		out, err := z.Create(fmt.Sprintf("R-%d.json", i))
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := io.WriteString(out, r); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		w.t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		w.t.Fatal(err)
	}
	if err := os.Chtimes(path, now, now); err != nil {
		w.t.Fatal(err)
	}
	return w
}

// record is an advisory about versions of one package below a fixed one.
func record(id, ecosystem, name, fixed string, more ...string) string {
	return fmt.Sprintf(`{"id":%q,"modified":"2026-01-01T00:00:00Z","summary":"About %s",%s"affected":[{"package":{"ecosystem":%q,"name":%q},"ranges":[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":%q}]}]}]}`,
		id, name, strings.Join(append(more, ""), ","), ecosystem, name, fixed)
}

// sbom adds a bill of materials of package URLs; “name|purl” gives a component
// another name than its package URL has.
func (w *world) sbom(path string, purls ...string) *inventory.Document {
	d := &inventory.Document{Format: inventory.CycloneDXJSON, Serial: "urn:uuid:" + path, Subject: inventory.Component{Ref: "root", Name: "product", Version: "1", PURL: "pkg:generic/product@1"}}
	for i, text := range purls {
		c := inventory.Component{Ref: fmt.Sprint("c", i), PURL: text}
		if name, purl, named := strings.Cut(text, "|"); named {
			c.Name, c.PURL = name, purl
		}
		if c.Name == "" {
			rest := text[strings.LastIndex(text, "/")+1:]
			c.Name, _, _ = strings.Cut(rest, "@")
		}
		d.Components = append(d.Components, c)
	}
	w.files = append(w.files, path)
	w.parsed[path] = &format.Parsed{Format: string(d.Format), Inventory: d, Tool: "hand 1"}
	return d
}

// vex adds a VEX document.
func (w *world) vex(path string, statements ...decision.Statement) {
	w.files = append(w.files, path)
	w.parsed[path] = &format.Parsed{Format: "openvex", VEX: &decision.Document{Author: "The supplier", MadeAt: 1, Statements: statements}}
}

// refused adds a document that cannot be read.
func (w *world) refused(path string, err error) {
	w.files = append(w.files, path)
	w.errs[path] = err
}

func (w *world) options() scan.Options {
	o := scan.Options{Advisories: w.dir, Cache: w.cache, Now: now.UnixMicro(), MaxFeedAge: w.maxAge.Microseconds()}
	for _, path := range w.files {
		o.Documents = append(o.Documents, scan.Source{Path: path, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(path)), nil }})
	}
	o.Read = func(_ context.Context, name string, r io.Reader) (*format.Parsed, error) {
		b, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		if err := w.errs[string(b)]; err != nil {
			return nil, err
		}
		if p := w.parsed[string(b)]; p != nil {
			return p, nil
		}
		return nil, fault.Newf(fault.Unsupported, "%s is in no format that is understood.", name)
	}
	return o
}

func (w *world) scan() *scan.Result {
	w.t.Helper()
	return run(w.t, w.options())
}

func run(t testing.TB, o scan.Options) *scan.Result {
	t.Helper()
	r, err := scan.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// told is what a scan said of each component of a document: its verdict, the reason,
// and the advisories with what became of them.
func told(d scan.Document) string {
	var out []string
	for _, c := range d.Components {
		out = append(out, saidOf(c))
	}
	return strings.Join(out, "\n")
}

func saidOf(c scan.Component) string {
	words := []string{string(c.Verdict)}
	if c.Reason != "" {
		words = append(words, string(c.Reason))
	}
	for _, v := range c.Vulnerabilities {
		word := v.Advisory.ID
		if string(v.Verdict) != string(c.Verdict) {
			word += "=" + string(v.Verdict)
		}
		words = append(words, word)
	}
	for _, p := range c.Possible {
		words = append(words, p.Advisory.ID+"?")
	}
	return strings.Join(words, " ")
}
