package web

import "github.com/touchstone-assurance/touchstone/internal/web/govuk"

const newRecovery = "Check that you typed the address the link was made for, or ask whoever runs this service for a new link. One works for 15 minutes, once."

// recoveryOpen shows the form of a recovery link, without using it.
func (s *Site) recoveryOpen(rq *request) (reply, error) {
	hideAddress(rq)
	if err := s.App.OpenRecovery(rq.Context(), rq.PathValue("token")); err != nil {
		return s.linkFailed(rq, err, newRecovery)
	}
	f := newForm(nil)
	return show(formPage(rq, "Get back into your account", "", f, formView{
		Intro: []string{"This link works once. It ends all your sessions, and then you add a new way to sign in.",
			"If you did not ask for it, close this page and tell whoever runs this service."},
		Fields: []govuk.Component{emailInput(f, "The address of your account.")}, Submit: "Continue"})), nil
}

func (s *Site) recoveryUse(rq *request) (reply, error) {
	hideAddress(rq)
	o, _, err := s.App.UseRecovery(rq.Context(), rq.PathValue("token"), rq.form.text("email"), meta(rq))
	if err != nil {
		return s.linkFailed(rq, err, newRecovery)
	}
	return goTo(s.enter(rq, o, "/"), ""), nil
}
