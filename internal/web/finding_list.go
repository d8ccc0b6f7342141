package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
)

func findingStates() []choice {
	words := map[string]string{"open": "Open", "overdue": "Past the due date", "decided": "Somebody decided", "cannot_assess": "Cannot be assessed"}
	var out []choice
	for _, s := range app.FindingStates() {
		out = append(out, choice{value: s, text: words[s]})
	}
	return out
}

func bandChoices() []choice {
	var out []choice
	for _, b := range advisory.Bands() {
		out = append(out, choice{value: string(b), text: bandWord(b)})
	}
	return out
}

// findingList lists what is known to be wrong with the components of the release
// that speaks for a system, by due date.
func (s *Site) findingList(rq *request) (reply, error) {
	id := rq.id("id")
	l := rq.listing("/systems/"+id+"/findings", filterField{"name", "Vulnerability or component", nil}, filterField{"state", "State", findingStates()},
		filterField{"band", "Severity", bandChoices()})
	found, err := s.App.Findings(rq.Context(), rq.who, id, app.FindingFilter{Name: l.value("name"), State: l.value("state"), Band: l.value("band")}, app.Page{After: rq.query("after")})
	if err != nil {
		return notReady(rq, err)
	}
	view := releaseListView{Filter: l.panel(), Count: many(found.Total, "finding", "findings"), Pages: l.pages(rq, found.Next)}
	view.Words = []string{"Due dates follow “" + found.Policy.Title + "” (" + found.Policy.Source + ")."}
	if found.Release != "" {
		view.Words = append([]string{"Of release " + found.Release + ", which speaks for the system."}, view.Words...)
	}
	view.Words = append(view.Words, coverageWords(found.Coverage, found.Now)...)
	view.List = findingTable(found.Items, found.Now)
	switch {
	case len(found.Items) > 0:
	case l.filtered():
		view.None = "No finding matches these filters. Take one of them away to see more."
	case found.Coverage.Components == 0:
		view.None = "No bill of materials was delivered yet, so nothing can be said. " + pushHint(found.System.ID, "")
	default:
		view.None = "No advisory that is held here names a version in this release."
	}
	p := rq.ofSystem(found.System, "Findings", crumb{"Releases", releasesPath(found.System.ID)})
	p.view = view
	return show(p), nil
}
