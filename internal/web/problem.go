package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/edge"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// problemView is the page of a refusal.
type problemView struct {
	Words     string
	Next      []string // what the person can do about it
	Details   []string
	Reference string // of the request, to quote
}

// failed turns an error into an answer: a sign-in, a confirmation that keeps
// what was typed, or a page that says what is wrong and what to do.
func (s *Site) failed(rq *request, err error) reply {
	kind := fault.KindOf(err)
	edge.LogIncident(rq.Request, err)
	if rq.wantsJSON() {
		return problemJSON(kind, err)
	}
	switch {
	case kind == fault.Unauthorised && !rq.writes():
		return goTo(signInPath+"?next="+url.QueryEscape(rq.URL.RequestURI()), "")
	case kind == fault.Unauthorised:
		return show(s.signedOutPage(rq))
	case kind == fault.Forbidden && rq.who.EnrolOnly && !rq.writes():
		return goTo(enrolPath, "")
	case kind == fault.StepUp && rq.writes():
		return show(s.stepUpPage(rq, rq.URL.Path, rq.form, nil))
	}
	return show(s.problemPage(rq, err))
}

func problemJSON(kind fault.Kind, err error) reply {
	public, problems := fault.Public(err)
	for _, p := range problems {
		public += " " + p.Detail
	}
	return answerJSON(edge.Status(err), map[string]string{"title": titleOf(kind), "detail": public})
}

// answerJSON answers a script of our pages.
func answerJSON(status int, body any) reply {
	return reply{write: func(w http.ResponseWriter) error {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		return json.NewEncoder(w).Encode(body)
	}}
}

func (s *Site) problemPage(rq *request, err error) *page {
	kind := fault.KindOf(err)
	public, problems := fault.Public(err)
	v := problemView{Words: public, Next: whatNext(kind), Reference: edge.RequestID(rq.Context())}
	for _, p := range problems {
		v.Details = append(v.Details, p.Detail)
	}
	edge.SetRetry(rq.w.Header(), err)
	return &page{template: "problem", status: edge.Status(err), title: titleOf(kind), view: v}
}

// nothingHere answers addresses that no route has.
func (s *Site) nothingHere(rq *request) (reply, error) {
	return reply{}, fault.New(fault.NotFound, "There is nothing at this address.")
}

func titleOf(kind fault.Kind) string {
	switch kind {
	case fault.NotFound:
		return "Page not found"
	case fault.Forbidden:
		return "You cannot do this"
	case fault.StepUp:
		return "Confirm that it is you"
	case fault.Unauthorised:
		return "Sign in to do this"
	case fault.Conflict:
		return "This cannot be done now"
	case fault.Stale:
		return "Somebody else changed this"
	case fault.TooLarge:
		return "This is too large"
	case fault.Unsupported:
		return "This kind of file is not taken"
	case fault.RateLimited:
		return "Too many attempts"
	case fault.Unavailable:
		return "This is not available just now"
	case fault.NotAvailable:
		return "This installation cannot do that"
	case fault.Invalid:
		return "There is a problem"
	}
	return "Something went wrong"
}

func whatNext(kind fault.Kind) []string {
	switch kind {
	case fault.NotFound:
		return []string{"If you typed the address, check it.", "If you followed a link, the thing may have moved, or it may not be yours to see."}
	case fault.Conflict, fault.Stale:
		return []string{"Go back and reload the page to see how things are now."}
	case fault.RateLimited:
		return []string{"Wait a minute, then try again."}
	case fault.Internal:
		return []string{"Try again in a moment.", "If it happens again, tell an administrator and quote the reference below."}
	}
	return nil
}

// keptView is a form that waits for something else to happen first. What was
// typed stays in the page as hidden fields and is sent again unchanged.
type keptView struct {
	Action string
	Fields []govuk.KeptValue
	Next   string // address to sign in at
	Lost   bool   // a file was chosen; browsers do not let a page keep it
	Secret bool   // a passphrase or code was typed, which no page keeps
}

// secretField tells the names of fields that hold a passphrase or a code. They
// are never written into a page: whoever is asked again types them again.
func secretField(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "passphrase") || strings.Contains(name, "password") || name == "code" || name == "codes" ||
		strings.HasSuffix(name, "_code") || strings.HasSuffix(name, "-code") || strings.Contains(name, "recovery")
}

// kept lists what was typed but for secrets, fields in the order of their names.
func (f *form) kept() []govuk.KeptValue {
	var out []govuk.KeptValue
	if f == nil {
		return nil
	}
	var names []string
	for name := range f.values {
		if !secretField(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range f.values[name] {
			out = append(out, govuk.KeptValue{Name: name, Value: value})
		}
	}
	return out
}

// secret reports whether something was typed that kept leaves out.
func (f *form) secret() bool {
	if f == nil {
		return false
	}
	for name := range f.values {
		if secretField(name) {
			return true
		}
	}
	return false
}

// signedOutPage is shown when a session ended while somebody was typing. They
// sign in beside it and send the same form again.
func (s *Site) signedOutPage(rq *request) *page {
	return &page{template: "signed_out", status: http.StatusUnauthorized, title: "You have been signed out",
		view: keptView{Action: rq.URL.RequestURI(), Fields: rq.form.kept(), Next: signInPath + "?next=" + url.QueryEscape("/"),
			Lost: strings.HasPrefix(rq.Header.Get("Content-Type"), "multipart/"), Secret: rq.form.secret()}}
}
