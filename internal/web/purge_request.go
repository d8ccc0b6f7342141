package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// twoPeople is the rule of removals in words.
const twoPeople = "Two people are needed: one asks for the removal, and an administrator who is somebody else approves it. Until then nothing changes."

// removal is a page that asks for something to be removed.
type removal struct {
	what   string
	page   page           // title, way and markings; the form comes from ask
	back   string         // address of the thing
	target app.PurgeInput // what is asked for, but for the reason
}

func (s *Site) evidenceRemove(rq *request) (reply, error) {
	return s.ask(rq, s.evidenceRemoval, newForm(nil))
}

func (s *Site) evidenceRemoveAsked(rq *request) (reply, error) {
	return s.asked(rq, s.evidenceRemoval)
}

func (s *Site) evidenceRemoval(rq *request) (removal, error) {
	v, err := s.App.EvidenceView(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return removal{}, err
	}
	e, back := v.Evidence, "/evidence/"+v.Evidence.ID
	return removal{what: "what this record says, with its file", back: back,
		page:   page{caption: e.Title, section: "/evidence", crumbs: []crumb{{"Evidence", "/evidence"}, {e.Title, back}}, markings: []string{e.Marking}},
		target: app.PurgeInput{TargetType: app.PurgeEvidence, Evidence: e.ID}}, nil
}

func (s *Site) answerRemove(rq *request) (reply, error) {
	return s.ask(rq, s.answerRemoval, newForm(nil))
}

func (s *Site) answerRemoveAsked(rq *request) (reply, error) { return s.asked(rq, s.answerRemoval) }

func (s *Site) answerRemoval(rq *request) (removal, error) {
	v, err := s.App.QuestionView(rq.Context(), rq.who, rq.id("id"), rq.id("requirement"))
	if err != nil {
		return removal{}, err
	}
	r, back := v.Line.Requirement, questionPath(v)
	return removal{what: "the words of this answer, with all that it replaced", back: back,
		page: page{caption: labelOf(r) + " " + r.Title, section: "/systems", crumbs: append(systemCrumbs(v.System), crumb{v.Framework.Short, "/assessments/" + v.Assessment.ID}, crumb{labelOf(r), back}),
			markings: []string{v.System.Marking, v.Assessment.Marking}},
		target: app.PurgeInput{TargetType: app.PurgeResponse, Assessment: v.Assessment.ID, Requirement: r.ID}}, nil
}

// ask shows the form for the reason.
func (s *Site) ask(rq *request, read func(*request) (removal, error), f *form) (reply, error) {
	r, err := read(rq)
	if err != nil {
		return reply{}, err
	}
	p := r.page
	p.title, p.form = "Ask for this to be removed", f
	p.view = askView{Action: rq.URL.Path, Cancel: r.back, Submit: "Ask for removal",
		Intro:  "Use this when something is here that must not be: it is marked too high for this place, or it is personal. It asks for the removal of " + r.what + ", for good. " + twoPeople,
		Fields: []govuk.Component{f.lines("reason", "Why must it go?", "The reason stays on record, so do not repeat here what has to be removed.")}}
	return show(&p), nil
}

// asked files the request and goes back to the thing.
func (s *Site) asked(rq *request, read func(*request) (removal, error)) (reply, error) {
	r, err := read(rq)
	if err != nil {
		return reply{}, err
	}
	r.target.Reason = rq.form.text("reason")
	if _, _, err := s.App.RequestPurge(rq.Context(), rq.who, r.target); err != nil {
		if rq.form.take(err) {
			return s.ask(rq, read, rq.form)
		}
		return reply{}, err
	}
	return goTo(r.back, "removal_asked"), nil
}
