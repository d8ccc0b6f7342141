// Package edge receives HTTP requests before pages and API see them: it gives
// every request an id, refuses what is addressed to another host or comes too
// fast, bounds bodies and time, sets the headers that protect a browser, turns a
// credential into who acts, turns a fault into a problem document, and writes
// one line of log without personal data.
//
// It is not a router and decides no permission: app does. Nothing here knows a
// page or an API operation.
//
// It implements RFC 9457 (problem details), RFC 6750 section 2.1 (bearer
// tokens), RFC 6797 (HSTS), RFC 6265bis section 4.1.3 (the __Host- prefix) and
// the Server-Timing header of W3C Server Timing.
package edge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
)

// Doors turns a credential into who acts; *app.App does.
type Doors interface {
	ActorFromToken(ctx context.Context, text string, meta app.RequestMeta) (access.Actor, error)
	ActorFromSession(ctx context.Context, cookie string, meta app.RequestMeta) (access.Actor, app.Signed, error)
}

// Config says how requests are received.
type Config struct {
	Doors  Doors
	Now    func() time.Time // wall clock for spans and rates; not the clock that a demo moves
	Random io.Reader
	Log    *slog.Logger

	Hosts    []string // host names served, without port
	Loopback bool     // also serve localhost, 127.0.0.1 and [::1]

	MaxBody int64         // bytes of any body; 0 = DefaultMaxBody
	Timeout time.Duration // of one request; 0 = DefaultTimeout
	Rate    Rate          // per address; the zero value is DefaultRate
	Actor   Rate          // per person or token; the zero value is DefaultPerMinute

	// Ready says whether requests can be answered: the database answers and its
	// schema is current. It is asked by /readyz.
	Ready func(context.Context) error

	// Fail answers a refusal of this package; nil = a problem document. It gives
	// pages the chance to answer with a page.
	Fail func(http.ResponseWriter, *http.Request, error)
}

// Defaults of Config.
const (
	DefaultMaxBody = 64 << 20
	DefaultTimeout = 60 * time.Second

	// DefaultPerMinute stops a program that runs away with somebody's token, and
	// is far above what a person or a pipeline does.
	DefaultPerMinute = 12_000
)

// Edge receives requests. It is safe for concurrent use.
type Edge struct {
	Config
	rate  *limiter[netip.Prefix]
	actor *limiter[string]
}

// New checks the configuration.
func New(c Config) (*Edge, error) {
	if c.Doors == nil || c.Now == nil || c.Random == nil || c.Ready == nil {
		return nil, errors.New("edge: doors, clock, random source and readiness are needed")
	}
	if len(c.Hosts) == 0 && !c.Loopback {
		return nil, errors.New("edge: no host name to serve")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.MaxBody == 0 {
		c.MaxBody = DefaultMaxBody
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Rate == (Rate{}) {
		c.Rate = DefaultRate()
	}
	if c.Actor == (Rate{}) {
		c.Actor = PerMinute(DefaultPerMinute)
	}
	e := &Edge{Config: c, rate: newLimiter[netip.Prefix](c.Rate), actor: newLimiter[string](c.Actor)}
	if e.Fail == nil {
		e.Fail = WriteProblem
	}
	return e, nil
}

// Wrap puts everything that holds for all requests around next, and answers
// /healthz and /readyz itself.
func (e *Edge) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := e.Now()
		rec := &recorder{ResponseWriter: w, start: start, now: e.Now}
		id, err := ident.New(ident.Request, start, e.Random)
		if err != nil {
			e.Log.ErrorContext(r.Context(), "make a request id", "error", err)
			rec.WriteHeader(http.StatusInternalServerError)
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), e.Timeout)
		defer cancel()
		x := &exchange{meta: app.RequestMeta{RequestID: id, Address: address(r), Agent: r.UserAgent()}, log: e.Log}
		r = r.WithContext(context.WithValue(ctx, exchangeKey{}, x))
		r.Body = http.MaxBytesReader(w, r.Body, e.MaxBody)
		setHeaders(rec.Header(), id, hostOf(r.Host))
		defer e.finish(rec, r)
		e.receive(rec, r, next)
	})
}

// receive answers probes and refuses what must not reach a handler.
func (e *Edge) receive(w http.ResponseWriter, r *http.Request, next http.Handler) {
	switch r.URL.Path {
	case "/healthz":
		e.probe(w, r, func(context.Context) error { return nil })
		return
	case "/readyz":
		e.probe(w, r, e.Ready)
		return
	}
	if !e.serves(r.Host) {
		e.Fail(w, r, errHost)
		return
	}
	if !allowed(e.rate, x(r).meta.Address, e.Now()) {
		e.Fail(w, r, errRate)
		return
	}
	if err := cleanURL(r.URL); err != nil {
		e.Fail(w, r, err)
		return
	}
	next.ServeHTTP(w, r)
}

var errActorRate = fault.New(fault.RateLimited, "You have sent more requests in a minute than one person or token may. Wait a moment, then go on more slowly.")

var errRate = fault.New(fault.RateLimited, "There were too many requests from your address. Wait a moment, then try again.")

func (e *Edge) probe(w http.ResponseWriter, r *http.Request, ask func(context.Context) error) {
	w.Header().Set("Content-Type", "application/json")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if err := ask(r.Context()); err != nil {
		e.Log.WarnContext(r.Context(), "not ready", "error", err)
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
		io.WriteString(w, `{"ok":false}`+"\n") //nolint:errcheck // the client is gone
		return
	}
	io.WriteString(w, `{"ok":true}`+"\n") //nolint:errcheck // the client is gone
}

// finish ends a request: a panic becomes an incident, and one line is logged.
// The line holds the route and not the address asked for, since that may carry
// the secret of a link or words of a search; who acted stands in the audit log
// under the same request id.
func (e *Edge) finish(rec *recorder, r *http.Request) {
	cause := recover()
	if cause == http.ErrAbortHandler {
		panic(cause)
	}
	if cause != nil {
		err := fmt.Errorf("panic: %v", cause)
		if rec.status == 0 {
			e.Fail(rec, r, err)
		} else {
			LogIncident(r, err)
			defer panic(http.ErrAbortHandler) // half an answer must not look whole
		}
		e.Log.ErrorContext(r.Context(), "panic", "request", RequestID(r.Context()), "stack", stack())
	}
	if rec.status == 0 {
		rec.WriteHeader(http.StatusOK)
	}
	e.Log.InfoContext(r.Context(), "request", "request", RequestID(r.Context()), "method", method(r.Method), "route", r.Pattern,
		"status", rec.status, "bytes", rec.bytes, "ms", e.Now().Sub(rec.start).Milliseconds())
}

// method keeps made-up methods out of the log.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}
