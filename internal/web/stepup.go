package web

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/edge"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// Fields of the page that are its own and not part of the form that it keeps.
const (
	stepUpCode   = "confirm_code"
	stepUpAction = "confirm_action"
)

// stepUpView asks for a fresh confirmation and keeps the form that needs it.
type stepUpView struct {
	keptView
	OptionsURL, FinishURL string
	Code                  govuk.Input
	Demo                  bool
	Confirmed             bool // done by code or, in a demo, by a click
}

// stepUpPage keeps a form while the person confirms that it is them. After a
// passkey the browser stays on this page (the answer leads to a fragment of it),
// so that nothing typed travels or is kept on the server.
func (s *Site) stepUpPage(rq *request, action string, f *form, err error) *page {
	own := newForm(nil)
	if err != nil {
		own.take(err)
	}
	v := stepUpView{
		keptView:   keptView{Action: action, Fields: f.kept()},
		OptionsURL: "/step-up/options", FinishURL: "/step-up/finish?next=" + url.QueryEscape(rq.URL.Path),
		Demo: s.Demo || rq.signed.Demo,
	}
	v.Code = govuk.Input{ID: stepUpCode, Name: stepUpCode, Label: govuk.Label{Text: "Code from your authenticator app"},
		Hint: govuk.Hint{Text: "6 digits"}, InputMode: "numeric", Autocomplete: "one-time-code", Classes: "govuk-input--width-5",
		Error: own.problem(stepUpCode, "code")}
	return &page{template: "step_up", status: http.StatusForbidden, title: "Confirm that it is you", form: own, view: v}
}

// ceremonyCookie carries which passkey exchange an answer belongs to.
const ceremonyCookie = "__Host-ceremony"

// keepCeremony gives the browser the id of a passkey exchange and the answer with
// its options.
func keepCeremony(rq *request, c app.Ceremony) reply {
	http.SetCookie(rq.w, &http.Cookie{Name: ceremonyCookie, Value: c.ID, Path: "/", Expires: c.ExpiresAt, Secure: true, HttpOnly: true,
		SameSite: http.SameSiteStrictMode})
	return reply{write: func(w http.ResponseWriter) error {
		w.Header().Set("Content-Type", "application/json")
		_, err := w.Write(c.Options)
		return err
	}}
}

// ceremony reads the id of the exchange and the browser's answer, and takes the
// cookie away: an exchange is used once.
func ceremony(rq *request) (id string, answer []byte, err error) {
	c, err := rq.Cookie(ceremonyCookie)
	if err != nil {
		return "", nil, fault.New(fault.Invalid, "The confirmation took too long. Try again.")
	}
	http.SetCookie(rq.w, &http.Cookie{Name: ceremonyCookie, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	answer, err = io.ReadAll(http.MaxBytesReader(rq.w, rq.Body, 64<<10))
	if err != nil {
		return "", nil, errTooLarge.Because(err)
	}
	if !json.Valid(answer) {
		return "", nil, fault.New(fault.Invalid, "The browser sent something that is no passkey. Try again.")
	}
	return c.Value, answer, nil
}

func (s *Site) stepUpOptions(rq *request) (reply, error) {
	c, err := s.App.BeginStepUp(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	return keepCeremony(rq, c), nil
}

func (s *Site) stepUpFinish(rq *request) (reply, error) {
	id, answer, err := ceremony(rq)
	if err != nil {
		return reply{}, err
	}
	cookie, _, err := s.App.FinishStepUp(rq.Context(), rq.who, id, answer)
	if err != nil {
		return reply{}, err
	}
	s.setSession(rq, cookie)
	// The same address with a fragment: the browser stays on the page that keeps
	// the form.
	return answerJSON(http.StatusOK, map[string]string{"location": sitePath(rq.query("next")) + "#confirmed"}), nil
}

func (s *Site) stepUpCode(rq *request) (reply, error) {
	return s.stepUpBy(rq, func() (string, error) {
		cookie, _, err := s.App.StepUpWithCode(rq.Context(), rq.who, strings.TrimSpace(rq.form.text(stepUpCode)))
		return cookie, err
	})
}

func (s *Site) stepUpDemo(rq *request) (reply, error) {
	return s.stepUpBy(rq, func() (string, error) {
		cookie, _, err := s.App.StepUpInDemo(rq.Context(), rq.who)
		return cookie, err
	})
}

// stepUpBy confirms by something typed and shows the kept form again, with the
// button that sends it.
func (s *Site) stepUpBy(rq *request, confirm func() (string, error)) (reply, error) {
	action := sitePath(rq.form.text(stepUpAction))
	cookie, err := confirm()
	rest := newForm(url.Values{})
	for name, values := range rq.form.values {
		if name != stepUpCode && name != stepUpAction {
			rest.values[name] = values
		}
	}
	var e *fault.Error
	if errors.As(err, &e) && (e.Kind == fault.Invalid || e.Kind == fault.StepUp) {
		if len(e.Problems) == 0 {
			err = &fault.Error{Kind: fault.Invalid, Public: e.Public, Problems: []fault.Problem{{Pointer: "/code", Detail: e.Public}}}
		}
		return show(s.stepUpPage(rq, action, rest, err)), nil
	}
	if err != nil {
		return reply{}, err
	}
	s.setSession(rq, cookie)
	p := s.stepUpPage(rq, action, rest, nil)
	v := p.view.(stepUpView)
	v.Confirmed = true
	p.status, p.title, p.view = http.StatusOK, "You have confirmed that it is you", v
	return show(p), nil
}

// setSession replaces the cookie of the session after a confirmation.
func (s *Site) setSession(rq *request, cookie string) {
	if cookie != "" {
		edge.SetSession(rq.w, cookie)
	}
}

// sitePath returns the address when it leads to a place on this site, else "/".
// It is parsed and written again, so that a browser reads nothing else in it.
func sitePath(s string) string {
	if !strings.HasPrefix(s, "/") || strings.HasPrefix(s, "//") || strings.ContainsAny(s, "\\") || len(s) > 2000 {
		return "/"
	}
	for _, c := range []byte(s) {
		if c <= ' ' || c == 0x7f {
			return "/"
		}
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || strings.HasPrefix(u.Path, "//") {
		return "/"
	}
	return (&url.URL{Path: u.Path, RawQuery: u.Query().Encode()}).String()
}
