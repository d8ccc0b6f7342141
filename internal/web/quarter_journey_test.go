package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
)

// quarter is a system with an assessment that the team has just started.
type quarter struct {
	*world
	admin, member, sro *apptest.Person
	system, assessment string // addresses
	questions          []string
}

// newQuarter goes through the forms like a person without JavaScript.
func newQuarter(t testing.TB, name string) *quarter {
	t.Helper()
	q := &quarter{world: newWorld(t)}
	q.admin = q.Admin("Ministry of Tests")
	q.member = q.Join(q.admin, "Mo Member", access.TeamMember)
	q.sro = q.Join(q.admin, "Sam Owner", access.SRO)
	v := q.as(q.member)
	page := v.get("/systems/new").status(http.StatusOK).sound()
	form := url.Values(page.values("/systems/new"))
	form.Set("name", name)
	form.Set("stage", "concept")
	form.Set("marking", "OFFICIAL")
	form.Set("exposure", "public")
	q.system = path(v.postValues("/systems/new", form).to("/systems/sys_"))
	q.start()
	return q
}

// start starts an assessment with the seven principles and reads its questions.
func (q *quarter) start() {
	q.t.Helper()
	v := q.as(q.member)
	v.get(q.system+"/assessments/new").status(http.StatusOK).sound().says("Which framework do you answer?", "Published by")
	step := v.get(q.system + "/assessments/new?framework=mod-sbd%402025").status(http.StatusOK).sound()
	q.assessment = path(v.postValues(q.system+"/assessments/new", step.values(q.system+"/assessments/new")).to("/assessments/asm_"))
	view, err := q.App.AssessmentView(q.t.Context(), q.member.Actor(), strings.TrimPrefix(q.assessment, "/assessments/"))
	if err != nil {
		q.t.Fatal(err)
	}
	q.questions = nil
	for _, line := range view.Lines {
		q.questions = append(q.questions, q.assessment+"/questions/"+line.Requirement.ID)
	}
}

// path is an address without its query.
func path(address string) string {
	p, _, _ := strings.Cut(address, "?")
	return p
}

// answer fills in a question's form and sends it.
func (q *quarter) answer(p *apptest.Person, question string, changes ...string) *answer {
	q.t.Helper()
	form := url.Values(q.as(p).get(question).status(http.StatusOK).sound().values(question))
	for i := 0; i+1 < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return q.as(p).postValues(question, form)
}

// answerAll gives every question a good answer and sends the assessment.
func (q *quarter) answerAll() {
	q.t.Helper()
	level := q.level()
	for _, question := range q.questions {
		q.answer(q.member, question, "claim", level, "rationale", "It is written down and followed.").to("/assessments/")
	}
	check := q.as(q.member).get(q.assessment + "/check").status(http.StatusOK).sound().says("Send to the")
	q.as(q.member).postValues(q.assessment+"/check", check.values(q.assessment+"/check")).to(q.assessment + "/sent")
}

// level is the highest level that the first question has.
func (q *quarter) level() string {
	q.t.Helper()
	v, err := q.App.AssessmentView(q.t.Context(), q.member.Actor(), strings.TrimPrefix(q.assessment, "/assessments/"))
	if err != nil {
		q.t.Fatal(err)
	}
	ids := assessment.LevelIDs(v.Framework, v.Lines[0].Requirement)
	return ids[len(ids)-1]
}

// stepUp confirms with the software passkey through the addresses that the page
// names, as its script would.
func (q *quarter) stepUp(p *apptest.Person, options, finish string) string {
	q.t.Helper()
	v := q.as(p)
	script := http.Header{"Accept": {"application/json"}, "Sec-Fetch-Site": {"same-origin"}}
	offered := v.do("POST", options, script, nil).status(http.StatusOK)
	cookie, _, _ := strings.Cut(offered.header.Get("Set-Cookie"), ";")
	script.Set("Cookie", cookie)
	script.Set("Content-Type", "application/json")
	done := v.do("POST", finish, script, bytes.NewReader(p.Key.Sign(json.RawMessage(offered.body)))).status(http.StatusOK)
	var answer struct{ Location string }
	if err := json.Unmarshal([]byte(done.body), &answer); err != nil {
		q.t.Fatal(err)
	}
	return answer.Location
}

// approve reads the two pages, decides, confirms, and sends the kept form again.
func (q *quarter) approve(statement string) *answer {
	q.t.Helper()
	v := q.as(q.sro)
	q.Clock.Advance(10 * time.Minute) // longer than a confirmation lasts
	page := v.get(q.assessment + "/sign-off").status(http.StatusOK).sound().says("Your decision")
	form := url.Values(page.values(q.assessment + "/approve"))
	form.Set("statement", statement)
	asked := v.postValues(q.assessment+"/approve", form).status(http.StatusForbidden).sound().says("Confirm that it is you", "kept on this page")
	kept := url.Values(asked.values(q.assessment + "/approve"))
	if kept.Get("statement") != statement {
		q.t.Fatalf("the statement was not kept: %q", kept.Get("statement"))
	}
	at := q.stepUp(q.sro, "/step-up/options", "/step-up/finish?next="+url.QueryEscape(q.assessment+"/approve"))
	if at != q.assessment+"/approve#confirmed" {
		q.t.Fatalf("the script goes to %s", at)
	}
	return v.postValues(q.assessment+"/approve", kept)
}

func TestAQuarterFromRegistrationToReport(t *testing.T) {
	q := newQuarter(t, "Payments")
	team, owner := q.as(q.member), q.as(q.sro)
	q.register()
	team.get(q.assessment).status(http.StatusOK).sound().says(strconv.Itoa(len(q.questions))+" of "+strconv.Itoa(len(q.questions))+" need you", "Not started")
	first := q.questions[0]
	team.get(first).says("Nothing is linked to this question", "I do not know", "It does not apply")

	q.answer(q.member, first, "claim", "", "rationale", "Kept words.").status(http.StatusUnprocessableEntity).sound().says("Choose an answer", "Kept words.")
	wrong := q.answer(q.member, first, "claim", "not_applicable", "rationale", "").status(http.StatusUnprocessableEntity).sound()
	wrong.says("There is a problem", "Error:", "Say why this does not apply.")
	wrong = q.answer(q.member, first, "claim", "dont_know", "rationale", "We asked the supplier.", "find_out_by-day", "31", "find_out_by-month", "2", "find_out_by-year", "2026")
	wrong.status(http.StatusUnprocessableEntity).sound().says("Enter a real date", "We asked the supplier.")
	next := q.answer(q.member, first, "claim", "dont_know", "find_out_by-day", "9", "find_out_by-month", "3", "find_out_by-year", "2026").to("/assessments/")
	if path(next) != q.questions[1] {
		t.Errorf("leads to %s, not to the next question", next)
	}
	team.get(next).says("The answer has been saved.")
	team.get(q.assessment).says("Do not know yet", "To be found out by 9 March 2026")

	early := team.post(q.assessment+"/check", "version", "0").status(http.StatusUnprocessableEntity).sound()
	early.says("is not answered. If you don’t know, say so.")
	q.answerAll()
	team.get(q.assessment+"/sent").status(http.StatusOK).sound().says("The answers have been sent", "What happens next")
	team.get(q.questions[0]).sound().says("The answer").omits("Save and continue")

	owner.get("/").sound().says("Waiting for your decision", "Payments")
	owner.post(q.assessment+"/return", "version", "0", "reason", "").status(http.StatusUnprocessableEntity).sound().says("Say what has to change.")
	owner.post(q.assessment+"/return", "version", "0", "reason", "Name the supplier.").to(q.assessment)
	team.get(q.assessment).sound().says("It was sent back: Name the supplier.")
	team.postValues(q.assessment+"/check", team.get(q.assessment+"/check").values(q.assessment+"/check")).to(q.assessment)
	q.approve("I accept the gaps <as shown>.").to(q.assessment + "/receipt")

	owner.get(q.assessment+"/receipt").status(http.StatusOK).sound().says("Approved", "Sam Owner", "I accept the gaps <as shown>.", "Digest", "Entry in the log").
		omits("certificate", "compliant", "passed")
	owner.get(q.assessment + "/report").status(http.StatusOK).sound().says("Payments")
	for format, media := range map[string]string{"html": "text/html", "docx": "application/vnd.openxmlformats", "json": "application/json"} {
		file := owner.get(q.assessment + "/report?format=" + format).status(http.StatusOK)
		if !strings.HasPrefix(file.header.Get("Content-Type"), media) || !strings.HasPrefix(file.header.Get("Content-Disposition"), "attachment") ||
			!strings.Contains(file.header.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: headers %v", format, file.header)
		}
	}
	owner.post(q.assessment+"/share", "recipient", "", "marking", "").status(http.StatusUnprocessableEntity).sound()
	owner.post(q.assessment+"/share", "recipient", "Assurance team", "marking", "").to(q.assessment + "/receipt")
	team.get("/assurance").sound().says("Payments", "Approved")
	team.get(q.system).sound().says("In assurance", "Why it moved")

	q.start() // the next quarter
	team.get(q.assessment).sound().says("have the answer from last time")
	all := team.get(q.assessment+"?show=all").sound().says("Needs confirming", "from last time")
	for _, href := range links(all, q.assessment+"/confirm/") {
		team.get(href).sound().says("Confirm")
		team.post(href).to(q.assessment)
	}
	team.get(q.assessment + "?show=all").sound().says("0 of").omits("Needs confirming")
}

func TestASamplePersonConfirmsByAClick(t *testing.T) {
	w := newWorld(t, apptest.Demo())
	p := w.Admin("Sample Ministry")
	v := w.as(p)
	v.get("/").sound().says("Sample data")
	w.Clock.Advance(10 * time.Minute)
	asked := v.post("/people/invite", "email", "x@example.gov.uk", "role", "team_member").status(http.StatusForbidden).sound().says("Confirm as this sample person")
	done := v.postValues("/step-up/demo", asked.values("/step-up/demo")).status(http.StatusOK).sound().says("You have confirmed that it is you")
	if kept := url.Values(done.values("/people/invite")); kept.Get("email") != "x@example.gov.uk" || kept.Has("confirm_action") {
		t.Errorf("kept %v", kept)
	}
}

// links are the addresses on a page that begin with the prefix.
func links(a *answer, prefix string) []string {
	var out []string
	for n := range a.tree().Descendants() {
		if href := attr(n, "href"); n.Data == "a" && strings.HasPrefix(href, prefix) {
			out = append(out, href)
		}
	}
	return out
}

func TestTwoPeopleAnswerTheSameQuestion(t *testing.T) {
	q := newQuarter(t, "Payments")
	other := q.Join(q.admin, "Ola Other", access.TeamMember)
	question, level := q.questions[0], q.level()
	mine := url.Values(q.as(q.member).get(question).values(question))
	q.answer(other, question, "claim", level, "rationale", "What Ola wrote.").to("/assessments/")

	mine.Set("claim", level)
	mine.Set("rationale", "What Mo wrote.")
	both := q.as(q.member).postValues(question, mine).status(http.StatusPreconditionFailed).sound().says("Ola Other", "What Ola wrote.", "What Mo wrote.", "Both versions")
	q.as(q.member).get(question).sound().says("have not saved it", "What Mo wrote.")
	q.as(q.member).get(question + "?draft=no").sound().says("What Ola wrote.").omits("What Mo wrote.")

	kept := url.Values(both.values(question))
	kept.Set("merge", "yes")
	merged := q.as(q.member).postValues(question, kept).status(http.StatusOK).sound()
	form := url.Values(merged.values(question))
	if got := form.Get("rationale"); got != "What Mo wrote.\n\nWhat Ola wrote." {
		t.Errorf("put together: %q", got)
	}
	q.as(q.member).postValues(question, form).to("/assessments/")
	q.as(other).get(question).sound().says("What Mo wrote.", "History of this answer")
}

func TestADraftIsKeptAndShownAgain(t *testing.T) {
	q := newQuarter(t, "Payments")
	question := q.questions[0]
	script := http.Header{"Accept": {"application/json"}, "Content-Type": {"application/x-www-form-urlencoded"}, "Sec-Fetch-Site": {"same-origin"}}
	body := func() *strings.Reader {
		return strings.NewReader(url.Values{"rationale": {"Half a sentence"}, "claim": {"dont_know"}, "version": {"0"}}.Encode())
	}
	q.as(q.member).do("POST", question+"/draft", script, body()).status(http.StatusOK)
	q.as(q.member).get(question).sound().says("Half a sentence", "Only you see it")
	q.as(q.admin).get(question).sound().omits("Half a sentence")
	q.as(nil).do("POST", question+"/draft", script, body()).status(http.StatusUnauthorized)
	q.as(q.sro).do("POST", question+"/draft", script, body()).status(http.StatusForbidden)
}

func TestSomethingChangedBetweenReadingAndApproving(t *testing.T) {
	q := newQuarter(t, "Payments")
	q.answerAll()
	v := q.as(q.sro)
	form := url.Values(v.get(q.assessment + "/sign-off").values(q.assessment + "/approve"))
	form.Set("statement", "I read it all.")
	made := q.upload("policy.txt", "the policy", "title", "Security policy")
	q.Clock.Advance(10 * time.Minute)
	q.as(q.member).post(q.questions[0]+"/link", "evidence", strings.TrimPrefix(made, "/evidence/")).to(q.questions[0])
	v.postValues(q.assessment+"/approve", form).status(http.StatusForbidden)
	q.stepUp(q.sro, "/step-up/options", "/step-up/finish?next=/")
	refused := v.postValues(q.assessment+"/approve", form).status(http.StatusConflict).sound()
	refused.says("This is not what you were shown", "Security policy", "was linked to", "I read it all.")
	again := url.Values(refused.values(q.assessment + "/approve"))
	if again.Get("digest") == form.Get("digest") {
		t.Error("the page shows the old digest")
	}
	v.postValues(q.assessment+"/approve", again).to(q.assessment + "/receipt")
}

// upload adds a record with a file, as the member.
func (q *quarter) upload(name, content string, pairs ...string) string {
	q.t.Helper()
	return path(q.uploadForm("/evidence/new", name, content, pairs...).to("/evidence/evd_"))
}

func (q *quarter) uploadForm(action, name, content string, pairs ...string) *answer {
	q.t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	fields := []string{"edition", "1.0", "kind", "document", "produced_on-day", "1", "produced_on-month", "2", "produced_on-year", "2026",
		"system", strings.TrimPrefix(q.system, "/systems/")}
	for i := 0; i+1 < len(fields)+len(pairs); i += 2 {
		all := append(fields, pairs...)
		if err := m.WriteField(all[i], all[i+1]); err != nil {
			q.t.Fatal(err)
		}
	}
	file, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = file.Write([]byte(content))
	}
	if err != nil || m.Close() != nil {
		q.t.Fatal(err)
	}
	return q.as(q.member).do("POST", action, http.Header{"Content-Type": {m.FormDataContentType()}, "Sec-Fetch-Site": {"same-origin"}}, &b)
}

func TestEvidenceComesGoesAndIsFound(t *testing.T) {
	q := newQuarter(t, "Payments")
	v := q.as(q.member)
	question := q.questions[0]
	v.get("/evidence/new?system=" + strings.TrimPrefix(q.system, "/systems/")).status(http.StatusOK).sound()
	bad := q.uploadForm("/evidence/new", "page.html", "<html><script>alert(1)</script>", "title", "A page").status(http.StatusUnprocessableEntity).sound()
	if got := url.Values(bad.says("There is a problem", "Files of this type are not taken").values("/evidence/new")).Get("title"); got != "A page" {
		t.Errorf("the title typed became %q", got)
	}
	made := q.upload("plan.txt", "the plan", "title", "Test plan <b>")
	v.get(made).sound().says("Test plan <b>", "plan.txt", "SHA-256").omits("<b>")
	file := v.get(made + "/file").status(http.StatusOK)
	if file.body != "the plan" || !strings.HasPrefix(file.header.Get("Content-Disposition"), "attachment") || !strings.Contains(file.header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("the file answers %q with %v", file.body, file.header)
	}
	q.answer(q.member, question, "claim", q.level(), "rationale", "See the plan.").to("/assessments/")
	v.get(question).sound().says("Link a record of this system", "Test plan")
	v.post(question+"/link", "evidence", strings.TrimPrefix(made, "/evidence/")).to(question)
	v.get(question).sound().says("Documented", "Take away")
	v.get(question + "?find=plan").sound().says("No other record")
	v.get("/evidence?title=PLAN").sound().says("1 record", "Test plan", "Export 1 record as CSV")
	v.get("/evidence?title=nothing").sound().says("No record matches")
	if csv := v.get("/evidence/export?format=csv&title=plan").status(http.StatusOK); !strings.Contains(csv.body, "Test plan") {
		t.Errorf("the export holds %q", csv.body)
	}

	held := url.Values(v.get("/evidence/new").values("/evidence/new"))
	for name, value := range map[string]string{"title": "Held", "edition": "2", "kind": "document", "produced_on-day": "1", "produced_on-month": "1", "produced_on-year": "2026",
		"held_reference": "REG/1"} {
		held.Set(name, value)
	}
	v.postValues("/evidence/new", held).status(http.StatusUnprocessableEntity).sound().says("Choose the marking of what is held.")

	stale := url.Values(v.get(made + "/edit").sound().values(made + "/edit"))
	changed := url.Values(v.get(made + "/edit").values(made + "/edit"))
	changed.Set("edition", "1.1")
	v.postValues(made+"/edit", changed).to(made)
	stale.Set("edition", "1.2")
	v.postValues(made+"/edit", stale).status(http.StatusPreconditionFailed).sound().says("1.1", "1.2")
	v.get(made + "/withdraw").sound().says("1 link")
	v.post(made+"/withdraw", "version", "2", "reason", "").status(http.StatusUnprocessableEntity).sound()
	v.post(made+"/withdraw", "version", "2", "reason", "Replaced").to(made)
	v.get(made).sound().says("Withdrawn", "Replaced").omits(made + "/edit")
	v.get(question).sound().says("Asserted", "was withdrawn on")
	q.as(q.sro).get(q.system).sound().says("Why it moved", "documented to asserted")
}

// send opens a form, changes some fields and sends it.
func (v visitor) send(address string, changes ...string) *answer {
	v.w.t.Helper()
	form := url.Values(v.get(address).status(http.StatusOK).sound().values(path(address)))
	for i := 0; i+1 < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
	}
	return v.postValues(path(address), form)
}

// register fills in what registration needs.
func (q *quarter) register() {
	q.t.Helper()
	v := q.as(q.member)
	v.send(q.system + "/move/register").status(http.StatusUnprocessableEntity).sound().says("Name the sponsor.")
	v.send(q.system+"/edit", "kind", "service", "scope", "Card payments.\nNot the shop.", "sponsor", "Director of Payments").to(q.system)
	v.send(q.system+"/roles/new", "role", "sro", "person", q.sro.ID, "from-day", "1", "from-month", "1", "from-year", "2026", "skills", "Risk\nLaw").to(q.system)
	v.send(q.system + "/move/register").to(q.system)
	v.get(q.system).sound().says("Registered", "Sam Owner", "Risk, Law", "Go on with the assessment")
}

func TestEverythingAroundASystem(t *testing.T) {
	q := newQuarter(t, "Payments")
	v := q.as(q.member)
	v.post("/systems/new", "name", "").status(http.StatusUnprocessableEntity).sound().says("Enter a name for the system")
	v.post("/systems/new", "name", "Too high", "marking", "TOP SECRET").status(http.StatusUnprocessableEntity).sound().says("Do not enter")
	q.register()

	v.send(q.system+"/roles/new", "role", "", "name", "Kay Example").status(http.StatusUnprocessableEntity).sound().says("Choose one of the roles", "Enter a date")
	role := links(v.get(q.system), q.system+"/roles/apt_")[0]
	v.send(role, "to-day", "x").status(http.StatusUnprocessableEntity).sound().says("real date")
	v.send(role, "to-day", "30", "to-month", "6", "to-year", "2026").to(q.system)
	v.get(q.system).says("30 June 2026")

	v.send(q.system+"/connections/new", "other_name", "").status(http.StatusUnprocessableEntity).sound().says("Name the system that it connects to.")
	v.send(q.system+"/connections/new", "other_name", "Ledger", "owner_here", "Kay").to(q.system)
	connection := links(v.get(q.system).sound().says("Ledger", "Nobody named"), q.system+"/connections/con_")[0]
	v.send(connection, "owner_there", "Lee").to(q.system)
	v.get(q.system).says("Lee")
	v.send(q.system+"/obligations/new", "title", "Data protection", "applies", "no").status(http.StatusUnprocessableEntity).sound().says("Say why it does not apply.")
	v.send(q.system+"/obligations/new", "title", "Data protection", "applies", "yes").to(q.system)
	v.send(q.system+"/accreditations/new", "reference", "ACC/1", "issued-day", "1", "issued-month", "4", "issued-year", "2024",
		"expires-day", "1", "expires-month", "4", "expires-year", "2026").to(q.system)
	v.get(q.system).sound().says("Data protection", "ACC/1", "expires on 1 April 2026, in 30 days", "a legacy accreditation")

	mine, theirs := url.Values(v.get(q.system+"/edit").values(q.system+"/edit")), url.Values(v.get(q.system+"/edit").values(q.system+"/edit"))
	theirs.Set("scope", "What they wrote.")
	v.postValues(q.system+"/edit", theirs).to(q.system)
	mine.Set("scope", "What I wrote.")
	both := v.postValues(q.system+"/edit", mine).status(http.StatusPreconditionFailed).sound().says("What they wrote.", "What I wrote.")
	v.postValues(q.system+"/edit", both.values(q.system+"/edit")).to(q.system)
	v.get(q.system).says("What I wrote.")

	v.send(q.system+"/trigger").status(http.StatusUnprocessableEntity).sound().says("Choose what happened", "what happened")
	v.send(q.system+"/trigger", "event", "mod-sbd@breach", "reason", "A laptop was lost").status(http.StatusUnprocessableEntity).sound().says("is open already")
	v.get(q.system + "/history").sound()
	v.get(q.system + "/as-at?on-day=2&on-month=3&on-year=2026").sound()
	v.get(q.system + "/as-at?on-day=31&on-month=2&on-year=2026").status(http.StatusUnprocessableEntity).sound().says("Enter a real date")
	v.send(q.system+"/move/start_disposal", "reason", "Replaced").to(q.system)
	v.get(q.system + "/move/register").status(http.StatusConflict).sound()
}

func TestListsAreFilteredCountedAndPaged(t *testing.T) {
	q := newQuarter(t, "Payments")
	for i := range 60 {
		if _, _, err := q.App.CreateSystem(t.Context(), q.member.Actor(), app.SystemInput{Name: fmt.Sprintf("System %02d", i), Stage: "in_service"}); err != nil {
			t.Fatal(err)
		}
	}
	v := q.as(q.sro)
	first := v.get("/systems").sound().says("61 systems", "Payments", "System 48", "Next page").omits("System 49")
	second := v.get(links(first, "/systems?after=")[0]).sound().says("System 49", "System 59", "Previous page").omits("System 48")
	if back := links(second, "/systems"); !slices.Contains(back, "/systems") {
		t.Errorf("no way back: %v", back)
	}
	v.get("/systems?stage=in_service&name=system%200").sound().says("10 systems", "Remove this filter: In service", "Export 10 systems as CSV")
	csv := v.get("/systems/export?format=csv&stage=in_service&name=system%200").status(http.StatusOK)
	if n := strings.Count(csv.body, "in_service"); n != 10 {
		t.Errorf("the export has %d rows of the 10 shown", n)
	}
	v.get("/systems/export?format=xlsx").status(http.StatusOK)
	v.get("/systems/export?format=exe").status(http.StatusUnprocessableEntity).sound()
	v.get("/systems?stage=nowhere").sound().says("61 systems")
	v.get("/systems?name=zzz").sound().says("No system matches")
	v.get("/systems?overdue=yes").sound()
	v.get("/systems?after=rubbish").status(http.StatusUnprocessableEntity).sound()
}

func TestFeedbackReachesWhoeverKeepsTheFramework(t *testing.T) {
	q := newQuarter(t, "Payments")
	team, admin := q.as(q.member), q.as(q.admin)
	team.get("/frameworks").sound().says("Ministry of Defence", "National Cyber Security Centre")
	guide := team.get("/frameworks/mod-sbd/2025/guidance").sound().says("Tell us what is missing")
	tell := links(guide, "/frameworks/mod-sbd/2025/feedback?place=")[0]
	team.send(tell, "words", "").status(http.StatusUnprocessableEntity).sound().says("Tell us what is missing.")
	team.send(tell, "words", "An example <script>").to("/frameworks/mod-sbd/2025")
	team.get("/feedback").status(http.StatusForbidden).sound()
	inbox := admin.get("/feedback").sound().says("An example <script>").omits("<script>")
	action := ""
	for n := range inbox.tree().Descendants() {
		if strings.HasPrefix(attr(n, "action"), "/feedback/") {
			action = attr(n, "action")
		}
	}
	admin.post(action, "version", "1", "state", "", "outcome", "").status(http.StatusUnprocessableEntity).sound().says("Choose done or declined.")
	admin.postValues(action, url.Values{"version": inbox.values(action)["version"], "state": {"done"}, "outcome": {"Added one."}}).to("/feedback")
	admin.get("/feedback").sound().says("Added one.", "No note waits")
}

func TestTheLogIsShownAndExported(t *testing.T) {
	q := newQuarter(t, "Payments")
	admin := q.as(q.admin)
	admin.get("/audit").sound().says("Audit log", "Mo Member", "Payments")
	admin.get("/audit?action=system.created&from=2026-03-01&to=2026-03-31").sound().says("1 entry")
	admin.get("/audit/export?format=csv").status(http.StatusOK)
	q.as(q.member).get("/audit").status(http.StatusForbidden).sound()
	q.as(q.member).get("/log").sound().says("How to verify", "touchstone verify")
	note := q.as(q.member).get("/log/checkpoint.txt").status(http.StatusOK)
	if !strings.HasPrefix(note.header.Get("Content-Disposition"), "attachment") || strings.Count(note.body, "\n") < 4 {
		t.Errorf("the checkpoint is %q", note.body)
	}
}
