package web

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/edge"
)

// request is one request as a handler sees it. Embedding keeps Context, URL and
// Header at hand.
type request struct {
	*http.Request
	w      http.ResponseWriter
	route  route
	who    access.Actor // zero when nobody is signed in
	signed app.Signed
	form   *form // of a write, read before the handler runs
	upload *app.Upload
}

// reply is what a handler answers: a page, a way to go on, or bytes of its own.
type reply struct {
	page     *page
	location string
	write    func(http.ResponseWriter) error
}

// show answers with a page.
func show(p *page) reply { return reply{page: p} }

// goTo sends the browser on after a write. done is a word of doneSentences whose
// sentence heads the next page, or "".
func goTo(path, done string) reply {
	if done != "" {
		sep := "?"
		if strings.Contains(path, "?") {
			sep = "&"
		}
		path += sep + "done=" + url.QueryEscape(done)
	}
	return reply{location: path}
}

func (rq *request) signedIn() bool { return rq.who.ID != "" }

// may says whether to offer what needs the operation.
func (rq *request) may(op access.Operation) bool { return access.May(rq.who, op) }

// writes reports whether the request asks for a change.
func (rq *request) writes() bool { return rq.Method != http.MethodGet && rq.Method != http.MethodHead }

// wantsJSON is true for the scripts of our pages.
func (rq *request) wantsJSON() bool { return rq.Header.Get("Accept") == "application/json" }

// id reads an identifier from the path. What could not be one becomes "-", which
// nothing is called, so that no engine is asked about bytes it cannot hold.
func (rq *request) id(name string) string { return identifier(rq.PathValue(name)) }

// identifier returns s when it has the form of an identifier of ours or of a
// framework, else "-"; "" stays "".
func identifier(s string) string {
	if len(s) > 128 {
		return "-"
	}
	for _, c := range []byte(s) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && !strings.ContainsRune("._-@", rune(c)) {
			return "-"
		}
	}
	return s
}

// query reads one parameter of the address, made safe to ask a database about.
func (rq *request) query(name string) string { return plain(rq.URL.Query().Get(name)) }

// plain is s as valid text without NUL, at most 300 characters.
func plain(s string) string {
	s = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD"))
	if utf8.RuneCountInString(s) > 300 {
		s = string([]rune(s)[:300])
	}
	return s
}

// serve answers one route.
func (s *Site) serve(rt route) http.Handler {
	if rt.operation == "" {
		panic("web: route " + rt.pattern + " names no operation")
	}
	if _, known := access.RuleOf(rt.operation); !known && rt.operation != public {
		panic("web: route " + rt.pattern + " names an operation that has no rule: " + string(rt.operation))
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rq := &request{Request: r, w: w, route: rt, who: edge.Actor(r.Context()), signed: edge.Signed(r.Context())}
		answer, err := s.answer(rq)
		if err != nil {
			answer = s.failed(rq, err)
		}
		s.send(rq, answer)
	})
}

func (s *Site) answer(rq *request) (reply, error) {
	if rq.writes() && !rq.jsonBody() {
		if err := s.readForm(rq); err != nil {
			return reply{}, err
		}
	}
	if rq.route.operation != public {
		// Whether it was confirmed lately matters when something is done, not
		// when the form for it is read.
		_, err := s.App.Decide(rq.Context(), rq.who, rq.route.operation)
		if err != nil && (rq.writes() || !fault.Is(err, fault.StepUp)) {
			return reply{}, err
		}
	}
	return rq.route.handle(s, rq)
}

func (rq *request) jsonBody() bool {
	return strings.HasPrefix(rq.Header.Get("Content-Type"), "application/json")
}

// send writes an answer. Pages are rendered whole before the first byte leaves.
func (s *Site) send(rq *request, answer reply) {
	rq.w.Header().Set("Cache-Control", "no-store")
	switch {
	case answer.write != nil:
		if err := answer.write(rq.w); err != nil {
			s.Log.WarnContext(rq.Context(), "answer not sent whole", "route", rq.route.pattern, "error", err)
		}
	case answer.location != "":
		http.Redirect(rq.w, rq.Request, answer.location, http.StatusSeeOther)
	case answer.page != nil:
		s.render(rq, answer.page)
	default:
		s.Log.ErrorContext(rq.Context(), "handler without an answer", "route", rq.route.pattern)
		http.Error(rq.w, "Something went wrong on our side.", http.StatusInternalServerError)
	}
}
