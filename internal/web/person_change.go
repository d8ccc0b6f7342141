package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// personForm is a page about one person. make gets the person, so that the words
// can name them; a person who is not here is not found.
func (s *Site) personForm(rq *request, f *form, title string, make func(app.Member) (formView, error)) (reply, error) {
	m, err := s.App.MemberOf(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	v, err := make(m)
	if err != nil {
		return reply{}, err
	}
	p := formPage(rq, title, "/people/"+m.ID, f, v)
	p.caption, p.section = m.Name, "/people"
	return show(p), nil
}

// personChanged goes on after a change, or shows the form with what is wrong.
func (s *Site) personChanged(rq *request, err error, done string, again func(*request, *form) (reply, error)) (reply, error) {
	if err == nil {
		return goTo("/people/"+rq.id("id"), done), nil
	}
	if rq.form.take(err) {
		return again(rq, rq.form)
	}
	return reply{}, err
}

func (s *Site) personRole(rq *request) (reply, error) { return s.roleForm(rq, newForm(nil)) }

func (s *Site) roleForm(rq *request, f *form) (reply, error) {
	return s.personForm(rq, f, "Give a role", func(app.Member) (formView, error) {
		fields, err := s.roleFields(rq, f, true)
		return formView{Intro: []string{"The person has to sign in again, so that the role is used from a fresh session."},
			Fields: append(fields, dateOf(f, "from", "First day (optional)", "Leave empty for now. For example, 27 3 2026."),
				dateOf(f, "until", "Last day (optional)", "Leave empty for no end.")), Submit: "Give the role"}, err
	})
}

func dateOf(f *form, name, legend, hint string) govuk.Component {
	return f.dateInput(govuk.DateInput{NamePrefix: name, Hint: govuk.Hint{Text: hint},
		Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: legend, Classes: "govuk-fieldset__legend--s"}}})
}

func (s *Site) personRoleDone(rq *request) (reply, error) {
	f := rq.form
	_, _, err := s.App.GrantRole(rq.Context(), rq.who, app.GrantInput{Person: rq.id("id"), Role: access.Role(f.id("role")), System: systemOf(f),
		Unit: f.id("unit"), From: f.date("from"), Until: f.date("until")})
	return s.personChanged(rq, err, "role_given", s.roleForm)
}

func (s *Site) personRoleEnd(rq *request) (reply, error) { return s.roleEndForm(rq, newForm(nil)) }

func (s *Site) roleEndForm(rq *request, f *form) (reply, error) {
	return s.personForm(rq, f, "End a role", func(m app.Member) (formView, error) {
		for _, r := range m.Roles {
			if r.ID == rq.id("grant") {
				return formView{Intro: []string{m.Name + " will no longer be " + r.Role.Title() + ". It ends at once, and their sessions end with it."},
					Submit: "End the role", Danger: true}, nil
			}
		}
		_, err := s.nothingHere(rq)
		return formView{}, err
	})
}

func (s *Site) personRoleEnded(rq *request) (reply, error) {
	_, err := s.App.EndRole(rq.Context(), rq.who, rq.id("grant"))
	return s.personChanged(rq, err, "role_ended", s.roleEndForm)
}

func (s *Site) personDisable(rq *request) (reply, error) { return s.disableForm(rq, newForm(nil)) }

func (s *Site) disableForm(rq *request, f *form) (reply, error) {
	return s.personForm(rq, f, "Disable the account", func(m app.Member) (formView, error) {
		return formView{Intro: []string{m.Name + " is signed out everywhere at once and cannot sign in. Tokens that they made stop working.",
			"What they wrote and decided stays on record."}, Submit: "Disable the account", Danger: true}, nil
	})
}

func (s *Site) personDisabled(rq *request) (reply, error) {
	_, err := s.App.DisablePerson(rq.Context(), rq.who, rq.id("id"))
	return s.personChanged(rq, err, "person_disabled", s.disableForm)
}

func (s *Site) personEnable(rq *request) (reply, error) { return s.enableForm(rq, newForm(nil)) }

func (s *Site) enableForm(rq *request, f *form) (reply, error) {
	return s.personForm(rq, f, "Enable the account again", func(m app.Member) (formView, error) {
		return formView{Intro: []string{m.Name + " can sign in again, with the passkeys and roles that they have. Tokens that were revoked stay revoked.",
			"If the account locked itself after failed attempts, find out first who made them."}, Submit: "Enable the account"}, nil
	})
}

func (s *Site) personEnabled(rq *request) (reply, error) {
	_, err := s.App.EnablePerson(rq.Context(), rq.who, rq.id("id"))
	return s.personChanged(rq, err, "person_enabled", s.enableForm)
}

func (s *Site) personTraining(rq *request) (reply, error) { return s.trainingForm(rq, newForm(nil)) }

func (s *Site) trainingForm(rq *request, f *form) (reply, error) {
	return s.personForm(rq, f, "Record training, a qualification or experience", func(app.Member) (formView, error) {
		basis := govuk.Radios{Name: "basis", Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "What shows the skill?", Classes: "govuk-fieldset__legend--s"}}}
		words := map[string]string{"training": "Training", "qualification": "A qualification", "experience": "Experience, assessed by somebody"}
		for _, b := range portfolio.SkillBases() {
			basis.Items = append(basis.Items, govuk.RadioItem{Value: b, Text: or(words[b], b)})
		}
		line := func(name, label string) govuk.Input {
			return f.input(govuk.Input{Name: name, Label: govuk.Label{Text: label}, Autocomplete: "off"})
		}
		return formView{Fields: []govuk.Component{line("skill", "Skill"), f.radios(basis), line("title", "Course, certificate or experience"),
			line("reference", "Reference (optional)"), line("assessed_by", "Assessed by (needed for experience)"),
			dateOf(f, "achieved_on", "Achieved on", "For example, 27 3 2026."), dateOf(f, "expires_on", "Last day on which it holds (optional)", "Leave empty if it does not expire.")},
			Submit: "Add the record"}, nil
	})
}

func (s *Site) personTrainingDone(rq *request) (reply, error) {
	f := rq.form
	_, _, err := s.App.RecordTraining(rq.Context(), rq.who, app.TrainInput{Person: rq.id("id"), Skill: f.text("skill"), Basis: f.text("basis"), Title: f.text("title"),
		Reference: f.text("reference"), AssessedBy: f.text("assessed_by"), AchievedOn: f.date("achieved_on"), ExpiresOn: f.date("expires_on")})
	return s.personChanged(rq, err, "training_recorded", s.trainingForm)
}
