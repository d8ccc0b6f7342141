package web

import (
	"net/url"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

const historyPage = 50

type systemHistoryView struct {
	Moves  govuk.Timeline
	Older  string
	AsAt   string // action of the form
	Fields []govuk.Component
	Plots  []govuk.Plot // of the newest page only
}

func (s *Site) systemHistory(rq *request) (reply, error) {
	id := rq.id("id")
	h, err := s.App.SystemHome(rq.Context(), rq.who, id)
	if err != nil {
		return reply{}, err
	}
	// The place in the list is the last move and not its time: at the end of a day
	// many standings move at once.
	moves, err := s.App.SystemMoves(rq.Context(), rq.who, id, app.Page{After: rq.query("after"), Limit: historyPage})
	if err != nil {
		return reply{}, err
	}
	sys := h.System
	f := filled()
	v := systemHistoryView{AsAt: "/systems/" + id + "/as-at", Fields: []govuk.Component{f.day("on", "How did it stand at the end of this day?", "")}}
	if moves.Next != "" {
		v.Older = "/systems/" + id + "/history?after=" + url.QueryEscape(moves.Next)
	}
	v.Moves = govuk.Timeline{Events: moveEvents(onceEach(moves.Items)), HeadingLevel: 3}
	if rq.query("after") == "" {
		approvals, err := s.App.SystemApprovals(rq.Context(), rq.who, id)
		if err != nil {
			return reply{}, err
		}
		v.Plots = approvalPlots(approvals, s.App.FrameworkName)
	}
	return show(&page{title: "History of standings", caption: sys.Name, section: "/systems", crumbs: systemCrumbs(sys), markings: []string{sys.Marking}, form: f, view: v}), nil
}

func systemCrumbs(sys app.System) []crumb {
	return []crumb{listOfSystems, {sys.Name, "/systems/" + sys.ID}}
}

type systemAsAtView struct {
	Action string
	Fields []govuk.Component
	Shown  bool
	Words  string
	List   govuk.Table
}

func (s *Site) systemAsAt(rq *request) (reply, error) {
	id := rq.id("id")
	f := newForm(url.Values{})
	for _, part := range []string{"on-day", "on-month", "on-year"} {
		f.values.Set(part, rq.query(part))
	}
	v := systemAsAtView{Action: "/systems/" + id + "/as-at"}
	on := f.date("on")
	org, err := s.App.Organisation(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	zone, err := time.LoadLocation(org.Zone)
	if err != nil {
		zone = time.UTC
	}
	switch {
	case !on.Valid():
		f.problems = []fault.Problem{{Pointer: "/on", Detail: "Enter a real date, for example 27 3 2026."}}
	case on > civil.Of(s.Now(), zone):
		f.problems = []fault.Problem{{Pointer: "/on", Detail: "Enter a date that is not in the future."}}
	default:
		v.Shown = true
	}
	at := s.Now().UnixMicro()
	if v.Shown {
		at = min(at, on.EndMicro(zone)-1)
	}
	then, err := s.App.SystemAsAt(rq.Context(), rq.who, id, at)
	if err != nil {
		return reply{}, err
	}
	v.Fields = []govuk.Component{f.day("on", "How did it stand at the end of this day?", "")}
	v.Words = "Every answer that had moved by the end of " + on.Words() + ", as it was known then."
	v.List = govuk.Table{Caption: "Standings on " + on.Words(), Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Question"}, {Text: "Answer"}, {Text: "Support"}, {Text: "Since"}, {Text: "Why"}}}
	for _, st := range then.Standings {
		v.List.Rows = append(v.List.Rows, []govuk.Cell{
			{Markup: govuk.Link{Text: st.Requirement, Href: "/assessments/" + st.Assessment + "/questions/" + st.Requirement}.HTML()},
			{Text: strings.ReplaceAll(or(st.Level, "no answer"), "_", " ")}, {Text: supportWord(st.Support)}, {Text: moment(st.Since)}, {Text: st.Why}})
	}
	sys := then.System
	return show(&page{title: "As it stood on a day", caption: sys.Name, section: "/systems",
		crumbs: append(systemCrumbs(sys), crumb{"History of standings", "/systems/" + id + "/history"}), markings: []string{sys.Marking}, form: f, view: v}), nil
}

type systemStandingsView struct {
	Filter govuk.Filter
	Lists  []govuk.Table
	None   string
}

// systemStandings lists the answers behind one number of the strip.
func (s *Site) systemStandings(rq *request) (reply, error) {
	id := rq.id("id")
	h, err := s.App.SystemHome(rq.Context(), rq.who, id)
	if err != nil {
		return reply{}, err
	}
	l := rq.listing("/systems/"+id+"/standings", filterField{"support", "Support", supports()})
	v := systemStandingsView{Filter: l.panel()}
	for _, as := range speaking(h.Assessments) {
		view, err := s.App.AssessmentView(rq.Context(), rq.who, as.ID)
		if err != nil {
			return reply{}, err
		}
		if t := standingsTable(view, l.value("support")); len(t.Rows) > 0 {
			v.Lists = append(v.Lists, t)
		}
	}
	if len(v.Lists) == 0 {
		v.None = "No answer is supported in this way."
	}
	return show(&page{title: "Answers by support", caption: h.System.Name, section: "/systems", crumbs: systemCrumbs(h.System), markings: []string{h.System.Marking},
		wide: true, view: v}), nil
}

// speaking are the assessments whose answers the numbers of a system count: for
// each framework the approved one, or the open one while none was approved.
func speaking(list []app.Assessment) []app.Assessment {
	best := map[string]app.Assessment{}
	var order []string
	for _, as := range list { // newest first
		state := assessment.State(as.State)
		if state == assessment.Superseded {
			continue
		}
		have, known := best[as.Framework]
		if !known {
			order = append(order, as.Framework)
		}
		if !known || state.Frozen() && !assessment.State(have.State).Frozen() {
			best[as.Framework] = as
		}
	}
	var out []app.Assessment
	for _, f := range order {
		out = append(out, best[f])
	}
	return out
}

func standingsTable(v app.AssessmentView, support string) govuk.Table {
	t := govuk.Table{Caption: v.Framework.Title, Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Question"}, {Text: "Answer"}, {Text: "Support"}, {Text: "Because"}}}
	for _, line := range v.Lines {
		if line.Standing.Claim.Kind == assessment.Unanswered || line.Standing.Claim.Kind == assessment.DontKnow || support != "" && string(line.Standing.Support) != support {
			continue
		}
		because := ""
		if len(line.Standing.Because) > 0 {
			because = line.Standing.Because[0].Text
		}
		t.Rows = append(t.Rows, []govuk.Cell{
			{Markup: govuk.Link{Text: labelOf(line.Requirement) + " " + line.Requirement.Title, Href: "/assessments/" + v.Assessment.ID + "/questions/" + line.Requirement.ID}.HTML()},
			{Text: claimWord(v.Framework, line.Requirement, line.Standing.Claim)}, {Markup: standingTag(line.Standing.Support).HTML()}, {Text: because}})
	}
	return t
}
