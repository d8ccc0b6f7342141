package web

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/edge"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// formView is a page that asks for one thing: some text, the controls, a button,
// and links to what else is possible.
type formView struct {
	Intro   []string
	Facts   *govuk.SummaryList
	Warning string // what cannot be undone
	Action  string // address that the form is sent to
	Hidden  []govuk.KeptValue
	Fields  []govuk.Component
	Submit  string // "Save" when empty
	Danger  bool
	After   []govuk.Link
}

// Button is the one button of the form.
func (v formView) Button() govuk.Button {
	b := govuk.Button{Text: or(v.Submit, "Save"), PreventDoubleClick: govuk.On}
	if v.Danger {
		b.Classes = "govuk-button--warning"
	}
	return b
}

// formPage is a page around a formView. The form is sent to the address of the
// page unless the view says otherwise.
func formPage(rq *request, title, back string, f *form, v formView) *page {
	v.Action = or(v.Action, rq.URL.Path)
	return &page{title: title, back: back, form: f, template: "account_form", view: v}
}

// meta is what is known of the request before anybody signs in.
func meta(rq *request) app.RequestMeta { return edge.Meta(rq.Context()) }

// at writes an instant for people; "" for the zero time.
func at(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return moment(t.UnixMicro())
}

var errConfirm = fault.New(fault.StepUp, "Confirm that it is you, then try again. This needs a confirmation made in the last 5 minutes.")

// fresh reports whether factors may be added now: in a session that can do
// nothing else, or soon after a confirmation.
func (rq *request) fresh() bool { return rq.who.EnrolOnly || rq.who.SteppedUp }

// gatePage stands before a page whose form must not be kept while the person
// confirms that it is them, because it holds a secret or a passkey exchange. Its
// button asks for the confirmation and leads back.
func gatePage(rq *request, title string) *page {
	return formPage(rq, title, "/account", nil, formView{
		Intro:  []string{"Before you change how you sign in, confirm that it is you."},
		Hidden: []govuk.KeptValue{{Name: "begin", Value: "yes"}}, Submit: "Continue"})
}

// passedGate answers the button of gatePage.
func passedGate(rq *request) (reply, error) {
	if !rq.fresh() {
		return reply{}, errConfirm
	}
	return goTo(rq.URL.Path, ""), nil
}

// renew replaces the cookie of the session when adding a factor changed it.
func renew(rq *request, cookie string) {
	if cookie != "" {
		edge.SetSession(rq.w, cookie)
	}
}

// tooMany tells a browser how long to wait when err says that there were too
// many attempts.
func tooMany(rq *request, err error) {
	if wait, ok := app.RetryAfter(err); ok {
		rq.w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
	}
}

// takeRefusal is form.take for pages on which a refused credential is something
// to put right and not a reason to go to the sign-in page.
func takeRefusal(rq *request, err error) (status int, ok bool) {
	var e *fault.Error
	switch {
	case rq.form.take(err):
		return 0, true
	case !errors.As(err, &e):
		return 0, false
	case e.Kind == fault.Unauthorised:
		status = http.StatusUnauthorized
	case e.Kind == fault.Forbidden:
		status = http.StatusForbidden
	case e.Kind == fault.RateLimited:
		status = http.StatusTooManyRequests
		tooMany(rq, err)
	default:
		return 0, false
	}
	rq.form.general = e.Public
	return status, true
}
