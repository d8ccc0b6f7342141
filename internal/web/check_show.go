package web

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// checkShowView is one check: what it asks and why, what its answers mean, how to
// put it right, and what it does to which requirement.
type checkShowView struct {
	Question string
	About    govuk.SummaryList
	Outcomes govuk.SummaryList
	Remedy   string
	Effort   string
	Count    string
	Bound    govuk.Table
	Code     string
}

func (s *Site) checkShow(rq *request) (reply, error) {
	c, err := s.App.LibraryCheckOf(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	d := c.Definition
	v := checkShowView{Question: d.Question, About: checkFacts(d), Outcomes: checkOutcomesOf(d), Remedy: d.Remedy, Effort: effortWord(d.Effort),
		Count: "Speaks to " + many(int64(len(d.Bindings)), "requirement", "requirements"), Code: pushHint("SYSTEM", "")}
	if v.Bound, err = s.boundTable(rq, d); err != nil {
		return reply{}, err
	}
	return show(&page{title: d.Title, caption: "Automated check", section: "/frameworks", crumbs: []crumb{{"Frameworks", "/frameworks"}, {"Automated checks", "/checks"}}, wide: true, view: v}), nil
}

func checkFacts(d check.Definition) govuk.SummaryList {
	var list govuk.SummaryList
	add := func(key string, value govuk.Content) {
		list.Rows = append(list.Rows, govuk.SummaryRow{Key: govuk.Text(key), Value: value})
	}
	add("Asked by", govuk.Text(d.Clause))
	if strings.HasPrefix(d.Source, "https://") {
		add("Source", govuk.Of(govuk.Link{Text: d.Source, Href: d.Source, Attributes: govuk.Attributes{"rel": "noopener noreferrer"}}))
	} else {
		add("Source", govuk.Text(d.Source))
	}
	add("In effect since", govuk.Text(d.Effective.Words()))
	add("Facts it needs", govuk.Text(needWords(d)))
	add("Facts are good for", govuk.Text(freshWords(d)))
	add("Identifier", govuk.Text(d.ID))
	return list
}

func freshWords(d check.Definition) string {
	if d.FreshDays == 0 {
		return "As long as the release"
	}
	return many(int64(d.FreshDays), "day", "days") + " after they were produced"
}

func checkOutcomesOf(d check.Definition) govuk.SummaryList {
	return govuk.SummaryList{Rows: []govuk.SummaryRow{
		{Key: govuk.Text(outcomeWord(assessment.Pass)), Value: govuk.Text(d.Pass)},
		{Key: govuk.Text(outcomeWord(assessment.Fail)), Value: govuk.Text(d.Fail)},
		{Key: govuk.Text(outcomeWord(assessment.CannotAssess)), Value: govuk.Text(d.Cannot)},
	}}
}

// boundTable says what each answer of the check permits for each requirement.
func (s *Site) boundTable(rq *request, d check.Definition) (govuk.Table, error) {
	t := govuk.Table{Caption: "Requirements that it speaks to", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Requirement"}, {Text: "Framework"}, {Text: "How much it decides"}, {Text: "Highest claim after a failure"}}}
	for _, b := range d.Bindings {
		f, r, err := s.boundRequirement(rq, b)
		if err != nil {
			return t, err
		}
		cells := []govuk.Cell{{Text: b.Requirement}, {Text: s.App.FrameworkName(b.Framework)}, {Text: decidesWords(b.Decides)}, {Text: permitsWords(f, r, b)}}
		if r != nil {
			cells[0] = govuk.Cell{Text: labelOf(r) + " " + r.Title}
			cells[1] = govuk.Cell{Markup: govuk.Link{Text: f.Short, Href: frameworkPath(f)}.HTML()}
		}
		t.Rows = append(t.Rows, cells)
	}
	return stacked(t), nil
}

// boundRequirement finds the requirement that a binding names in the newest version
// of its framework that has it; nil when none ships.
func (s *Site) boundRequirement(rq *request, b check.Binding) (*framework.Framework, *framework.Requirement, error) {
	heads, err := s.App.FrameworkHeads(rq.Context(), rq.who)
	if err != nil {
		return nil, nil, err
	}
	var in *framework.Framework
	var found *framework.Requirement
	for _, h := range heads {
		if h.ID != b.Framework {
			continue
		}
		f, err := s.App.FrameworkView(rq.Context(), rq.who, h.ID, h.Version)
		if err != nil {
			return nil, nil, err
		}
		if r, has := f.Requirement(b.Requirement); has { // the newest stands last
			in, found = f, r
		}
	}
	return in, found, nil
}

func decidesWords(d assessment.Decides) string {
	if d == assessment.Whole {
		return "The whole: a pass verifies the claim"
	}
	return "A part: a pass is shown beside what supports the claim"
}

// permitsWords is the highest level that a binding permits after a failure, in the
// words of the framework.
func permitsWords(f *framework.Framework, r *framework.Requirement, b check.Binding) string {
	level := b.Permits[assessment.Fail]
	if r == nil {
		return or(strings.ReplaceAll(level, "_", " "), "The lowest level")
	}
	return or(levelWord(f, r, level), "The lowest level")
}
