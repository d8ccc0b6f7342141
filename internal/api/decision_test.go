package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// decidable is a quarter whose release 1.0 holds a package that an advisory names.
func decidable(t *testing.T) *quarter {
	t.Helper()
	q := newQuarter(t)
	q.do(202, ask{method: "POST", path: "/api/v1/systems/" + q.system + "/releases/1.0/documents", token: q.team, body: bill("tides")})
	q.do(201, ask{method: "POST", path: "/api/v1/advisories", token: q.admin, body: `{"id":"TEST-2026-1","aliases":["CVE-2026-1"],"modified":"2026-02-20T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"left-pad"},"versions":["1.0.0"]}]}`})
	q.Work()
	return q
}

func (q *quarter) decide(token, body string, header map[string]string) reply {
	q.t.Helper()
	return q.do(201, ask{method: "POST", path: "/api/v1/decisions", token: token, header: header,
		body: `{"vulnerability":"CVE-2026-1","component":"pkg:npm/left-pad@1.0.0","system":"` + q.system + `",` + body + `}`})
}

func TestADecisionIsMadeOnceReadAndWithdrawn(t *testing.T) {
	q := decidable(t)
	before := q.entries()
	key := map[string]string{"Idempotency-Key": "once"}
	const body = `"status":"not_affected","justification":"vulnerable_code_not_in_execute_path","condition":"while built by us"`
	made := q.decide(q.team, body, key)
	again := q.decide(q.team, body, key)
	if made.body != again.body || q.entries() != before+1 || made.header.Get("Touchstone-Audit-Index") != fmt.Sprint(before) || again.header.Get("Touchstone-Audit-Index") != fmt.Sprint(before) {
		t.Errorf("%s %s, %d entries", made.body, again.body, q.entries()-before)
	}
	if w, ok := made.json()["warnings"].([]any); !ok || len(w) != 1 || !strings.Contains(w[0].(string), "no last day") {
		t.Errorf("%s", made.body)
	}
	path := made.header.Get("Location")
	if path != "/api/v1/decisions/"+made.id() {
		t.Errorf("Location %q", path)
	}
	read := q.do(200, ask{method: "GET", path: path, token: q.team})
	v := read.json()
	if read.header.Get("ETag") != `"1"` || v["status"] != "not_affected" || v["state"] != "in_force" || v["followed"] != true || v["source"] != "person" || v["component_version"] != "1.0.0" ||
		v["system_name"] != "Tide tables" || v["expires_at"] != nil || fmt.Sprint(v["aliases"]) != "[TEST-2026-1]" {
		t.Errorf("%s", read.body)
	}
	q.Work()
	a := q.do(200, ask{method: "GET", path: "/api/v1/advisories/TEST-2026-1/affected", token: q.team}).items()
	if len(a) != 1 || a[0]["decision"] != "not_affected" {
		t.Errorf("%v", a)
	}
	withdraw := func(match string) ask {
		return ask{method: "POST", path: path + "/withdraw", token: q.team, body: `{"reason":"It is reached."}`, header: map[string]string{"If-Match": match}}
	}
	q.do(412, withdraw(`"7"`))
	q.do(412, withdraw(""))
	if done := q.do(200, withdraw(`"1"`)); done.header.Get("ETag") != `"2"` || done.id() != made.id() {
		t.Errorf("%v %s", done.header, done.body)
	}
	q.do(409, withdraw(`"2"`))
	if v := q.do(200, ask{method: "GET", path: path, token: q.team}).json(); v["state"] != "withdrawn" || v["withdrawn_reason"] != "It is reached." || v["withdrawn_at"] == nil || v["followed"] != false {
		t.Errorf("%v", v)
	}
}

func TestADecisionThatBreaksARuleIs422WithThePlace(t *testing.T) {
	q := decidable(t)
	for pointer, body := range map[string]string{
		"/vulnerability": `{"vulnerability":"","status":"fixed","component":"pkg:npm/a@1"}`,
		"/component":     `{"vulnerability":"CVE-2026-1","status":"fixed","component":"left-pad"}`,
		"/status":        `{"vulnerability":"CVE-2026-1","status":"perhaps","component":"pkg:npm/a@1"}`,
		"/justification": `{"vulnerability":"CVE-2026-1","status":"not_affected","component":"pkg:npm/a@1"}`,
		"/action":        `{"vulnerability":"CVE-2026-1","status":"affected","component":"pkg:npm/a@1"}`,
		"/expires_on":    `{"vulnerability":"CVE-2026-1","status":"fixed","component":"pkg:npm/a@1","expires_on":"2026-01-01"}`,
		"/release":       `{"vulnerability":"CVE-2026-1","status":"fixed","component":"pkg:npm/a@1","release":"1.0"}`,
	} {
		before := q.entries()
		if r := q.do(422, ask{method: "POST", path: "/api/v1/decisions", token: q.team, body: body}); !strings.Contains(r.body, `"pointer":"`+pointer+`"`) || q.entries() != before {
			t.Errorf("%s: %s", pointer, r.body)
		}
	}
	q.do(422, ask{method: "GET", path: "/api/v1/decisions?state=perhaps", token: q.team})
	q.do(422, ask{method: "GET", path: "/api/v1/vex?format=pdf", token: q.team})
	q.do(422, ask{method: "GET", path: "/api/v1/vex?include=open", token: q.team})
}

func TestConflictingDecisionsAreListed(t *testing.T) {
	q := decidable(t)
	one := q.decide(q.team, `"status":"fixed"`, nil).id()
	two := q.decide(q.sro, `"status":"affected","action":"Update."`, nil).id()
	l := q.do(200, ask{method: "GET", path: "/api/v1/decisions?state=conflict&vulnerability=TEST-2026-1&system=" + q.system, token: q.team})
	if got := l.items(); len(got) != 2 || l.json()["total"] != float64(2) || fmt.Sprint(l.json()["counts"]) != "map[conflict:2 expired:0 in_force:2 withdrawn:0]" {
		t.Fatalf("%s", l.body)
	}
	for _, d := range l.items() {
		other := map[string]string{one: two, two: one}[d["id"].(string)]
		conflicts := d["conflicts"].([]any)
		if len(conflicts) != 1 || conflicts[0].(map[string]any)["id"] != other || d["followed"] != (d["id"] == two) {
			t.Errorf("%v", d)
		}
	}
	first := q.do(200, ask{method: "GET", path: "/api/v1/decisions?limit=1", token: q.team}).json()
	if r := q.do(200, ask{method: "GET", path: "/api/v1/decisions?limit=1&after=" + first["next"].(string), token: q.team}); len(r.items()) != 1 || r.json()["next"] != nil {
		t.Errorf("%s", r.body)
	}
}

func TestDecisionsLeaveAsVEX(t *testing.T) {
	q := decidable(t)
	q.do(409, ask{method: "GET", path: "/api/v1/systems/" + q.system + "/vex?format=csaf", token: q.team})
	open := q.do(200, ask{method: "GET", path: "/api/v1/systems/" + q.system + "/vex?include=open", token: q.team})
	if !strings.Contains(open.body, `"under_investigation"`) || strings.Contains(open.body, "not_affected") {
		t.Errorf("%s", open.body)
	}
	q.decide(q.team, `"status":"not_affected","justification":"component_not_present"`, nil)
	for format, want := range map[string]struct{ mediaType, says string }{
		"openvex": {"application/json", `"@context": "https://openvex.dev/ns/v0.2.0"`}, "cyclonedx": {"application/vnd.cyclonedx+json", `"bomFormat": "CycloneDX"`}, "csaf": {"application/json", `"category": "csaf_vex"`},
	} {
		for _, path := range []string{"/api/v1/vex?format=" + format, "/api/v1/systems/" + q.system + "/vex?format=" + format, "/api/v1/systems/" + q.system + "/vex?release=1.0&format=" + format} {
			before := q.entries()
			r := q.do(200, ask{method: "GET", path: path, token: q.team})
			if r.header.Get("Content-Type") != want.mediaType || !strings.Contains(r.body, want.says) || !strings.Contains(r.body, "CVE-2026-1") || q.entries() != before+1 ||
				!strings.HasPrefix(r.header.Get("Content-Disposition"), "attachment") || r.header.Get("Touchstone-Audit-Index") != fmt.Sprint(before) {
				t.Errorf("%s: %v %s", path, r.header, r.body)
			}
		}
	}
	if r := q.do(200, ask{method: "GET", path: "/api/v1/systems/" + q.system + "/vex", token: q.team}); !strings.Contains(r.body, "openvex.dev") {
		t.Errorf("without a format: %s", r.body)
	}
	other, _ := q.token("Forest Office", access.TeamMember, "")
	q.do(404, ask{method: "GET", path: "/api/v1/systems/" + q.system + "/vex", token: other})
	if r := q.do(200, ask{method: "GET", path: "/api/v1/vex", token: other}); strings.Contains(r.body, "CVE-2026-1") {
		t.Errorf("%s", r.body)
	}
}
