package web

import (
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

type chooseOrganisationView struct {
	Choice govuk.Radios
}

func (s *Site) chooseOrganisation(rq *request) (reply, error) {
	return show(chooseOrganisationPage(rq, filled("organisation", rq.signed.Organisation.ID))), nil
}

func chooseOrganisationPage(rq *request, f *form) *page {
	choice := govuk.Radios{Name: "organisation", Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Which organisation are you working for now?"}}}
	for _, o := range rq.signed.Organisations {
		choice.Items = append(choice.Items, govuk.RadioItem{Value: o.ID, Text: o.Name})
	}
	return &page{title: "Choose an organisation", back: "/", form: f, view: chooseOrganisationView{f.radios(choice)}}
}

func (s *Site) chosenOrganisation(rq *request) (reply, error) {
	if _, err := s.App.SwitchOrganisation(rq.Context(), rq.who, rq.form.id("organisation")); err != nil {
		if rq.form.take(err) {
			return show(chooseOrganisationPage(rq, rq.form)), nil
		}
		return reply{}, err
	}
	return goTo("/", "organisation_chosen"), nil
}
