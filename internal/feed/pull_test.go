package feed

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// origin serves one file over TLS, and breaks off after some bytes when told to.
type origin struct {
	*httptest.Server
	content string
	tag     string
	short   int // bytes after which the next answer breaks off; 0 = none
	ranges  []string
	calls   int
}

func newOrigin(t *testing.T, content string) *origin {
	o := &origin{content: content, tag: `"one"`}
	o.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.calls++
		o.ranges = append(o.ranges, r.Header.Get("Range"))
		w.Header().Set("ETag", o.tag)
		if o.short > 0 {
			w.Header().Set("Content-Length", fmt.Sprint(len(o.content)))
			w.Write([]byte(o.content[:o.short])) //nolint:errcheck // it is meant to break off
			o.short = 0
			return
		}
		http.ServeContent(w, r, "all.zip", time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), strings.NewReader(o.content))
	}))
	t.Cleanup(o.Close)
	return o
}

func (o *origin) pull(dir string, most int64) (Pulled, error) {
	return Pull(context.Background(), o.Client(), o.URL+"/npm/all.zip", dir, most, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
}

func TestPullFetchesOnceAndAsksAfterThat(t *testing.T) {
	o, dir := newOrigin(t, "the archive"), t.TempDir()
	p, err := o.pull(dir, 1000)
	if err != nil || !p.Changed || p.Path != filepath.Join(dir, "npm", "all.zip") {
		t.Fatalf("%+v, %v", p, err)
	}
	info, err := os.Stat(p.Path)
	if err != nil || info.ModTime().UTC().Format("2006-01-02") != "2026-03-01" {
		t.Errorf("its time is not the server's: %v, %v", info, err)
	}
	if p, err = o.pull(dir, 1000); err != nil || p.Changed || p.Bytes != 0 {
		t.Errorf("nothing changed: %+v, %v", p, err)
	}
	o.content, o.tag = "another archive", `"two"`
	if p, err = o.pull(dir, 1000); err != nil || !p.Changed {
		t.Errorf("another one: %+v, %v", p, err)
	}
	if b, _ := os.ReadFile(p.Path); string(b) != "another archive" {
		t.Errorf("%q", b)
	}
}

func TestPullGoesOnWhereATransferBrokeOff(t *testing.T) {
	o, dir := newOrigin(t, strings.Repeat("archive ", 100)), t.TempDir()
	o.short = 300
	if _, err := o.pull(dir, 10_000); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("a transfer that broke off: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "npm", "all.zip")); err == nil {
		t.Fatal("half a file is in the place of a whole one")
	}
	p, err := o.pull(dir, 10_000)
	if err != nil || p.Bytes != 500 || o.ranges[1] != "bytes=300-" {
		t.Fatalf("%+v, %v, asked for %q", p, err, o.ranges)
	}
	if b, _ := os.ReadFile(p.Path); string(b) != o.content {
		t.Error("the parts do not make the whole")
	}
	o.short = 300
	o.tag = `"two"`
	o.pull(dir, 10_000) //nolint:errcheck // it breaks off
	o.content, o.tag = "a shorter one", `"three"`
	if p, err = o.pull(dir, 10_000); err != nil {
		t.Fatal(err)
	}
	if b, _ := os.ReadFile(p.Path); string(b) != "a shorter one" {
		t.Errorf("the file had changed meanwhile: %q", b)
	}
}

func TestPullRefusesWhatIsTooLongOrNoFeed(t *testing.T) {
	o, dir := newOrigin(t, strings.Repeat("x", 200)), t.TempDir()
	if _, err := o.pull(dir, 100); !fault.Is(err, fault.TooLarge) {
		t.Errorf("longer than allowed: %v", err)
	}
	for _, address := range []string{"http://example.org/npm/all.zip", "https://example.org/../all.zip", "https://example.org/all.zip", "https://u:p@example.org/npm/all.zip",
		"https://example.org/.ssh/all.zip", "https://example.org/readme.txt", "::"} {
		if _, err := Pull(context.Background(), o.Client(), address, dir, 100, time.Time{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", address, err)
		}
	}
	for address, want := range map[string]string{"https://a/b/known_exploited_vulnerabilities.json": "kev.json", "https://a/epss_scores-current.csv.gz": "epss.csv.gz", "https://a/b/crates.io/all.zip": "crates.io/all.zip"} {
		if got, err := placeOf(address); err != nil || got != filepath.FromSlash(want) {
			t.Errorf("%s: %s, %v", address, got, err)
		}
	}
}
