package web

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
)

// drawings counts the plots of a page.
func drawings(a *answer) int {
	n := 0
	for node := range a.tree().Descendants() {
		if node.Type == html.ElementNode && node.Data == "svg" && attr(node, "role") == "img" {
			n++
		}
	}
	return n
}

func TestClaimsAreDrawnWithTheirNumbers(t *testing.T) {
	q := newQuarter(t, "Payments "+hostile)
	v := q.as(q.member)
	if n := drawings(v.get(q.system).status(http.StatusOK).sound()); n != 0 {
		t.Errorf("%d plots while nothing is claimed", n)
	}
	q.answer(q.member, q.questions[0], "claim", q.level(), "rationale", "Because.").to("/assessments/")
	home := v.get(q.system).sound().says("Claims by support", "The same numbers as a table", "Claims, Asserted: 1").omits("<script>alert", "<img src=x")
	if n := drawings(home); n != 1 {
		t.Errorf("%d plots of claims", n)
	}
	if n := drawings(v.get(q.system + "/history").sound().omits("From approval to approval")); n != 0 {
		t.Errorf("%d plots of a trend before anything was approved", n)
	}
	q.answerAll()
	q.approve("I accept.").to(q.assessment)
	if n := drawings(v.get(q.system + "/history").sound()); n != 0 {
		t.Errorf("%d plots of a trend of one approval", n)
	}
}

func TestTheListOfSystemsDrawsWhatItLists(t *testing.T) {
	q := newQuarter(t, "Payments "+hostile)
	v := q.as(q.member)
	if n := drawings(v.get("/systems").sound()); n != 0 {
		t.Errorf("%d plots while nothing is claimed", n)
	}
	q.answer(q.member, q.questions[0], "claim", q.level(), "rationale", "Because.").to("/assessments/")
	list := v.get("/systems").sound().says("Claims by support", "The same numbers as a table", "Asserted: 1").omits("<script>alert", "<img src=x")
	if n := drawings(list); n != 1 {
		t.Errorf("%d plots", n)
	}
	if n := drawings(v.get("/systems?name=nothing").sound()); n != 0 {
		t.Errorf("%d plots of a list without a line", n)
	}
}

func TestALongListHasSeveralPlotsNoneTooHeavyToDraw(t *testing.T) {
	var lines []app.SystemLine
	for i := range 50 {
		sum := app.Summary{Confirmed: 1 + i, Verified: 2, Documented: 3, Stale: 4, Asserted: 5, Unassessed: 6, Contradicted: 7}
		lines = append(lines, app.SystemLine{System: app.System{Name: strings.Repeat("A long name ", 10) + fmt.Sprint(i)}, Summary: sum})
	}
	lines = append(lines, app.SystemLine{System: app.System{Name: "Claims nothing"}})
	plots, rows := systemsPlots(lines), 0
	for _, p := range plots {
		rows += len(p.Figure.Table().Rows)
		if p.Drawing() == "" {
			t.Errorf("%s is not drawn", p.Figure.Title)
		}
	}
	if len(plots) != 5 || rows != 50 || plots[0].Figure.ID == plots[1].Figure.ID {
		t.Errorf("%d plots with %d rows", len(plots), rows)
	}
}

func TestATrendHasOnePlotForEachFrameworkWithTwoApprovals(t *testing.T) {
	at := func(framework string, day int64, counts map[assessment.Support]int) app.Approval {
		return app.Approval{Assessment: app.Assessment{Framework: framework, ApprovedAt: day * 86_400_000_000}, Counts: counts}
	}
	plots := approvalPlots([]app.Approval{at("b", 1, nil), at("a", 2, map[assessment.Support]int{assessment.Asserted: 5}), at("c", 3, nil),
		at("a", 90, map[assessment.Support]int{assessment.Asserted: 2, assessment.Verified: 3})}, strings.ToUpper)
	if len(plots) != 1 {
		t.Fatalf("%d plots", len(plots))
	}
	f := plots[0].Figure
	table := f.Table()
	want := "[[3 January 1970 0 5] [1 April 1970 3 2]]"
	if got := fmt.Sprint(table.Rows); f.Title != "A: claims by support at each approval" || got != want || strings.Join(table.Columns, ",") != ",Verified,Asserted" {
		t.Errorf("%s: %v with %v", f.Title, table.Columns, got)
	}
	if page := string(plots[0].HTML()); !strings.Contains(page, "<svg") || strings.Contains(page, " style=") {
		t.Errorf("drawn as %s", page)
	}
}
