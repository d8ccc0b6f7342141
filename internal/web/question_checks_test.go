package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// lifeQuestion is “Manage security for life”, to which checks about findings are
// bound.
func (q *quarter) lifeQuestion() string { return q.assessment + "/questions/MOD-P7" }

func TestAQuestionSaysWhatMachinesFoundAndTellsBothSides(t *testing.T) {
	q := newQuarter(t, "Payments")
	v := q.as(q.member)
	v.get(q.lifeQuestion()).status(http.StatusOK).sound().says("What machines found", "9 checks speak to this question", "9 wait for facts", "needs Known vulnerabilities", "touchstone push bom.json").
		omits("do not agree")
	v.get(q.questions[1]).status(http.StatusOK).sound().omits("What machines found")
	q.loadFeeds(map[string]string{"npm/1.json": flaw(t, "GHSA-0000-0000-0001", "nobody-has-this", "0", "1", nil), "kev.json": exploited("CVE-2026-10007")})
	q.register()
	q.answerAll()
	q.deliverSBOM("1.0", sbomOf(t, "payments@1.0", q.Clock.Now(), "left-pad@1.0.0"))
	v.get(q.lifeQuestion()).status(http.StatusOK).sound().says("Checked in part: it passes, and decides only a part of this question", "Passes",
		"No component is affected by a vulnerability that is known to be exploited", "Asked by CISA Binding", "that it looked at", "less than an hour old", "Documented").omits("do not agree")

	q.Clock.Advance(25 * time.Hour)
	q.signInAgain()
	q.sendAdvisory(flaw(t, "GHSA-aaaa-bbbb-cccc", "left-pad", "0", "1.0.1", map[string]any{"aliases": []string{"CVE-2026-10007"}}))
	page := v.get(q.lifeQuestion()).status(http.StatusOK).sound().says("The answer and what machines found do not agree", "Mo Member answered “Met”", "2 March 2026",
		"The check “Nothing that is known to be exploited is left open” says: CVE-2026-10007 in pkg:npm/left-pad@1.0.0 is known to be exploited and still open. Its facts are of 3 March 2026, 10:00 UTC",
		"It permits at most “Partly met”", "stays as it is until a person changes it", "How to put it right. Some days of work: Open the finding.", "1 fails", "Contradicted")
	if text := page.text(); strings.Index(text, "is known to be exploited and still open") > strings.LastIndex(text, "Checked in part") {
		t.Error("what needs attention does not stand first")
	}

	q.Clock.Advance(10 * time.Minute)
	q.deliverSBOM("1.1", sbomOf(t, "payments@1.1", q.Clock.Now(), "left-pad@1.0.1"))
	v.get(q.lifeQuestion()).status(http.StatusOK).sound().omits("do not agree").says("Checked in part", "Documented")

	q.Clock.Advance(20 * 24 * time.Hour)
	q.signInAgain()
	v.get(q.lifeQuestion()).status(http.StatusOK).sound().says("Ran out", "Deliver new ones")
}

// signInAgain opens new sessions, for when time has passed.
func (q *quarter) signInAgain() {
	q.t.Helper()
	for _, p := range []interface{ SignIn() error }{q.admin, q.member, q.sro} {
		if err := p.SignIn(); err != nil {
			q.t.Fatal(err)
		}
	}
}

func TestTheHomeOfASystemSaysWhatMachinesSay(t *testing.T) {
	q := newQuarter(t, "Payments")
	v := q.as(q.member)
	v.get(q.system).status(http.StatusOK).sound().says("Machine evidence", "Nothing was delivered for it yet", "touchstone push bom.json", "--system "+strings.TrimPrefix(q.system, "/systems/"))
	v.get(q.system+"/checks").status(http.StatusOK).sound().says("Nothing was delivered for this system yet", "Waits for facts")
	q.loadFeeds(map[string]string{"npm/1.json": flaw(t, "GHSA-0000-0000-0001", "left-pad", "0", "1.0.1", nil)})
	q.deliverSBOM("1.0", sbomOf(t, "payments@1.0", q.Clock.Now(), "left-pad@1.0.0", "thing", "right-pad@1.0.0"))
	page := v.get(q.system).status(http.StatusOK).sound().says("1.0, known since 2 March 2026", "1 document", "1 open, none past its due date", "3 components, 1 affected. 1 cannot be assessed. 1: The document gives no package URL", "Checks")
	for _, href := range []string{q.system + "/findings", q.system + "/checks", q.system + "/releases"} {
		if len(links(page, href)) == 0 {
			t.Errorf("nothing leads to %s", href)
		}
	}
	for _, href := range links(page, q.system+"/releases") {
		v.get(href).status(http.StatusOK).sound()
	}
	q.Clock.Advance(15 * 24 * time.Hour)
	q.signInAgain()
	for more := true; more; {
		var err error
		if more, err = q.App.Tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	q.Work()
	v.get(q.system).status(http.StatusOK).sound().says("1 of them past the due date")
	failing := v.get(q.system+"/checks?state=fail").status(http.StatusOK).sound().says("Fails", "No finding is past its due date", "Remove this filter: Fails", "How to put it right")
	if all := v.get(q.system + "/checks").sound(); len(links(all, "/checks/")) <= len(links(failing, "/checks/")) {
		t.Error("the filter takes nothing away")
	}
	v.get(q.system + "/checks?state=fail&needs=cve").status(http.StatusOK).sound().says("No check matches")
	other := q.Admin("Another Ministry")
	q.as(other).get(q.system + "/checks").status(http.StatusNotFound).sound().omits("Payments")
	q.as(q.Join(q.admin, "Pat Reader", access.PortfolioReader)).get(q.system + "/checks").status(http.StatusOK).sound()
}

// What a check says quotes documents, which anybody may have written.
func TestHostileFactsAreInertOnTheQuestion(t *testing.T) {
	q := newQuarter(t, hostile)
	q.register()
	q.answerAll()
	q.loadFeeds(map[string]string{"npm/1.json": flaw(t, "GHSA-0000-0000-0001", "left-pad", "0", "1.0.1", map[string]any{"summary": hostile})})
	q.deliverSBOM(hostile, sbomOf(t, hostile+"@"+hostile, q.Clock.Now(), "left-pad@1.0.0", hostile, strings.Repeat("W", 400)+"@1"))
	for _, at := range append(q.questions, q.system, q.system+"/checks") {
		q.as(q.member).get(at).status(http.StatusOK).sound().omits("<script>alert", "<img src=x")
	}
	if _, err := q.App.RequirementChecks(t.Context(), q.Admin("Another Ministry").Actor(), strings.TrimPrefix(q.assessment, "/assessments/"), "MOD-P7"); err == nil {
		t.Error("somebody of another organisation reads what was found")
	}
	if list, err := q.App.RequirementChecks(t.Context(), q.member.Actor(), strings.TrimPrefix(q.assessment, "/assessments/"), "no-such"); err != nil || len(list) != 0 {
		t.Errorf("a requirement that is not there has %d checks, %v", len(list), err)
	}
}
