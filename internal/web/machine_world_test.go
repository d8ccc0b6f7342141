package web

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// sbomOf is a CycloneDX document of a product, "name@version", with npm packages.
func sbomOf(t testing.TB, product string, at time.Time, packages ...string) string {
	t.Helper()
	name, version, _ := strings.Cut(product, "@")
	var components []map[string]any
	for _, p := range packages {
		n, v, _ := strings.Cut(p, "@")
		c := map[string]any{"type": "library", "bom-ref": p, "name": n, "version": v, "purl": "pkg:npm/" + p}
		if v == "" {
			delete(c, "purl") // nothing that could be looked up
		}
		components = append(components, c)
	}
	b, err := json.Marshal(map[string]any{"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b71", "version": 1,
		"components": components, "metadata": map[string]any{"timestamp": at.UTC().Format(time.RFC3339), "component": map[string]any{"type": "application", "bom-ref": "root", "name": name, "version": version},
			"tools": map[string]any{"components": []any{map[string]any{"type": "application", "name": "maker", "version": "1"}}}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// flaw is an advisory in the OSV format; members replace its own.
func flaw(t testing.TB, id, name, introduced, fixed string, members map[string]any) string {
	t.Helper()
	record := map[string]any{"id": id, "modified": "2026-03-01T00:00:00Z", "published": "2026-02-27T00:00:00Z", "summary": "A flaw in " + name,
		"severity": []any{map[string]any{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}},
		"affected": []any{map[string]any{"package": map[string]any{"ecosystem": "npm", "name": name},
			"ranges": []any{map[string]any{"type": "SEMVER", "events": []any{map[string]any{"introduced": introduced}, map[string]any{"fixed": fixed}}}}}}}
	for k, v := range members {
		record[k] = v
	}
	b, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// deliverSBOM delivers a document for a release of the quarter's system, and does
// what follows.
func (q *quarter) deliverSBOM(release, text string) {
	q.t.Helper()
	q.deliverTo(strings.TrimPrefix(q.system, "/systems/"), release, text)
}

func (q *quarter) deliverTo(system, release, text string) {
	q.t.Helper()
	if _, _, err := q.App.Deliver(q.t.Context(), q.admin.Actor(), app.DeliverInput{System: system, Release: release, Name: "bom.json", Content: strings.NewReader(text)}); err != nil {
		q.t.Fatal(err)
	}
	q.Work()
}

// sendAdvisory sends a record in as the organisation's administrator.
func (q *quarter) sendAdvisory(text string) {
	q.t.Helper()
	if _, _, err := q.App.PostAdvisory(q.t.Context(), q.admin.Actor(), strings.NewReader(text)); err != nil {
		q.t.Fatal(err)
	}
	q.Work()
}

// loadFeeds loads files, by their path in a folder of feeds, as of now.
func (w *world) loadFeeds(files map[string]string) {
	w.t.Helper()
	dir := w.t.TempDir()
	for name, text := range files {
		at := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			w.t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			w.t.Fatal(err)
		}
		if err := os.Chtimes(at, w.Clock.Now(), w.Clock.Now()); err != nil {
			w.t.Fatal(err)
		}
	}
	if _, err := w.App.SyncFeeds(w.t.Context(), access.Operator(), app.SyncInput{Places: []string{dir}}); err != nil {
		w.t.Fatal(err)
	}
	w.Work()
}

// exploited is CISA's catalogue with one entry.
func exploited(cve string) string {
	return `{"title":"CISA Catalog of Known Exploited Vulnerabilities","catalogVersion":"2026.03.01","dateReleased":"2026-03-01T00:00:00Z","count":1,"vulnerabilities":[{"cveID":"` + cve +
		`","vendorProject":"Left","product":"Pad","vulnerabilityName":"Left Pad Flaw","dateAdded":"2026-02-28","shortDescription":"A flaw.","requiredAction":"Apply updates.","dueDate":"2026-03-21",` +
		`"knownRansomwareCampaignUse":"Known","notes":"","cwes":["CWE-79"]}]}`
}
