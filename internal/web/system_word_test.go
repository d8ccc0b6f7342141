package web

import (
	"net/http"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/app"
)

func TestAnOrganisationsOwnWordNamesTheListAndItsPages(t *testing.T) {
	q := newQuarter(t, "Payments")
	admin := q.as(q.admin)
	admin.get("/systems").sound().says("1 system", "Register a system")
	org, err := q.App.Organisation(t.Context(), q.admin.Actor())
	if err != nil {
		t.Fatal(err)
	}
	who := q.admin.Actor()
	if _, _, err := q.App.ChangeOrganisation(t.Context(), who, org.Version, app.OrganisationInput{Name: org.Name, Zone: org.Zone, Ceiling: org.Ceiling, SystemWord: "capability", SROWord: org.SROWord}); err != nil {
		t.Fatal(err)
	}
	admin.get("/systems").status(http.StatusOK).sound().says("Capabilities", "1 capability", "Register a capability", "Export 1 capability as CSV").omits("Systems")
	home := admin.get(q.system).sound().says("Capabilities").omits(">Systems<")
	if crumbs := links(home, "/systems"); len(crumbs) == 0 {
		t.Error("no way back to the list")
	}
	admin.get("/systems?name=nothing").sound().says("No capability matches these filters")
	admin.get("/systems/new").sound().says("Register a capability")
}

func TestPluralsAreThoseOfEnglish(t *testing.T) {
	for one, more := range map[string]string{"system": "systems", "capability": "capabilities", "service": "services", "product": "products", "key": "keys", "business": "businesses",
		"Box": "Boxes", "app": "apps", "y": "ies", "": "s"} {
		if got := plural(one); got != more {
			t.Errorf("%q: %q, want %q", one, got, more)
		}
	}
	if capital("éclair") != "Éclair" || capital("") != "\uFFFD" && capital("") != "" {
		t.Errorf("%q, %q", capital("éclair"), capital(""))
	}
	if article("asset") != "an asset" || article("system") != "a system" || article("") != "a " {
		t.Error(article("asset"), article("system"))
	}
}

func TestOneMoveInTwoAssessmentsIsShownOnce(t *testing.T) {
	move := func(assessment, requirement, why string) app.StandingEvent {
		return app.StandingEvent{At: 5, Assessment: assessment, Requirement: requirement, BeforeSupport: "documented", AfterSupport: "stale", Why: why}
	}
	got := onceEach([]app.StandingEvent{move("asm_2", "A", "It ran out."), move("asm_2", "B", "It ran out."), move("asm_1", "A", "It ran out."), move("asm_1", "B", "Another reason.")})
	var said []string
	for _, m := range got {
		said = append(said, m.Assessment+" "+m.Requirement+" "+m.Why)
	}
	want := "asm_2 A It ran out. The same happened in 1 other assessment of this question.|asm_2 B It ran out.|asm_1 B Another reason."
	if strings.Join(said, "|") != want {
		t.Errorf("%s", strings.Join(said, "|"))
	}
}
