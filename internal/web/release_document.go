package web

import (
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// documentShow shows what was understood of one delivered document.
func (s *Site) documentShow(rq *request) (reply, error) {
	v, err := s.App.Document(rq.Context(), rq.who, rq.id("id"), rq.id("release"), rq.id("document"))
	if err != nil {
		return notReady(rq, err)
	}
	sys, d, now := v.System, v.Document, s.Now().UnixMicro()
	var view partsView
	if d.Doubt != "" {
		view.Warnings = []string{d.Doubt}
	}
	view.Parts = append(view.Parts, documentFacts(v, now), faultsPart(d))
	if v.Unread != "" {
		view.Parts = append(view.Parts, passage{ID: "quality", Heading: "Quality", Words: []string{v.Unread}})
	}
	for i, score := range v.Quality {
		view.Parts = append(view.Parts, qualityPart(i, score, v.Names))
	}
	if len(v.Licences.Licences)+len(v.Licences.Without) > 0 {
		view.Parts = append(view.Parts, licencesPart(v))
	}
	p := rq.ofSystem(sys, d.Kind.Title()+": "+or(d.Subject, d.Format), crumb{"Releases", releasesPath(sys.ID)}, crumb{v.Release.Name, releasePath(sys.ID, v.Release.ID)})
	p.view = view
	return show(p), nil
}

func documentFacts(v app.DocumentView, now int64) passage {
	d := v.Document
	var list govuk.SummaryList
	add := func(key, value string) {
		list.Rows = append(list.Rows, govuk.SummaryRow{Key: govuk.Text(key), Value: govuk.Text(value)})
	}
	add("Format", d.Format)
	add("Made with", or(d.Tool, "The document does not say"))
	produced := "The document does not say"
	if d.ProducedAt > 0 {
		produced = dated(d.ProducedAt, now)
	}
	add("Made on", produced)
	add("Received", dated(d.ReceivedAt, now)+", from "+or(d.DeliveredBy, "a program"))
	judged := "Not yet. The server does so within seconds."
	if d.JudgedAt > 0 {
		judged = moment(d.JudgedAt)
	}
	add("Taken into the standings", judged)
	counts := "No: a newer document took its place, or it is in doubt"
	if d.Counts {
		counts = "Yes"
	}
	add("Counts now", counts)
	add("Holds", thousands(d.Items)+" entries")
	add("SHA-256 of the file", d.Digest)
	return passage{ID: "facts", Heading: "The document", Terms: &list, Links: []govuk.Link{{Text: "The evidence record, with the file", Href: "/evidence/" + d.Evidence}}}
}

func faultsPart(d app.DocumentLine) passage {
	out := passage{ID: "faults", Heading: many(int64(len(d.Faults)), "fault", "faults")}
	if len(d.Faults) == 0 {
		out.Words = []string{"The document keeps the rules of its format that are checked here."}
		return out
	}
	out.Words = []string{"The document was accepted, and breaks these rules. Tell whoever makes the tool."}
	t := govuk.Table{Caption: "Faults", CaptionClasses: "govuk-visually-hidden", Head: []govuk.Cell{{Text: "Where"}, {Text: "Rule"}, {Text: "What is wrong"}}}
	for _, f := range d.Faults[:min(len(d.Faults), 200)] {
		where := f.Pointer
		if f.Line > 0 {
			where = "line " + strconv.Itoa(f.Line)
		}
		t.Rows = append(t.Rows, []govuk.Cell{{Text: or(where, "The document")}, {Text: or(f.Rule, "Not named")}, {Text: f.Detail}})
	}
	out.Tables = []govuk.Table{stacked(t)}
	if more := len(d.Faults) - 200; more > 0 {
		out.Words = append(out.Words, thousands(int64(more))+" more are not shown.")
	}
	return out
}

func qualityPart(n int, score inventory.Score, names []string) passage {
	out := passage{ID: "quality-" + strconv.Itoa(n+1), Heading: "Quality by " + score.Profile.Name,
		Words: []string{strconv.Itoa(score.Met()) + " of " + strconv.Itoa(len(score.Elements)) + " elements are there for everything that needs them. It is a measure of the document, not of the product."}}
	t := govuk.Table{Caption: "Elements", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Element"}, {Text: "There", Format: "numeric"}, {Text: "Lacking, for example"}}}
	for _, e := range score.Elements {
		example := "Nothing"
		if !e.Met() {
			example = "The document itself"
			for _, i := range e.Examples {
				if i >= 0 && int(i) < len(names) {
					example = names[i]
					break
				}
			}
		}
		t.Rows = append(t.Rows, []govuk.Cell{{Text: e.Name}, {Text: thousands(int64(e.Present)) + " of " + thousands(int64(e.Of)), Format: "numeric"}, {Text: example}})
	}
	out.Tables = []govuk.Table{stacked(t)}
	return out
}

func licencesPart(v app.DocumentView) passage {
	out := passage{ID: "licences", Heading: "Licences", Words: []string{many(int64(len(v.Licences.Without)), "component names", "components name") + " no licence."}}
	t := govuk.Table{Caption: "Licences, most used first", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Licence"}, {Text: "On the SPDX list"}, {Text: "Components", Format: "numeric"}}}
	for _, l := range v.Licences.Licences[:min(len(v.Licences.Licences), 100)] {
		known := "No"
		if l.Known {
			known = "Yes"
		}
		t.Rows = append(t.Rows, []govuk.Cell{{Text: l.Licence}, {Text: known}, {Text: thousands(int64(l.Components)), Format: "numeric"}})
	}
	out.Tables = []govuk.Table{stacked(t)}
	return out
}
