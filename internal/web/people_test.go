package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

const hostile = `"><script>alert(1)</script>=1+1 ` + "\u202e" + `gnp.exe {{.}} <img src=x onerror=alert(2)>`

// places are the addresses of the pages for administrators, filled in for one
// organisation.
func (w *world) places(p *apptest.Person, member, unit, token string) []string {
	w.t.Helper()
	m, err := w.App.MemberOf(w.t.Context(), p.Actor(), member)
	if err != nil {
		w.t.Fatal(err)
	}
	out := []string{"/people", "/people/invite", "/organisation", "/organisation/change", "/units", "/units/new", "/tokens", "/tokens/new", "/alerts",
		"/people/" + member, "/people/" + member + "/roles/new", "/people/" + member + "/disable", "/people/" + member + "/enable",
		"/people/" + member + "/training/new", "/people/" + member + "/roles/" + m.Roles[0].ID + "/end"}
	if unit != "" {
		out = append(out, "/units/"+unit)
	}
	if token != "" {
		out = append(out, "/tokens/"+token+"/revoke")
	}
	return out
}

// ministry is an organisation with a unit, a member and a token, all with names
// as given.
func (w *world) ministry(organisation, name string) (admin, member *apptest.Person, unit, token string) {
	w.t.Helper()
	admin = w.Admin(organisation)
	member = w.Join(admin, "Bo of "+organisation, access.TeamMember)
	if _, err := w.App.ChangeOwnName(w.t.Context(), member.Actor(), name); err != nil {
		w.t.Fatal(err)
	}
	u, _, err := w.App.CreateUnit(w.t.Context(), admin.Actor(), app.UnitInput{Name: name})
	if err != nil {
		w.t.Fatal(err)
	}
	t, _, err := w.App.CreateToken(w.t.Context(), admin.StepUp(), app.TokenInput{Name: name[:min(len(name), 90)], Role: access.DTSL})
	if err != nil {
		w.t.Fatal(err)
	}
	return admin, member, u.ID, t.ID
}

func TestPagesOfAdministratorsForEverybody(t *testing.T) {
	w := newWorld(t)
	admin, member, unit, token := w.ministry("Ministry", "Bo Example")
	open := map[string]bool{"/people": true, "/organisation": true, "/units": true, "/alerts": true, "/people/" + member.ID: true}
	for _, path := range w.places(admin, member.ID, unit, token) {
		w.as(nil).get(path).to("/sign-in?next=" + url.QueryEscape(path))
		want := http.StatusForbidden
		if open[path] {
			want = http.StatusOK
		}
		w.as(member).get(path).status(want).sound()
		w.as(admin).get(path).status(http.StatusOK).sound()
	}
	w.as(member).get("/people").omits(admin.Email, "Invite somebody")
	w.as(member).get("/people/"+admin.ID).omits(admin.Email, "Give a role")
	w.as(member).get("/organisation").omits("Change")
	w.as(member).get("/units").omits("/units/" + unit)
	w.as(admin).get("/people").says(admin.Email, member.Email, "Active")
}

func TestNothingOfAnotherOrganisationIsFound(t *testing.T) {
	w := newWorld(t)
	mine := w.Admin("Ministry")
	other, member, unit, token := w.ministry("Agency", "Canary Person")
	mine.StepUp()
	v := w.as(mine)
	same := strings.NewReplacer(member.ID, "usr_00000000000000000000000000", unit, "unit_00000000000000000000000000", token, "tok_00000000000000000000000000")
	for _, path := range w.places(other, member.ID, unit, token) {
		if same.Replace(path) == path {
			continue
		}
		for _, a := range []*answer{v.get(path), v.post(path, "role", "administrator", "months", "1", "name", "x", "kind", "other")} {
			a.status(http.StatusNotFound).sound().omits("Canary")
		}
		foreign, missing := v.get(path).text(), v.get(same.Replace(path)).text()
		if withoutReference(foreign) != withoutReference(missing) {
			t.Errorf("%s: a foreign thing answers %q, a missing one %q", path, foreign, missing)
		}
	}
}

func withoutReference(text string) string {
	before, _, _ := strings.Cut(text, "Reference:")
	return before
}

func TestHostileNamesAreShownAsText(t *testing.T) {
	w := newWorld(t)
	admin, member, unit, token := w.ministry("Ministry "+hostile, hostile)
	v := w.as(admin)
	v.post("/people/invite", "email", "x@example.gov.uk", "name", hostile, "role", "sro", "unit", unit).status(http.StatusOK).sound()
	v.post("/people/"+member.ID+"/roles/new", "role", "dtsl", "unit", unit).to("/people/")
	for _, path := range append(w.places(admin, member.ID, unit, token), "/account", "/account/name") {
		v.get(path).status(http.StatusOK).sound().omits("<script>alert", "<img src=x")
	}
	v.get("/people/" + member.ID).says("<script>alert(1)</script>")
	for path, fields := range map[string][]string{
		"/people/invite":                         {"email", hostile, "name", hostile, "role", hostile, "unit", hostile, "system", hostile},
		"/people/" + member.ID + "/roles/new":    {"role", hostile, "unit", hostile, "system", "/systems/" + hostile, "from-day", hostile, "until-year", hostile},
		"/people/" + member.ID + "/training/new": {"skill", hostile + "\x00", "title", strings.Repeat("x", 100_000), "basis", hostile, "achieved_on-day", hostile},
		"/organisation/change":                   {"name", "\xff\xfe", "zone", hostile, "ceiling", hostile, "version", hostile},
		"/organisation/new":                      {"name", strings.Repeat("é", 100_000)},
		"/units/new":                             {"name", hostile + "\x00", "kind", hostile, "parent", hostile},
		"/units/" + unit:                         {"name", "", "kind", hostile, "parent", unit, "version", "1"},
		"/tokens/new":                            {"name", "\x00", "role", hostile, "ttl", "1e9", "scopes", hostile, "system", hostile},
	} {
		v.post(path, fields...).status(http.StatusUnprocessableEntity).sound().omits("<script>alert", "<img src=x").says("There is a problem")
	}
	for _, path := range []string{"/people?after=%3Cscript%3E", "/people/%3Cscript%3E", "/people/..%2f..", "/tokens/%27/revoke", "/alerts/%3Cb%3E"} {
		if a := v.get(path).sound().omits("<script>"); a.code >= 500 || a.code == http.StatusOK {
			t.Errorf("%s answers %d", path, a.code)
		}
	}
}

func TestAnAdministratorInvitesAndGivesAndEndsRoles(t *testing.T) {
	w := newWorld(t)
	admin, member, unit, _ := w.ministry("Ministry", "Bo Example")
	v := w.as(admin)
	made := v.post("/people/invite", "email", "cy@example.gov.uk", "role", "assessor").status(http.StatusOK).sound().says("Invitation made", "shown this once", "Assessor")
	_, rest, _ := strings.Cut(made.text(), "Link: "+apptest.PublicURL)
	link, _, _ := strings.Cut(rest, " ")
	w.as(nil).get(link).status(http.StatusOK).says("Join Ministry")
	list := v.get("/people").status(http.StatusOK).sound().says("cy@example.gov.uk", "Withdraw").omits(link[len("/invitation/"):])
	_, rest, _ = strings.Cut(list.body, `action="/people/invitations/`)
	id, _, _ := strings.Cut(rest, `/withdraw"`)
	v.post("/people/invitations/" + id + "/withdraw").to("/people")
	w.as(nil).get(link).status(http.StatusNotFound)

	path := "/people/" + member.ID + "/roles/new"
	v.post(path, "role", "sro", "from-day", "31", "from-month", "2", "from-year", "2026").status(http.StatusUnprocessableEntity).sound().says("Enter a day")
	v.post(path, "role", "sro", "from-day", "1", "from-month", "4", "from-year", "2026", "until-day", "30", "until-month", "4", "until-year", "2026", "unit", unit).to("/people/" + member.ID)
	v.get("/people/"+member.ID).status(http.StatusOK).sound().says("Senior responsible owner", "1 April 2026", "30 April 2026", "and all below it")
	v.post(path, "role", "team_member").status(http.StatusUnprocessableEntity).sound().says("holds this role already")
	m, err := w.App.MemberOf(t.Context(), admin.Actor(), member.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range m.Roles {
		v.post("/people/" + member.ID + "/roles/" + r.ID + "/end").to("/people/" + member.ID)
	}
	v.get("/people/" + member.ID).status(http.StatusOK).sound().says("no role here now")
	w.as(member).get("/people").to("/sign-in")
	own, err := w.App.MemberOf(t.Context(), admin.Actor(), admin.ID)
	if err != nil {
		t.Fatal(err)
	}
	v.post("/people/" + admin.ID + "/roles/" + own.Roles[0].ID + "/end").status(http.StatusUnprocessableEntity).sound().says("last administrator")
}

func TestRecordsOfTrainingAreAdded(t *testing.T) {
	w := newWorld(t)
	admin, member, _, _ := w.ministry("Ministry", "Bo Example")
	path := "/people/" + member.ID + "/training/new"
	fields := []string{"skill", "Threat modelling", "title", "Course", "basis", "experience", "achieved_on-day", "1", "achieved_on-month", "2", "achieved_on-year", "2026"}
	w.as(admin).post(path, fields...).status(http.StatusUnprocessableEntity).sound().says("Say who assessed the experience")
	w.as(admin).post(path, append(fields, "assessed_by", "Ada")...).to("/people/" + member.ID)
	w.as(member).post(path, fields...).status(http.StatusForbidden).sound()
	at := "/people/" + member.ID
	w.as(admin).post(path, append(fields, "assessed_by", "Ada", "reference", hostile, "expires_on-day", "1", "expires_on-month", "3", "expires_on-year", "2026")...).to(at)
	w.as(admin).get(at).sound().says("Training, qualifications and experience", "Threat modelling", "Experience: Course", "Ada", "1 February 2026", "No end", "<script>alert(1)").omits("<script>alert", "<img src=x")
	w.as(member).get(at).sound().says("Threat modelling")
	w.as(w.Join(admin, "Cy Colleague", access.SRO)).get(at).sound().omits("Threat modelling", "qualification")
	w.as(admin).get("/people/" + admin.ID).sound().says("No training, qualification or experience is recorded")
}

func TestAWriteNeedsAConfirmationAndKeepsWhatWasTyped(t *testing.T) {
	w := newWorld(t)
	admin := w.Admin("Ministry")
	w.Clock.Advance(6 * 60e9)
	v := w.as(admin)
	page := v.post("/people/invite", "email", "cy@example.gov.uk", "role", "assessor", "name", "Cy & Co").status(http.StatusForbidden).sound().says("Confirm that it is you")
	if kept := page.values("/people/invite"); kept["name"][0] != "Cy & Co" || kept["email"][0] != "cy@example.gov.uk" {
		t.Errorf("kept %v", kept)
	}
	admin.StepUp()
	v.postValues("/people/invite", page.values("/people/invite")).status(http.StatusOK).says("Invitation made")
}
