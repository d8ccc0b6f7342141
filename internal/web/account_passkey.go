package web

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// maxLabel is how long the name of a passkey may be, in characters.
const maxLabel = 100

// passkeyView adds a passkey.
type passkeyView struct {
	OptionsURL, FinishURL string
	Label                 govuk.Input
	First                 bool
	Alternative           bool // a passphrase would do as well
}

func labelInput(f *form) govuk.Input {
	return f.input(govuk.Input{Name: "label", Label: govuk.Label{Text: "Name of the passkey (optional)"},
		Hint: govuk.Hint{Text: "So that you know it again. For example, work laptop."}, Autocomplete: "off"})
}

func (s *Site) accountPasskey(rq *request) (reply, error) {
	f := filled("label", rq.query("label"))
	if !rq.fresh() {
		return show(formPage(rq, "Add a passkey", "/account", f, formView{Intro: []string{"Before you change how you sign in, confirm that it is you."},
			Fields: []govuk.Component{labelInput(f)}, Submit: "Continue"})), nil
	}
	p := &page{title: "Add a passkey", form: f, view: passkeyView{OptionsURL: "/account/passkey/options", FinishURL: "/account/passkey/finish",
		Label: labelInput(f), First: rq.who.EnrolOnly, Alternative: rq.who.EnrolOnly && !rq.signed.PasskeyOnly}}
	if !rq.who.EnrolOnly {
		p.back = "/account"
	}
	return show(p), nil
}

// accountPasskeyReady is where the form goes without a script, and before a
// confirmation; both lead back to the page.
func (s *Site) accountPasskeyReady(rq *request) (reply, error) {
	if !rq.fresh() {
		return reply{}, errConfirm
	}
	if label := plain(rq.form.text("label")); label != "" {
		return goTo("/account/passkey/new?label="+url.QueryEscape(label), ""), nil
	}
	return goTo("/account/passkey/new", ""), nil
}

// accountPasskeyOptions starts the exchange. The name typed travels with its id
// in the cookie, since the browser's answer has no room for it.
func (s *Site) accountPasskeyOptions(rq *request) (reply, error) {
	var p fault.Problems
	label := text.Line(&p, "/label", rq.form.text("label"), maxLabel)
	if err := p.Err(); err != nil {
		return reply{}, err
	}
	c, err := s.App.BeginPasskeyRegistration(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	c.ID += "." + base64.RawURLEncoding.EncodeToString([]byte(label))
	return keepCeremony(rq, c), nil
}

func (s *Site) accountPasskeyFinish(rq *request) (reply, error) {
	id, answer, err := ceremony(rq)
	if err != nil {
		return reply{}, err
	}
	in := app.PasskeyInput{Response: answer}
	var packed string
	in.Ceremony, packed, _ = strings.Cut(id, ".")
	if label, err := base64.RawURLEncoding.DecodeString(packed); err == nil {
		in.Label = string(label)
	}
	added, _, err := s.App.FinishPasskeyRegistration(rq.Context(), rq.who, in)
	if err != nil {
		return reply{}, err
	}
	renew(rq, added.Cookie)
	location := "/account?done=passkey_added"
	if added.RecoveryCodes != nil {
		// The answer to a script cannot show them. They are replaced by the ones
		// that the next page shows.
		location = "/account/recovery-codes?first=yes"
	}
	return answerJSON(http.StatusOK, map[string]string{"location": location}), nil
}

func (s *Site) accountSecond(rq *request) (reply, error) {
	return show(&page{title: "Add a second passkey"}), nil
}

func (s *Site) accountPasskeyRemove(rq *request) (reply, error) {
	f, err := s.App.Factors(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	for _, k := range f.Passkeys {
		if k.ID == rq.id("id") {
			return show(passkeyRemovePage(rq, newForm(nil), k.Label)), nil
		}
	}
	return s.nothingHere(rq)
}

func passkeyRemovePage(rq *request, f *form, label string) *page {
	return formPage(rq, "Remove the passkey "+label, "/account", f, formView{
		Intro:   []string{"You will no longer be able to sign in with it. Your other sessions end."},
		Warning: "Delete it on the device too. This page cannot do that.",
		Hidden:  []govuk.KeptValue{{Name: "label", Value: label}}, Submit: "Remove the passkey", Danger: true})
}

func (s *Site) accountPasskeyRemoved(rq *request) (reply, error) {
	if _, err := s.App.RemovePasskey(rq.Context(), rq.who, rq.id("id")); err != nil {
		if rq.form.take(err) {
			return show(passkeyRemovePage(rq, rq.form, plain(rq.form.text("label")))), nil
		}
		return reply{}, err
	}
	return goTo("/account", "passkey_removed"), nil
}
