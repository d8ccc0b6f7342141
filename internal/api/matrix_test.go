package api_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/api"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// line is one line of the table.
type line struct {
	verdicts map[access.Role]string
	slots    map[string]int
}

func readMatrix(t *testing.T) map[string]line {
	t.Helper()
	b, err := os.ReadFile("testdata/matrix.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]line{}
	for n, text := range strings.Split(string(b), "\n") {
		words := strings.Fields(text)
		if len(words) == 0 || strings.HasPrefix(text, "#") {
			continue
		}
		if len(words) < 1+len(access.Roles()) || out[words[0]].verdicts != nil {
			t.Fatalf("line %d cannot be read, or is there twice: %s", n+1, text)
		}
		l := line{verdicts: map[access.Role]string{}, slots: map[string]int{}}
		for i, role := range access.Roles() {
			if v := words[1+i]; v == "yes" || v == "no" || v == "confirm" {
				l.verdicts[role] = v
				continue
			}
			t.Fatalf("line %d: %q is no verdict", n+1, words[1+i])
		}
		for _, slot := range words[1+len(access.Roles()):] {
			name, status, _ := strings.Cut(slot, "=")
			var code int
			if _, err := fmt.Sscan(status, &code); err != nil {
				t.Fatalf("line %d: %q", n+1, slot)
			}
			l.slots[name] = code
		}
		out[words[0]] = l
	}
	return out
}

// request is a request that reaches everything it names. Values that are the
// name of a type of object stand for the identifier of one.
type request struct {
	query map[string]string // slot -> type
	body  map[string]any
	raw   map[string]any // fields of the body that refer to nothing
	match string         // If-Match
}

var requests = map[string]request{
	"createOrganisation": {raw: map[string]any{"name": "Another"}},
	"changeOrganisation": {raw: map[string]any{"name": "Alpha", "zone": "Europe/London", "ceiling": "OFFICIAL"}, match: `"77"`},
	"createUnit":         {raw: map[string]any{"name": "Unit"}, body: map[string]any{"parent": "unit"}},
	"changeUnit":         {raw: map[string]any{"name": "Unit"}, body: map[string]any{"parent": "unit2"}, match: `"1"`},
	"closeUnit":          {body: map[string]any{"into": "unit2"}, match: `"1"`},
	"changeEmail":        {raw: map[string]any{"email": "changed@example.gov.uk"}},
	"grantRole":          {raw: map[string]any{"role": "assessor"}, body: map[string]any{"system": "system", "unit": "unit"}},
	"recordTraining":     {raw: map[string]any{"skill": "Threat modelling", "basis": "training", "title": "Course", "achieved_on": "2026-01-10"}, body: map[string]any{"person": "user"}},
	"invitePerson":       {raw: map[string]any{"email": "new@example.gov.uk", "role": "dtsl"}, body: map[string]any{"system": "system", "unit": "unit"}},
	"createToken":        {raw: map[string]any{"name": "CI", "role": "dtsl"}, body: map[string]any{"system": "system"}},
	"listSystems":        {query: map[string]string{"unit": "unit", "sro": "user"}},
	"createSystem":       {raw: map[string]any{"name": "New"}, body: map[string]any{"organisation": "organisation", "unit": "unit"}},
	"changeSystem":       {raw: map[string]any{"name": "Renamed"}, body: map[string]any{"unit": "unit"}, match: `"1"`},
	"moveSystem":         {raw: map[string]any{"action": "register"}, match: `"1"`},
	"getSystemAsAt":      {query: map[string]string{"at": "=2026-03-02T09:00:00Z"}},
	"appoint":            {raw: map[string]any{"role": "dtsl", "from": "2026-03-02"}, body: map[string]any{"person": "user", "on_behalf_of": "appointment"}},
	"endAppointment":     {raw: map[string]any{"to": "2026-12-31"}},
	"connect":            {raw: map[string]any{"purpose": "Data"}, body: map[string]any{"other": "system2"}},
	"changeConnection":   {raw: map[string]any{"purpose": "Data"}, body: map[string]any{"other": "system2"}, match: `"1"`},
	"oblige":             {raw: map[string]any{"title": "Law", "applies": "yes"}},
	"accredit":           {raw: map[string]any{"reference": "ACC-1", "expires": "2026-12-31"}},
	"startAssessment":    {body: map[string]any{"framework": "framework"}},
	"triggerAssessment":  {raw: map[string]any{"kind": "change", "reason": "New supplier"}, body: map[string]any{"framework": "framework"}},
	"respond":            {raw: map[string]any{"claim": "dont_know", "find_out_by": "2026-03-20"}, body: map[string]any{"delegate": "user"}},
	"confirmResponses":   {body: map[string]any{"requirements": []string{"requirement"}}},
	"returnAssessment":   {raw: map[string]any{"reason": "More"}},
	"shareReport":        {raw: map[string]any{"recipient": "Board"}},
	"listEvidence":       {query: map[string]string{"system": "system"}},
	"createEvidence":     {raw: map[string]any{"title": "Plan", "edition": "1", "produced_on": "2026-02-20", "link": "https://example.org/"}, body: map[string]any{"system": "system"}},
	"changeEvidence":     {raw: map[string]any{"title": "Plan", "edition": "1", "produced_on": "2026-02-20", "link": "https://example.org/"}, body: map[string]any{"system": "system"}, match: `"77"`},
	"withdrawEvidence":   {raw: map[string]any{"reason": "Old"}, match: `"77"`},
	"exportSystems":      {query: map[string]string{"unit": "unit", "sro": "user"}},
	"exportEvidence":     {query: map[string]string{"system": "system"}},
	"exportLogEntries":   {query: map[string]string{"actor": "user", "target": "system"}},
	"requestPurge":       {raw: map[string]any{"target_type": "evidence", "reason": "Marked too high."}, body: map[string]any{"evidence": "evidence"}},
	"rejectPurge":        {raw: map[string]any{"reason": "It may stay."}},
	"moveDemoClock":      {raw: map[string]any{"now": "2026-03-02T08:00:00Z"}},
	"listLogEntries":     {query: map[string]string{"actor": "user", "target": "system"}},
	"sendFeedback":       {raw: map[string]any{"words": "More"}, body: map[string]any{"framework": "framework"}},
	"deliverDocument":    {raw: map[string]any{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "x", "author": "A", "timestamp": "2026-02-20T00:00:00Z", "version": 1, "statements": []any{}}},
	"postAdvisory":       {raw: map[string]any{"id": "TEST-2026-2", "modified": "2026-02-20T00:00:00Z", "affected": []any{}}},
	"listDecisions":      {query: map[string]string{"system": "system"}},
	"createDecision":     {raw: map[string]any{"vulnerability": "TEST-2026-1", "component": "pkg:npm/left-pad@1.0.0", "status": "affected", "action": "Update."}, body: map[string]any{"system": "system", "release": "release"}},
	"withdrawDecision":   {raw: map[string]any{"reason": "Wrong"}, match: `"77"`},
	"exportSystemVex":    {query: map[string]string{"release": "release"}},
	"handleFeedback":     {raw: map[string]any{"state": "done", "outcome": "Added"}, match: `"1"`},
}

// refs are the identifiers that a request can carry, read from the document.
func refs(t *testing.T) map[string]map[string]string {
	t.Helper()
	d, out := readDocument(t), map[string]map[string]string{}
	for _, methods := range d.Paths {
		for _, op := range methods {
			slots := map[string]string{}
			for _, p := range op.Parameters {
				if p.Ref != "" {
					slots[p.Name] = p.Ref
				}
			}
			if op.RequestBody != nil {
				body := op.RequestBody.Content["application/json"].Schema
				for name, p := range d.Components.Schemas[strings.TrimPrefix(body.Ref, "#/components/schemas/")].Properties {
					if p.XRef != "" {
						slots[name] = p.XRef
					}
				}
			}
			out[op.OperationID] = slots
		}
	}
	return out
}

func TestEveryOperationHasItsLineInTheMatrix(t *testing.T) {
	matrix, slots := readMatrix(t), refs(t)
	for _, op := range api.Operations() {
		l, ok := matrix[op.ID]
		if !ok {
			t.Errorf("%s has no line in testdata/matrix.txt.\n\tRemedy: write down who may do it, and what a foreign identifier gets.", op.ID)
			continue
		}
		for slot := range slots[op.ID] {
			if l.slots[slot] == 0 {
				t.Errorf("%s: the line says nothing of %q", op.ID, slot)
			}
		}
		for slot := range l.slots {
			if slots[op.ID][slot] == "" {
				t.Errorf("%s: the line speaks of %q, which is no identifier of it", op.ID, slot)
			}
		}
		delete(matrix, op.ID)
	}
	for id := range matrix {
		t.Errorf("%s is in the matrix and is no operation", id)
	}
}

// inhabit gives a tenant one thing of every type, each with the canary in it.
func (w *world) inhabit(name, canary string) (tn *tenant, admin, sro string) {
	w.t.Helper()
	head := w.Admin(name)
	admin = w.persona(head)
	tn = w.tenant(name, canary)
	member := w.Join(head, "Member "+canary, access.DTSL)
	sro = w.persona(w.Join(head, "Owner "+canary, access.SRO))
	post := func(path string, body map[string]any) string {
		w.t.Helper()
		b, _ := json.Marshal(body)
		return w.do(201, ask{method: "POST", path: "/api/v1/" + path, token: admin, body: string(b)}).id()
	}
	th := tn.things
	th["user"] = member.ID
	th["unit"] = post("units", map[string]any{"name": "Unit " + canary})
	th["unit2"] = post("units", map[string]any{"name": "Unit two " + canary})
	th["system"] = post("systems", map[string]any{"name": "System " + canary, "organisation": tn.id})
	th["system2"] = post("systems", map[string]any{"name": "System two " + canary, "organisation": tn.id})
	th["role"] = post("people/"+member.ID+"/roles", map[string]any{"role": "team_member"})
	th["invitation"] = post("invitations", map[string]any{"email": canary + "@example.gov.uk", "role": "dtsl"})
	th["token"] = post("tokens", map[string]any{"name": canary, "role": "dtsl"})
	th["appointment"] = post("systems/"+th["system"]+"/appointments", map[string]any{"role": "dtsl", "name": canary, "from": "2026-03-02", "to": "2026-11-30"})
	th["connection"] = post("systems/"+th["system"]+"/connections", map[string]any{"other_name": canary, "purpose": canary})
	th["assessment"] = post("systems/"+th["system"]+"/assessments", map[string]any{"framework": frameworkID})
	th["framework"] = frameworkID
	th["requirement"] = w.do(200, ask{method: "GET", path: "/api/v1/assessments/" + th["assessment"] + "/responses?limit=1", token: admin}).items()[0]["id"].(string)
	th["feedback"] = post("feedback", map[string]any{"framework": frameworkID, "words": canary})
	th["target"], th["actor"] = th["system"], th["user"]
	form, contentType := upload(map[string]string{"title": canary, "edition": "1", "produced_on": "2026-02-20", "system": th["system"]}, canary+".txt", []byte(canary))
	th["evidence"] = w.do(201, ask{method: "POST", path: "/api/v1/evidence", token: admin, body: form, header: map[string]string{"Content-Type": contentType}}).id()
	th["purge"] = post("purges", map[string]any{"target_type": "evidence", "evidence": th["evidence"], "reason": canary})
	w.do(204, ask{method: "PUT", path: "/api/v1/systems/" + th["system"] + "/links/" + frameworkID + "/" + th["requirement"] + "/" + th["evidence"], token: admin})
	for _, r := range w.do(200, ask{method: "GET", path: "/api/v1/assessments/" + th["assessment"] + "/responses", token: admin}).items() {
		w.do(200, ask{method: "PUT", path: "/api/v1/assessments/" + th["assessment"] + "/responses/" + r["id"].(string), token: admin, body: `{"claim":"dont_know","find_out_by":"2026-03-20","rationale":"` + canary + `"}`})
	}
	d := w.do(202, ask{method: "POST", path: "/api/v1/systems/" + th["system"] + "/releases/1.0/documents", token: admin, body: bill(canary)}).json()
	th["job"], th["release"], th["document"] = d["job"].(string), d["release"].(string), d["document"].(string)
	w.Work()
	th["decision"] = post("decisions", map[string]any{"vulnerability": "CVE-2026-1", "system": th["system"], "status": "affected", "action": canary})
	th["advisory"] = "TEST-2026-1"
	w.send(ask{method: "POST", path: "/api/v1/advisories", token: admin, body: `{"id":"TEST-2026-1","modified":"2026-02-20T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"left-pad"},"versions":["1.0.0"]}]}`})
	return tn, admin, sro
}

// bill is a bill of materials of a product.
func bill(product string) string {
	return `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":{"type":"application","bom-ref":"root","name":"` + product + `","version":"1.0"}},
		"components":[{"type":"library","bom-ref":"a","name":"left-pad","version":"1.0.0","purl":"pkg:npm/left-pad@1.0.0"}]}`
}

// missing is an identifier of the type that nothing has.
func missing(like string) string {
	prefix, rest, _ := strings.Cut(like, "_")
	if len(rest) != 26 {
		return "no-such-thing"
	}
	return prefix + "_" + "06eavhmtg0000000000000000" + rest[25:]
}

// compose makes the request of an operation with the identifiers of a tenant.
// Those in replaced take the place of the tenant's own.
func compose(op api.Operation, slots, things, replaced map[string]string, token string) ask {
	rq := requests[op.ID]
	if _, answer := replaced["assessment"]; op.ID == "requestPurge" && (answer || replaced["requirement"] != "") {
		rq = request{raw: map[string]any{"target_type": "response", "reason": "Personal."}, body: map[string]any{"assessment": "assessment", "requirement": "requirement"}}
	}
	value := func(slot, kind string) string {
		if v, ok := replaced[slot]; ok {
			return v
		}
		return things[kind]
	}
	a := ask{method: op.Method, path: api.Prefix + op.Path, token: token, header: map[string]string{}}
	for slot, kind := range slots {
		a.path = strings.ReplaceAll(a.path, "{"+slot+"}", value(slot, kind))
	}
	sep := "?"
	for _, slot := range slices.Sorted(maps.Keys(rq.query)) {
		kind := rq.query[slot]
		v, literal := strings.CutPrefix(kind, "=")
		if !literal {
			if _, asked := replaced[slot]; !asked && len(replaced) > 0 {
				continue // one filter at a time, so that each is seen to narrow
			}
			v = value(slot, kind)
		}
		a.path += sep + slot + "=" + v
		sep = "&"
	}
	if rq.body != nil || rq.raw != nil {
		body := maps.Clone(rq.raw)
		if body == nil {
			body = map[string]any{}
		}
		for slot, kind := range rq.body {
			if list, ok := kind.([]string); ok {
				body[slot] = []string{value(slot, list[0])}
				continue
			}
			if _, asked := replaced[slot]; (op.ID == "grantRole" || op.ID == "invitePerson") && !asked && (len(replaced) == 0) == (slot == "system") {
				continue // a system or a unit, not both
			}
			body[slot] = value(slot, kind.(string))
		}
		b, _ := json.Marshal(body)
		a.body = string(b)
	}
	if rq.match != "" {
		a.header["If-Match"] = rq.match
	}
	return a
}

func TestPermissionMatrix(t *testing.T) {
	w := newWorld(t, apptest.Demo())
	alpha, admin, sro := w.inhabit("Alpha Agency", "canary-alpha-7f3a")
	beta, _, _ := w.inhabit("Beta Bureau", "canary-beta-9c1e")
	matrix, slots := readMatrix(t), refs(t)
	for _, op := range api.Operations() {
		l := matrix[op.ID]
		able := ""
		for _, role := range access.Roles() {
			if l.verdicts[role] == "yes" {
				able = alpha.tokens[role]
			}
			if l.verdicts[role] == "confirm" {
				able = map[access.Role]string{access.Administrator: admin, access.SRO: sro}[role]
			}
		}
		for slot, status := range l.slots {
			t.Run(op.ID+"/"+slot, func(t *testing.T) { w.replay(t, op, slots[op.ID], slot, status, able, alpha, beta) })
		}
		for _, role := range access.Roles() {
			t.Run(op.ID+"/"+string(role), func(t *testing.T) {
				if op.ID == "unlinkEvidence" { // the role before may have taken it away
					w.send(compose(api.Operation{ID: "linkEvidence", Method: "PUT", Path: op.Path}, slots[op.ID], alpha.things, nil, admin))
				}
				before := w.entries() - w.refusals()
				r := w.send(compose(op, slots[op.ID], alpha.things, nil, alpha.tokens[role]))
				var kind string
				if r.status >= 400 {
					kind, _ = r.json()["type"].(string)
				}
				switch got := verdictOf(r.status, kind); {
				case got != l.verdicts[role]:
					t.Errorf("%s, want %s: %d %s", got, l.verdicts[role], r.status, r.body)
				case got != "yes" && w.entries()-w.refusals() != before:
					t.Error("a refusal changed something")
				}
				if strings.Contains(r.body, beta.canary) {
					t.Errorf("another organisation shows: %s", r.body)
				}
			})
		}
		if able == admin || able == sro {
			if r := w.send(compose(op, slots[op.ID], alpha.things, nil, able)); verdictOf(r.status, "") != "yes" {
				t.Errorf("%s, freshly confirmed: %d %s", op.ID, r.status, r.body)
			}
		}
	}
}

func verdictOf(status int, kind string) string {
	switch {
	case status == 403 && kind == "/problems/step-up-required":
		return "confirm"
	case status == 403:
		return "no"
	case status < 300, status == 409, status == 412, status == 422:
		return "yes"
	}
	return fmt.Sprint(status)
}

// replay puts another organisation's identifier, and one of nothing, in a slot.
func (w *world) replay(t *testing.T, op api.Operation, slots map[string]string, slot string, status int, token string, own, foreign *tenant) {
	t.Helper()
	kind := slots[slot]
	stranger := foreign.things[kind]
	before := w.entries()
	nothing := w.send(compose(op, slots, own.things, map[string]string{slot: missing(stranger)}, token))
	if nothing.status != status {
		t.Errorf("missing: %d, want %d\n%s", nothing.status, status, nothing.body)
	}
	if kind != "framework" && kind != "requirement" && kind != "advisory" { // these belong to nobody
		replayed := w.send(compose(op, slots, own.things, map[string]string{slot: stranger}, token))
		if replayed.status != nothing.status || replayed.anonymous() != nothing.anonymous() {
			t.Errorf("foreign: %d %s\nmissing: %d %s", replayed.status, replayed.body, nothing.status, nothing.body)
		}
		if strings.Contains(replayed.body, foreign.canary) {
			t.Errorf("another organisation shows: %s", replayed.body)
		}
		if export := strings.HasPrefix(op.ID, "export"); export && strings.Contains(replayed.body, own.canary) ||
			status == 200 && !export && replayed.json()["total"] != float64(0) {
			t.Errorf("found something: %s", replayed.body)
		}
	}
	if strings.HasPrefix(op.ID, "export") {
		return // that something left is on record, also when it was nothing
	}
	if n := w.entries(); n != before {
		t.Errorf("the log grew by %d", n-before)
	}
}
