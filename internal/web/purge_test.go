package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// record adds a record of evidence through its form.
func (q *quarter) record(title string) string {
	q.t.Helper()
	return path(q.as(q.member).send("/evidence/new", "title", title, "edition", "1", "kind", "test_report", "system", strings.TrimPrefix(q.system, "/systems/"),
		"link", "https://example.gov.uk/r", "marking", "OFFICIAL", "produced_on-day", "1", "produced_on-month", "3", "produced_on-year", "2026").to("/evidence/evd_"))
}

func TestARemovalNeedsTwoPeople(t *testing.T) {
	const spill = "Spilt secret"
	q := newQuarter(t, "Payments")
	record := q.record(spill + " " + hostile)
	remove := record + "/remove"
	q.as(nil).get(remove).to("/sign-in")
	q.as(nil).get("/purges").to("/sign-in")
	q.as(q.member).get(record).sound().omits(remove)
	q.as(q.member).get(remove).status(http.StatusForbidden).sound()
	q.as(q.member).get("/purges").status(http.StatusForbidden).sound()

	sro, admin := q.as(q.sro), q.as(q.admin)
	sro.get(record).sound().says("Ask for this to be removed")
	sro.get(remove).status(http.StatusOK).sound().says("Two people are needed")
	sro.send(remove, "reason", "").status(http.StatusUnprocessableEntity).sound().says("Enter why it must go")
	sro.send(remove, "reason", "Marked too high "+hostile).to(record + "?done=removal_asked")
	sro.get(record + "?done=removal_asked").sound().says("The removal has been asked for")
	sro.send(remove, "reason", "Again").status(http.StatusUnprocessableEntity).sound().says("asked for already")
	sro.get("/purges").sound().says("Marked too high", "Sam Owner").omits("/approve", "<script>alert", "<img src=x")
	sro.get("/organisation").sound().says("Removals")
	admin.send(q.record("Mine")+"/remove", "reason", "By myself").to("/evidence/")

	if shown := admin.get("/purges"); !strings.Contains(shown.body, `class="app-marking"`) {
		t.Error("the list is not marked as what it names")
	}
	list := admin.get("/purges").sound().says(spill, "Two people are needed", "so somebody else has to approve it").omits("<script>alert", "<img src=x")
	approve := links(list, "/purges/")
	theirs, own := "", ""
	for _, l := range approve {
		if strings.HasSuffix(l, "/approve") {
			theirs = strings.TrimSuffix(l, "/approve")
		}
	}
	for _, l := range approve {
		if at := strings.TrimSuffix(l, "/reject"); at != l && at != theirs {
			own = at
		}
	}
	sro.get(theirs + "/approve").status(http.StatusForbidden).sound()
	sro.post(theirs + "/approve").status(http.StatusForbidden).sound()
	q.Clock.Advance(10 * time.Minute) // longer than a confirmation lasts
	page := admin.get(theirs+"/approve").status(http.StatusOK).sound().says("cannot be brought back", "Sam Owner").omits("<script>alert")
	asked := admin.postValues(theirs+"/approve", page.values(theirs+"/approve")).status(http.StatusForbidden).sound().says("Confirm that it is you")
	q.stepUp(q.admin, "/step-up/options", "/step-up/finish?next="+url.QueryEscape(theirs+"/approve"))
	done := admin.postValues(theirs+"/approve", asked.values(theirs+"/approve")).status(http.StatusOK).sound().says("Removed", "Salt", "shown this once")
	_, rest, _ := strings.Cut(done.text(), "Salt: ")
	salt, _, _ := strings.Cut(rest, " ")
	if len(salt) < 32 {
		t.Errorf("the salt is %q", salt)
	}
	admin.get("/purges").sound().says("Removed", "Sam Owner").omits(spill, salt)
	admin.get(record).sound().omits(spill)
	admin.get(theirs + "/approve").status(http.StatusConflict).sound()
	admin.post(theirs + "/approve").status(http.StatusUnprocessableEntity).sound().says("decided already")

	admin.post(own + "/approve").status(http.StatusUnprocessableEntity).sound().says("somebody else has to approve it")
	admin.get(own + "/reject").status(http.StatusOK).sound()
	admin.post(own+"/reject", "reason", "").status(http.StatusUnprocessableEntity).sound().says("Enter why it stays")
	admin.post(own+"/reject", "reason", "A mistake").to("/purges?done=removal_refused")
	admin.get("/purges").sound().says("Turned down", "No removal waits for a decision")
}

func TestTheWordsOfAnAnswerAreRemoved(t *testing.T) {
	q := newQuarter(t, "Payments")
	question := q.questions[0]
	q.as(q.sro).get(question).sound().omits(question + "/remove")
	q.answer(q.member, question, "claim", q.level(), "rationale", "Spilt words.").to("/assessments/")
	q.as(q.sro).get(question).sound().says("Ask for this answer to be removed", "Spilt words.")
	q.as(q.member).get(question).sound().omits(question + "/remove")
	q.as(q.sro).send(question+"/remove", "reason", "Personal").to(question)
	approve := links(q.as(q.admin).get("/purges").sound().says("Answer to"), "/purges/")[0]
	q.admin.StepUp()
	q.as(q.admin).post(approve).status(http.StatusOK).sound().says("Digest")
	q.as(q.sro).get(question).sound().omits("Spilt words.")
}

func TestRemovalsOfAnotherOrganisationAreNotFound(t *testing.T) {
	q := newQuarter(t, "Payments")
	record := q.record("Canary record")
	q.as(q.sro).send(record+"/remove", "reason", "Canary reason").to(record)
	purge := strings.TrimSuffix(links(q.as(q.admin).get("/purges"), "/purges/")[0], "/approve")
	other := q.Admin("Agency")
	other.StepUp()
	v := q.as(other)
	for _, at := range []string{record + "/remove", q.questions[0] + "/remove", purge + "/approve", purge + "/reject"} {
		v.get(at).status(http.StatusNotFound).sound().omits("Canary")
		v.post(at, "reason", "x").status(http.StatusNotFound).sound().omits("Canary")
	}
	v.get("/purges").sound().omits("Canary")
	reader := q.as(q.Join(q.admin, "Reader", access.PortfolioReader))
	reader.get("/organisation").sound().omits("/purges")
}
