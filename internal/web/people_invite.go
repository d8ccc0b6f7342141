package web

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// shownView is the page after something was made that is shown once.
type shownView struct {
	Words  []string
	Label  string
	Secret string
	Facts  govuk.SummaryList
	Next   govuk.Link
}

// mostOffered is how many systems a drop-down holds; beyond that the identifier
// is typed or pasted.
const mostOffered = 100

// roleFields ask for a role and for what it holds over.
func (s *Site) roleFields(rq *request, f *form, withUnits bool) ([]govuk.Component, error) {
	role := govuk.Radios{Name: "role", Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Role", Classes: "govuk-fieldset__legend--s"}}}
	for _, r := range access.Roles() {
		item := govuk.RadioItem{Value: string(r), Text: r.Title()}
		if r.Privileged() {
			item.Hint = govuk.Hint{Text: "Needs a passkey"}
		}
		role.Items = append(role.Items, item)
	}
	out := []govuk.Component{f.radios(role)}
	if withUnits {
		units, err := s.App.Units(rq.Context(), rq.who)
		if err != nil {
			return nil, err
		}
		if len(units) > 0 {
			out = append(out, f.choose(govuk.Select{Name: "unit", Label: govuk.Label{Text: "Only for a unit (optional)"},
				Hint: govuk.Hint{Text: "It then holds for the unit and all below it."}, Options: unitOptions(units, "", "The whole organisation")}))
		}
	}
	system, err := s.systemField(rq, f)
	return append(out, system), err
}

func (s *Site) systemField(rq *request, f *form) (govuk.Component, error) {
	label := govuk.Label{Text: "Only for one system (optional)"}
	list, err := s.App.SystemsIn(rq.Context(), rq.who, app.SystemFilter{}, app.Page{Limit: mostOffered})
	if err != nil {
		return nil, err
	}
	if list.Total > mostOffered {
		return f.input(govuk.Input{Name: "system", Label: label, Hint: govuk.Hint{Text: "Paste the address of the system’s page."}, Autocomplete: "off", Spellcheck: govuk.Off}), nil
	}
	c := govuk.Select{Name: "system", Label: label, Options: []govuk.Option{{Text: "All of them", Value: ""}}}
	for _, l := range list.Items {
		c.Options = append(c.Options, govuk.Option{Text: l.System.Name, Value: l.System.ID})
	}
	return f.choose(c), nil
}

// systemOf reads an identifier of a system, or the address of its page.
func systemOf(f *form) string {
	s := strings.TrimSpace(f.text("system"))
	if i := strings.Index(s, "/systems/"); i >= 0 {
		s, _, _ = strings.Cut(s[i+len("/systems/"):], "/")
	}
	return identifier(s)
}

func (s *Site) peopleInvite(rq *request) (reply, error) { return s.inviteForm(rq, newForm(nil)) }

func (s *Site) inviteForm(rq *request, f *form) (reply, error) {
	fields, err := s.roleFields(rq, f, true)
	if err != nil {
		return reply{}, err
	}
	name := f.input(govuk.Input{Name: "name", Label: govuk.Label{Text: "Their name (optional)"}, Autocomplete: "off", Spellcheck: govuk.Off})
	email := f.input(govuk.Input{Name: "email", Label: govuk.Label{Text: "Their email address"}, Type: "email", Autocomplete: "off",
		Hint: govuk.Hint{Text: "The invitation can be used only by somebody who enters this address."}, Spellcheck: govuk.Off})
	p := formPage(rq, "Invite somebody", "/people", f, formView{
		Intro:  []string{"You get a link to pass on. It works once, for 24 hours."},
		Fields: append([]govuk.Component{name, email}, fields...), Submit: "Make the link"})
	p.section = "/people"
	return show(p), nil
}

func (s *Site) peopleInviteDone(rq *request) (reply, error) {
	f := rq.form
	in := app.InviteInput{Email: f.text("email"), Name: f.text("name"), Role: access.Role(f.id("role")), System: systemOf(f), Unit: f.id("unit")}
	link, _, err := s.App.Invite(rq.Context(), rq.who, in)
	if err != nil {
		if f.take(err) {
			return s.inviteForm(rq, f)
		}
		return reply{}, err
	}
	return show(&page{title: "Invitation made", section: "/people", template: "account_shown", view: shownView{
		Words: []string{"Give this link to the person yourself, in a way that you trust. Nothing is sent from here.", "It is shown this once. If it is lost, make another."},
		Label: "Link", Secret: link.URL, Facts: govuk.SummaryList{Rows: []govuk.SummaryRow{
			{Key: govuk.Text("For"), Value: govuk.Text(in.Email), NoMark: true}, {Key: govuk.Text("Role"), Value: govuk.Text(in.Role.Title()), NoMark: true},
			{Key: govuk.Text("Good until"), Value: govuk.Text(at(link.ExpiresAt)), NoMark: true}}},
		Next: govuk.Link{Text: "Back to people", Href: "/people"}}}), nil
}

func (s *Site) peopleWithdraw(rq *request) (reply, error) {
	if _, err := s.App.RevokeInvitation(rq.Context(), rq.who, rq.id("id")); err != nil {
		return reply{}, err
	}
	return goTo("/people", "invitation_withdrawn"), nil
}
