package web

import (
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// questionView is one question: guidance, the answer, and what holds it up.
type questionView struct {
	Where    string // "Question 3 of 54"
	Title    string
	Guidance string
	Good     string
	Expected []string
	Clause   string
	Standing govuk.Tag
	Because  []string
	Remedy   string
	Form     *questionForm
	Answer   *govuk.SummaryList // instead of the form, for those who only read
	Draft    string
	NoDraft  string // address without the draft
	Last     string // what was said last time
	Dispute  *dispute
	Evidence evidencePanel
	Checks   *checksPanel
	Suggest  []suggestion
	History  govuk.Timeline
	Pages    govuk.Pagination
	All      string
	Remove   string // address to ask for removal at, "" for those who may not
}

type questionForm struct {
	Action, Autosave string
	Version, Kept    string
	Fields           []govuk.Component
}

type suggestion struct {
	Heading, Words string
	Evidence       []linkable
}

func (s *Site) questionShow(rq *request) (reply, error) {
	v, err := s.App.QuestionView(rq.Context(), rq.who, rq.id("id"), rq.id("requirement"))
	if err != nil {
		return reply{}, err
	}
	f, draft, err := answerForm(v, rq.query("draft") != "no")
	if err != nil {
		return reply{}, err
	}
	return s.questionPage(rq, v, f, draft)
}

// answerForm is what is on record, or the draft that the person has not saved.
func answerForm(v app.QuestionView, useDraft bool) (*form, bool, error) {
	answer := v.Line.Answer
	if v.Draft != nil && useDraft {
		fields, err := app.DraftFields(*v.Draft)
		if err != nil {
			return nil, false, err
		}
		f := filled("version", strconv.FormatInt(v.Draft.BaseVersion, 10))
		for _, name := range draftFields() {
			f.values.Set(name, fields[name])
		}
		return f, true, nil
	}
	f := filled("claim", answer.Claim.String(), "rationale", answer.Rationale, "na_reason", answer.NAReason, "delegate", answer.Delegate,
		"version", strconv.FormatInt(answer.Version, 10))
	if answer.Claim.Kind == assessment.Unanswered {
		f.values.Set("claim", "")
	}
	f.setDate("find_out_by", answer.FindOutBy)
	return f, false, nil
}

// questionPath is the address of a question.
func questionPath(v app.QuestionView) string {
	return "/assessments/" + v.Assessment.ID + "/questions/" + v.Line.Requirement.ID
}

func (s *Site) questionPage(rq *request, v app.QuestionView, f *form, draft bool) (reply, error) {
	r, path := v.Line.Requirement, questionPath(v)
	view := questionView{Title: r.Title, Guidance: r.Guidance, Good: r.Good, Expected: r.Evidence, Clause: r.Clause,
		Where: questionPlace(v), All: "/assessments/" + v.Assessment.ID, History: answerHistory(v)}
	if v.Line.Answer.Claim.Answered() {
		st := v.Line.Standing
		if v.Line.Answer.Claim.Kind == assessment.AtLevel { // else nothing is claimed that could be held up
			view.Standing = standingTag(st.Support)
			view.Remedy = st.Support.Remedy()
		}
		for _, b := range st.Because {
			view.Because = append(view.Because, b.Text)
		}
	}
	if v.Line.Answer.Prior && !v.Line.Answer.Confirmed {
		view.Last = "This is the answer of last time. Change it if it is no longer true, then save. Nothing counts before you do. " + attentionWord(v.Line.Answer.Attention)
	}
	if assessment.State(v.Assessment.State).Answerable() && rq.may(access.ResponseWrite) {
		view.Form = &questionForm{Action: path, Autosave: path + "/draft", Version: f.text("version"), Kept: f.text("kept_over"), Fields: answerFields(v, f)}
		if draft {
			view.Draft, view.NoDraft = "You typed this on "+moment(v.Draft.At)+" and have not saved it. Only you see it.", path+"?draft=no"
		}
	} else {
		view.Answer = answerList(v)
	}
	if v.Line.Answer.Version > 0 && rq.may(access.PurgeRequest) {
		view.Remove = path + "/remove"
	}
	var err error
	if view.Evidence, err = s.evidencePanel(rq, v); err != nil {
		return reply{}, err
	}
	bound, err := s.App.RequirementChecks(rq.Context(), rq.who, v.Assessment.ID, r.ID)
	if err != nil {
		return reply{}, err
	}
	view.Checks, view.Dispute = checksOf(v, bound), disputeOf(v, bound)
	view.Suggest = suggestionsOf(v, view.Evidence.Links != "")
	if v.Previous != "" {
		view.Pages.Previous = govuk.PageLink{Href: view.All + "/questions/" + v.Previous, Text: "Previous question"}
	}
	if v.Next != "" {
		view.Pages.Next = govuk.PageLink{Href: view.All + "/questions/" + v.Next, Text: "Next question"}
	}
	markings := []string{v.System.Marking, v.Assessment.Marking}
	for _, l := range v.Linked {
		markings = append(markings, l.Evidence.Marking)
	}
	return show(&page{title: or(r.Question, r.Title), caption: labelOf(r) + ", " + v.Framework.Short, section: "/systems", markings: markings, form: f, wide: true,
		crumbs: append(systemCrumbs(v.System), crumb{v.Framework.Short, view.All}), view: view}), nil
}

func questionPlace(v app.QuestionView) string {
	for i, line := range v.Lines {
		if line.Requirement.ID == v.Line.Requirement.ID {
			return "Question " + thousands(int64(i+1)) + " of " + thousands(int64(len(v.Lines)))
		}
	}
	return ""
}

// answerFields are the controls of an answer. “No” and “I do not know” are as
// near at hand as “yes”.
func answerFields(v app.QuestionView, f *form) []govuk.Component {
	claim := govuk.Radios{Name: "claim", Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "How far is this true of " + v.System.Name + "?", Classes: "govuk-fieldset__legend--m"}}}
	for _, l := range v.Framework.LevelsOf(v.Line.Requirement) {
		claim.Items = append(claim.Items, govuk.RadioItem{Value: l.ID, Text: l.Label, Hint: hint(l.Help)})
	}
	var people []choice
	for _, m := range v.Members {
		people = append(people, choice{value: m.ID, text: m.Name})
	}
	claim.Items = append(claim.Items, govuk.RadioItem{Divider: "or"},
		govuk.RadioItem{Value: string(assessment.DontKnow), Text: "I do not know", Hint: hint("Say by when you will find out. It is a good answer."),
			Conditional: govuk.Join(f.day("find_out_by", "By when will you find out?", ""), f.pick("delegate", "Who will find out?", "", "I will", people))},
		govuk.RadioItem{Value: string(assessment.NotApplicable), Text: "It does not apply",
			Conditional: govuk.Join(f.lines("na_reason", "Why does it not apply?", ""))})
	rationale := govuk.CharacterCount{ID: "rationale", Name: "rationale", Value: f.text("rationale"), MaxLength: 10000, Threshold: 75, Rows: 8,
		Label: govuk.Label{Text: "Why do you say so?", Classes: "govuk-label--m"}, Hint: hint("What is done, where, and since when. Do not enter anything above the marking of the system."),
		Error: f.problem("rationale", "rationale")}
	return []govuk.Component{f.radios(claim), rationale}
}

// answerList is the answer for those who may not change it.
func answerList(v app.QuestionView) *govuk.SummaryList {
	a := v.Line.Answer
	row := func(key string, value govuk.Content) govuk.SummaryRow {
		return govuk.SummaryRow{Key: govuk.Text(key), Value: value}
	}
	list := govuk.SummaryList{Rows: []govuk.SummaryRow{row("Answer", govuk.Text(claimWord(v.Framework, v.Line.Requirement, a.Claim)))}}
	if a.Claim.Kind == assessment.DontKnow {
		list.Rows = append(list.Rows, row("To be found out by", govuk.Text(or(a.FindOutBy.Words(), "No date"))))
	}
	if why := or(a.Rationale, a.NAReason); why != "" {
		list.Rows = append(list.Rows, row("Why", govuk.Of(govuk.Prose{Text: why})))
	}
	if a.At > 0 {
		list.Rows = append(list.Rows, row("Answered", govuk.Text(moment(a.At)+" by "+or(v.People[a.Author], "somebody whose details were removed"))))
	}
	return &list
}

func suggestionsOf(v app.QuestionView, links bool) []suggestion {
	var out []suggestion
	for _, sg := range v.Suggestions {
		x := suggestion{Heading: labelOf(sg.Requirement) + " " + sg.Requirement.Title + ", " + sg.Framework.Title + " (" + sg.Framework.Publisher + ")"}
		if sg.Claim != "" {
			x.Words = "Answered there: " + claimWord(sg.Framework, sg.Requirement, assessment.ParseClaim(sg.Claim))
			if sg.Support != "" {
				x.Words += ", " + strings.ToLower(supportWord(sg.Support))
			}
			x.Words += ". It is not filled in here."
		}
		for _, e := range sg.Evidence {
			l := linkable{ID: e.ID, Title: e.Title + ", version " + e.Edition, Href: "/evidence/" + e.ID}
			if links {
				l.Action = questionPath(v) + "/link"
			}
			x.Evidence = append(x.Evidence, l)
		}
		out = append(out, x)
	}
	return out
}

// answerHistory tells who answered what before, newest first.
func answerHistory(v app.QuestionView) govuk.Timeline {
	t := govuk.Timeline{HeadingLevel: 3}
	for _, r := range v.Revisions {
		c := assessment.Claim{Kind: assessment.ClaimKind(r.ClaimKind), Level: r.Level}
		t.Events = append(t.Events, govuk.Event{Title: claimWord(v.Framework, v.Line.Requirement, c), By: or(v.People[r.Author], "Somebody whose details were removed"),
			Time: machine(r.At), When: moment(r.At), Detail: govuk.Of(govuk.Prose{Text: or(r.Rationale, r.Reason)})})
	}
	return t
}
