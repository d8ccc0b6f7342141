package web

import (
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

type auditListView struct {
	Filter  govuk.Filter
	Count   string
	List    govuk.Table
	None    bool
	Pages   *govuk.Pagination
	Exports []govuk.Link
}

// auditListing reads the filters of the audit view; the export shares it.
func (s *Site) auditListing(rq *request) (listing, app.AuditFilter) {
	l := rq.listing("/audit", filterField{"action", "Action", nil}, filterField{"actor", "Who (identifier)", nil}, filterField{"about", "About (identifier)", nil},
		filterField{"from", "From (for example 2026-03-27)", nil}, filterField{"to", "To (for example 2026-03-27)", nil})
	f := app.AuditFilter{Action: l.value("action"), Actor: l.value("actor"), Target: l.value("about")}
	if from := civil.Date(l.value("from")); from.Valid() {
		f.From = from.Start(time.UTC).UnixMicro()
	}
	if to := civil.Date(l.value("to")); to.Valid() {
		f.To = to.EndMicro(time.UTC)
	}
	return l, f
}

func (s *Site) auditList(rq *request) (reply, error) {
	l, filter := s.auditListing(rq)
	found, err := s.App.AuditEntries(rq.Context(), rq.who, filter, app.Page{After: rq.query("after")})
	if err != nil {
		return reply{}, err
	}
	v := auditListView{Filter: l.panel(), Count: many(found.Total, "entry", "entries"), None: len(found.Items) == 0, Pages: l.pages(rq, found.Next),
		Exports: l.exports("/audit/export", many(found.Total, "entry", "entries"))}
	v.List = govuk.Table{Caption: "Audit entries", CaptionClasses: "govuk-visually-hidden", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Index", Format: "numeric"}, {Text: "When"}, {Text: "What"}, {Text: "Who"}, {Text: "About"}, {Text: "Values"}}}
	for _, e := range found.Items {
		var values []string
		for _, f := range e.Fields {
			if f.Erased {
				f.Value = "(erased)"
			}
			values = append(values, f.Name+": "+f.Value)
		}
		what := or(e.Description, e.Action)
		if e.Outcome != "" && e.Outcome != "ok" && e.Outcome != "done" {
			what += " (" + e.Outcome + ")"
		}
		v.List.Rows = append(v.List.Rows, []govuk.Cell{{Text: thousands(e.Index), Format: "numeric"}, {Text: moment(e.At)}, {Text: what},
			{Text: or(e.ActorName, e.Actor)}, {Text: strings.TrimSpace(e.TargetType + " " + e.Target)}, prose(strings.Join(values, "\n"))})
	}
	return show(&page{title: "Audit log", section: "/audit", wide: true, view: v}), nil
}
