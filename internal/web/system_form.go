package web

import (
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

func systemInput(f *form) app.SystemInput {
	return app.SystemInput{Name: f.text("name"), Kind: f.text("kind"), Scope: f.text("scope"), Sponsor: f.text("sponsor"), Unit: f.id("unit"),
		Stage: f.text("stage"), Phase: f.text("phase"), Gate: f.text("gate"), Size: f.text("size"), Marking: f.text("marking"),
		Exposure: f.text("exposure"), Personal: f.yes("personal"), Special: f.yes("special")}
}

// systemForm fills the form with what is on record.
func systemForm(s app.System) *form {
	f := filled("name", s.Name, "kind", s.Kind, "scope", s.Scope, "sponsor", s.Sponsor, "unit", s.Unit, "stage", s.Stage, "phase", s.Phase, "gate", s.Gate,
		"size", s.Size, "marking", s.Marking, "exposure", s.Exposure, "version", strconv.FormatInt(s.Version, 10))
	for name, on := range map[string]bool{"personal": s.Personal, "special": s.Special} {
		if on {
			f.values.Set(name, "yes")
		}
	}
	return f
}

func (s *Site) systemFields(rq *request, f *form) ([]govuk.Component, error) {
	units, err := s.App.Units(rq.Context(), rq.who)
	if err != nil {
		return nil, err
	}
	fields := []govuk.Component{
		f.line("name", "Name", "Only the name is needed to begin. The rest is needed to register."),
		f.pick("kind", "Kind", "", "Not entered", systemKinds()),
		f.lines("scope", "Scope", "What is part of it, and what is not."),
		f.line("sponsor", "Sponsor", ""),
		f.pick("unit", "Unit", "", "The organisation itself", unitChoices(units)),
		f.pick("stage", "Stage", "", "Not entered", stages()),
		f.line("phase", "Phase (optional)", "Your own word for where the work is, if you have one."),
		f.line("gate", "Next gate (optional)", ""),
		f.one("size", "How large or complex is it?", "", []choice{{"", "Standard", ""}, {"larger", "Larger or complex", "It is asked more."}}),
		f.pick("marking", "Classification of what it handles", "A marking above what this installation may hold is refused. Do not enter such information here.",
			"Not entered", markings()),
		f.one("exposure", "Can it be reached from outside?", "", append([]choice{{"", "Not known yet", ""}}, exposures()...)),
		f.yesBox("personal", "It holds personal data", ""),
		f.yesBox("special", "It holds special category data", "For example on health, beliefs or biometrics."),
	}
	return fields, nil
}

func (s *Site) systemNew(rq *request) (reply, error) { return s.systemNewPage(rq, filled()) }

func (s *Site) systemNewPage(rq *request, f *form) (reply, error) {
	fields, err := s.systemFields(rq, f)
	if err != nil {
		return reply{}, err
	}
	return show(&page{title: "Register " + article(rq.systemWord()), section: "/systems", crumbs: []crumb{listOfSystems}, form: f,
		view: askView{Action: "/systems/new", Fields: fields, Submit: "Save as a draft", Cancel: "/systems"}}), nil
}

func (s *Site) systemCreate(rq *request) (reply, error) {
	made, _, err := s.App.CreateSystem(rq.Context(), rq.who, systemInput(rq.form))
	if err == nil {
		return goTo("/systems/"+made.ID, "system_created"), nil
	}
	if rq.form.take(err) {
		return s.systemNewPage(rq, rq.form)
	}
	return reply{}, err
}

func (s *Site) systemEdit(rq *request) (reply, error) {
	h, err := s.App.SystemHome(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	return s.systemEditPage(rq, h.System, systemForm(h.System))
}

func (s *Site) systemEditPage(rq *request, sys app.System, f *form) (reply, error) {
	fields, err := s.systemFields(rq, f)
	if err != nil {
		return reply{}, err
	}
	return show(&page{title: "Change the details of " + sys.Name, section: "/systems", crumbs: []crumb{listOfSystems, {sys.Name, "/systems/" + sys.ID}},
		form: f, markings: []string{sys.Marking},
		view: askView{Action: "/systems/" + sys.ID + "/edit", Kept: kept("version", f.text("version")), Fields: fields, Submit: "Save", Cancel: "/systems/" + sys.ID}}), nil
}

func (s *Site) systemChange(rq *request) (reply, error) {
	id := rq.id("id")
	_, _, err := s.App.ChangeSystem(rq.Context(), rq.who, id, rq.form.number("version"), systemInput(rq.form))
	if err == nil {
		return goTo("/systems/"+id, "system_changed"), nil
	}
	stale := fault.Is(err, fault.Stale)
	if !stale && !rq.form.take(err) {
		return reply{}, err
	}
	h, readErr := s.App.SystemHome(rq.Context(), rq.who, id)
	if readErr != nil {
		return reply{}, readErr
	}
	if stale {
		units, err := s.App.Units(rq.Context(), rq.who)
		return show(systemConflict(rq.form, h.System, unitChoices(units))), err
	}
	return s.systemEditPage(rq, h.System, rq.form)
}

// systemConflict shows both versions. What was typed is sent again over the
// version that the person has now seen.
func systemConflict(mine *form, theirs app.System, units []choice) *page {
	saved := systemForm(theirs)
	yes := []choice{{"yes", "Yes", ""}, {"", "No", ""}}
	var d []difference
	for _, field := range []struct {
		name, title string
		words       []choice
	}{
		{"name", "Name", nil}, {"kind", "Kind", systemKinds()}, {"scope", "Scope", nil}, {"sponsor", "Sponsor", nil}, {"unit", "Unit", units},
		{"stage", "Stage", stages()}, {"phase", "Phase", nil}, {"gate", "Next gate", nil}, {"size", "Size", nil}, {"marking", "Classification", nil},
		{"exposure", "Reached from outside", exposures()}, {"personal", "Personal data", yes}, {"special", "Special category data", yes},
	} {
		d = append(d, difference{field.title, wordOf(field.words, mine.text(field.name)), wordOf(field.words, saved.text(field.name))})
	}
	mine.values.Set("version", saved.text("version"))
	path := "/systems/" + theirs.ID
	p := conflictPage("Somebody saved this system after you opened it. Nothing of yours was saved, and nothing is lost. Compare both versions, then choose.",
		path+"/edit", path, mine, d)
	p.markings = []string{theirs.Marking}
	return p
}
