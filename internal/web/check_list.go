package web

import (
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// checkListView is the library of automated checks.
type checkListView struct {
	Filter govuk.Filter
	Count  string
	List   govuk.Table
	None   bool
}

func (s *Site) checkList(rq *request) (reply, error) {
	all, err := s.App.CheckLibrary(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	var frameworks []choice
	for _, id := range boundFrameworks(all) {
		frameworks = append(frameworks, choice{value: id, text: s.App.FrameworkName(id)})
	}
	l := rq.listing("/checks", filterField{"framework", "Framework", frameworks}, filterField{"needs", "Kind of fact", factKinds()})
	framework, needs := l.value("framework"), l.value("needs")
	speaks := "Speaks to"
	labels := map[string]string{}
	if framework != "" {
		f, err := s.App.FrameworkView(rq.Context(), rq.who, framework, "")
		if err != nil {
			return reply{}, err
		}
		speaks = "Requirements of " + f.Short
		for _, r := range f.Requirements() {
			labels[r.ID] = labelOf(r)
		}
	}
	t := govuk.Table{Caption: "Automated checks", CaptionClasses: "govuk-visually-hidden", FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Check"}, {Text: "What it asks"}, {Text: "Facts it needs"}, {Text: speaks}, {Text: "Effort to put right"}}}
	for _, c := range all {
		bound := boundWords(c.Definition, framework, labels)
		if bound == "" || needs != "" && !slices.Contains(c.Needs, check.Kind(needs)) {
			continue
		}
		t.Rows = append(t.Rows, []govuk.Cell{{Markup: govuk.Link{Text: c.Title, Href: "/checks/" + c.ID}.HTML()}, {Text: c.Question}, {Text: needWords(c.Definition)},
			{Text: bound}, {Text: effortWord(c.Effort)}})
	}
	v := checkListView{Filter: l.panel(), Count: many(int64(len(t.Rows)), "check", "checks"), List: stacked(t), None: len(t.Rows) == 0}
	return show(&page{title: "Automated checks", section: "/frameworks", crumbs: []crumb{{"Frameworks", "/frameworks"}}, wide: true, view: v}), nil
}

// boundFrameworks are the frameworks to which any of the checks is bound.
func boundFrameworks(list []app.LibraryCheck) []string {
	var out []string
	for _, c := range list {
		for _, b := range c.Bindings {
			out = append(out, b.Framework)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// boundWords says to what a check is bound in a framework, in the labels that its
// readers know, or to how much at all; "" when it is not.
func boundWords(d check.Definition, framework string, labels map[string]string) string {
	if framework == "" {
		return many(int64(len(d.Bindings)), "requirement", "requirements")
	}
	var out []string
	for _, b := range d.Bindings {
		if b.Framework == framework {
			out = append(out, or(labels[b.Requirement], b.Requirement)+decidesSuffix(b.Decides))
		}
	}
	return strings.Join(out, ", ")
}

func decidesSuffix(d assessment.Decides) string {
	if d == assessment.Whole {
		return " (whole)"
	}
	return " (in part)"
}
