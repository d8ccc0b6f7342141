package web

import (
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

func emailInput(f *form, hint string) govuk.Input {
	return f.input(govuk.Input{Name: "email", Label: govuk.Label{Text: "Email address"}, Hint: govuk.Hint{Text: hint}, Type: "email",
		Autocomplete: "username", Spellcheck: govuk.Off, Autocapitalize: "none"})
}

func codeInput(f *form) govuk.Input {
	return f.input(govuk.Input{Name: "code", Label: govuk.Label{Text: "Code from your authenticator app"}, Hint: govuk.Hint{Text: "6 digits"},
		InputMode: "numeric", Autocomplete: "one-time-code", Classes: "govuk-input--width-5"})
}

// passphraseInput never shows again what was typed.
func passphraseInput(f *form, name, label, hint, autocomplete string) govuk.PasswordInput {
	return govuk.PasswordInput{ID: name, Name: name, Label: govuk.Label{Text: label}, Hint: govuk.Hint{Text: hint}, Autocomplete: autocomplete,
		Error: f.problem(name, name), Texts: govuk.PasswordTexts{ShowAriaLabel: "Show passphrase", HideAriaLabel: "Hide passphrase",
			Shown: "Your passphrase is visible", Hidden: "Your passphrase is hidden"}}
}

func (s *Site) signInPassphrase(rq *request) (reply, error) {
	if rq.signedIn() {
		return goTo(rq.next(), ""), nil
	}
	return show(passphrasePage(rq, newForm(nil), 0)), nil
}

func passphrasePage(rq *request, f *form, status int) *page {
	next := rq.next()
	delete(f.values, "code") // it works once
	p := formPage(rq, "Sign in with a passphrase and a code", withNext(signInPath, next), f, formView{
		Action: withNext("/sign-in/passphrase", next),
		Fields: []govuk.Component{emailInput(f, ""), passphraseInput(f, "passphrase", "Passphrase", "", "current-password"), codeInput(f)},
		Submit: "Sign in", After: []govuk.Link{{Text: "Use a recovery code", Href: "/sign-in/recovery-code"}}})
	p.status = status
	return p
}

func (s *Site) signInPassphraseDone(rq *request) (reply, error) {
	f := rq.form
	o, _, err := s.App.SignInWithPassphrase(rq.Context(), app.PassphraseInput{Email: f.text("email"), Passphrase: f.values.Get("passphrase"),
		Code: strings.TrimSpace(f.text("code"))}, meta(rq))
	if err != nil {
		if status, ok := takeRefusal(rq, err); ok {
			return show(passphrasePage(rq, f, status)), nil
		}
		return reply{}, err
	}
	return goTo(s.enter(rq, o, rq.next()), ""), nil
}

func (s *Site) signInRecovery(rq *request) (reply, error) {
	return show(recoveryCodePage(rq, newForm(nil), 0)), nil
}

func recoveryCodePage(rq *request, f *form, status int) *page {
	p := formPage(rq, "Use a recovery code", signInPath, f, formView{
		Intro: []string{"A recovery code works once. After it you add a new passkey before you can do anything else."},
		Fields: []govuk.Component{emailInput(f, ""), f.input(govuk.Input{Name: "code", Label: govuk.Label{Text: "Recovery code"},
			Hint: govuk.Hint{Text: "For example, 7k2m-0c9x-pq4d-h1wz. Capital letters and hyphens do not matter."}, Autocomplete: "off",
			Spellcheck: govuk.Off, Autocapitalize: "none", Classes: "govuk-input--width-20"})},
		Submit: "Continue"})
	p.status = status
	return p
}

func (s *Site) signInRecoveryDone(rq *request) (reply, error) {
	f := rq.form
	o, _, err := s.App.SignInWithRecoveryCode(rq.Context(), app.RecoveryCodeInput{Email: f.text("email"), Code: f.text("code")}, meta(rq))
	if err != nil {
		if status, ok := takeRefusal(rq, err); ok {
			return show(recoveryCodePage(rq, f, status)), nil
		}
		return reply{}, err
	}
	return goTo(s.enter(rq, o, "/"), ""), nil
}
