package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

type workListView struct {
	Groups []workGroup
	More   bool
	NoRole bool
	First  []firstStep // for whoever begins with an empty register

	Systems string // the organisation's word for them
}

// firstStep is one thing to do in a new organisation.
type firstStep struct {
	Link govuk.Link
	Why  string
}

type workGroup struct {
	ID, Heading string
	Count       string
	List        govuk.Table
}

// workReasons gives each reason its heading, most pressing first.
func workReasons() [][2]string {
	return [][2]string{
		{"approve", "Waiting for your decision"},
		{"returned", "Sent back to you"},
		{"overdue", "Overdue"},
		{"purge", "Content to remove"},
		{"find_out", "You were asked to find out"},
		{"contradicted", "Contradicted answers"},
		{"stale", "Support has run out"},
		{"due_soon", "Due soon"},
		{"in_progress", "In progress"},
		{"evidence_expiring", "Evidence that runs out soon"},
		{"feedback", "Feedback to answer"},
	}
}

func (s *Site) workList(rq *request) (reply, error) {
	p := &page{title: "My work", section: "/", view: workListView{NoRole: true}}
	if rq.who.EnrolOnly {
		return goTo(enrolPath, ""), nil
	}
	if len(rq.who.Grants) == 0 {
		return show(p), nil
	}
	w, err := s.App.MyWork(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	v := workListView{Groups: workGroups(w), More: w.More, Systems: rq.systemsWord()}
	if len(v.Groups) == 0 && rq.may(access.SystemCreate) {
		if v.First, err = s.firstSteps(rq); err != nil {
			return reply{}, err
		}
	}
	p.view = v
	return show(p), nil
}

// firstSteps says how to begin while no system is registered; afterwards it is
// empty.
func (s *Site) firstSteps(rq *request) ([]firstStep, error) {
	found, err := s.App.SystemsIn(rq.Context(), rq.who, app.SystemFilter{}, app.Page{Limit: 1})
	if err != nil || found.Total > 0 {
		return nil, err
	}
	var out []firstStep
	add := func(op access.Operation, text, href, why string) {
		if rq.may(op) {
			out = append(out, firstStep{govuk.Link{Text: text, Href: href}, why})
		}
	}
	add(access.UnitWrite, "Enter the units of your organisation", "/units", "Systems belong to a unit, and people may be given a role in one unit only. You can do this later.")
	add(access.SystemCreate, "Register your first "+rq.systemWord(), "/systems/new", "A name is enough to begin. Then name its senior responsible owner and start an assessment.")
	add(access.PeopleWrite, "Invite the people who answer and sign", "/people/invite", "Each gets a link that works once.")
	add(access.FrameworkRead, "Look at the frameworks", "/frameworks", "They hold the questions, with guidance and the evidence that is expected.")
	return out, nil
}

func workGroups(w app.Work) []workGroup {
	var out []workGroup
	for _, reason := range workReasons() {
		var rows [][]govuk.Cell
		for _, item := range w.Items {
			if item.Reason != reason[0] {
				continue
			}
			rows = append(rows, []govuk.Cell{
				{Markup: govuk.Link{Text: item.Title, Href: item.Path}.HTML()},
				{Text: item.Detail}, {Text: or(item.On.Words(), "No date")},
			})
		}
		if len(rows) == 0 {
			continue
		}
		out = append(out, workGroup{ID: "reason-" + reason[0], Heading: reason[1], Count: many(int64(len(rows)), "thing", "things"),
			List: govuk.Table{Caption: reason[1], CaptionClasses: "govuk-visually-hidden", Scroll: true, FirstCellIsHeader: true,
				Head: []govuk.Cell{{Text: "What"}, {Text: "Why"}, {Text: "By"}}, Rows: rows}})
	}
	return out
}
