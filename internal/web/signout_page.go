package web

import (
	"github.com/touchstone-assurance/touchstone/internal/edge"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// signOut asks first: a link that another site makes a browser follow ends
// nobody's session.
func (s *Site) signOut(rq *request) (reply, error) {
	if !rq.signedIn() {
		return show(formPage(rq, "You are signed out", "", nil, formView{Action: signInPath, Intro: []string{"Nobody is signed in with this browser."},
			After: []govuk.Link{{Text: "Sign in", Href: signInPath}}}).withoutForm()), nil
	}
	return show(formPage(rq, "Sign out", "/", nil, formView{Intro: []string{"Text that you have typed and not saved will be lost."}, Submit: "Sign out"})), nil
}

// withoutForm takes the form and its button away.
func (p *page) withoutForm() *page {
	v := p.view.(formView)
	v.Action = ""
	p.view = v
	return p
}

func (s *Site) signOutDone(rq *request) (reply, error) {
	if rq.signedIn() {
		if _, err := s.App.SignOut(rq.Context(), rq.who); err != nil {
			return reply{}, err
		}
	}
	edge.ClearSession(rq.w)
	return goTo("/sign-out", ""), nil
}
