package web

import (
	"net/http"
	"regexp"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// codesView shows recovery codes, this once.
type codesView struct {
	Codes []string
	First bool // part of setting up
	Kept  govuk.Checkboxes
}

func (s *Site) accountRecovery(rq *request) (reply, error) {
	if rq.query("first") == "yes" {
		return show(formPage(rq, "Get your recovery codes", "", nil, formView{
			Intro: []string{"If you lose your device, a recovery code gets you back in. You get 10. Each works once.",
				"They are shown on the next page, and never again."},
			Hidden: []govuk.KeptValue{{Name: "first", Value: "yes"}}, Submit: "Show my recovery codes"})), nil
	}
	return show(formPage(rq, "Get new recovery codes", "/account", nil, formView{
		Intro: []string{"You get 10 new codes. Each works once. They are shown on the next page, and never again.",
			"The codes you have now stop working, and your other sessions end."},
		Submit: "Show new recovery codes"})), nil
}

func (s *Site) accountRecoveryDone(rq *request) (reply, error) {
	codes, _, err := s.App.IssueRecoveryCodes(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	return show(codesPage(rq, newForm(nil), codes, rq.form.yes("first"))), nil
}

func codesPage(rq *request, f *form, codes []string, first bool) *page {
	return &page{template: "account_codes", title: "Your recovery codes", form: f, view: codesView{Codes: codes, First: first,
		Kept: f.checkboxes(govuk.Checkboxes{Name: "kept", Items: []govuk.CheckboxItem{{Value: "yes", Text: "I have saved them"}}})}}
}

var recoveryCode = regexp.MustCompile(`^[0-9a-z]{4}(-[0-9a-z]{4}){3}$`)

// shownCodes are the codes that the page itself sends along, so that it can be
// shown again and saved as a file. They stand nowhere on the server.
func shownCodes(f *form) []string {
	var codes []string
	for _, c := range f.values["codes"] {
		if recoveryCode.MatchString(c) && len(codes) < 20 {
			codes = append(codes, c)
		}
	}
	return codes
}

func (s *Site) accountRecoveryKeep(rq *request) (reply, error) {
	codes, first := shownCodes(rq.form), rq.form.yes("first")
	if rq.form.text("do") == "download" && len(codes) > 0 {
		return reply{write: func(w http.ResponseWriter) error {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Header().Set("Content-Disposition", `attachment; filename="touchstone-recovery-codes.txt"`)
			_, err := w.Write([]byte("Recovery codes for Touchstone. Each works once.\r\n\r\n" + strings.Join(codes, "\r\n") + "\r\n"))
			return err
		}}, nil
	}
	if !rq.form.yes("kept") && len(codes) > 0 {
		var p fault.Problems
		p.Add("/kept", "Confirm that you have saved the codes.")
		rq.form.take(p.Err())
		return show(codesPage(rq, rq.form, codes, first)), nil
	}
	if first {
		return goTo("/account/passkey/second", ""), nil
	}
	return goTo("/account", "codes_kept"), nil
}
