package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// assuranceListView is the pool of approved assessments.
type assuranceListView struct {
	Count string
	List  govuk.Table
	Pages *govuk.Pagination
	None  bool
}

func (s *Site) assuranceList(rq *request) (reply, error) {
	l := rq.listing("/assurance")
	found, err := s.App.Assessments(rq.Context(), rq.who, app.AssessmentFilter{States: []string{string(assessment.Approved), string(assessment.Shared)}}, app.Page{After: rq.query("after")})
	if err != nil {
		return reply{}, err
	}
	v := assuranceListView{Count: many(found.Total, "assessment", "assessments"), Pages: l.pages(rq, found.Next), None: len(found.Items) == 0}
	p := &page{title: "Assurance pool", section: "/assurance", wide: true}
	v.List = govuk.Table{Caption: "Approved assessments", CaptionClasses: "govuk-visually-hidden", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: capital(rq.systemWord())}, {Text: "Framework"}, {Text: "State"}, {Text: "Approved"}, {Text: "Next one due"}, {Text: "Report"}}}
	for _, line := range found.Items {
		as := line.Assessment
		p.markings = append(p.markings, as.Marking)
		v.List.Rows = append(v.List.Rows, []govuk.Cell{{Markup: govuk.Link{Text: line.SystemName, Href: "/systems/" + as.System}.HTML()},
			{Text: s.App.FrameworkName(as.Framework) + " " + as.FrameworkVersion}, {Markup: stateTag(as.State).HTML()}, {Text: day(as.ApprovedAt)}, {Text: or(as.NextDueOn.Words(), "No date")},
			{Markup: govuk.Link{Text: "Receipt and report", Hidden: "of " + line.SystemName + ", " + as.Framework, Href: "/assessments/" + as.ID + "/receipt"}.HTML()}})
	}
	p.view = v
	return show(p), nil
}
