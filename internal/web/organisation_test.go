package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

func TestSettingsAreChangedAndNobodysChangeIsLost(t *testing.T) {
	w := newWorld(t)
	v := w.as(w.Admin("Ministry"))
	form := v.get("/organisation/change").status(http.StatusOK).sound().values("/organisation/change")
	form["system_word"] = []string{"capability"}
	v.postValues("/organisation/change", form).to("/organisation?done=organisation_changed")
	v.get("/organisation?done=organisation_changed").status(http.StatusOK).sound().says("capability", "have been saved")
	form["system_word"] = []string{"service"}
	conflict := v.postValues("/organisation/change", form).status(http.StatusPreconditionFailed).sound().says("service", "capability")
	v.postValues("/organisation/change", conflict.values("/organisation/change")).to("/organisation")
	v.get("/organisation").says("service")
	form["ceiling"] = []string{"TOP SECRET"}
	form["version"] = []string{"3"}
	v.postValues("/organisation/change", form).status(http.StatusUnprocessableEntity).sound()
	v.get("/organisation/change").omits("TOP SECRET")
}

func TestAnotherOrganisationIsAddedByWhoRunsTheInstance(t *testing.T) {
	w := newWorld(t)
	first := w.Admin("Ministry")
	second := w.Admin("Agency")
	w.as(second).get("/organisation/new").status(http.StatusForbidden).sound()
	v := w.as(first)
	v.get("/organisation/new").status(http.StatusOK).sound()
	v.post("/organisation/new", "name", "agency").status(http.StatusUnprocessableEntity).sound().says("of this name already")
	v.post("/organisation/new", "name", "Arm").to("/account?done=organisation_made")
}

func TestUnitsAreAddedMovedAndShownAsATree(t *testing.T) {
	w := newWorld(t)
	v := w.as(w.Admin("Ministry"))
	v.get("/units").status(http.StatusOK).sound().says("There are no units yet")
	v.post("/units/new", "name", "", "kind", "directorate").status(http.StatusUnprocessableEntity).sound().says("Enter a name for the unit")
	v.post("/units/new", "name", "Navy", "kind", "top_level_budget").to("/units?done=unit_made")
	units, err := w.App.Units(t.Context(), v.person.Actor())
	if err != nil {
		t.Fatal(err)
	}
	navy := units[0]
	v.post("/units/new", "name", "Ships", "kind", "directorate", "parent", navy.ID).to("/units")
	tree := v.get("/units").status(http.StatusOK).sound().says("Navy", "Top level budget", "Ships", "Directorate")
	if strings.Index(tree.body, "Navy") > strings.Index(tree.body, "Ships") {
		t.Error("the unit below stands above")
	}
	form := v.get("/units/"+navy.ID).status(http.StatusOK).sound().omits(">Navy</option>", "Ships</option>").values("/units/" + navy.ID)
	form["name"] = []string{"Fleet"}
	v.postValues("/units/"+navy.ID, form).to("/units?done=unit_changed")
	form["name"] = []string{"Sea"}
	conflict := v.postValues("/units/"+navy.ID, form).status(http.StatusPreconditionFailed).sound().says("Fleet", "Sea")
	v.postValues("/units/"+navy.ID, conflict.values("/units/"+navy.ID)).to("/units")
	v.get("/units").says("Sea")
}

func TestATokenIsShownOnceAndRevoked(t *testing.T) {
	w := newWorld(t)
	admin := w.Admin("Ministry")
	v := w.as(admin)
	v.get("/tokens").status(http.StatusOK).sound().says("There are no tokens")
	v.post("/tokens/new", "name", "", "role", "", "ttl", "90").status(http.StatusUnprocessableEntity).sound().says("There is a problem")
	v.post("/tokens/new", "name", "Pipeline", "role", "team_member", "ttl", "9999").status(http.StatusUnprocessableEntity).sound()
	v.post("/tokens/new", "name", "Pipeline", "role", "portfolio_reader", "ttl", "7", "scopes", "evidence.write").status(http.StatusUnprocessableEntity).sound().
		says("not something that this role may do")
	made := v.post("/tokens/new", "name", "Pipeline", "role", "team_member", "ttl", "7", "scopes", "evidence.write", "scopes", "evidence.read").status(http.StatusOK).sound()
	_, rest, _ := strings.Cut(made.text(), "Token: ")
	secret, _, _ := strings.Cut(rest, " ")
	who, err := w.App.ActorFromToken(t.Context(), secret, apptest.Meta)
	if err != nil || access.May(who, access.SystemWrite) || !access.May(who, access.EvidenceWrite) {
		t.Errorf("%q acts as %+v, %v", secret, who, err)
	}
	v.get("/tokens").status(http.StatusOK).sound().says("Pipeline", "2 operations", "Works", "9 March 2026").omits(secret)
	list, err := w.App.Tokens(t.Context(), admin.Actor())
	if err != nil {
		t.Fatal(err)
	}
	path := "/tokens/" + list[0].ID + "/revoke"
	v.get(path).status(http.StatusOK).sound().says("Revoke the token Pipeline")
	v.post(path).to("/tokens?done=token_revoked")
	v.post(path).status(http.StatusUnprocessableEntity).sound().says("revoked already")
	if _, err := w.App.ActorFromToken(t.Context(), secret, apptest.Meta); err == nil {
		t.Error("a revoked token still works")
	}
	v.get("/tokens").says("Revoked")
}

func TestTokensAreOfferedOnlyWhatTheyCanDo(t *testing.T) {
	for _, op := range tokenOperations() {
		if r, ok := access.RuleOf(op); !ok || r.StepUp() || r.Instance() {
			t.Errorf("%s is offered", op)
		}
	}
	if len(tokenOperations()) < 10 {
		t.Errorf("only %v", tokenOperations())
	}
}

func TestALooseningIsAnAlertUntilSomebodyAcceptsItsRisk(t *testing.T) {
	const risk = "Codes can be tricked out of people."
	w := newWorld(t, apptest.With(func(c *app.Config) {
		c.Loosenings = []app.Loosened{{Name: app.PrivilegedTOTP, Risk: risk}}
	}))
	admin := w.Admin("Ministry")
	member := w.Join(admin, "Bo Example", access.TeamMember)
	w.as(member).get("/alerts").status(http.StatusOK).sound().omits(risk)
	w.as(member).get("/alerts/" + app.PrivilegedTOTP).status(http.StatusForbidden).sound()
	v := w.as(admin)
	admin.StepUp()
	v.get("/organisation").says("A setting lowers the security")
	v.get("/alerts").status(http.StatusOK).sound().says(risk, "Not accepted", "Accept the risk")
	v.get("/alerts/no_such_setting").status(http.StatusNotFound).sound()
	path := "/alerts/" + app.PrivilegedTOTP
	v.get(path).status(http.StatusOK).sound().says(risk)
	v.post(path, "months", "13").status(http.StatusUnprocessableEntity).sound()
	v.post(path, "months", "2").to("/alerts?done=risk_accepted")
	v.get("/alerts").status(http.StatusOK).sound().says("Accepted until the end of 2 May 2026")
	w.Clock.Advance(65 * 24 * time.Hour)
	if err := admin.SignIn(); err != nil {
		t.Fatal(err)
	}
	v.get("/alerts").status(http.StatusOK).sound().says("Ran out")
}

func TestEveryDoneWordOfTheAccountPagesIsUsed(t *testing.T) {
	for word, sentence := range accountDone() {
		if doneSentence(word) != sentence || !strings.HasSuffix(sentence, ".") {
			t.Errorf("%s says %q", word, doneSentence(word))
		}
	}
}
