package web

import "github.com/touchstone-assurance/touchstone/internal/web/govuk"

func (s *Site) accountEmail(rq *request) (reply, error) {
	return show(ownEmailPage(rq, filled("email", rq.signed.Email))), nil
}

func ownEmailPage(rq *request, f *form) *page {
	return formPage(rq, "Change your email address", "/account", f, formView{
		Intro:  []string{"You sign in with this address if you use a passphrase or a recovery code. Your other sessions end."},
		Fields: []govuk.Component{emailInput(f, "")}})
}

func (s *Site) accountEmailDone(rq *request) (reply, error) {
	if _, err := s.App.ChangeEmail(rq.Context(), rq.who, rq.who.ID, rq.form.text("email")); err != nil {
		if rq.form.take(err) {
			return show(ownEmailPage(rq, rq.form)), nil
		}
		return reply{}, err
	}
	return goTo("/account", "email_changed"), nil
}
