package api_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/report/pdf"
)

// The names of the tests here are lines of section 1 of the contracts.

// quarter is one system with an assessment that waits for answers, and tokens of
// those who work on it.
type quarter struct {
	*world
	team, sro, admin, org string
	system, assessment    string
}

func newQuarter(t testing.TB) *quarter {
	w := newWorld(t, apptest.Demo(), apptest.With(func(c *app.Config) { c.PDF = pdf.New("/nowhere/chromium", "", 1) }))
	admin := w.Admin("Harbour Agency")
	q := &quarter{world: w, admin: w.persona(admin), sro: w.persona(w.Join(admin, "Sam Owner", access.SRO)), org: admin.Organisation}
	q.team, _ = w.token("Harbour Agency", access.DTSL, "")
	q.system = w.do(201, ask{method: "POST", path: "/api/v1/systems", token: q.team, body: `{"name":"Tide tables","organisation":"Harbour Agency"}`}).id()
	q.assessment = w.do(201, ask{method: "POST", path: "/api/v1/systems/" + q.system + "/assessments", token: q.team, body: `{"framework":"` + frameworkID + `"}`}).id()
	return q
}

func (q *quarter) responses() []map[string]any {
	return q.do(200, ask{method: "GET", path: "/api/v1/assessments/" + q.assessment + "/responses", token: q.team}).items()
}

// answerAll gives every requirement its lowest claim.
func (q *quarter) answerAll() {
	for _, r := range q.responses() {
		levels := r["levels"].([]any)
		q.do(200, ask{method: "PUT", path: "/api/v1/assessments/" + q.assessment + "/responses/" + r["id"].(string), token: q.team,
			body: fmt.Sprintf(`{"claim":%q,"rationale":"Seen in the test of February."}`, levels[0])})
	}
}

func TestPostSystemsNeedsOnlyNameAndOrganisation(t *testing.T) {
	w := newWorld(t)
	team, org := w.token("Harbour Agency", access.TeamMember, "")
	w.token("Forest Office", access.TeamMember, "")
	for name, c := range map[string]struct {
		organisation string
		want         int
	}{
		"its identifier": {org, 201}, "its exact name": {"Harbour Agency", 201}, "another name": {"Harbour", 404},
		"a foreign name": {"Forest Office", 404}, "another identifier": {"org_00000000000000000000000000", 404},
	} {
		r := w.do(c.want, ask{method: "POST", path: "/api/v1/systems", token: team, body: fmt.Sprintf(`{"name":"Tide tables","organisation":%q}`, c.organisation)})
		if c.want == 201 && r.header.Get("Location") != "/api/v1/systems/"+r.id() {
			t.Errorf("%s: Location %q", name, r.header.Get("Location"))
		}
	}
	w.do(422, ask{method: "POST", path: "/api/v1/systems", token: team, body: `{"name":"Tide tables"}`})
	w.do(422, ask{method: "POST", path: "/api/v1/systems", token: team, body: `{"organisation":"Harbour Agency"}`})
}

func TestWritesAnswerWithTheirPlaceInTheAuditLog(t *testing.T) {
	w := newWorld(t)
	team, _ := w.token("Harbour Agency", access.TeamMember, "")
	before := w.entries()
	r := w.do(201, ask{method: "POST", path: "/api/v1/systems", token: team, body: `{"name":"Tide tables","organisation":"Harbour Agency"}`})
	if after := w.entries(); after != before+1 || r.header.Get("Touchstone-Audit-Index") != fmt.Sprint(before) {
		t.Errorf("log grew from %d to %d, header %q", before, after, r.header.Get("Touchstone-Audit-Index"))
	}
}

func TestTheSameIdempotencyKeyGivesTheSameBodyAndNoSecondEntry(t *testing.T) {
	q := newQuarter(t)
	requirement := q.responses()[0]["id"].(string)
	form, formType := upload(map[string]string{"title": "Test report", "edition": "1", "produced_on": "2026-02-20"}, "report.txt", []byte("All tests passed.\n"))
	other, otherType := upload(map[string]string{"title": "Test report", "edition": "1", "produced_on": "2026-02-20"}, "report.txt", []byte("All tests passed.\n"))
	for name, c := range map[string]struct {
		first, again ask
		status       int
	}{
		"creation":     {first: ask{method: "POST", path: "/api/v1/systems", body: `{"name":"Buoys","organisation":"Harbour Agency"}`}, status: 201},
		"an answer":    {first: ask{method: "PUT", path: "/api/v1/assessments/" + q.assessment + "/responses/" + requirement, body: `{"claim":"dont_know","find_out_by":"2026-03-30"}`}, status: 200},
		"no body":      {first: ask{method: "DELETE", path: "/api/v1/systems/" + q.system + "/links/" + frameworkID + "/" + requirement + "/"}, status: 204},
		"a form again": {first: ask{method: "POST", path: "/api/v1/evidence", body: form, header: map[string]string{"Content-Type": formType}}, again: ask{method: "POST", path: "/api/v1/evidence", body: other, header: map[string]string{"Content-Type": otherType}}, status: 201},
	} {
		t.Run(name, func(t *testing.T) {
			if c.status == 204 {
				e := q.do(201, ask{method: "POST", path: "/api/v1/evidence", token: q.team, body: `{"title":"Plan","link":"https://example.org/plan","edition":"1","produced_on":"2026-02-20"}`}).id()
				c.first.path += e
				q.do(204, ask{method: "PUT", path: c.first.path, token: q.team})
			}
			if c.again.method == "" {
				c.again = c.first
			}
			send := func(a ask) reply {
				header := map[string]string{"Idempotency-Key": "key-" + strings.ReplaceAll(name, " ", "-")}
				for k, v := range a.header {
					header[k] = v
				}
				a.header, a.token = header, q.team
				return q.do(c.status, a)
			}
			first := send(c.first)
			between := q.entries()
			again := send(c.again)
			if again.body != first.body || q.entries() != between {
				t.Errorf("first %s\nagain %s\n%d entries more", first.body, again.body, q.entries()-between)
			}
			for _, h := range []string{"Touchstone-Audit-Index", "Location", "ETag"} {
				if first.header.Get(h) != again.header.Get(h) {
					t.Errorf("%s: %q, then %q", h, first.header.Get(h), again.header.Get(h))
				}
			}
			if first.header.Get("Touchstone-Audit-Index") == "" {
				t.Error("no Touchstone-Audit-Index")
			}
		})
	}
	q.do(409, ask{method: "POST", path: "/api/v1/systems", token: q.team, body: `{"name":"Cranes","organisation":"Harbour Agency"}`, header: map[string]string{"Idempotency-Key": "key-creation"}})
	for _, bad := range []string{"with space", strings.Repeat("k", 201), "é"} {
		q.do(422, ask{method: "POST", path: "/api/v1/systems", token: q.team, body: `{"name":"Cranes","organisation":"Harbour Agency"}`, header: map[string]string{"Idempotency-Key": bad}})
	}
	q.do(422, ask{method: "POST", path: "/api/v1/tokens", token: q.admin, body: `{"name":"CI","role":"dtsl"}`, header: map[string]string{"Idempotency-Key": "k"}})
}

func TestPutResponsesWithIfMatchIsStaleWhenSomebodyElseAnswered(t *testing.T) {
	q := newQuarter(t)
	path := "/api/v1/assessments/" + q.assessment + "/responses/" + q.responses()[0]["id"].(string)
	put := func(want int, claim, match string) reply {
		t.Helper()
		return q.do(want, ask{method: "PUT", path: path, token: q.team, body: fmt.Sprintf(`{"claim":%q,"rationale":"Because."}`, claim), header: map[string]string{"If-Match": match}})
	}
	if e := q.do(200, ask{method: "GET", path: path, token: q.team}).header.Get("ETag"); e != `"0"` {
		t.Fatalf("ETag %s", e)
	}
	level := q.responses()[0]["levels"].([]any)[0].(string)
	first := put(200, level, "")
	if first.header.Get("ETag") == "" || first.json()["version"] != float64(1) {
		t.Errorf("ETag %q, %s", first.header.Get("ETag"), first.body)
	}
	put(412, level, "")     // there is an answer now, and it was not read
	put(412, level, `"0"`)  // the same, said
	put(412, level, `"99"`) // never existed
	put(412, level, `W/"1"`)
	for _, bad := range []string{"*", `"1", "2"`, `"x"`, `"01"`, `"-1"`, `"1`, "99999999999999999999"} {
		put(422, level, bad)
	}
	entries := q.entries()
	second := put(200, level, first.header.Get("ETag"))
	put(412, level, first.header.Get("ETag"))
	put(200, level, strings.Trim(second.header.Get("ETag"), `"`))
	if q.entries() < entries+2 {
		t.Error("an answer left no entry")
	}
	if q.responses()[0]["version"] != float64(3) {
		t.Errorf("version %v", q.responses()[0]["version"])
	}
}

func TestSubmitReturnApproveAndTheReportsOfWhatWasApproved(t *testing.T) {
	q := newQuarter(t)
	path := "/api/v1/assessments/" + q.assessment
	missing := q.do(422, ask{method: "POST", path: path + "/submit", token: q.team})
	if !strings.Contains(missing.body, `"errors":[{"pointer":"/responses/`) {
		t.Errorf("%s", missing.body)
	}
	q.answerAll()
	q.do(409, ask{method: "POST", path: path + "/approve", token: q.sro})
	q.do(200, ask{method: "POST", path: path + "/submit", token: q.team})
	q.do(409, ask{method: "POST", path: path + "/submit", token: q.team})
	q.do(422, ask{method: "POST", path: path + "/return", token: q.sro, body: `{"reason":""}`})
	q.do(200, ask{method: "POST", path: path + "/return", token: q.sro, body: `{"reason":"Say more about the buoys."}`})
	q.do(200, ask{method: "POST", path: path + "/submit", token: q.team, body: `{}`})
	q.do(409, ask{method: "POST", path: path + "/approve", token: q.sro, body: `{"digest":"00"}`})
	q.do(412, ask{method: "POST", path: path + "/approve", token: q.sro, header: map[string]string{"If-Match": `"999"`}})
	approved := q.do(200, ask{method: "POST", path: path + "/approve", token: q.sro, body: `{"statement":"I accept what is open."}`})
	if approved.json()["state"] != "approved" {
		t.Errorf("%s", approved.body)
	}
	got := q.do(200, ask{method: "GET", path: path, token: q.team}).json()
	if len(got["content_digest"].(string)) != 64 || got["declaration"] != "I accept what is open." {
		t.Errorf("%v", got)
	}
	q.do(409, ask{method: "PUT", path: path + "/responses/" + q.responses()[0]["id"].(string), token: q.team, body: `{"claim":"dont_know"}`, header: map[string]string{"If-Match": `"1"`}})
	q.do(422, ask{method: "POST", path: path + "/share", token: q.sro, body: `{"recipient":""}`})
	share := ask{method: "POST", path: path + "/share", token: q.sro, body: `{"recipient":"Board"}`, header: map[string]string{"Idempotency-Key": "once"}}
	first, again := q.do(201, share), q.do(201, share)
	if first.header.Get("Location") != path+"/shares/"+first.id() || first.json()["state"] != "shared" || again.body != first.body || again.header.Get("Location") != first.header.Get("Location") {
		t.Errorf("%s at %s, then %s", first.body, first.header.Get("Location"), again.body)
	}
	if shown := q.do(200, ask{method: "GET", path: path, token: q.team}); !strings.Contains(shown.body, `"id":"`+first.id()+`","recipient":"Board"`) {
		t.Errorf("shares: %s", shown.body)
	}
	pool := q.do(200, ask{method: "GET", path: "/api/v1/assessments?state=approved,shared", token: q.team})
	if len(pool.items()) != 1 || pool.items()[0]["system_name"] != "Tide tables" {
		t.Errorf("%s", pool.body)
	}
}

func TestATokenIsNeverGoodForAStepUp(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	q.do(200, ask{method: "POST", path: "/api/v1/assessments/" + q.assessment + "/submit", token: q.team})
	sro, _ := q.token("Harbour Agency", access.SRO, "")
	r := q.do(403, ask{method: "POST", path: "/api/v1/assessments/" + q.assessment + "/approve", token: sro})
	if r.json()["type"] != "/problems/step-up-required" {
		t.Errorf("%s", r.body)
	}
}

func TestPostEvidenceTakesAMultipartForm(t *testing.T) {
	q := newQuarter(t)
	body, contentType := upload(map[string]string{"title": "Test report", "system": q.system, "kind": "test_report", "edition": "1", "produced_on": "2026-02-20"}, "Bericht é.txt", []byte("All tests passed.\n"))
	id := q.do(201, ask{method: "POST", path: "/api/v1/evidence", token: q.team, body: body, header: map[string]string{"Content-Type": contentType}}).id()
	got := q.do(200, ask{method: "GET", path: "/api/v1/evidence/" + id, token: q.team})
	file := got.json()["file"].(map[string]any)
	if file["name"] != "Bericht é.txt" || file["size"] != float64(18) || got.header.Get("ETag") != `"1"` {
		t.Errorf("%s", got.body)
	}
	f := q.do(200, ask{method: "GET", path: "/api/v1/evidence/" + id + "/file", token: q.team})
	if f.body != "All tests passed.\n" || !strings.HasPrefix(f.header.Get("Content-Disposition"), "attachment") || !strings.Contains(f.header.Get("Content-Security-Policy"), "sandbox") ||
		f.header.Get("Content-Type") != "application/octet-stream" {
		t.Errorf("%v %q", f.header, f.body)
	}
	held, heldType := upload(map[string]string{"title": "Held elsewhere", "edition": "1", "produced_on": "2026-01-20", "held.reference": "REF-1", "held.marking": "SECRET", "held.custodian": "Registry", "held.seen_by": "A. Reader", "held.seen_on": "2026-02-01"}, "", nil)
	id = q.do(201, ask{method: "POST", path: "/api/v1/evidence", token: q.team, body: held, header: map[string]string{"Content-Type": heldType}}).id()
	if got := q.do(200, ask{method: "GET", path: "/api/v1/evidence/" + id, token: q.team}); !strings.Contains(got.body, `"reference":"REF-1"`) {
		t.Errorf("%s", got.body)
	}
	q.do(404, ask{method: "GET", path: "/api/v1/evidence/" + id + "/file", token: q.team})
}

func TestEvidenceIsChangedLinkedAndWithdrawn(t *testing.T) {
	q := newQuarter(t)
	id := q.do(201, ask{method: "POST", path: "/api/v1/evidence", token: q.team, body: `{"title":"Plan","link":"https://example.org/plan","edition":"1","produced_on":"2026-02-20","system":"` + q.system + `"}`}).id()
	path, requirement := "/api/v1/evidence/"+id, q.responses()[0]["id"].(string)
	link := "/api/v1/systems/" + q.system + "/links/" + frameworkID + "/" + requirement + "/" + id
	q.do(204, ask{method: "PUT", path: link, token: q.team})
	q.do(409, ask{method: "PUT", path: link, token: q.team})
	if n := q.responses()[0]["evidence_count"]; n != float64(1) {
		t.Errorf("%v records", n)
	}
	q.do(412, ask{method: "PUT", path: path, token: q.team, body: `{"title":"Plan B","link":"https://example.org/plan","edition":"1","produced_on":"2026-02-20"}`})
	changed := q.do(200, ask{method: "PUT", path: path, token: q.team, body: `{"title":"Plan B","link":"https://example.org/plan","edition":"1","produced_on":"2026-02-20"}`, header: map[string]string{"If-Match": `"1"`}})
	q.do(422, ask{method: "POST", path: path + "/withdraw", token: q.team, body: `{"reason":" "}`, header: map[string]string{"If-Match": changed.header.Get("ETag")}})
	q.do(200, ask{method: "POST", path: path + "/withdraw", token: q.team, body: `{"reason":"Replaced."}`, header: map[string]string{"If-Match": changed.header.Get("ETag")}})
	q.do(409, ask{method: "PUT", path: path, token: q.team, body: `{"title":"Plan C","link":"https://example.org/plan","edition":"1","produced_on":"2026-02-20"}`, header: map[string]string{"If-Match": `"3"`}})
	q.do(204, ask{method: "DELETE", path: link, token: q.team})
}

func TestGetResponsesListsEveryRequirementWithItsResponseStandingAndVersion(t *testing.T) {
	q := newQuarter(t)
	r := q.do(200, ask{method: "GET", path: "/api/v1/assessments/" + q.assessment + "/responses", token: q.team})
	if len(r.items()) < 20 || r.json()["next"] != nil || r.json()["total"] != float64(len(r.items())) {
		t.Errorf("%d items, next %v, total %v", len(r.items()), r.json()["next"], r.json()["total"])
	}
	for _, i := range r.items() {
		for _, field := range []string{"id", "response", "standing", "version"} {
			if _, ok := i[field]; !ok {
				t.Fatalf("%v has no %s", i, field)
			}
		}
	}
}

func TestEveryListAnswersItemsNextAndTotalAndIsReadPageByPage(t *testing.T) {
	q := newQuarter(t)
	for i := range 4 {
		q.do(201, ask{method: "POST", path: "/api/v1/systems", token: q.team, body: fmt.Sprintf(`{"name":"System %d","organisation":%q}`, i, q.org)})
		q.do(201, ask{method: "POST", path: "/api/v1/evidence", token: q.team, body: fmt.Sprintf(`{"title":"Record %d","link":"https://example.org/","edition":"1","produced_on":"2026-02-20"}`, i)})
		q.do(201, ask{method: "POST", path: "/api/v1/units", token: q.admin, body: fmt.Sprintf(`{"name":"Unit %d"}`, i)})
		q.do(201, ask{method: "POST", path: "/api/v1/feedback", token: q.team, body: `{"framework":"` + frameworkID + `","words":"More."}`})
		q.do(201, ask{method: "POST", path: "/api/v1/invitations", token: q.admin, body: fmt.Sprintf(`{"email":"person%d@example.gov.uk","role":"dtsl"}`, i)})
		q.do(201, ask{method: "POST", path: "/api/v1/systems/" + q.system + "/connections", token: q.team, body: fmt.Sprintf(`{"other_name":"Other %d","purpose":"Data"}`, i)})
		q.do(201, ask{method: "POST", path: "/api/v1/systems/" + q.system + "/obligations", token: q.team, body: fmt.Sprintf(`{"title":"Law %d","applies":"yes"}`, i)})
		q.do(201, ask{method: "POST", path: "/api/v1/systems/" + q.system + "/accreditations", token: q.team, body: fmt.Sprintf(`{"reference":"ACC-%d","expires":"2026-12-31"}`, i)})
		q.do(201, ask{method: "POST", path: "/api/v1/systems/" + q.system + "/appointments", token: q.team, body: fmt.Sprintf(`{"role":"dtsl","name":"Person %d","from":"2026-01-01","to":"2026-12-31"}`, i)})
	}
	for _, path := range []string{"organisations", "units", "people", "invitations", "tokens", "systems", "frameworks", "assessments", "evidence", "log/entries", "work", "feedback",
		"systems/" + q.system + "/assessments", "systems/" + q.system + "/history", "systems/" + q.system + "/appointments", "systems/" + q.system + "/connections",
		"systems/" + q.system + "/obligations", "systems/" + q.system + "/accreditations", "assessments/" + q.assessment + "/responses"} {
		t.Run(path, func(t *testing.T) {
			whole := q.do(200, ask{method: "GET", path: "/api/v1/" + path + "?limit=500", token: q.admin})
			seen, after := map[string]bool{}, ""
			for range 300 {
				page := q.do(200, ask{method: "GET", path: "/api/v1/" + path + "?limit=2&after=" + after, token: q.admin})
				if page.json()["total"] != whole.json()["total"] || len(page.items()) > 2 {
					t.Fatalf("%s", page.body)
				}
				for _, i := range page.items() {
					key := fmt.Sprint(i["id"], i["version"])
					if seen[key] {
						t.Fatalf("%s came twice", key)
					}
					seen[key] = true
				}
				next, more := page.json()["next"].(string)
				if !more {
					break
				}
				after = next
			}
			if float64(len(seen)) != whole.json()["total"] || len(whole.items()) != len(seen) {
				t.Errorf("%d seen, %d on one page, total %v", len(seen), len(whole.items()), whole.json()["total"])
			}
			for _, bad := range []string{"limit=0", "limit=501", "limit=-1", "limit=x", "after=!!", "after=AAAA", "colour=red"} {
				q.do(422, ask{method: "GET", path: "/api/v1/" + path + "?" + bad, token: q.admin})
			}
		})
	}
}

func TestTheLogGivesItsCheckpointAsASignedNote(t *testing.T) {
	w := newWorld(t)
	reader, _ := w.token("Harbour Agency", access.PortfolioReader, "")
	r := w.do(200, ask{method: "GET", path: "/api/v1/log/checkpoint", token: reader})
	lines := strings.Split(r.body, "\n")
	if len(lines) < 5 || lines[1] != fmt.Sprint(w.entries()) || lines[3] != "" || !strings.HasPrefix(lines[4], "— ") || !strings.HasPrefix(r.header.Get("Content-Type"), "text/plain") {
		t.Errorf("%q", r.body)
	}
}

func TestNoCredentialIs401(t *testing.T) {
	w := newWorld(t)
	for name, a := range map[string]ask{
		"nothing": {}, "a wrong token": {token: "tst_wrong"}, "a cookie": {header: map[string]string{"Cookie": "__Host-session=x"}}, "another scheme": {header: map[string]string{"Authorization": "Basic eDp5"}},
	} {
		a.method, a.path = "GET", "/api/v1/systems"
		r := w.do(401, a)
		if r.header.Get("WWW-Authenticate") == "" || r.json()["type"] != "/problems/not-signed-in" {
			t.Errorf("%s: %s", name, r.body)
		}
	}
}

func TestOwnOrganisationWithoutPermissionIs403(t *testing.T) {
	w := newWorld(t)
	reader, _ := w.token("Harbour Agency", access.PortfolioReader, "")
	r := w.do(403, ask{method: "POST", path: "/api/v1/systems", token: reader, body: `{"name":"Tide tables","organisation":"Harbour Agency"}`})
	if r.json()["type"] != "/problems/not-permitted" {
		t.Errorf("%s", r.body)
	}
}

func TestWhatCannotBeTakenIs422WithPointers(t *testing.T) {
	q := newQuarter(t)
	deep := strings.Repeat(`[`, 40) + strings.Repeat(`]`, 40)
	for name, c := range map[string]struct{ body, pointer string }{
		"a missing field":       {`{"organisation":"Harbour Agency"}`, "/name"},
		"an unknown field":      {`{"name":"X","organisation":"Harbour Agency","colour":"red-canary"}`, "/colour"},
		"a field in other case": {`{"Name":"X","name":"X","organisation":"Harbour Agency"}`, "/Name"},
		"a number for text":     {`{"name":7,"organisation":"Harbour Agency"}`, "/name"},
		"text for a truth":      {`{"name":"X","organisation":"Harbour Agency","personal":"yes"}`, "/personal"},
		"null for text":         {`{"name":null,"organisation":"Harbour Agency"}`, "/name"},
		"NUL":                   {`{"name":"X","organisation":"Harbour\u0000"}`, "/organisation"},
		"invalid UTF-8":         {"{\"name\":\"\xff\",\"organisation\":\"Harbour Agency\"}", ""},
		"a bare NUL":            {"{\"name\":\"\x00\"}", ""},
		"no JSON":               {`{"name":`, ""},
		"two values":            {`{"name":"X","organisation":"Harbour Agency"} {}`, ""},
		"a list":                {`[]`, ""},
		"a word":                {`"x"`, ""},
		"nothing":               {`null`, ""},
		"a field twice":         {`{"name":"X","name":"Y","organisation":"Harbour Agency"}`, "/name"},
		"too deep":              {`{"name":` + deep + `}`, ""},
		"no text in the name":   {`{"name":" ","organisation":"Harbour Agency"}`, "/name"},
		"a unit not ours":       {`{"name":"X","organisation":"Harbour Agency","unit":"unit_x"}`, "/unit"},
		"a marking unknown":     {`{"name":"X","organisation":"Harbour Agency","marking":"PURPLE"}`, "/marking"},
	} {
		t.Run(name, func(t *testing.T) {
			entries := q.entries()
			r := q.do(422, ask{method: "POST", path: "/api/v1/systems", token: q.team, body: c.body})
			var p struct {
				Type, Detail string
				Status       int
				Errors       []struct{ Pointer, Detail string }
			}
			if err := json.Unmarshal([]byte(r.body), &p); err != nil {
				t.Fatal(err)
			}
			if p.Status != 422 || p.Type != "/problems/invalid" || len(p.Errors) == 0 || p.Errors[0].Pointer != c.pointer || p.Errors[0].Detail == "" {
				t.Errorf("%s", r.body)
			}
			if strings.Contains(r.body, "red-canary") || strings.Contains(r.body, "PURPLE") && name != "a marking unknown" {
				t.Errorf("what was sent comes back: %s", r.body)
			}
			if q.entries() != entries {
				t.Error("the log grew")
			}
		})
	}
	q.do(422, ask{method: "POST", path: "/api/v1/systems", token: q.team, header: map[string]string{"Content-Type": "application/json"}})
}

func TestOtherTypesAre415AndLargerBodies413(t *testing.T) {
	q := newQuarter(t)
	body := `{"name":"X","organisation":"Harbour Agency"}`
	for _, contentType := range []string{"text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data; boundary=x", "application/json; charset=latin1", "nonsense/", ";"} {
		q.do(415, ask{method: "POST", path: "/api/v1/systems", token: q.team, body: body, header: map[string]string{"Content-Type": contentType}})
	}
	q.do(415, ask{method: "POST", path: "/api/v1/systems", token: q.team, body: body, header: map[string]string{"Content-Type": ""}})
	q.do(201, ask{method: "POST", path: "/api/v1/systems", token: q.team, body: body, header: map[string]string{"Content-Type": "application/json; charset=UTF-8"}})
	r := q.do(413, ask{method: "POST", path: "/api/v1/systems", token: q.team, body: `{"name":"` + strings.Repeat("x", 1<<20) + `"}`})
	if r.json()["type"] != "/problems/too-large" {
		t.Errorf("%s", r.body)
	}
	form, formType := upload(map[string]string{"title": "Large", "edition": "1", "produced_on": "2026-02-20"}, "large.txt", []byte(strings.Repeat("x", 4<<20)))
	q.do(413, ask{method: "POST", path: "/api/v1/evidence", token: q.team, body: form, header: map[string]string{"Content-Type": formType}})
	form, formType = upload(map[string]string{"title": "Page", "edition": "1", "produced_on": "2026-02-20"}, "page.html", []byte("<html><script>alert(1)</script></html>"))
	q.do(415, ask{method: "POST", path: "/api/v1/evidence", token: q.team, body: form, header: map[string]string{"Content-Type": formType}})
}

func TestWhatIsNoOperationIs404Or405(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]int{"GET /api/v1/nothing": 404, "GET /api/": 404, "GET /api/v2/systems": 404, "DELETE /api/v1/systems": 405, "PATCH /api/v1/systems/x": 405, "POST /api/v1/openapi.json": 404} {
		method, path, _ := strings.Cut(path, " ")
		r := w.do(want, ask{method: method, path: path})
		if r.header.Get("Content-Type") != "application/problem+json" || want == 405 && r.header.Get("Allow") == "" {
			t.Errorf("%s %s: %v", method, path, r.header)
		}
	}
}

// approved takes the quarter to an approval.
func (q *quarter) approved() string {
	q.answerAll()
	path := "/api/v1/assessments/" + q.assessment
	q.do(200, ask{method: "POST", path: path + "/submit", token: q.team})
	sign := q.do(200, ask{method: "GET", path: path + "/sign-off", token: q.sro}).json()
	body, _ := json.Marshal(map[string]any{"digest": sign["digest"], "seen_at": sign["seen_at"], "statement": "I accept what is open."})
	q.do(200, ask{method: "POST", path: path + "/approve", token: q.sro, body: string(body)})
	return path
}

func TestGetReportGivesHTMLPDFDOCXAndJSON(t *testing.T) {
	q := newQuarter(t)
	q.do(409, ask{method: "GET", path: "/api/v1/assessments/" + q.assessment + "/report?format=json", token: q.team})
	path := q.approved() + "/report"
	for format, want := range map[string]struct{ mediaType, begins string }{
		"html": {"text/html", "<!DOCTYPE html>"}, "docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "PK"}, "json": {"application/json", "{"},
	} {
		before := q.entries()
		r := q.do(200, ask{method: "GET", path: path + "?format=" + format, token: q.team})
		if !strings.HasPrefix(r.header.Get("Content-Type"), want.mediaType) || !strings.HasPrefix(strings.ToUpper(strings.TrimSpace(r.body)), strings.ToUpper(want.begins)) {
			t.Errorf("%s: %q %.60q", format, r.header.Get("Content-Type"), r.body)
		}
		if !strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment") || q.entries() != before+1 || r.header.Get("Touchstone-Audit-Index") != fmt.Sprint(before) {
			t.Errorf("%s: %v, %d entries", format, r.header, q.entries()-before)
		}
	}
	if html := q.do(200, ask{method: "GET", path: path, token: q.team}); !strings.HasPrefix(html.header.Get("Content-Type"), "text/html") {
		t.Errorf("without a format: %q", html.header.Get("Content-Type"))
	}
	pdf := q.do(501, ask{method: "GET", path: path + "?format=pdf", token: q.team})
	if pdf.json()["type"] != "/problems/pdf-unavailable" {
		t.Errorf("%s", pdf.body)
	}
	q.do(422, ask{method: "GET", path: path + "?format=odt", token: q.team})
}

func TestAnApprovalOfWhatWasNotShownIsRefused(t *testing.T) {
	q := newQuarter(t)
	q.answerAll()
	path := "/api/v1/assessments/" + q.assessment
	id := q.do(201, ask{method: "POST", path: "/api/v1/evidence", token: q.team, body: `{"title":"Plan","edition":"1","produced_on":"2026-02-20","link":"https://example.org/plan"}`}).id()
	q.do(204, ask{method: "PUT", path: "/api/v1/systems/" + q.system + "/links/" + frameworkID + "/" + q.responses()[0]["id"].(string) + "/" + id, token: q.team})
	q.do(200, ask{method: "POST", path: path + "/submit", token: q.team})
	sign := q.do(200, ask{method: "GET", path: path + "/sign-off", token: q.sro}).json()
	q.Clock.Advance(1_000_000_000)
	q.do(200, ask{method: "PUT", path: "/api/v1/evidence/" + id, token: q.team, body: `{"title":"Plan","edition":"2","produced_on":"2026-02-20","link":"https://example.org/plan"}`, header: map[string]string{"If-Match": `"1"`}})
	body, _ := json.Marshal(map[string]any{"digest": sign["digest"], "seen_at": sign["seen_at"]})
	r := q.do(409, ask{method: "POST", path: path + "/approve", token: q.sro, body: string(body)})
	if !strings.Contains(r.body, `"pointer":"/evidence/`+id) {
		t.Errorf("the difference is not shown: %s", r.body)
	}
}

func TestTheClockOfADemoMovesForwardOnlyAndOnlyInADemo(t *testing.T) {
	q := newQuarter(t)
	moved := q.do(200, ask{method: "POST", path: "/api/v1/demo/clock", token: q.team, body: `{"now":"2026-03-09T09:00:00Z"}`})
	if moved.header.Get("Touchstone-Audit-Index") == "" || moved.json()["now"] != "2026-03-09T09:00:00Z" {
		t.Errorf("%v %s", moved.header, moved.body)
	}
	for _, bad := range []string{`{"now":"2026-03-01T09:00:00Z"}`, `{"now":"tomorrow"}`, `{"now":"0001-01-01T00:00:00Z"}`, `{"now":"9999-12-31T00:00:00Z"}`, `{}`} {
		q.do(422, ask{method: "POST", path: "/api/v1/demo/clock", token: q.team, body: bad})
	}
	w := newWorld(t)
	team, _ := w.token("Harbour Agency", access.TeamMember, "")
	w.do(404, ask{method: "POST", path: "/api/v1/demo/clock", token: team, body: `{"now":"2026-03-09T09:00:00Z"}`})
}

func TestListsAreExportedAsTheyAreNarrowed(t *testing.T) {
	q := newQuarter(t)
	q.do(201, ask{method: "POST", path: "/api/v1/systems", token: q.team, body: `{"name":"=HYPERLINK(1)","organisation":"Harbour Agency"}`})
	r := q.do(200, ask{method: "GET", path: "/api/v1/exports/systems?name=tide", token: q.team})
	if !strings.Contains(r.body, "Tide tables") || strings.Contains(r.body, "HYPERLINK") || !strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%s", r.body)
	}
	if r := q.do(200, ask{method: "GET", path: "/api/v1/exports/systems", token: q.team}); strings.Contains(r.body, ",=HYPERLINK") || !strings.Contains(r.body, "'=HYPERLINK") {
		t.Errorf("a formula is left: %s", r.body)
	}
	for _, path := range []string{"evidence", "log"} {
		if r := q.do(200, ask{method: "GET", path: "/api/v1/exports/" + path + "?format=xlsx", token: q.admin}); !strings.HasPrefix(r.body, "PK") {
			t.Errorf("%s: %.20q", path, r.body)
		}
	}
	q.do(403, ask{method: "GET", path: "/api/v1/exports/log", token: q.team})
}

func TestContentIsRemovedByTwoPeople(t *testing.T) {
	q := newQuarter(t)
	form, formType := upload(map[string]string{"title": "Too much", "edition": "1", "produced_on": "2026-02-20"}, "secret.txt", []byte("canary-content"))
	id := q.do(201, ask{method: "POST", path: "/api/v1/evidence", token: q.team, body: form, header: map[string]string{"Content-Type": formType}}).id()
	purge := q.do(201, ask{method: "POST", path: "/api/v1/purges", token: q.sro, body: `{"target_type":"evidence","evidence":"` + id + `","reason":"Marked too high."}`}).id()
	q.do(422, ask{method: "POST", path: "/api/v1/purges", token: q.sro, body: `{"target_type":"evidence","evidence":"` + id + `","assessment":"x","reason":"Marked too high."}`})
	done := q.do(200, ask{method: "POST", path: "/api/v1/purges/" + purge + "/approve", token: q.admin})
	if done.json()["salt"] == "" || done.header.Get("Touchstone-Audit-Index") == "" {
		t.Errorf("%s", done.body)
	}
	q.do(409, ask{method: "POST", path: "/api/v1/purges/" + purge + "/reject", token: q.admin, body: `{"reason":"No."}`})
	if r := q.send(ask{method: "GET", path: "/api/v1/evidence/" + id + "/file", token: q.team}); strings.Contains(r.body, "canary-content") || r.status == 200 {
		t.Errorf("%d %s", r.status, r.body)
	}
}

func TestATokenOfOneSystemReachesNothingElse(t *testing.T) {
	q := newQuarter(t)
	other := q.do(201, ask{method: "POST", path: "/api/v1/systems", token: q.team, body: `{"name":"Cranes","organisation":"Harbour Agency"}`}).id()
	narrow, _ := q.token("Harbour Agency", access.DTSL, q.system)
	q.do(200, ask{method: "GET", path: "/api/v1/systems/" + q.system, token: narrow})
	q.do(404, ask{method: "GET", path: "/api/v1/systems/" + other, token: narrow})
	q.do(404, ask{method: "PUT", path: "/api/v1/systems/" + other, token: narrow, body: `{"name":"Mine"}`, header: map[string]string{"If-Match": `"1"`}})
	q.do(403, ask{method: "POST", path: "/api/v1/systems", token: narrow, body: `{"name":"Mine","organisation":"Harbour Agency"}`})
	if l := q.do(200, ask{method: "GET", path: "/api/v1/systems", token: narrow}); len(l.items()) != 1 || l.json()["total"] != float64(1) {
		t.Errorf("%s", l.body)
	}
}

func TestAnInstanceAdministratorAddsOrganisations(t *testing.T) {
	q := newQuarter(t)
	q.do(201, ask{method: "POST", path: "/api/v1/organisations", token: q.admin, body: `{"name":"Forest Office"}`})
	q.do(422, ask{method: "POST", path: "/api/v1/organisations", token: q.admin, body: `{"name":"forest office"}`})
}

func TestATokenThatWasMadeWorksUntilItIsRevoked(t *testing.T) {
	q := newQuarter(t)
	made := q.do(201, ask{method: "POST", path: "/api/v1/tokens", token: q.admin, body: `{"name":"CI","role":"dtsl","scopes":["system.read"],"ttl":"24h"}`})
	token := made.json()["token"].(string)
	q.do(200, ask{method: "GET", path: "/api/v1/systems", token: token})
	q.do(403, ask{method: "GET", path: "/api/v1/evidence", token: token}) // outside its scopes
	if l := q.do(200, ask{method: "GET", path: "/api/v1/tokens", token: q.admin}); strings.Contains(l.body, token) {
		t.Error("the list shows the token")
	}
	for _, bad := range []string{"-1h", "x", "9999999h"} {
		q.do(422, ask{method: "POST", path: "/api/v1/tokens", token: q.admin, body: `{"name":"CI","role":"dtsl","ttl":"` + bad + `"}`})
	}
	q.do(204, ask{method: "DELETE", path: "/api/v1/tokens/" + made.id(), token: q.admin})
	q.do(401, ask{method: "GET", path: "/api/v1/systems", token: token})
	q.do(409, ask{method: "DELETE", path: "/api/v1/tokens/" + made.id(), token: q.admin})
}

func TestHostileTextIsKeptAsItIsOrRefusedAndNeverBreaksAnything(t *testing.T) {
	q := newQuarter(t)
	for name, text := range map[string]string{
		"script": `<script>alert(1)</script>`, "a formula": `=cmd|'/c calc'!A0`, "right to left": "abc\u202e\u2066def", "quotes": `"';--`, "100 kB": strings.Repeat("x", 100<<10),
		"NUL": "a\x00b", "a lone surrogate": "\xed\xa0\x80", "invalid UTF-8": "\xff\xfe", "an escape": "\x1b[31m", "a noncharacter": "\uffff", "an emoji": "👩‍🚀", "white space": " \u00a0\u2003 ",
	} {
		t.Run(name, func(t *testing.T) {
			quoted, _ := json.Marshal(text)
			for field, body := range map[string]string{
				"systems": `{"name":%s,"organisation":"Harbour Agency"}`, "systems/" + q.system + "/connections": `{"other_name":"x","purpose":%s}`,
				"feedback": `{"framework":"` + frameworkID + `","words":%s}`, "evidence": `{"title":%s,"edition":"1","produced_on":"2026-02-20","link":"https://example.org/"}`,
				"units": `{"name":%s}`, "systems/" + q.system + "/triggers": `{"framework":"` + frameworkID + `","kind":"change","reason":%s}`,
			} {
				r := q.send(ask{method: "POST", path: "/api/v1/" + field, token: q.admin, body: fmt.Sprintf(body, quoted)})
				if r.status != 201 && r.status != 422 && r.status != 409 {
					t.Errorf("%s: %d %.300s", field, r.status, r.body)
				}
				raw := q.send(ask{method: "POST", path: "/api/v1/" + field, token: q.admin, body: fmt.Sprintf(body, `"`+text+`"`)})
				if raw.status != 201 && raw.status != 422 && raw.status != 409 {
					t.Errorf("%s, raw: %d %.300s", field, raw.status, raw.body)
				}
				if strings.Contains(r.body, "<script>") {
					t.Errorf("%s: %.300s", field, r.body)
				}
			}
			for _, path := range []string{"systems?name=", "evidence?title=", "systems?unit=", "systems?sro=", "assessments?state=", "systems?worst=", "evidence?system=", "systems?due_before=", "systems?after="} {
				if len(text) > 2000 {
					continue
				}
				if r := q.send(ask{method: "GET", path: "/api/v1/" + path + escaped(text), token: q.admin}); r.status != 200 && r.status != 422 {
					t.Errorf("%s: %d %.300s", path, r.status, r.body)
				}
			}
			if len(text) < 2000 {
				if r := q.send(ask{method: "GET", path: "/api/v1/systems/" + escaped(text), token: q.admin}); r.status != 404 && r.status != 422 {
					t.Errorf("in the path: %d %.300s", r.status, r.body)
				}
			}
		})
	}
	if r := q.do(200, ask{method: "GET", path: "/api/v1/systems?limit=500", token: q.team}); strings.Contains(r.body, "<script") {
		t.Error("a list holds a tag that a browser could take for one")
	}
}

// escaped escapes every byte, so that any of them can stand in an address.
func escaped(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02X", s[i])
	}
	return b.String()
}
