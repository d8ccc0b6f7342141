package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// releasesOf are the ids of the releases of the quarter's system, the newest first.
func (q *quarter) releasesOf() []string {
	q.t.Helper()
	v, err := q.App.Releases(q.t.Context(), q.admin.Actor(), strings.TrimPrefix(q.system, "/systems/"))
	if err != nil {
		q.t.Fatal(err)
	}
	var out []string
	for _, r := range v.Releases {
		out = append(out, r.ID)
	}
	return out
}

// feed loads records as the feed of npm, with one that names nothing here.
func (q *quarter) feed(records ...string) {
	q.t.Helper()
	files := map[string]string{}
	for i, r := range append(records, flaw(q.t, "GHSA-0000-0000-0000", "nobody-uses-this", "0", "1", nil)) {
		files["npm/"+strconv.Itoa(i)+".json"] = r
	}
	q.loadFeeds(files)
}

func TestASystemWithoutReleasesSaysHowToDeliver(t *testing.T) {
	q := newQuarter(t, "Payments")
	v := q.as(q.admin)
	v.get(q.system+"/releases").status(http.StatusOK).sound().says("Nothing was delivered yet", "touchstone push")
	v.get(q.system+"/findings").status(http.StatusOK).sound().says("0 findings", "nothing can be said")
	v.get(q.system + "/releases/compare?from=a&to=b").status(http.StatusNotFound)
	v.get(q.system + "/releases/rel_00000000000000000000000000").status(http.StatusNotFound)
}

func TestReleasesAreReadAndCompared(t *testing.T) {
	q := newQuarter(t, "Payments")
	q.feed(flaw(t, "GHSA-1111-1111-1111", "lodash", "0", "4.17.21", nil), flaw(t, "GHSA-2222-2222-2222", "qs", "6.0.0", "6.9.7", nil))
	q.deliverSBOM("1.0", sbomOf(t, "payments@1.0", q.Clock.Now(), "lodash@4.17.20", "gone@1.0.0"))
	q.Clock.Advance(time.Minute)
	q.deliverSBOM("1.1", sbomOf(t, "payments@1.1", q.Clock.Now(), "lodash@4.17.21", "qs@6.5.0", "nameless"))
	v, ids := q.as(q.admin), q.releasesOf()
	v.get(q.system+"/releases").status(http.StatusOK).sound().says("2 releases", "Speaks for the system", "1 finding is open", "Compare two releases", "1 component cannot be assessed")
	v.get(q.system+"/releases/"+ids[0]).status(http.StatusOK).sound().says("Release 1.1", "GHSA-2222-2222-2222", "1 document", "16 March 2026", "Cannot be assessed")
	v.get(q.system+"/releases/"+ids[1]).status(http.StatusOK).sound().says("Release 1.0", "GHSA-1111-1111-1111", "4.17.21")
	v.get(q.system+"/releases/"+ids[0]+"/components").status(http.StatusOK).sound().says("3 components", "qs", "lodash")
	v.get(q.system+"/releases/"+ids[0]+"/components?verdict=cannot_assess").status(http.StatusOK).sound().says("1 component", "nameless")
	v.get(q.system + "/releases/" + ids[0] + "/components?name=zzz").status(http.StatusOK).sound().says("No component matches")
	v.get(q.system+"/findings").status(http.StatusOK).sound().says("1 finding", "Of release 1.1", "Cyber Essentials")
	v.get(q.system + "/findings?state=overdue").status(http.StatusOK).sound().says("No finding matches")
	v.get(q.system+"/releases/compare?"+url.Values{"from": {ids[1]}, "to": {ids[0]}}.Encode()).status(http.StatusOK).sound().
		says("From release 1.0 to 1.1", "resolves known vulnerabilities and brings others", "Introduced: 1 finding", "Resolved: 1 finding", "Added: 2", "Removed: 1", "In another version: 1")
	view, err := q.App.Release(t.Context(), q.admin.Actor(), strings.TrimPrefix(q.system, "/systems/"), ids[0])
	if err != nil {
		t.Fatal(err)
	}
	document := q.system + "/releases/" + ids[0] + "/documents/" + view.Documents[0].ID
	v.get(document).status(http.StatusOK).sound().says("Software bill of materials: payments 1.1", "Quality by", "components name no licence", "SHA-256 of the file")
	v.get(q.system + "/releases/" + ids[1] + "/documents/" + view.Documents[0].ID).status(http.StatusNotFound) // of the other release
	stranger := q.as(q.Admin("Elsewhere"))
	for _, path := range []string{q.system + "/releases", q.system + "/releases/" + ids[0], document, q.system + "/findings", q.system + "/releases/" + ids[0] + "/components"} {
		stranger.get(path).status(http.StatusNotFound)
	}
}

func TestHostileNamesInDocumentsAreInert(t *testing.T) {
	q := newQuarter(t, "Payments")
	q.feed()
	evil := `<script>alert(1)</script>` + strings.Repeat("long", 40)
	q.deliverTo(strings.TrimPrefix(q.system, "/systems/"), evil[:60], sbomOf(t, evil+"@1", q.Clock.Now(), evil+"@1"))
	v, ids := q.as(q.admin), q.releasesOf()
	for _, path := range []string{q.system + "/releases", q.system + "/releases/" + ids[0], q.system + "/releases/" + ids[0] + "/components", q.system + "/findings"} {
		a := v.get(path).status(http.StatusOK).sound()
		if strings.Contains(a.body, "<script>alert") {
			t.Errorf("%s: markup of a document stands in the page", path)
		}
	}
}
