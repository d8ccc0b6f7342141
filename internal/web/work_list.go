package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

type workListView struct {
	Groups  []workGroup
	More    bool
	NoRole  bool
	Enrol   bool
	Started bool // there is something to look at even when nothing waits
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
	p := &page{title: "My work", section: "/", view: workListView{NoRole: true, Enrol: rq.who.EnrolOnly}}
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
	p.view = workListView{Groups: workGroups(w), More: w.More}
	return show(p), nil
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
