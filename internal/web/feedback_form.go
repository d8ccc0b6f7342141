package web

import (
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

func (s *Site) feedbackForm(rq *request) (reply, error) {
	return s.feedbackPage(rq, filled("place", rq.query("place")))
}

func (s *Site) feedbackPage(rq *request, f *form) (reply, error) {
	fw, err := s.frameworkOf(rq)
	if err != nil {
		return reply{}, err
	}
	path := frameworkPath(fw)
	return show(&page{title: "Tell us what is missing", caption: fw.Title, section: "/frameworks", crumbs: []crumb{{"Frameworks", "/frameworks"}, {fw.Short, path}}, form: f,
		view: askView{Action: path + "/feedback", Submit: "Send", Cancel: path, Intro: "Your note reaches those who look after this framework in your organisation. They answer it as work.",
			Fields: []govuk.Component{f.line("place", "Where (optional)", "The identifier of a question or an activity."), f.lines("words", "What is missing or hard to understand?", "")}}}), nil
}

func (s *Site) feedbackSent(rq *request) (reply, error) {
	fw, err := s.frameworkOf(rq)
	if err != nil {
		return reply{}, err
	}
	if _, _, err := s.App.SendFeedback(rq.Context(), rq.who, fw.ID, rq.form.text("place"), rq.form.text("words")); err != nil {
		if rq.form.take(err) {
			return s.feedbackPage(rq, rq.form)
		}
		return reply{}, err
	}
	return goTo(frameworkPath(fw), "feedback_sent"), nil
}

// feedbackListView is the notes that wait, and those that were answered.
type feedbackListView struct {
	Notes  []feedbackNote
	Closed govuk.Table
}

type feedbackNote struct {
	ID, Heading, When, Action, Version string
	Words                              govuk.Prose
	Fields                             []govuk.Component
}

func (s *Site) feedbackList(rq *request) (reply, error) { return s.feedbackListPage(rq, "", filled()) }

func (s *Site) feedbackListPage(rq *request, about string, f *form) (reply, error) {
	notes, err := s.App.FeedbackIn(rq.Context(), rq.who, "")
	if err != nil {
		return reply{}, err
	}
	v := feedbackListView{Closed: govuk.Table{Caption: "Answered notes", CaptionClasses: "govuk-visually-hidden", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Where"}, {Text: "Note"}, {Text: "Outcome"}, {Text: "Answered"}}}}
	for _, n := range notes {
		where := n.Framework
		if n.Place != "" {
			where += " " + n.Place
		}
		if n.State != "open" {
			v.Closed.Rows = append(v.Closed.Rows, []govuk.Cell{{Text: where}, prose(n.Words), prose(phaseWord(n.State) + ": " + n.Outcome), {Text: moment(n.HandledAt)}})
			continue
		}
		own := newForm(nil)
		if n.ID == about {
			own = f
		}
		outcome := own.line("outcome", "What was done, or why not", "")
		state := own.one("state", "Outcome", "", []choice{{"done", "Done", ""}, {"declined", "Declined", ""}})
		if n.ID != about {
			outcome.ID, state.IDPrefix = "outcome-"+n.ID, "state-"+n.ID
		}
		v.Notes = append(v.Notes, feedbackNote{ID: n.ID, Heading: where, When: moment(n.SentAt), Words: govuk.Prose{Text: n.Words}, Action: "/feedback/" + n.ID,
			Version: strconv.FormatInt(n.Version, 10), Fields: []govuk.Component{state, outcome}})
	}
	return show(&page{title: "Feedback on frameworks", section: "/frameworks", crumbs: []crumb{{"Frameworks", "/frameworks"}}, form: f, view: v}), nil
}

func (s *Site) feedbackHandled(rq *request) (reply, error) {
	id := rq.id("id")
	_, err := s.App.HandleFeedback(rq.Context(), rq.who, id, rq.form.number("version"), rq.form.text("state"), rq.form.text("outcome"))
	if err == nil {
		return goTo("/feedback", "feedback_handled"), nil
	}
	if rq.form.take(err) {
		return s.feedbackListPage(rq, id, rq.form)
	}
	return reply{}, err
}
