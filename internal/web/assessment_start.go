package web

import (
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// assessmentStartView asks first for the framework, then for the questions.
type assessmentStartView struct {
	Path    string
	Choose  *govuk.Radios // the first step
	Chosen  string        // id@version of the second
	Title   string
	About   string
	Suggest string
	Fields  []govuk.Component
}

// forSystems are the frameworks that a system answers.
func (s *Site) forSystems(rq *request) ([]*framework.Framework, error) {
	heads, err := s.App.FrameworkHeads(rq.Context(), rq.who)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(heads), func(f *framework.Framework) bool {
		return !slices.Contains(f.Subjects, "system") || f.Status == framework.Withdrawn
	}), nil
}

func (s *Site) assessmentStart(rq *request) (reply, error) {
	return s.assessmentStartPage(rq, filled("framework", identifier(rq.query("framework"))))
}

func (s *Site) assessmentStartPage(rq *request, f *form) (reply, error) {
	h, err := s.App.SystemHome(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	heads, err := s.forSystems(rq)
	if err != nil {
		return reply{}, err
	}
	path := "/systems/" + h.System.ID + "/assessments/new"
	v := assessmentStartView{Path: path}
	p := &page{title: "Start an assessment", caption: h.System.Name, section: "/systems", crumbs: systemCrumbs(h.System), markings: []string{h.System.Marking}, form: f}
	i := slices.IndexFunc(heads, func(x *framework.Framework) bool { return x.Key() == f.text("framework") })
	if i < 0 {
		choose := govuk.Radios{Name: "framework", Fieldset: legend("Which framework do you answer?"),
			Hint: hint("Several different things are called Secure by Design, so each is shown with its publisher.")}
		for _, x := range heads {
			choose.Items = append(choose.Items, govuk.RadioItem{Value: x.Key(), Text: x.Title + " " + x.Version, Hint: hint("Published by " + x.Publisher)})
		}
		choose = f.radios(choose)
		v.Choose = &choose
		p.view = v
		return show(p), nil
	}
	fillStart(&v, heads[i], h.System, f)
	p.view = v
	return show(p), nil
}

// fillStart offers the question sets, the suggested one chosen already.
func fillStart(v *assessmentStartView, fw *framework.Framework, sys app.System, f *form) {
	v.Chosen, v.Title, v.About = fw.Key(), fw.Title+" "+fw.Version+", published by "+fw.Publisher, fw.Note
	suggested, why := framework.SuggestSet(fw, sys.Stage)
	v.Suggest = why
	if len(fw.Sets) == 0 {
		return
	}
	if !f.values.Has("set") {
		f.values.Set("set", suggested.ID)
	}
	sets := []choice{}
	for _, set := range fw.Sets {
		title := set.Title
		if set.ID == suggested.ID {
			title += " (suggested)"
		}
		sets = append(sets, choice{set.ID, title, set.Summary})
	}
	if suggested.ID == "" {
		sets = append(sets, choice{"", "Every question", ""})
	}
	v.Fields = append(v.Fields, f.one("set", "Which questions?", "", sets),
		f.lines("set_reason", "Why these questions", "Needed only when you do not take the suggested ones."))
}

func (s *Site) assessmentStarted(rq *request) (reply, error) {
	id, version, _ := strings.Cut(rq.form.id("framework"), "@")
	made, _, err := s.App.StartAssessment(rq.Context(), rq.who, rq.id("id"),
		app.StartInput{Framework: id, Version: version, Set: rq.form.id("set"), SetReason: rq.form.text("set_reason")})
	if err == nil {
		return goTo("/assessments/"+made.ID, "assessment_started"), nil
	}
	if rq.form.take(err) {
		return s.assessmentStartPage(rq, rq.form)
	}
	return reply{}, err
}

func (s *Site) assessmentTrigger(rq *request) (reply, error) { return s.triggerPage(rq, filled()) }

func (s *Site) triggerPage(rq *request, f *form) (reply, error) {
	h, err := s.App.SystemHome(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	heads, err := s.forSystems(rq)
	if err != nil {
		return reply{}, err
	}
	var events []choice
	for _, fw := range heads {
		for _, t := range fw.Triggers {
			events = append(events, choice{value: fw.ID + "@" + t.ID, text: t.Title + " (" + fw.Short + ")"})
		}
	}
	// The same event stands once for each version of a framework.
	events = slices.CompactFunc(events, func(a, b choice) bool { return a == b })
	event := f.pick("event", "What happened?", "It makes an assessment due now, with the framework in brackets.", "Choose what happened", events)
	event.Error = f.problem("event", "event", "framework", "kind")
	home := "/systems/" + h.System.ID
	return show(&page{title: "Something happened", caption: h.System.Name, section: "/systems", crumbs: systemCrumbs(h.System), markings: []string{h.System.Marking}, form: f,
		view: askView{Action: home + "/trigger", Submit: "Make an assessment due", Cancel: home, Fields: []govuk.Component{event, f.line("reason", "What exactly", "")},
			Intro: "A change, a new threat or a breach comes before the next date in the calendar. The reason is kept on record."}}), nil
}

func (s *Site) assessmentTriggered(rq *request) (reply, error) {
	id, kind, _ := strings.Cut(rq.form.id("event"), "@")
	made, _, err := s.App.Trigger(rq.Context(), rq.who, rq.id("id"), app.TriggerInput{Framework: id, Kind: kind, Reason: rq.form.text("reason")})
	if err == nil {
		return goTo("/assessments/"+made.ID, "assessment_due"), nil
	}
	if rq.form.take(err) {
		return s.triggerPage(rq, rq.form)
	}
	return reply{}, err
}
