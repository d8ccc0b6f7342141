package app_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// bill is a CycloneDX document of a product, "name@version", with npm packages.
func bill(product, serial string, at time.Time, packages ...string) string {
	product, edition, _ := strings.Cut(product, "@")
	var components []map[string]any
	for _, p := range packages {
		name, version, _ := strings.Cut(p, "@")
		components = append(components, map[string]any{"type": "library", "bom-ref": "pkg:npm/" + p, "name": name, "version": version, "purl": "pkg:npm/" + p,
			"supplier": map[string]any{"name": "Somebody"}, "licenses": []any{map[string]any{"license": map[string]any{"id": "MIT"}}}})
	}
	b, err := json.Marshal(map[string]any{"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:" + serial, "version": 1, "components": components,
		"metadata": map[string]any{"timestamp": at.UTC().Format(time.RFC3339), "component": map[string]any{"type": "application", "bom-ref": "root", "name": product, "version": edition},
			"tools": map[string]any{"components": []any{map[string]any{"type": "application", "name": "maker", "version": "1"}}}}})
	if err != nil {
		panic(err)
	}
	return string(b)
}

const (
	serialOne = "3e671687-395b-41f5-a30f-a58921a69b71"
	serialTwo = "3e671687-395b-41f5-a30f-a58921a69b72"
)

// osvRecord is an advisory about an npm package.
func osvRecord(id, name, introduced, fixed string, aliases ...string) string {
	b, err := json.Marshal(map[string]any{"id": id, "modified": "2026-03-01T00:00:00Z", "aliases": aliases, "summary": "A flaw in " + name,
		"severity": []any{map[string]any{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}},
		"affected": []any{map[string]any{"package": map[string]any{"ecosystem": "npm", "name": name},
			"ranges": []any{map[string]any{"type": "SEMVER", "events": []any{map[string]any{"introduced": introduced}, map[string]any{"fixed": fixed}}}}}}})
	if err != nil {
		panic(err)
	}
	return string(b)
}

// deliver sends a document and does the jobs that follow.
func (q *quarter) deliver(release, text string) app.Delivered {
	q.t.Helper()
	d, err := q.tryDeliver(release, text)
	ok(q.t, err)
	q.Work()
	return d
}

func (q *quarter) tryDeliver(release, text string) (app.Delivered, error) {
	q.t.Helper()
	q.Clock.Advance(time.Minute) // no two documents come at once
	d, _, err := q.App.Deliver(q.t.Context(), q.admin.Actor(), app.DeliverInput{System: q.system, Release: release, Name: "document.json", Content: strings.NewReader(text)})
	return d, err
}

func (q *quarter) job(id string) app.JobView {
	q.t.Helper()
	j, err := q.App.Job(q.t.Context(), q.admin.Actor(), id)
	ok(q.t, err)
	return j
}

func (q *quarter) post(text string) app.PostedAdvisory {
	q.t.Helper()
	p, _, err := q.App.PostAdvisory(q.t.Context(), q.admin.Actor(), strings.NewReader(text))
	ok(q.t, err)
	q.Work()
	return p
}

// feeds loads records as the feed of npm, as of now.
func (q *quarter) feeds(records ...string) {
	q.t.Helper()
	dir := q.t.TempDir()
	ok(q.t, os.MkdirAll(filepath.Join(dir, "npm"), 0o700))
	for i, r := range append(records, osvRecord("GHSA-0000-0000-0000", "nobody-uses-this", "0", "1")) {
		name := filepath.Join(dir, "npm", fmt.Sprintf("%d.json", i))
		ok(q.t, os.WriteFile(name, []byte(r), 0o600))
		ok(q.t, os.Chtimes(name, q.Clock.Now(), q.Clock.Now()))
	}
	results, err := q.App.SyncFeeds(q.t.Context(), access.Operator(), app.SyncInput{Places: []string{dir}})
	ok(q.t, err)
	for _, r := range results {
		if r.Problem != "" {
			q.t.Fatalf("%+v", r)
		}
	}
	q.Work()
}

const (
	riskQuestion     = "TIS-ID.RA" // bound to checks about findings
	platformQuestion = "TIS-PR.PS" // bound to the check about due dates
	assetQuestion    = "TIS-ID.AM" // bound to checks about bills of materials
)

func TestADeliveredDocumentIsKeptAndJudgedOnce(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	q.feeds()
	text := bill("payments@1.0", serialOne, q.Clock.Now(), "left-pad@1.0.0", "lodash@4.17.20", "lodash@4.17.20")
	d, err := q.tryDeliver("1.0", text)
	ok(t, err)
	if d.Format != "cyclonedx-json" || d.Items != 3 || d.SHA256 == "" || d.Evidence == "" || d.Job == "" {
		t.Fatalf("%+v", d)
	}
	if j := q.job(d.Job); j.State != app.JobQueued {
		t.Errorf("before anybody worked the job is %s", j.State)
	}
	q.Work()
	if j := q.job(d.Job); j.State != app.JobDone || j.Policy != "met" {
		t.Errorf("%+v", j)
	}
	e, err := q.App.EvidenceView(t.Context(), q.admin.Actor(), d.Evidence)
	ok(t, err)
	if e.Evidence.Digest != d.SHA256 || e.Evidence.Edition != "1.0" || e.Evidence.Kind != "sbom" || len(e.Links) == 0 {
		t.Errorf("%+v", e)
	}
	if st := q.standing(assetQuestion); !st.PartlyChecked || st.Support != assessment.Documented {
		t.Errorf("a bill of materials was delivered, and the inventory question is %+v", st)
	}
	before := q.history()
	again := q.deliver("1.0", text)
	if again.Evidence != d.Evidence || again.Document != d.Document {
		t.Errorf("the same file again made %+v", again)
	}
	if q.history() != before {
		t.Error("judging again moved a standing")
	}
}

// history is the number of moves of the system's standings.
func (q *quarter) history() int {
	q.t.Helper()
	_, moves, err := q.App.SystemHistory(q.t.Context(), q.admin.Actor(), q.system, 0, 500)
	ok(q.t, err)
	return len(moves)
}

func TestARefusedDocumentLeavesNothingBehind(t *testing.T) {
	q := newQuarter(t)
	for name, text := range map[string]string{
		"empty": "", "no format": `{"hello":"world"}`, "broken off": bill("p", serialOne, q.Clock.Now(), "a@1")[:120], "an advisory": osvRecord("GHSA-x", "a", "0", "1"),
	} {
		if _, err := q.tryDeliver("1.0", text); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, _, err := q.App.Deliver(t.Context(), q.admin.Actor(), app.DeliverInput{System: q.system, Release: " ", Content: strings.NewReader("{}")})
	fails(t, err, fault.Invalid)
	e, err := q.App.EvidenceIn(t.Context(), q.admin.Actor(), app.EvidenceFilter{}, app.Page{})
	ok(t, err)
	if len(e.Items) != 0 {
		t.Errorf("%d records of evidence", len(e.Items))
	}
	h, err := q.App.Doctor(t.Context())
	ok(t, err)
	if !h.OK {
		t.Errorf("%v", h.Complaints)
	}
}

// moves says how the standing of a requirement moved, oldest first.
func (q *quarter) moves(requirement string) []string {
	q.t.Helper()
	_, moves, err := q.App.SystemHistory(q.t.Context(), q.admin.Actor(), q.system, 0, 500)
	ok(q.t, err)
	var out []string
	for _, m := range moves {
		if m.Requirement == requirement {
			out = append([]string{m.BeforeSupport + " -> " + m.AfterSupport}, out...)
			if m.Why == "" {
				q.t.Error("a move does not say why")
			}
		}
	}
	return out
}

// days lets time pass, with what a server does meanwhile.
func (q *quarter) days(n int) {
	q.t.Helper()
	q.Clock.Advance(time.Duration(n) * 24 * time.Hour)
	for more := true; more; {
		var err error
		more, err = q.App.Tick(q.t.Context())
		ok(q.t, err)
		q.Work()
	}
	q.SignInAgain()
}

func TestAnAdvisoryPullsAStandingDownAndTheFixRestoresIt(t *testing.T) {
	for name, feeds := range map[string]bool{"with every component assessed": true, "with none but the one named": false} {
		t.Run(name, func(t *testing.T) {
			q := newQuarter(t)
			q.answerAll()
			if feeds {
				q.feeds()
			}
			q.deliver("1.0", bill("payments@1.0", serialOne, q.Clock.Now(), "left-pad@1.0.0", "lodash@4.17.20"))
			q.post(osvRecord("GHSA-35jh-r3h4-6jhm", "lodash", "0", "4.17.21", "CVE-2021-23337"))
			q.days(13)
			if st := q.standing(platformQuestion); st.Support == assessment.Contradicted {
				t.Fatalf("the day before it is due: %+v", st)
			}
			q.days(2)
			st := q.standing(platformQuestion)
			if st.Support != assessment.Contradicted || !strings.Contains(fmt.Sprint(st.Because), "CVE-2021-23337") {
				t.Fatalf("after it was due: %+v", st)
			}
			if feeds {
				q.feeds()
			}
			d := q.deliver("1.1", bill("payments@1.1", serialTwo, q.Clock.Now(), "left-pad@1.0.0", "lodash@4.17.21"))
			if st := q.standing(platformQuestion); st.Support == assessment.Contradicted {
				t.Fatalf("after the fix: %+v", st)
			}
			j := q.job(d.Job)
			if j.Policy != "met" {
				t.Errorf("after the fix: %v", j.Reasons)
			}
			t.Log(q.moves(platformQuestion))
		})
	}
}

func TestAForeignSystemTakesNoDocuments(t *testing.T) {
	q := newQuarter(t)
	d := q.deliver("1.0", bill("payments@1.0", serialOne, q.Clock.Now(), "a@1.0.0"))
	stranger, _, err := q.App.OperatorCreateToken(t.Context(), app.OperatorTokenInput{Organisation: "Beta", Create: true, Role: access.Administrator})
	ok(t, err)
	who, err := q.App.ActorFromToken(t.Context(), stranger.Secret, apptest.Meta)
	ok(t, err)
	_, _, err = q.App.Deliver(t.Context(), who, app.DeliverInput{System: q.system, Release: "1.0", Content: strings.NewReader(bill("x", serialTwo, q.Clock.Now(), "b@1"))})
	fails(t, err, fault.NotFound)
	_, err = q.App.Job(t.Context(), who, d.Job)
	fails(t, err, fault.NotFound)
	_, err = q.App.Job(t.Context(), who, "job_none")
	fails(t, err, fault.NotFound)
}
