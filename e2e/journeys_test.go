package e2e

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/e2e/internal/browser"
	"github.com/touchstone-assurance/touchstone/e2e/internal/stand"
)

// TestJourneys is one quarter of one system, by four people at their own
// browsers. No flag makes Chromium overlook a certificate: it trusts the server
// because touchstone trust was run for the home folder that it has.
func TestJourneys(t *testing.T) {
	stand.OnBoth(t, func(t *testing.T, engine stand.Engine) {
		w := setUp(t, engine)
		var team, sro *browser.Person
		var assessment string
		w.step(t, "administrator", func(t *testing.T) {
			w.administrator()
			team, sro = w.invite(t, "Tess Team", "team_member"), w.invite(t, "Sam Owner", "sro")
			w.appoint("Sam Owner")
		})
		w.step(t, "team member", func(t *testing.T) { assessment = w.teamMember(t, team) })
		w.step(t, "sro", func(t *testing.T) { w.owner(t, sro, team, assessment) })
		w.step(t, "portfolio reader", func(t *testing.T) { w.reader(t, w.invite(t, "Rae Reader", "portfolio_reader"), assessment) })
		w.verify(t)
	})
}

// verify asks the log whether all that was done adds up.
func (w *world) verify(t *testing.T) {
	t.Helper()
	r := w.server.Command(t, "verify", "--format", "json")
	if r.Code != 0 {
		t.Errorf("verify ended with %d: %s%s", r.Code, r.Stdout, r.Stderr)
	}
}

// administrator makes a unit and registers a system.
func (w *world) administrator() {
	p := w.admin
	p.Check("my work of a new installation")
	p.Open("/units/new")
	p.Check("add a unit")
	p.Press("Save")
	p.Check("add a unit with errors")
	p.Fill("name", "Directorate of Examples")
	p.Choose("kind", "directorate")
	p.Press("Save")
	p.Sees("The unit has been added.")
	p.Check("units")

	p.Open("/systems")
	p.Check("no systems")
	p.Follow("Register a system")
	p.Check("register a system")
	p.Press("Save as a draft")
	p.Check("register a system with errors")
	p.Fill("name", "Harbour lights")
	p.Select("kind", "Platform")
	p.Fill("scope", "The lights, their control room and the link between them. Not the ships.")
	p.Fill("sponsor", "Director of Harbours")
	p.Select("unit", "Directorate of Examples")
	p.Select("stage", "In service")
	p.Select("marking", "OFFICIAL")
	p.Choose("exposure", "restricted")
	p.Press("Save as a draft")
	p.At("Harbour lights")
	p.Check("system home of a draft")
	w.system = strings.SplitN(p.Path(), "?", 2)[0]
}

// appoint names the SRO of the system and registers it.
func (w *world) appoint(name string) {
	p := w.admin
	p.Open(w.system + "/roles/new")
	p.Check("name somebody in a role")
	p.Select("role", "Senior Responsible Owner")
	p.Select("person", name)
	p.Date("from", time.Now().AddDate(0, -1, 0))
	p.Press("Save")
	p.At("Harbour lights")
	p.Follow("Register")
	p.Check("register")
	p.Press("Register")
	p.At("Harbour lights")
	p.Sees("Registered")
	p.Check("system home")
}

// teamMember answers a quarter and sends it.
func (w *world) teamMember(t *testing.T, p *browser.Person) (assessment string) {
	// The team member signs out and in again with the passkey.
	p.Follow("Sign out")
	p.Press("Sign out")
	p.Open(w.system)
	p.Check("sign in")
	p.Press("Sign in with a passkey")
	p.At("Harbour lights")

	p.Follow("Start an assessment")
	p.Check("choose a framework")
	p.Choose("framework", frameworkID+"@1.0")
	p.Press("Continue")
	p.Check("choose questions")
	p.Press("Start")
	p.Check("task list")
	assessment = strings.SplitN(p.Path(), "?", 2)[0]

	w.answerWithEvidence(t, p, assessment)
	w.draftSurvives(p, assessment)
	w.conflict(t, p, assessment)

	team := stand.API{Server: w.server, Token: w.server.Token(t, organisation, "team_member")}
	team.AnswerAll(t, idOf(assessment))
	p.Open(assessment)
	p.Check("task list with answers")
	p.Open(assessment + "/check")
	p.Check("check the answers")
	p.Press("Send")
	p.Check("sent")
	p.Sees("The answers have been sent")
	return assessment
}

// question is the address of the nth question of the in-service set.
func question(assessment, id string) string { return assessment + "/questions/" + id }

func (w *world) answerWithEvidence(t *testing.T, p *browser.Person, assessment string) {
	first := question(assessment, "TIS-GV.OC")
	p.Open(first)
	p.Check("question")
	p.Choose("claim", "not_applicable")
	p.Press("Save and continue")
	p.Check("question with errors")
	p.Sees("Say why this does not apply.")
	p.Follow("Add new evidence")
	p.Check("add evidence")
	p.Press("Save")
	p.Check("add evidence with errors")
	p.Fill("title", "Mission statement")
	p.Fill("edition", "1.0")
	p.Select("kind", "Document")
	p.Date("produced_on", time.Now().AddDate(0, -1, 0))
	p.Fill("link", "https://documents.department.example/mission")
	p.Press("Save")
	p.Sees("Mission statement")
	p.Follow("Add new evidence")
	p.Fill("title", "Service review")
	p.Fill("edition", "3")
	p.Select("kind", "Document")
	p.Date("produced_on", time.Now().AddDate(0, -2, 0))
	p.Attach("file", "review.txt", []byte("All services were reviewed in the spring.\n"))
	p.Press("Save")
	p.Sees("Service review")
	p.Check("question with evidence")
	p.Choose("claim", "")
	p.Fill("rationale", "The mission is written down and reviewed each spring.")
	p.Press("Save and continue")
	p.Sees("The answer has been saved.")
	p.At("how much risk")
	p.Check("next question")

	p.Open(question(assessment, "TIS-GV.RM"))
	p.Choose("claim", "dont_know")
	p.Check("I do not know")
	p.Press("Save and continue")
	p.Check("I do not know without a date")
	p.Date("find_out_by", time.Now().AddDate(0, 0, 21))
	p.Press("Save and continue")
	p.Sees("The answer has been saved.")
	p.Open(first)
	p.Check("question answered")
}

// draftSurvives types without saving, waits for the draft, and loads the page
// again.
func (w *world) draftSurvives(p *browser.Person, assessment string) {
	p.Open(question(assessment, "TIS-GV.RR"))
	p.Fill("rationale", "Half a thought about roles")
	p.Sees("Draft saved")
	p.Reload()
	if got := p.Value("rationale"); got != "Half a thought about roles" {
		p.Fail("after loading the page again the text is %q", got)
	}
	p.Check("draft")
}

// conflict has two people answer one question at once: the later one sees both
// texts, and keeps hers.
func (w *world) conflict(t *testing.T, p *browser.Person, assessment string) {
	path := question(assessment, "TIS-GV.PO")
	a := w.admin
	a.Open(path)
	p.Open(path)
	a.Choose("claim", "")
	a.Fill("rationale", "Ada says: the policy is from March.")
	p.Choose("claim", "")
	p.Fill("rationale", "Tess says: the policy is from April.")
	a.Press("Save and continue")
	p.Press("Save and continue")
	p.At("Somebody else changed this")
	p.Sees("Ada says: the policy is from March.")
	p.Sees("Tess says: the policy is from April.")
	p.Check("conflict")
	p.Press("Put both together first")
	if got := p.Value("rationale"); !strings.Contains(got, "Ada says") || !strings.Contains(got, "Tess says") {
		p.Fail("put together: %q", got)
	}
	p.Press("Save and continue")
}

// owner returns the assessment once, then approves it.
func (w *world) owner(t *testing.T, p, team *browser.Person, assessment string) {
	p.Open("/")
	p.Check("my work of the SRO")
	p.Sees("Harbour lights")
	p.Open(assessment)
	p.Check("assessment with the SRO")
	p.Open(assessment + "/sign-off")
	p.Check("sign-off")
	p.Press("Send back")
	p.Check("sign-off without a reason")
	p.Fill("reason", "Say who wrote the mission statement.")
	p.Press("Send back")
	p.Check("sent back")

	team.Open("/")
	team.Check("my work after a return")
	team.Shows("Harbour lights")
	team.Open(assessment)
	team.Sees("Say who wrote the mission statement.")
	team.Open(assessment + "/check")
	team.Press("Send")

	// Evidence changes between reading and signing.
	p.Open(assessment + "/sign-off")
	api := stand.API{Server: w.server, Token: w.server.Token(t, organisation, "team_member")}
	for _, e := range api.Do(t, 200, "GET", "/api/v1/evidence", nil).Items() {
		if e["title"] == "Mission statement" {
			one := api.Do(t, 200, "GET", "/api/v1/evidence/"+e["id"].(string), nil)
			api.Do(t, 200, "PUT", "/api/v1/evidence/"+e["id"].(string), map[string]any{"title": "Mission statement", "edition": "2.0", "kind": "document", "system": idOf(w.system),
				"produced_on": time.Now().AddDate(0, 0, -3).Format(time.DateOnly), "link": "https://documents.department.example/mission-2"}, "If-Match", one.Header.Get("ETag"))
		}
	}
	p.Fill("statement", "I accept the gaps until the next quarter.")
	p.Press("Approve")
	confirm(p)
	if p.Status() != 409 && p.Status() != 412 {
		p.Fail("approving what had changed was answered with %d", p.Status())
	}
	p.Check("changed since it was read")
	p.Sees("Mission statement")
	if got := p.Value("statement"); got != "I accept the gaps until the next quarter." {
		p.Fail("the statement typed is gone: %q", got)
	}
	p.Press("Approve")
	confirm(p)
	p.At("Receipt")
	p.Check("receipt")
	p.Follow("Read the report")
	p.Check("report")

	session := stand.API{Server: w.server, Cookie: p.Cookies()}
	html := session.Do(t, 200, "GET", assessment+"/report?format=html", nil)
	if !strings.Contains(string(html.Raw), "Harbour lights") || strings.Contains(strings.ToLower(string(html.Raw)), "<script") {
		t.Error("the HTML report lacks the system or holds a script")
	}
	p.File("report.html", html.Raw)
	p.Check("report as a file")
	raw := session.Do(t, 200, "GET", assessment+"/report?format=json", nil)
	var report map[string]any
	if err := json.Unmarshal(raw.Raw, &report); err != nil || report["schema"] == nil {
		t.Errorf("the JSON report: %v, schema %v", err, report["schema"])
	}
	p.Open("/systems")
}

// reader looks across.
func (w *world) reader(t *testing.T, p *browser.Person, assessment string) {
	api := stand.API{Server: w.server, Token: w.server.Token(t, organisation, "team_member")}
	for _, name := range manyNames(60) {
		api.Do(t, 201, "POST", "/api/v1/systems", map[string]any{"name": name, "organisation": organisation})
	}
	p.Open("/systems")
	p.Check("list of systems")
	p.Sees("61 systems")
	p.Follow("Next")
	p.Check("second page of systems")
	p.Follow("Previous")
	p.Fill("name", "Harbour")
	p.Press("Apply filters")
	p.Sees("1 system")
	p.Check("filtered list of systems")
	filtered := p.Path()
	var export string
	for _, link := range p.Links() {
		if strings.HasPrefix(link, "/systems/export") && strings.Contains(link, "csv") {
			export = link
		}
	}
	session := stand.API{Server: w.server, Cookie: p.Cookies()}
	list := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(session.Do(t, 200, "GET", export, nil).Raw), "\ufeff")))
	list.FieldsPerRecord = -1 // lines that say what the list is stand before its header
	rows, err := list.ReadAll()
	if err != nil || len(rows) < 3 || !strings.HasPrefix(rows[0][0], "Marking: ") || rows[len(rows)-2][1] != "Name" || rows[len(rows)-1][1] != "Harbour lights" {
		t.Errorf("the export of %s: %v, %q", filtered, err, rows)
	}
	p.Fill("name", "nothing like this")
	p.Press("Apply filters")
	p.Check("no system matches")

	p.Open(w.system)
	p.Check("system home of a reader")
	if p.HasLink("Start an assessment") || p.HasLink("Change") {
		t.Error("a reader is offered to change the system")
	}
	p.Open(w.system + "/history")
	p.Check("standings history")
	p.Open(w.system + "/standings")
	p.Check("standings")
	p.Open(assessment + "/report")
	p.At("Maturity self-assessment report and statement of assurance")
	p.Check("report")
}

func manyNames(n int) []string {
	var names []string
	for i := range n {
		names = append(names, "Buoy "+string(rune('A'+i%26))+string(rune('a'+i/26)))
	}
	return names
}
