package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

type evidenceListView struct {
	Filter  govuk.Filter
	Count   string
	List    govuk.Table
	None    string
	Pages   *govuk.Pagination
	Exports []govuk.Link
	New     bool
}

// evidenceListing reads the filters of the list of evidence; the export shares it.
func (s *Site) evidenceListing(rq *request) (listing, app.EvidenceFilter) {
	l := rq.listing("/evidence", filterField{"title", "Title", nil}, filterField{"validity", "Validity", []choice{{"ran_out", "Has run out", ""}}})
	f := app.EvidenceFilter{Title: l.value("title")}
	if l.value("validity") == "ran_out" {
		f.ExpiredOn = civil.Of(s.Now(), nil)
	}
	return l, f
}

func (s *Site) evidenceList(rq *request) (reply, error) {
	l, filter := s.evidenceListing(rq)
	found, err := s.App.EvidenceIn(rq.Context(), rq.who, filter, app.Page{After: rq.query("after")})
	if err != nil {
		return reply{}, err
	}
	org, err := s.App.Organisation(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	v := evidenceListView{Filter: l.panel(), Count: many(found.Total, "record", "records"), Pages: l.pages(rq, found.Next), New: rq.may(access.EvidenceWrite)}
	v.List = govuk.Table{Caption: "Evidence", CaptionClasses: "govuk-visually-hidden", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Title"}, {Text: "Version"}, {Text: "Kind"}, {Text: "Produced"}, {Text: "Valid until"}, {Text: "Freshness"}}}
	p := &page{title: "Evidence", section: "/evidence", wide: true}
	for _, e := range found.Items {
		p.markings = append(p.markings, e.Marking)
		v.List.Rows = append(v.List.Rows, []govuk.Cell{
			{Markup: govuk.Link{Text: e.Title, Href: "/evidence/" + e.ID}.HTML()}, {Text: e.Edition}, {Text: wordOf(evidenceKinds(), e.Kind)},
			{Text: e.ProducedOn.Words()}, {Text: or(e.ValidUntil.Words(), "Until replaced")},
			{Markup: freshnessTag(freshness(e, org, s.Now().UnixMicro())).HTML()}})
	}
	switch {
	case len(found.Items) > 0:
		v.Exports = l.exports("/evidence/export", many(found.Total, "record", "records"))
	case l.filtered():
		v.None = "No record matches these filters. Take one of them away to see more."
	default:
		v.None = "There is no evidence that you may see yet."
	}
	p.view = v
	return show(p), nil
}
