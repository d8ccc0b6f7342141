package web

import (
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

type frameworkListView struct {
	List  govuk.Table
	Inbox bool
}

func (s *Site) frameworkList(rq *request) (reply, error) {
	heads, err := s.App.FrameworkHeads(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	t := govuk.Table{Caption: "Frameworks", CaptionClasses: "govuk-visually-hidden", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Title"}, {Text: "Publisher"}, {Text: "Version"}, {Text: "Answered by"}, {Text: "Whose words"}}}
	for _, f := range heads {
		t.Rows = append(t.Rows, []govuk.Cell{{Markup: govuk.Link{Text: f.Title, Hidden: f.Version, Href: frameworkPath(f)}.HTML()}, {Text: f.Publisher}, {Text: f.Version},
			{Text: strings.Join(f.Subjects, ", ")}, {Text: alignmentWord(f)}})
	}
	return show(&page{title: "Frameworks", section: "/frameworks", wide: true, view: frameworkListView{List: t, Inbox: rq.may(access.FeedbackHandle)}}), nil
}

func frameworkPath(f *framework.Framework) string { return "/frameworks/" + f.ID + "/" + f.Version }

func alignmentWord(f *framework.Framework) string {
	switch f.Alignment {
	case framework.Official:
		return "The publisher’s own list, summarised by us"
	case framework.AlignedWith:
		return "Ours, aligned with published guidance. Not the official set"
	}
	return "Ours. Not an official set"
}

// frameworkShowView is a framework with everything it asks.
type frameworkShowView struct {
	About  govuk.SummaryList
	Note   string
	Groups []frameworkGroup
	Guide  string
	Checks string // address of the checks that are bound to it, "" for none
	Tell   string
	Bands  *bandsView
}

type frameworkGroup struct {
	ID, Heading, Summary string
	Questions            govuk.Accordion
}

func (s *Site) frameworkOf(rq *request) (*framework.Framework, error) {
	version := rq.id("version")
	return s.App.FrameworkView(rq.Context(), rq.who, rq.id("id"), or(version, "-"))
}

func (s *Site) frameworkShow(rq *request) (reply, error) {
	f, err := s.frameworkOf(rq)
	if err != nil {
		return reply{}, err
	}
	v := frameworkShowView{Note: f.Note, About: frameworkFacts(f), Tell: frameworkPath(f) + "/feedback"}
	if v.Bands, err = s.bandsOf(rq, f); err != nil {
		return reply{}, err
	}
	if len(f.Activities) > 0 {
		v.Guide = frameworkPath(f) + "/guidance"
	}
	checks, err := s.App.CheckLibrary(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	if slices.Contains(boundFrameworks(checks), f.ID) {
		v.Checks = "/checks?framework=" + f.ID
	}
	f.Walk(func(path []*framework.Group, r *framework.Requirement) {
		g := path[len(path)-1]
		if n := len(v.Groups); n == 0 || v.Groups[n-1].ID != anchor(g) {
			v.Groups = append(v.Groups, frameworkGroup{ID: anchor(g), Heading: headingOf(path), Summary: g.Summary,
				Questions: govuk.Accordion{ID: anchor(g) + "-questions", HeadingLevel: 3, RememberExpanded: govuk.Off}})
		}
		at := &v.Groups[len(v.Groups)-1]
		at.Questions.Sections = append(at.Questions.Sections, requirementSection(f, r))
	})
	return show(&page{title: f.Title, caption: f.Publisher, section: "/frameworks", crumbs: []crumb{{"Frameworks", "/frameworks"}}, view: v}), nil
}

func headingOf(path []*framework.Group) string {
	var titles []string
	for _, g := range path {
		titles = append(titles, g.Title)
	}
	return strings.Join(titles, ": ")
}

func requirementSection(f *framework.Framework, r *framework.Requirement) govuk.AccordionSection {
	var facts govuk.SummaryList
	add := func(key string, value govuk.Content) {
		facts.Rows = append(facts.Rows, govuk.SummaryRow{Key: govuk.Text(key), Value: value})
	}
	text := func(key, value string) {
		if value != "" {
			add(key, govuk.Text(value))
		}
	}
	text("Guidance", r.Guidance)
	text("What good looks like", r.Good)
	text("What can support it", strings.Join(r.Evidence, "; "))
	var levels []string
	for _, l := range f.LevelsOf(r) {
		levels = append(levels, l.Label)
	}
	text("Answers", strings.Join(levels, ", "))
	text("Source", r.Clause)
	text("Incomplete", r.Incomplete)
	return govuk.AccordionSection{Heading: govuk.Text(labelOf(r) + " " + r.Title), Summary: govuk.Text(r.Question), Content: govuk.Of(facts)}
}

func frameworkFacts(f *framework.Framework) govuk.SummaryList {
	var list govuk.SummaryList
	add := func(key, value string) {
		if value != "" {
			list.Rows = append(list.Rows, govuk.SummaryRow{Key: govuk.Text(key), Value: govuk.Text(value)})
		}
	}
	add("Published by", f.Publisher)
	add("Version", f.Version)
	add("Whose words", alignmentWord(f))
	add("Answered by", strings.Join(f.Subjects, ", "))
	if f.Cadence.Months > 0 {
		add("How often", "At least every "+many(int64(f.Cadence.Months), "month", "months")+" after approval")
	} else {
		add("How often", "No schedule")
	}
	add("How it is summed up", f.RollUp.Note)
	source := f.Source.Title
	if f.Source.Date != "" {
		source += ", " + f.Source.Date
	}
	if strings.HasPrefix(f.Source.URL, "https://") {
		list.Rows = append(list.Rows, govuk.SummaryRow{Key: govuk.Text("Source"), Value: govuk.Of(govuk.Link{Text: source, Href: f.Source.URL, Attributes: govuk.Attributes{"rel": "noopener noreferrer"}})})
	} else {
		add("Source", source)
	}
	add("Licence of the source", f.Licence)
	add("Attribution", f.Attribution)
	return list
}
