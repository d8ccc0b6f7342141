package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

const newSetupLink = "Start the program again: while nobody is set up, it prints a new link each time. A link works for 15 minutes."

// setupFirst shows the form for the first administrator. It does not use the
// link: programs that look at addresses would.
func (s *Site) setupFirst(rq *request) (reply, error) {
	hideAddress(rq)
	if err := s.App.OpenSetup(rq.Context(), rq.PathValue("token")); err != nil {
		return s.linkFailed(rq, err, newSetupLink)
	}
	return show(setupPage(rq, newForm(nil))), nil
}

func setupPage(rq *request, f *form) *page {
	return formPage(rq, "Set up Touchstone", "", f, formView{
		Intro: []string{"You are the first person here. You will administer this installation and its first organisation.",
			"Next you add a passkey. There is no default passphrase, and nobody else can get in until you invite them."},
		Fields: []govuk.Component{nameInput(f, "Your full name"), emailInput(f, "Used to recognise you. Nothing is sent to it."),
			f.input(govuk.Input{Name: "organisation", Label: govuk.Label{Text: "Name of your organisation"}, Autocomplete: "organization"})},
		Submit: "Continue"})
}

func nameInput(f *form, label string) govuk.Input {
	return f.input(govuk.Input{Name: "name", Label: govuk.Label{Text: label}, Autocomplete: "name", Spellcheck: govuk.Off})
}

func (s *Site) setupFirstDone(rq *request) (reply, error) {
	hideAddress(rq)
	f := rq.form
	o, _, err := s.App.CreateFirstAdministrator(rq.Context(), rq.PathValue("token"), app.FirstAdministratorInput{Name: f.text("name"),
		Email: f.text("email"), Organisation: f.text("organisation")}, meta(rq))
	if err != nil {
		if f.take(err) {
			return show(setupPage(rq, f)), nil
		}
		return s.linkFailed(rq, err, newSetupLink)
	}
	return goTo(s.enter(rq, o, "/"), ""), nil
}
