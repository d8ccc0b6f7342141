package web

import (
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// assessmentCheckView lists every answer before it is sent.
type assessmentCheckView struct {
	Groups  []checkGroup
	Action  string
	Version string
	Send    bool
	SRO     string
	Needs   string
}

type checkGroup struct {
	ID, Heading string
	Answers     govuk.SummaryList
}

func (s *Site) assessmentCheck(rq *request) (reply, error) {
	return s.assessmentCheckPage(rq, filled())
}

func (s *Site) assessmentCheckPage(rq *request, f *form) (reply, error) {
	v, err := s.App.AssessmentView(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	path := "/assessments/" + v.Assessment.ID
	view := assessmentCheckView{Action: path + "/check", Version: strconv.FormatInt(v.Assessment.Version, 10), SRO: sroWord(v.Organisation),
		Send: assessment.State(v.Assessment.State).Answerable() && rq.may(access.AssessmentSubmit)}
	if left := v.Needs.Total - v.Needs.Done; view.Send && left > 0 {
		view.Needs = many(int64(left), "question still needs", "questions still need") + " an answer or a confirmation."
	}
	for _, line := range v.Lines {
		if n := len(view.Groups); n == 0 || view.Groups[n-1].ID != anchor(line.Group) {
			view.Groups = append(view.Groups, checkGroup{ID: anchor(line.Group), Heading: line.Group.Title})
		}
		g := &view.Groups[len(view.Groups)-1]
		g.Answers.Rows = append(g.Answers.Rows, answerRow(v, line, path, f))
	}
	return show(&page{title: "Check the answers", caption: v.System.Name, section: "/systems", markings: []string{v.System.Marking, v.Assessment.Marking}, form: f,
		crumbs: append(systemCrumbs(v.System), crumb{v.Framework.Short, path}), view: view}), nil
}

// sroWord is what the organisation calls the accountable person.
func sroWord(org app.Organisation) string { return or(org.SROWord, "Senior Responsible Owner") }

func (s *Site) assessmentSubmit(rq *request) (reply, error) {
	as, _, err := s.App.Submit(rq.Context(), rq.who, rq.id("id"), rq.form.number("version"))
	if err == nil {
		return goTo("/assessments/"+as.ID+"/sent", ""), nil
	}
	if rq.form.take(err) {
		return s.assessmentCheckPage(rq, rq.form)
	}
	return reply{}, err
}

// assessmentSentView confirms that the answers are with the accountable person.
type assessmentSentView struct {
	Panel govuk.Panel
	SRO   string
	Due   string
	Path  string

	Reference string
}

func (s *Site) assessmentSent(rq *request) (reply, error) {
	v, err := s.App.AssessmentView(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	sro := sroWord(v.Organisation)
	title := "Sent to the " + sro
	if assessment.State(v.Assessment.State) != assessment.SROReview {
		return goTo("/assessments/"+v.Assessment.ID, ""), nil
	}
	return show(&page{title: title, caption: v.System.Name, section: "/systems", markings: []string{v.System.Marking}, view: assessmentSentView{
		Panel: govuk.Panel{Title: "The answers have been sent", HeadingLevel: 2, Text: v.System.Name}, SRO: sro,
		Due: or(v.Assessment.DueOn.Words(), "no date"), Path: "/assessments/" + v.Assessment.ID, Reference: v.Assessment.ID}}), nil
}
