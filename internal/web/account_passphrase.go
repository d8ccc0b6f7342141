package web

import (
	"encoding/xml"
	"errors"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

func (s *Site) accountPassphrase(rq *request) (reply, error) {
	if !rq.fresh() {
		return show(gatePage(rq, "Set a passphrase")), nil
	}
	return show(passphraseSetPage(rq, newForm(nil))), nil
}

func passphraseSetPage(rq *request, f *form) *page {
	return formPage(rq, "Set a passphrase", "/account", f, formView{
		Intro: []string{"A passphrase is used together with a code from an authenticator app."},
		Fields: []govuk.Component{passphraseInput(f, "passphrase", "New passphrase",
			"8 characters or more. Three random words are good. You can paste it from a password manager.", "new-password")},
		Submit: "Set the passphrase"})
}

func (s *Site) accountPassphraseDone(rq *request) (reply, error) {
	if rq.form.yes("begin") {
		return passedGate(rq)
	}
	_, err := s.App.SetPassphrase(rq.Context(), rq.who, rq.form.values.Get("passphrase"))
	// What was typed is not kept on any page that comes next.
	rq.form.values.Del("passphrase")
	if err != nil {
		if status, ok := takeRefusal(rq, err); ok {
			p := passphraseSetPage(rq, rq.form)
			p.status = status
			return show(p), nil
		}
		return reply{}, err
	}
	f, err := s.App.Factors(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	if !f.TOTP || rq.who.EnrolOnly {
		return goTo("/account/code-app", ""), nil
	}
	return goTo("/account", "passphrase_set"), nil
}

func (s *Site) accountPassphraseRemove(rq *request) (reply, error) {
	return show(passphraseRemovePage(rq, newForm(nil))), nil
}

func passphraseRemovePage(rq *request, f *form) *page {
	return formPage(rq, "Remove the passphrase and the authenticator app", "/account", f, formView{
		Intro: []string{"After this you sign in with a passkey only. Your other sessions end."}, Submit: "Remove both", Danger: true})
}

func (s *Site) accountPassphraseRemoved(rq *request) (reply, error) {
	if _, err := s.App.RemovePassphrase(rq.Context(), rq.who); err != nil {
		if rq.form.take(err) {
			return show(passphraseRemovePage(rq, rq.form)), nil
		}
		return reply{}, err
	}
	return goTo("/account", "passphrase_removed"), nil
}

// codeAppView shows a secret to an authenticator app, as a picture and as text.
type codeAppView struct {
	Picture picture
	Secret  string
	Offer   string
	Code    govuk.Input
}

// picture is a QR code as the template draws it.
type picture struct {
	ViewBox string `xml:"viewBox,attr"`
	Path    struct {
		D string `xml:"d,attr"`
	} `xml:"path"`
}

func (s *Site) accountCodeApp(rq *request) (reply, error) {
	if !rq.fresh() {
		return show(gatePage(rq, "Add an authenticator app")), nil
	}
	return s.offerCodeApp(rq, newForm(nil))
}

// offerCodeApp makes a new secret each time it is shown: one works once.
func (s *Site) offerCodeApp(rq *request, f *form) (reply, error) {
	offer, err := s.App.BeginTOTP(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	v := codeAppView{Secret: spaced(offer.Secret), Offer: offer.ID}
	if err := xml.Unmarshal(offer.QRCode, &v.Picture); err != nil {
		return reply{}, err
	}
	delete(f.values, "code")
	v.Code = codeInput(f)
	return show(&page{template: "account_code_app", title: "Add an authenticator app", back: "/account", form: f, view: v}), nil
}

// spaced sets a secret in groups of four, for typing.
func spaced(s string) string {
	var groups []string
	for len(s) > 4 {
		groups, s = append(groups, s[:4]), s[4:]
	}
	return strings.Join(append(groups, s), " ")
}

func (s *Site) accountCodeAppDone(rq *request) (reply, error) {
	if rq.form.yes("begin") {
		return passedGate(rq)
	}
	out, _, err := s.App.ConfirmTOTP(rq.Context(), rq.who, rq.form.values.Get("offer"), strings.TrimSpace(rq.form.text("code")))
	if err != nil {
		var e *fault.Error
		if errors.As(err, &e) && e.Kind == fault.Unauthorised { // the offer ran out
			rq.form.general = e.Public
			return s.offerCodeApp(rq, rq.form)
		}
		if rq.form.take(err) {
			return s.offerCodeApp(rq, rq.form)
		}
		return reply{}, err
	}
	renew(rq, out.Cookie)
	if rq.who.EnrolOnly && out.Cookie == "" { // the passphrase is still to be set
		return goTo("/account/enrol", "code_app_added"), nil
	}
	if out.RecoveryCodes != nil {
		return show(codesPage(rq, newForm(nil), out.RecoveryCodes, true)), nil
	}
	return goTo("/account", "code_app_added"), nil
}
