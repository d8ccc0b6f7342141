package web

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

const canary = "canary-of-payments"

// filledQuarter is an instance in which every list has something in it.
func filledQuarter(t *testing.T, name string) (*quarter, string) {
	t.Helper()
	q := newQuarter(t, name)
	q.register()
	made := q.upload("plan.txt", "the plan", "title", "Plan of "+name)
	q.as(q.member).post(q.questions[0]+"/link", "evidence", strings.TrimPrefix(made, "/evidence/")).to(q.questions[0])
	q.as(q.member).send(q.system+"/connections/new", "other_name", "Other "+name, "purpose", name).to(q.system)
	q.as(q.member).send(q.system+"/obligations/new", "title", "Duty "+name, "overview", name, "applies", "yes").to(q.system)
	q.as(q.member).send("/frameworks/mod-sbd/2025/feedback", "place", "MOD-P1", "words", name).to("/frameworks")
	q.answerAll()
	return q, made
}

// Whatever somebody of another organisation asks, an address that is there
// answers like one that is not, and says nothing of what it holds.
func TestAForeignThingAnswersLikeAMissingOne(t *testing.T) {
	q, made := filledQuarter(t, canary)
	q.approve("I accept.").to(q.assessment)
	foreign := map[string]*apptest.Person{}
	other := q.Admin("Another Ministry")
	foreign["administrator"] = other
	for _, role := range []access.Role{access.TeamMember, access.SRO, access.Assessor, access.PortfolioReader} {
		foreign[string(role)] = q.Join(other, "Foreign "+string(role), role)
	}
	missing := strings.NewReplacer(q.system[len("/systems/"):], "sys_00000000000000000000000000", q.assessment[len("/assessments/"):], "asm_00000000000000000000000000",
		made[len("/evidence/"):], "evd_00000000000000000000000000")
	for _, address := range []string{q.system, q.system + "/edit", q.system + "/history", q.system + "/as-at?on-day=2&on-month=3&on-year=2026", q.system + "/standings",
		q.system + "/roles/new", q.system + "/assessments/new", q.system + "/trigger", q.system + "/move/retire", q.assessment, q.questions[0], q.assessment + "/check",
		q.assessment + "/sign-off", q.assessment + "/receipt", q.assessment + "/report", q.assessment + "/report?format=json", q.assessment + "/share",
		q.assessment + "/confirm/MOD-P", made, made + "/edit", made + "/withdraw", made + "/file"} {
		for who, p := range foreign {
			there, not := q.as(p).get(address), q.as(p).get(missing.Replace(address))
			if there.code != not.code || there.code < 400 {
				t.Errorf("%s as foreign %s: %d, and %d for a missing one", address, who, there.code, not.code)
			}
			there.omits(canary)
		}
		a := q.as(nil).get(address)
		if a.code != http.StatusSeeOther || !strings.HasPrefix(a.header.Get("Location"), "/sign-in?next=") {
			t.Errorf("%s answers %d to nobody", address, a.code)
		}
	}
	for _, address := range []string{q.system + "/edit", q.system + "/move/retire", q.questions[0], q.questions[0] + "/draft", q.questions[0] + "/link", q.assessment + "/check",
		q.assessment + "/approve", q.assessment + "/return", q.assessment + "/share", made + "/edit", made + "/withdraw"} {
		for who, p := range foreign {
			there, not := q.as(p).post(address, "version", "1", "reason", "x"), q.as(p).post(missing.Replace(address), "version", "1", "reason", "x")
			if there.code != not.code || there.code < 400 {
				t.Errorf("POST %s as foreign %s: %d, and %d for a missing one", address, who, there.code, not.code)
			}
			there.omits(canary)
		}
	}
	for _, list := range []string{"/", "/systems", "/systems?name=canary", "/evidence", "/assurance", "/audit", "/feedback", "/systems/export?format=csv", "/evidence/export?format=csv"} {
		for _, p := range foreign {
			q.as(p).get(list).omits(canary)
		}
	}
}

func TestARoleSeesOnlyWhatItMayDo(t *testing.T) {
	q, made := filledQuarter(t, "Payments")
	reader := q.Join(q.admin, "Pat Reader", access.PortfolioReader)
	v := q.as(reader)
	for _, address := range []string{"/", "/systems", q.system, q.assessment, q.questions[0], q.assessment + "/check", "/evidence", made, "/assurance", "/frameworks"} {
		a := v.get(address).status(http.StatusOK).sound()
		for n := range a.tree().Descendants() {
			if attr(n, "method") == "post" {
				t.Errorf("%s offers a form to a reader: %s", address, attr(n, "action"))
			}
		}
		for _, href := range links(a, "/") {
			if code := v.get(href).code; code == http.StatusForbidden {
				t.Errorf("%s leads a reader to %s, which is refused", address, href)
			}
		}
	}
	for _, address := range []string{"/systems/new", q.system + "/edit", q.questions[0], q.assessment + "/check", q.assessment + "/approve", q.assessment + "/return", "/evidence/new"} {
		v.post(address, "name", "x").status(http.StatusForbidden).sound()
	}
	v.get("/audit").status(http.StatusForbidden).sound()
	q.as(q.member).post(q.assessment+"/approve", "version", "0").status(http.StatusForbidden).sound()
}

// No text that somebody typed may do anything, in any page that shows it.
func TestHostileTextIsInertOnEveryPage(t *testing.T) {
	q, _ := filledQuarter(t, hostile)
	huge := strings.Repeat("W", 200)
	for _, name := range []string{huge, strings.Repeat("\u202eא", 90), "a\tb"} {
		q.App.CreateSystem(t.Context(), q.member.Actor(), app.SystemInput{Name: name, Scope: strings.Repeat(hostile+"\n\n", 60)}) //nolint:errcheck // some are refused
	}
	q.answerAllAgain(hostile)
	for _, p := range []*apptest.Person{q.member, q.sro, q.admin} {
		for _, at := range q.crawl(p, 400) {
			if a := q.as(p).get(at); strings.HasPrefix(a.header.Get("Content-Type"), "text/html") {
				a.omits("<script>alert", "<img src=x")
			} else if a.code == http.StatusOK && !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
				t.Errorf("%s is shown by browsers as %s", at, a.header.Get("Content-Type"))
			}
		}
	}
	bad := []string{hostile, "\x00", "\xff\xfe", strings.Repeat("x", 100_000), "=HYPERLINK(1)"}
	for _, text := range bad {
		for address, fields := range map[string][]string{
			"/systems/new": {"name", "scope", "sponsor", "unit", "stage", "marking", "kind"}, q.system + "/edit": {"name", "scope", "version", "unit"},
			q.system + "/roles/new": {"role", "person", "name", "from-day", "skills", "on_behalf_of"}, q.system + "/connections/new": {"other", "other_name", "purpose"},
			q.system + "/obligations/new": {"title", "applies"}, q.system + "/accreditations/new": {"reference", "issued-year"},
			q.system + "/assessments/new": {"framework", "set", "set_reason"}, q.system + "/trigger": {"event", "reason"},
			"/evidence/new": {"title", "edition", "link", "system", "held_reference", "held_marking", "for"}, "/frameworks/mod-sbd/2025/feedback": {"place", "words"},
			q.questions[0]: {"claim", "rationale", "delegate", "version"}, q.questions[0] + "/link": {"evidence"}, q.questions[0] + "/draft": {"rationale"},
		} {
			var pairs []string
			for _, f := range fields {
				pairs = append(pairs, f, text)
			}
			a := q.as(q.member).post(address, pairs...)
			if a.code >= 500 {
				t.Errorf("%s with %.20q answers %d: %s", address, text, a.code, a.text())
			}
			if strings.HasPrefix(a.header.Get("Content-Type"), "text/html") && a.code != http.StatusSeeOther {
				a.sound().omits("<script>alert", "<img src=x")
				if !utf8.ValidString(a.body) || strings.Contains(a.body, "\x00") {
					t.Errorf("%s with %.20q answers bytes that are no text", address, text)
				}
			}
		}
	}
}

// answerAllAgain sends the assessment back and answers with the text.
func (q *quarter) answerAllAgain(words string) {
	q.t.Helper()
	q.as(q.sro).post(q.assessment+"/return", "version", "0", "reason", words).to(q.assessment)
	q.answer(q.member, q.questions[0], "claim", q.level(), "rationale", words).to("/assessments/")
	q.answer(q.member, q.questions[1], "claim", "not_applicable", "na_reason", words).to("/assessments/")
	q.as(q.member).post(q.questions[2]+"/draft", "rationale", words, "version", "1")
}
