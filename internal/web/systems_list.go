package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

type systemsListView struct {
	Filter  govuk.Filter
	Count   string
	List    govuk.Table
	None    string
	Pages   *govuk.Pagination
	Plots   []govuk.Plot
	Exports []govuk.Link
	New     string // words of the button, "" when nothing may be registered
}

// systemsListing reads the filters of the list of systems; the export shares it.
func (s *Site) systemsListing(rq *request) (listing, app.SystemFilter, error) {
	units, err := s.App.Units(rq.Context(), rq.who)
	if err != nil {
		return listing{}, app.SystemFilter{}, err
	}
	l := rq.listing("/systems",
		filterField{"name", "Name", nil}, filterField{"unit", "Unit", unitChoices(units)}, filterField{"stage", "Stage", stages()},
		filterField{"state", "State", systemStates()}, filterField{"exposure", "Reached from outside", exposures()},
		filterField{"support", "Lowest support", supports()},
		filterField{"overdue", "Assessment", []choice{{"yes", "Overdue", ""}}})
	f := app.SystemFilter{Name: l.value("name"), Stage: l.value("stage"), State: l.value("state"), Exposure: l.value("exposure"), Worst: l.value("support")}
	if unit := l.value("unit"); unit != "" {
		f.Units = []string{unit}
	}
	if l.value("overdue") == "yes" {
		f.OverdueOn = civil.Of(s.Now(), nil)
	}
	return l, f, nil
}

// unitChoices lists units with their place in the tree.
func unitChoices(units []app.Unit) []choice {
	byID := map[string]app.Unit{}
	for _, u := range units {
		byID[u.ID] = u
	}
	out := []choice{}
	for _, u := range units {
		name := u.Name
		for up, hops := byID[u.Parent], 0; up.ID != "" && hops < 20; up, hops = byID[up.Parent], hops+1 {
			name = up.Name + " / " + name
		}
		out = append(out, choice{value: u.ID, text: name})
	}
	return out
}

func (s *Site) systemsList(rq *request) (reply, error) {
	l, filter, err := s.systemsListing(rq)
	if err != nil {
		return reply{}, err
	}
	found, err := s.App.SystemsIn(rq.Context(), rq.who, filter, app.Page{After: rq.query("after")})
	if err != nil {
		return reply{}, err
	}
	v := systemsListView{Filter: l.panel(), Count: many(found.Total, rq.systemWord(), rq.systemsWord()), Pages: l.pages(rq, found.Next), Plots: systemsPlots(found.Items)}
	if rq.may(access.SystemCreate) {
		v.New = "Register " + article(rq.systemWord())
	}
	v.List = govuk.Table{Caption: capital(rq.systemsWord()), CaptionClasses: "govuk-visually-hidden", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Name"}, {Text: "Stage"}, {Text: "State"}, {Text: "Lowest support"}, {Text: "Need an answer", Format: "numeric"}, {Text: "Next assessment"}}}
	p := &page{title: capital(rq.systemsWord()), section: "/systems", wide: true}
	for _, line := range found.Items {
		sys, sum := line.System, line.Summary
		p.markings = append(p.markings, sys.Marking)
		v.List.Rows = append(v.List.Rows, []govuk.Cell{
			{Markup: govuk.Link{Text: sys.Name, Href: "/systems/" + sys.ID}.HTML()}, {Text: or(wordOf(stages(), sys.Stage), "Not entered")},
			{Text: stateWord(sys.State)}, {Text: supportWord(sum.Worst)}, {Text: thousands(int64(sum.NeedYou)), Format: "numeric"},
			{Text: dueWord(sum.DueOn, civil.Of(s.Now(), nil))}})
	}
	switch {
	case len(found.Items) > 0:
		v.Exports = l.exports("/systems/export", many(found.Total, rq.systemWord(), rq.systemsWord()))
	case l.filtered():
		v.None = "No " + rq.systemWord() + " matches these filters. Take one of them away to see more."
	default:
		v.None = "There are no " + rq.systemsWord() + " that you may see yet."
	}
	p.view = v
	return show(p), nil
}

// dueWord writes a due date, and that it has passed.
func dueWord(on, today civil.Date) string {
	switch {
	case on == "":
		return "No date"
	case on < today:
		return on.Words() + ", overdue"
	}
	return on.Words()
}
