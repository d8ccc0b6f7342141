package edge

import (
	"net/http"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// SessionCookie is the name of the cookie of a session. The prefix makes
// browsers refuse it without Secure, with a Domain or with another Path.
const SessionCookie = "__Host-session"

var (
	errNoToken   = fault.New(fault.Unauthorised, "Send an API token in the Authorization header: “Authorization: Bearer …”.")
	errCrossSite = fault.New(fault.Forbidden, "The request came from another site, so it was not carried out. Open the page here and try again.")
)

// Bearer lets requests through that carry a working API token, and answers 401
// with a problem document to all others. Cookies count for nothing, so no other
// site can make a browser call the API.
func (e *Edge) Bearer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, ok := bearer(r.Header.Values("Authorization"))
		if !ok {
			WriteProblem(w, r, errNoToken)
			return
		}
		x := x(r)
		who, err := e.Doors.ActorFromToken(r.Context(), token, x.meta)
		if err != nil {
			WriteProblem(w, r, err)
			return
		}
		if !e.actor.allow(who.ID, e.Now()) {
			WriteProblem(w, r, errActorRate)
			return
		}
		x.actor = who
		next.ServeHTTP(w, r)
	})
}

// bearer reads the one Authorization header (RFC 6750 section 2.1). Two of them
// are none: it would be a guess which one counts.
func bearer(values []string) (string, bool) {
	if len(values) != 1 {
		return "", false
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	token = strings.TrimLeft(token, " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") || token == "" || len(token) > 512 || strings.ContainsAny(token, " \t,") {
		return "", false
	}
	return token, true
}

// Session resolves the session cookie. A request without one, or with one that
// no longer works, passes on with nobody signed in; what needs somebody asks for
// Actor. Writes that come from another site are refused, and so is any
// credential but the cookie.
func (e *Edge) Session(next http.Handler) http.Handler {
	check := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Cookie")
		if check.Check(r) != nil {
			e.Fail(w, r, errCrossSite)
			return
		}
		if c, err := r.Cookie(SessionCookie); err == nil {
			x := x(r)
			x.actor, x.signed, err = e.Doors.ActorFromSession(r.Context(), c.Value, x.meta)
			if fault.Is(err, fault.Unauthorised) {
				ClearSession(w)
			} else if err != nil {
				e.Fail(w, r, err)
				return
			} else if !e.actor.allow(x.actor.ID, e.Now()) {
				e.Fail(w, r, errActorRate)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// SetSession gives the browser its session. It ends with the browser; how long
// it lasts at most is decided on the server.
func SetSession(w http.ResponseWriter, secret string) { http.SetCookie(w, sessionCookie(secret)) }

// ClearSession takes it away again.
func ClearSession(w http.ResponseWriter) {
	c := sessionCookie("")
	c.MaxAge = -1
	http.SetCookie(w, c)
}

func sessionCookie(value string) *http.Cookie {
	return &http.Cookie{Name: SessionCookie, Value: value, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode}
}
