package web

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

const newInvitation = "Ask whoever invited you for a new invitation. One works for 24 hours, once, for the address it was made for."

// invitationOpen shows what somebody is invited to, without using the link.
func (s *Site) invitationOpen(rq *request) (reply, error) {
	hideAddress(rq)
	v, err := s.App.OpenInvitation(rq.Context(), rq.PathValue("token"))
	if err != nil {
		return s.linkFailed(rq, err, newInvitation)
	}
	return show(invitationPage(rq, filled("name", v.Name), v)), nil
}

// invitationPage never shows the address invited: whoever opens the link has to
// know it.
func invitationPage(rq *request, f *form, v app.InvitationView) *page {
	facts := &govuk.SummaryList{Rows: []govuk.SummaryRow{
		{Key: govuk.Text("Organisation"), Value: govuk.Text(v.Organisation), NoMark: true},
		{Key: govuk.Text("Role"), Value: govuk.Text(v.Role.Title()), NoMark: true},
		{Key: govuk.Text("Good until"), Value: govuk.Text(at(v.ExpiresAt)), NoMark: true},
	}}
	if rq.signedIn() && !rq.who.EnrolOnly {
		return formPage(rq, "Join "+v.Organisation, "", f, formView{Facts: facts,
			Intro:  []string{"You are signed in as " + rq.signed.Name + ". The invitation has to be for your own address. You keep the roles that you have."},
			Submit: "Join"})
	}
	return formPage(rq, "Join "+v.Organisation, "", f, formView{Facts: facts,
		Intro:  []string{"You have been invited. Next you add a way to sign in."},
		Fields: []govuk.Component{nameInput(f, "Your full name"), emailInput(f, "The address that the invitation was made for.")},
		Submit: "Continue",
		After:  []govuk.Link{{Text: "I have an account here already", Href: withNext(signInPath, rq.URL.Path)}}})
}

func (s *Site) invitationAccept(rq *request) (reply, error) {
	hideAddress(rq)
	token, f := rq.PathValue("token"), rq.form
	if rq.signedIn() && !rq.who.EnrolOnly {
		if _, err := s.App.JoinByInvitation(rq.Context(), rq.who, token); err != nil {
			return s.linkFailed(rq, err, "It may be for another address than yours. "+newInvitation)
		}
		return goTo("/", "joined"), nil
	}
	o, _, err := s.App.AcceptInvitation(rq.Context(), token, app.AcceptInput{Name: f.text("name"), Email: f.text("email")}, meta(rq))
	if err == nil {
		return goTo(s.enter(rq, o, "/"), ""), nil
	}
	if fault.Is(err, fault.Unauthorised) || !f.take(err) {
		return s.linkFailed(rq, err, newInvitation)
	}
	v, err := s.App.OpenInvitation(rq.Context(), token)
	if err != nil {
		return s.linkFailed(rq, err, newInvitation)
	}
	return show(invitationPage(rq, f, v)), nil
}
