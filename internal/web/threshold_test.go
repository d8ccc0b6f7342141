package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/app"
)

const bandsAt = "/frameworks/gov-sbd/2024/bands"

func TestABandIsShownOnceThresholdsWithASourceAreEntered(t *testing.T) {
	q := newQuarter(t, "Payments")
	as, _, err := q.App.StartAssessment(t.Context(), q.member.Actor(), strings.TrimPrefix(q.system, "/systems/"), app.StartInput{Framework: "gov-sbd"})
	if err != nil {
		t.Fatal(err)
	}
	at := "/assessments/" + as.ID
	q.as(q.member).get(at).status(http.StatusOK).sound().says("Band not set.", "Answered at the highest level: 0.", "has not entered thresholds").omits(bandsAt)
	q.as(q.admin).get(at).sound().says("Enter the thresholds")
	q.as(q.member).get(q.assessment).sound().omits("Confidence:")

	framework := strings.TrimSuffix(bandsAt, "/bands")
	q.as(nil).get(bandsAt).to("/sign-in")
	q.as(q.member).get(bandsAt).status(http.StatusForbidden).sound()
	q.as(q.member).post(bandsAt).status(http.StatusForbidden).sound()
	q.as(q.member).get(framework).sound().says("no band is given").omits(bandsAt)
	v := q.as(q.admin)
	v.get("/frameworks/mod-sbd/2025/bands").status(http.StatusNotFound).sound()
	v.get("/frameworks/mod-sbd/2025").sound().omits("Bands of confidence")
	if len(links(v.get(framework).sound(), bandsAt)) != 1 {
		t.Error("the page of the framework does not lead to the thresholds")
	}

	form := url.Values(v.get(bandsAt).status(http.StatusOK).sound().says("No official figures are published").values(bandsAt))
	form.Set("at_least_1", "many")
	form.Set("at_least_2", "99999999999999999999")
	v.postValues(bandsAt, form).status(http.StatusUnprocessableEntity).sound().says("Enter a whole number for Medium", "Enter a whole number for High", "many")
	for i, n := range []string{"0", "5", "2"} {
		form.Set("at_least_"+string(rune('0'+i)), n)
		form.Set("source_"+string(rune('0'+i)), "Policy "+hostile)
	}
	wrong := v.postValues(bandsAt, form).status(http.StatusUnprocessableEntity).sound().says("rise from band to band").omits("<script>alert", "<img src=x")
	if len(links(wrong, "#at_least_2")) != 1 {
		t.Error("the error does not lead to its field")
	}
	form.Set("at_least_2", "9")
	form.Set("source_1", " ")
	v.postValues(bandsAt, form).status(http.StatusUnprocessableEntity).sound().says("Enter where the figure comes from")
	form.Set("source_1", "Policy")
	v.postValues(bandsAt, form).to(framework + "?done=bands_set")
	v.get(framework+"?done=bands_set").sound().says("have been saved", "Medium", "Policy").omits("<script>alert", "<img src=x")
	if again := v.get(bandsAt).sound().values(bandsAt); again["at_least_2"][0] != "9" || again["source_1"][0] != "Policy" {
		t.Errorf("the form shows %v", again)
	}
	v.postValues(bandsAt, form).status(http.StatusUnprocessableEntity).sound().says("set already")
	v.get(at).sound().says("Low. Questions that apply").omits("Band not set", bandsAt, "<script>alert")
}
