package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// releaseList shows the releases of a system, and what the last look came to.
func (s *Site) releaseList(rq *request) (reply, error) {
	v, err := s.App.Releases(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	sys, now := v.System, s.Now().UnixMicro()
	view := partsView{}
	p := rq.ofSystem(sys, "Releases and what machines say")
	if len(v.Releases) == 0 {
		view.Parts = []passage{{ID: "none", Heading: "Nothing was delivered yet", Words: []string{
			"Let the pipeline that builds a release send what it knows: a bill of materials, scan and test results, attestations. A release becomes known with its first document."},
			Code: pushHint(sys.ID, "")}}
		p.view = view
		return show(p), nil
	}
	view.Parts = append(view.Parts, judgedPart(v, now), releasesPart(v, now))
	if products := productsPart(v); len(products.Lines) > 0 {
		view.Parts = append(view.Parts, products)
	}
	view.Parts = append(view.Parts, passage{ID: "deliver", Heading: "Deliver more", Words: []string{"From the pipeline that builds a release:"}, Code: pushHint(sys.ID, v.Releases[0].Name)})
	if len(v.Releases) > 1 {
		view.Compare = compareFormOf(sys.ID, v.Releases, v.Releases[1].ID, v.Releases[0].ID)
	}
	p.view = view
	return show(p), nil
}

func judgedPart(v app.ReleasesView, now int64) passage {
	out := passage{ID: "judged", Heading: "What follows from it"}
	j := v.Judged
	if j.At == 0 {
		out.Words = []string{"Nobody has looked at it yet. The server does so within seconds of a delivery."}
		return out
	}
	out.Words = append(out.Words, "Release "+or(j.Release, "not named")+" speaks for the system. It was last looked at on "+dated(j.At, now)+".",
		many(int64(j.Open), "finding is", "findings are")+" open, "+many(int64(j.Overdue), "of them is", "of them are")+" past the due date. Due dates follow “"+v.Policy.Title+"”.")
	out.Words = append(out.Words, coverageWords(j.Coverage, now)...)
	if j.Coverage.Components > 0 {
		out.Tables = []govuk.Table{coverageTable(j.Coverage, nil)}
	}
	out.Links = []govuk.Link{{Text: "Findings by due date", Href: "/systems/" + v.System.ID + "/findings"}}
	return out
}

func releasesPart(v app.ReleasesView, now int64) passage {
	t := govuk.Table{Caption: "Releases, newest first", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Release"}, {Text: "Known since"}, {Text: "Documents", Format: "numeric"}, {Text: "Last delivery"}, {Text: "State"}}}
	for _, r := range v.Releases {
		state := "In use"
		switch {
		case r.RetiredAt != 0:
			state = "Retired on " + day(r.RetiredAt)
		case r.Speaks:
			state = "Speaks for the system"
		}
		t.Rows = append(t.Rows, []govuk.Cell{{Markup: govuk.Link{Text: r.Name, Href: releasePath(v.System.ID, r.ID)}.HTML()}, {Text: day(r.CreatedAt)},
			{Text: thousands(int64(r.Documents)), Format: "numeric"}, {Text: dated(r.LatestAt, now)}, {Text: state}})
	}
	return passage{ID: "releases", Heading: many(int64(len(v.Releases)), "release", "releases"), Tables: []govuk.Table{stacked(t)}}
}

// productsPart names what bills of materials describe, when it is more than one
// thing or something that nobody has confirmed.
func productsPart(v app.ReleasesView) passage {
	out := passage{ID: "products", Heading: "What the bills of materials describe"}
	for _, p := range v.Products {
		line := or(p.Title, "A product without a name")
		if !p.Confirmed {
			line += ": nobody has confirmed that it belongs to this system, so what is said of it improves nothing"
		}
		out.Lines = append(out.Lines, line+".")
	}
	if len(v.Products) == 1 && v.Products[0].Confirmed {
		out.Lines = nil
	}
	return out
}

func compareFormOf(system string, releases []app.ReleaseLine, from, to string) *compareForm {
	var choices []choice
	for _, r := range releases {
		choices = append(choices, choice{value: r.ID, text: r.Name})
	}
	field := func(name, label, value string) govuk.Select {
		return govuk.Select{ID: name, Name: name, Value: value, Label: govuk.Label{Text: label}, Options: asOptions("", choices)}
	}
	return &compareForm{Action: releasesPath(system) + "/compare", From: field("from", "From", from), To: field("to", "To", to)}
}
