package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// Products, ecosystems and records are called what their makers like.
func TestNamesOfDocumentsMayHoldAnything(t *testing.T) {
	q := newQuarter(t)
	for i, name := range []string{"Payments Service", "Zahlungen für “alle”", "@scope/app", strings.Repeat("W é", 200), `"><script>`} {
		d := q.deliver("1."+string(rune('0'+i)), bill(name+"@1", serialOne, q.Clock.Now(), "left-pad@1.0.0"))
		if d.Document == "" {
			t.Errorf("%q was not taken", name)
		}
	}
	v, err := q.App.Releases(t.Context(), q.admin.Actor(), q.system)
	ok(t, err)
	titles := ""
	for _, p := range v.Products {
		titles += p.Title + "\n"
	}
	if !strings.Contains(titles, "Payments Service") || !strings.Contains(titles, "zahlungen für “alle”") {
		t.Errorf("the products are called %s", titles)
	}
	dir := t.TempDir()
	at := filepath.Join(dir, "Red Hat", "1.json")
	ok(t, os.MkdirAll(filepath.Dir(at), 0o700))
	ok(t, os.WriteFile(at, []byte(strings.ReplaceAll(osvRecord("RHSA-2026:1", "left-pad", "0", "1"), `"npm"`, `"Red Hat"`)), 0o600))
	results, err := q.App.SyncFeeds(t.Context(), access.Operator(), app.SyncInput{Places: []string{dir, filepath.Join(dir, "not there")}})
	ok(t, err)
	if len(results) != 2 || results[0].Problem != "" || results[1].Problem == "" {
		t.Errorf("%+v", results)
	}
	if p := q.post(osvRecord("an id with blanks", "left-pad", "0", "1")); !p.Changed {
		t.Errorf("%+v", p)
	}
}
