package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// assessmentConfirmView shows the answers of last time below one heading.
type assessmentConfirmView struct {
	Action  string
	Answers govuk.SummaryList
	Count   string
	First   []govuk.Link // to be looked at one by one
	Back    string
}

// inGroup are the carried-over answers below a heading: those to confirm
// together, and those to look at first.
func inGroup(v app.AssessmentView, group string) (together, first []app.AnswerLine, heading string) {
	for _, line := range v.Lines {
		if line.Group.ID != group {
			continue
		}
		heading = line.Group.Title
		switch {
		case carriedUnchanged(line.Answer):
			together = append(together, line)
		case !line.Answer.Counts():
			first = append(first, line)
		}
	}
	return together, first, heading
}

func (s *Site) assessmentConfirm(rq *request) (reply, error) {
	return s.assessmentConfirmPage(rq, filled())
}

func (s *Site) assessmentConfirmPage(rq *request, f *form) (reply, error) {
	v, err := s.App.AssessmentView(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	together, first, heading := inGroup(v, rq.id("group"))
	if heading == "" {
		return reply{}, errNoPart
	}
	path := "/assessments/" + v.Assessment.ID
	view := assessmentConfirmView{Action: path + "/confirm/" + rq.id("group"), Count: many(int64(len(together)), "answer", "answers"), Back: path}
	for _, line := range together {
		view.Answers.Rows = append(view.Answers.Rows, answerRow(v, line, path, f))
	}
	for _, line := range first {
		view.First = append(view.First, govuk.Link{Text: labelOf(line.Requirement) + " " + line.Requirement.Title, Href: path + "/questions/" + line.Requirement.ID})
	}
	return show(&page{title: "Confirm what is still true: " + heading, caption: v.System.Name, section: "/systems", markings: []string{v.System.Marking}, form: f,
		crumbs: append(systemCrumbs(v.System), crumb{v.Framework.Short, path}), view: view}), nil
}

// answerRow is an answer in a list to check, with a link to change it.
func answerRow(v app.AssessmentView, line app.AnswerLine, path string, f *form) govuk.SummaryRow {
	r := line.Requirement
	id := "answer-" + r.ID
	href := path + "/questions/" + r.ID
	parts := []govuk.Component{}
	if e := f.problem(id, "responses/"+r.ID); e.Text != "" {
		parts = append(parts, e)
	}
	parts = append(parts, paragraph(claimWord(v.Framework, r, line.Answer.Claim)))
	if line.Answer.Claim.Kind == assessment.AtLevel {
		parts = append(parts, standingTag(line.Standing.Support))
	}
	if line.Answer.Claim.Kind == assessment.DontKnow {
		parts = append(parts, paragraph("To be found out by "+or(line.Answer.FindOutBy.Words(), "no date")))
	}
	parts = append(parts, govuk.Prose{Text: or(line.Answer.Rationale, line.Answer.NAReason)})
	row := govuk.SummaryRow{Key: govuk.Of(govuk.Link{Text: labelOf(r) + " " + r.Title, Href: href, Attributes: govuk.Attributes{"id": id}}), Value: govuk.Of(parts...)}
	if assessment.State(v.Assessment.State).Answerable() {
		row.Actions = []govuk.SummaryAction{{Text: "Change", Hidden: "answer to " + labelOf(r), Href: href}}
	}
	return row
}

func (s *Site) assessmentConfirmed(rq *request) (reply, error) {
	id := rq.id("id")
	v, err := s.App.AssessmentView(rq.Context(), rq.who, id)
	if err != nil {
		return reply{}, err
	}
	together, _, _ := inGroup(v, rq.id("group"))
	var requirements []string
	for _, line := range together {
		requirements = append(requirements, line.Requirement.ID)
	}
	if len(requirements) == 0 {
		return goTo("/assessments/"+id, ""), nil
	}
	if _, err := s.App.ConfirmAnswers(rq.Context(), rq.who, id, requirements); err != nil {
		if rq.form.take(err) {
			return s.assessmentConfirmPage(rq, rq.form)
		}
		return reply{}, err
	}
	return goTo("/assessments/"+id, "answers_confirmed"), nil
}
