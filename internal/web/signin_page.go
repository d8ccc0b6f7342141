package web

import (
	"net/http"
	"net/url"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/edge"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// signInView offers the ways in, the strongest first.
type signInView struct {
	OptionsURL, FinishURL string
	Passphrase, Recovery  govuk.Link
}

// nextOf is where somebody wanted to go before they were asked to sign in, made
// safe: it is a place on this site, and not the sign-in itself.
func nextOf(s string) string {
	next := sitePath(s)
	if u, err := url.Parse(next); err != nil || u.Path == signInPath || u.Path == "/sign-out" {
		return "/"
	}
	return next
}

func withNext(path, next string) string {
	if next == "/" {
		return path
	}
	return path + "?next=" + url.QueryEscape(next)
}

func (rq *request) next() string { return nextOf(rq.URL.Query().Get("next")) }

func (s *Site) signIn(rq *request) (reply, error) {
	next := rq.next()
	if rq.signedIn() {
		return goTo(next, ""), nil
	}
	return show(&page{title: "Sign in", view: signInView{
		OptionsURL: "/sign-in/options", FinishURL: withNext("/sign-in/finish", next),
		Passphrase: govuk.Link{Text: "Sign in with a passphrase and a code", Href: withNext("/sign-in/passphrase", next)},
		Recovery:   govuk.Link{Text: "Use a recovery code", Href: "/sign-in/recovery-code"},
	}}), nil
}

func (s *Site) signInOptions(rq *request) (reply, error) {
	c, err := s.App.BeginSignIn(rq.Context())
	if err != nil {
		return reply{}, err
	}
	return keepCeremony(rq, c), nil
}

func (s *Site) signInFinish(rq *request) (reply, error) {
	id, answer, err := ceremony(rq)
	if err != nil {
		return reply{}, err
	}
	o, _, err := s.App.FinishSignIn(rq.Context(), id, answer, meta(rq))
	if err != nil {
		return reply{}, err
	}
	return answerJSON(http.StatusOK, map[string]string{"location": s.enter(rq, o, rq.next())}), nil
}

// enter gives the browser the session just opened and returns where to go.
func (s *Site) enter(rq *request, o app.Opened, next string) string {
	edge.SetSession(rq.w, o.Cookie)
	if o.EnrolOnly {
		return enrolPath
	}
	return next
}

// signInDemo greets a sample person at their link; looking does not use it.
func (s *Site) signInDemo(rq *request) (reply, error) {
	hideAddress(rq)
	name, err := s.App.OpenDemoLink(rq.Context(), rq.PathValue("token"))
	if err != nil {
		return s.linkFailed(rq, err, "Start the demo again to get new links.")
	}
	return show(formPage(rq, "Sign in as "+name, "", nil, formView{
		Intro: []string{name + " is a sample person. The link works once."}, Submit: "Sign in"})), nil
}

func (s *Site) signInDemoDone(rq *request) (reply, error) {
	hideAddress(rq)
	o, _, err := s.App.UseDemoLink(rq.Context(), rq.PathValue("token"), meta(rq))
	if err != nil {
		return s.linkFailed(rq, err, "Start the demo again to get new links.")
	}
	return goTo(s.enter(rq, o, "/"), ""), nil
}

// hideAddress keeps the secret in the address of a page out of what the browser
// tells others. That a form of such a page comes from here is then told by
// Sec-Fetch-Site, which every browser with passkeys sends.
func hideAddress(rq *request) { rq.w.Header().Set("Referrer-Policy", "no-referrer") }

// linkFailed says that a single-use link cannot be used, and what to do. Any
// other error stays as it is.
func (s *Site) linkFailed(rq *request, err error, next ...string) (reply, error) {
	if !fault.Is(err, fault.Unauthorised) && !fault.Is(err, fault.Forbidden) {
		return reply{}, err
	}
	p := s.problemPage(rq, err)
	v := p.view.(problemView)
	v.Next = next
	p.status, p.title, p.view = http.StatusNotFound, "This link cannot be used", v
	return show(p), nil
}
