package web

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// accountView is everything about one's own account.
type accountView struct {
	About      govuk.SummaryList
	Passkeys   govuk.SummaryList
	NoPasskey  bool
	Other      govuk.SummaryList
	OnlyOne    bool // one passkey and no second: losing it locks the person out
	Sessions   []sessionRow
	MoreThanMe bool
}

type sessionRow struct {
	ID, Browser, Address, How, Began, Seen, Ends string
	Current                                      bool
}

func (s *Site) account(rq *request) (reply, error) {
	if rq.who.EnrolOnly {
		return goTo("/account/enrol", ""), nil
	}
	f, err := s.App.Factors(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	sessions, err := s.App.Sessions(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	v := accountView{About: aboutSelf(rq), Passkeys: passkeyList(f.Passkeys), NoPasskey: len(f.Passkeys) == 0, Other: otherFactors(f),
		OnlyOne: len(f.Passkeys) == 1, MoreThanMe: len(sessions) > 1}
	for _, o := range sessions {
		v.Sessions = append(v.Sessions, sessionRow{ID: o.ID, Browser: browser(o.Agent), Address: or(o.Address, "Not known"), How: howOpened(o.Strength),
			Began: at(o.CreatedAt), Seen: at(o.SeenAt), Ends: at(o.ExpiresAt), Current: o.Current})
	}
	return show(&page{title: "Your account", wide: true, view: v}), nil
}

func aboutSelf(rq *request) govuk.SummaryList {
	var roles []string
	for _, r := range rq.signed.Roles {
		roles = append(roles, r.Title())
	}
	return govuk.SummaryList{Rows: []govuk.SummaryRow{
		{Key: govuk.Text("Name"), Value: govuk.Text(rq.signed.Name), Actions: []govuk.SummaryAction{{Text: "Change", Hidden: "your name", Href: "/account/name"}}},
		{Key: govuk.Text("Email address"), Value: govuk.Text(rq.signed.Email), Actions: []govuk.SummaryAction{{Text: "Change", Hidden: "your email address", Href: "/account/email"}}},
		{Key: govuk.Text("Organisation"), Value: govuk.Text(or(rq.signed.Organisation.Name, "None"))},
		{Key: govuk.Text("Roles in it"), Value: govuk.Text(or(strings.Join(roles, ", "), "None"))},
	}}
}

func passkeyList(keys []app.PasskeyView) govuk.SummaryList {
	var l govuk.SummaryList
	for _, k := range keys {
		used := "Never used to sign in"
		if !k.UsedAt.IsZero() {
			used = "Last used " + at(k.UsedAt)
		}
		l.Rows = append(l.Rows, govuk.SummaryRow{Key: govuk.Text(k.Label), Value: govuk.Text("Added " + at(k.CreatedAt) + ". " + used + "."),
			Actions: []govuk.SummaryAction{{Text: "Remove", Hidden: "the passkey " + k.Label, Href: "/account/passkey/" + k.ID + "/remove"}}})
	}
	return l
}

func otherFactors(f app.Factors) govuk.SummaryList {
	codes := govuk.SummaryRow{Key: govuk.Text("Recovery codes"), Value: govuk.Text(many(int64(f.RecoveryCodesLeft), "code left", "codes left")),
		Actions: []govuk.SummaryAction{{Text: "Get new codes", Href: "/account/recovery-codes"}}}
	if f.PasskeyOnly && !f.Passphrase && !f.TOTP {
		return govuk.SummaryList{Rows: []govuk.SummaryRow{
			{Key: govuk.Text("Passphrase"), Value: govuk.Text("Not possible with your roles: they need a passkey")}, codes}}
	}
	passphrase, code := "Not set", "Not added"
	change := []govuk.SummaryAction{{Text: "Set", Hidden: "a passphrase", Href: "/account/passphrase"}}
	add := []govuk.SummaryAction{{Text: "Add", Hidden: "an authenticator app", Href: "/account/code-app"}}
	if f.Passphrase {
		passphrase = "Set"
		change = []govuk.SummaryAction{{Text: "Change", Hidden: "your passphrase", Href: "/account/passphrase"}}
	}
	if f.TOTP {
		code = "Added"
		add = []govuk.SummaryAction{{Text: "Replace", Hidden: "the authenticator app", Href: "/account/code-app"}}
	}
	if f.PasskeyOnly {
		change, add = nil, nil
	}
	if f.Passphrase || f.TOTP {
		change = append(change, govuk.SummaryAction{Text: "Remove", Hidden: "the passphrase and the authenticator app", Href: "/account/passphrase/remove"})
	}
	return govuk.SummaryList{Rows: []govuk.SummaryRow{
		{Key: govuk.Text("Passphrase"), Value: govuk.Text(passphrase), Actions: change},
		{Key: govuk.Text("Authenticator app"), Value: govuk.Text(code), Actions: add}, codes}}
}

func howOpened(s identity.Strength) string {
	switch s {
	case identity.ByPasskey:
		return "Passkey"
	case identity.ByTOTP:
		return "Passphrase and code"
	case identity.ByRecovery:
		return "Recovery"
	case identity.ByLink:
		return "Link"
	}
	return "Not known"
}

// browser names the browser and system in a User-Agent header, for a person who
// looks for their own devices. Whatever it does not know is shown as it came.
func browser(agent string) string {
	name, system := "", ""
	for _, b := range [][2]string{{"Edg/", "Edge"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}} {
		if strings.Contains(agent, b[0]) {
			name = b[1]
			break
		}
	}
	for _, o := range [][2]string{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"Linux", "Linux"}} {
		if strings.Contains(agent, o[0]) {
			system = o[1]
			break
		}
	}
	switch {
	case name != "" && system != "":
		return name + " on " + system
	case agent == "":
		return "Not known"
	}
	return agent
}

// enrolView asks for a first way to sign in.
type enrolView struct{ Tasks govuk.TaskList }

func (s *Site) accountEnrol(rq *request) (reply, error) {
	if !rq.who.EnrolOnly {
		return goTo("/account", ""), nil
	}
	if rq.signed.PasskeyOnly {
		return goTo("/account/passkey/new", ""), nil
	}
	f, err := s.App.Factors(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	state := func(done bool) govuk.Content {
		if done {
			return govuk.Text("Done")
		}
		return govuk.Of(govuk.Tag{Text: "To do"})
	}
	return show(&page{title: "Add a way to sign in", view: enrolView{govuk.TaskList{Tasks: []govuk.Task{
		{Title: govuk.Text("Set a passphrase"), Href: "/account/passphrase", Status: state(f.Passphrase)},
		{Title: govuk.Text("Add an authenticator app"), Href: "/account/code-app", Status: state(f.TOTP)},
	}}}}), nil
}

func (s *Site) accountName(rq *request) (reply, error) {
	return show(ownNamePage(rq, filled("name", rq.signed.Name))), nil
}

func ownNamePage(rq *request, f *form) *page {
	return formPage(rq, "Change your name", "/account", f, formView{Fields: []govuk.Component{nameInput(f, "Your full name")}})
}

func (s *Site) accountNameDone(rq *request) (reply, error) {
	if _, err := s.App.ChangeOwnName(rq.Context(), rq.who, rq.form.text("name")); err != nil {
		if rq.form.take(err) {
			return show(ownNamePage(rq, rq.form)), nil
		}
		return reply{}, err
	}
	return goTo("/account", "name_changed"), nil
}
