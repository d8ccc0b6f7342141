package web

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// assessmentShowView is the task list.
type assessmentShowView struct {
	State   govuk.Tag
	Facts   govuk.SummaryList
	Needs   string
	Only    string // link that shows fewer questions, or all of them
	OnlyTo  string
	Groups  []taskGroup
	Check   string // address of the next step, "" when there is none
	CheckIs string
	Links   []govuk.Link
	Note    string

	Confidence *confidenceView // of a framework with bands
}

type taskGroup struct {
	ID, Heading, Summary string
	Tasks                govuk.TaskList
	Confirm              string // address to confirm what was carried over
	ConfirmText          string
}

func (s *Site) assessmentShow(rq *request) (reply, error) {
	v, err := s.App.AssessmentView(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	confidence, err := s.confidenceOf(rq, v)
	if err != nil {
		return reply{}, err
	}
	return show(assessmentShowPage(rq, v, confidence)), nil
}

func assessmentShowPage(rq *request, v app.AssessmentView, confidence *confidenceView) *page {
	path := "/assessments/" + v.Assessment.ID
	state := assessment.State(v.Assessment.State)
	only := rq.query("show")
	if only == "" && v.Assessment.Previous != "" && v.Needs.NeedYou > 0 && state.Answerable() {
		only = "need"
	}
	view := assessmentShowView{State: stateTag(v.Assessment.State), Facts: assessmentFacts(v), Groups: taskGroups(rq, v, only == "need"), Links: assessmentLinks(rq, v), Confidence: confidence}
	if state.Answerable() {
		view.Needs = thousands(int64(v.Needs.NeedYou)) + " of " + thousands(int64(v.Needs.Total)) + " need you."
		if v.Needs.ToConfirm > 0 {
			view.Needs += " " + thousands(int64(v.Needs.ToConfirm)) + " have the answer from last time and only need to be confirmed."
		}
		if only == "need" {
			view.Only, view.OnlyTo = "Show all questions", path+"?show=all"
		} else {
			view.Only, view.OnlyTo = "Show only the questions that need you", path+"?show=need"
		}
	}
	switch {
	case state == assessment.Due && rq.may(access.AssessmentStart), state == assessment.Lapsed && rq.may(access.AssessmentStart):
		view.Note = "This assessment is due and nobody has started it."
		view.Check, view.CheckIs = "/systems/"+v.System.ID+"/assessments/new?framework="+v.Framework.Key(), "Start it"
	case state.Answerable() && rq.may(access.AssessmentSubmit):
		view.Check, view.CheckIs = path+"/check", "Check answers and send"
	case state == assessment.SROReview && rq.may(access.AssessmentApprove):
		view.Check, view.CheckIs = path+"/sign-off", "Read and decide"
	}
	if v.Assessment.ReturnReason != "" {
		view.Note = "It was sent back: " + v.Assessment.ReturnReason
	}
	return &page{title: v.Framework.Title, caption: v.System.Name, section: "/systems", crumbs: systemCrumbs(v.System), markings: []string{v.System.Marking, v.Assessment.Marking}, view: view}
}

func assessmentLinks(rq *request, v app.AssessmentView) []govuk.Link {
	links := []govuk.Link{{Text: "Guidance of this framework", Href: "/frameworks/" + v.Framework.ID + "/" + v.Framework.Version + "/guidance"}}
	if assessment.State(v.Assessment.State).Frozen() && rq.may(access.ReportRead) {
		links = append(links, govuk.Link{Text: "Receipt and report", Href: "/assessments/" + v.Assessment.ID + "/receipt"})
	}
	return links
}

func assessmentFacts(v app.AssessmentView) govuk.SummaryList {
	as := v.Assessment
	row := func(key, value string) govuk.SummaryRow {
		return govuk.SummaryRow{Key: govuk.Text(key), Value: govuk.Text(or(value, "Not recorded"))}
	}
	rows := []govuk.SummaryRow{row("Published by", v.Framework.Publisher), row("Version", v.Framework.Version)}
	for _, set := range v.Framework.Sets {
		if set.ID == as.Set {
			rows = append(rows, row("Questions", set.Title))
		}
	}
	if as.SetReason != "" {
		rows = append(rows, row("Why these questions", as.SetReason))
	}
	if !assessment.State(as.State).Frozen() {
		rows = append(rows, row("Due by", or(as.DueOn.Words(), "No date")), row("Why now", or(as.Reason, "By schedule")))
	} else {
		rows = append(rows, row("Approved", moment(as.ApprovedAt)), row("By", v.People[as.ApprovedBy]), row("Next one due by", or(as.NextDueOn.Words(), "No date")))
		if as.OnBehalfOf != "" {
			rows = append(rows, row("On behalf of", as.OnBehalfOf))
		}
	}
	return govuk.SummaryList{Rows: rows}
}

// taskGroups lists the questions below the headings of the framework.
func taskGroups(rq *request, v app.AssessmentView, needOnly bool) []taskGroup {
	var out []taskGroup
	confirm := map[string]int{}
	for _, line := range v.Lines {
		if n := len(out); n == 0 || out[n-1].ID != anchor(line.Group) {
			out = append(out, taskGroup{ID: anchor(line.Group), Heading: line.Group.Title, Summary: line.Group.Summary,
				Tasks: govuk.TaskList{IDPrefix: anchor(line.Group) + "-task"}})
		}
		g := &out[len(out)-1]
		if carriedUnchanged(line.Answer) {
			confirm[g.ID]++
			g.Confirm = "/assessments/" + v.Assessment.ID + "/confirm/" + line.Group.ID
			g.ConfirmText = "Confirm " + many(int64(confirm[g.ID]), "answer", "answers") + " from last time"
		}
		if needOnly && (line.Answer.Counts() || carriedUnchanged(line.Answer)) {
			continue
		}
		g.Tasks.Tasks = append(g.Tasks.Tasks, taskOf(v, line))
	}
	if !rq.may(access.ResponseWrite) || !assessment.State(v.Assessment.State).Answerable() {
		for i := range out {
			out[i].Confirm = ""
		}
	}
	var some []taskGroup
	for _, g := range out {
		if len(g.Tasks.Tasks) > 0 || g.Confirm != "" {
			some = append(some, g)
		}
	}
	return some
}

// anchor is the id of a heading in a page.
func anchor(g *framework.Group) string {
	return "group-" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, g.ID)
}

// carriedUnchanged is an answer of last time of which nothing is known to have
// changed.
func carriedUnchanged(r assessment.Response) bool {
	return r.Prior && !r.Confirmed && r.Attention == assessment.NoAttention && r.Claim.Answered()
}

func taskOf(v app.AssessmentView, line app.AnswerLine) govuk.Task {
	t := govuk.Task{Title: govuk.Text(labelOf(line.Requirement) + " " + line.Requirement.Title),
		Href: "/assessments/" + v.Assessment.ID + "/questions/" + line.Requirement.ID}
	if line.Answer.Claim.Answered() {
		words := claimWord(v.Framework, line.Requirement, line.Answer.Claim)
		if line.Answer.Claim.Kind == assessment.AtLevel {
			words += ", " + strings.ToLower(line.Standing.Support.Label())
		}
		t.Hint = govuk.Text(words)
	}
	answer := line.Answer
	switch {
	case answer.Prior && !answer.Confirmed && answer.Attention != assessment.NoAttention:
		t.Hint = govuk.Text(attentionWord(answer.Attention))
		t.Tag = govuk.Tag{Text: "Changed since last time", Colour: "orange"}
	case carriedUnchanged(answer):
		t.Tag = govuk.Tag{Text: "Needs confirming", Colour: "yellow"}
	case !answer.Claim.Answered():
		t.Tag = govuk.Tag{Text: "Not started", Colour: "blue"}
	case answer.Claim.Kind == assessment.DontKnow:
		t.Hint = govuk.Text("To be found out by " + dueWord(answer.FindOutBy, todayIn(v.Organisation, v.Now)))
		t.Tag = govuk.Tag{Text: "Do not know yet", Colour: "purple"}
	case answer.Claim.Kind == assessment.NotApplicable:
		t.Status = govuk.Text("Does not apply")
	default:
		t.Status = govuk.Text("Completed")
	}
	return t
}

func attentionWord(a assessment.Attention) string {
	switch a {
	case assessment.Contradiction:
		return "Something contradicts the answer of last time."
	case assessment.Undecided:
		return "A check can no longer decide."
	case assessment.RunOut:
		return "What supported the answer has run out."
	case assessment.Overdue:
		return "The day to find out has passed."
	case assessment.Reworded:
		return "The question is another one in this version."
	case assessment.Moved:
		return "Its support moved since it was answered."
	case assessment.NotKnown:
		return "Last time nobody knew."
	}
	return ""
}
