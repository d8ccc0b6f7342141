package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

func verdictChoices() []choice {
	var out []choice
	for _, v := range finding.Verdicts() {
		out = append(out, choice{value: string(v), text: verdictWord(v)})
	}
	return out
}

// componentList lists the components of one release by what is known of them.
func (s *Site) componentList(rq *request) (reply, error) {
	v, err := s.App.Release(rq.Context(), rq.who, rq.id("id"), rq.id("release"))
	if err != nil {
		return reply{}, err
	}
	path := releasePath(v.System.ID, v.Release.ID)
	l := rq.listing(path+"/components", filterField{"name", "Name", nil}, filterField{"verdict", "What is known", verdictChoices()})
	found, err := s.App.Components(rq.Context(), rq.who, v.System.ID, v.Release.ID, app.ComponentFilter{Name: l.value("name"), Verdict: l.value("verdict")}, app.Page{After: rq.query("after")})
	if err != nil {
		return notReady(rq, err, crumb{v.Release.Name, path})
	}
	view := releaseListView{Filter: l.panel(), Count: many(found.Total, "component", "components"), Pages: l.pages(rq, found.Next)}
	view.List = govuk.Table{Caption: "Components, those that need most attention first", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Component"}, {Text: "Version"}, {Text: "From"}, {Text: "What is known"}, {Text: "Advisories", Format: "numeric"}}}
	for _, c := range found.Items {
		known := verdictWord(c.Verdict)
		if c.Reason != "" {
			known += ". " + c.Reason.Meaning()
		}
		view.List.Rows = append(view.List.Rows, []govuk.Cell{{Text: c.Name}, {Text: or(c.Version, "Not said")}, {Text: or(c.Ecosystem, "Not known")}, {Text: known},
			{Text: thousands(int64(c.Vulnerabilities)), Format: "numeric"}})
	}
	view.List = stacked(view.List)
	switch {
	case len(found.Items) > 0:
	case l.filtered():
		view.None = "No component matches these filters. Take one of them away to see more."
	default:
		view.None = "No bill of materials counts for this release."
	}
	p := rq.ofSystem(v.System, "Components of release "+v.Release.Name, crumb{"Releases", releasesPath(v.System.ID)}, crumb{v.Release.Name, path})
	p.view = view
	return show(p), nil
}
