// Package web is the pages: server-rendered HTML over the operations of package
// app. Everything works without JavaScript and by keyboard, except that passkeys
// need a script by their nature.
//
// A page is a handler in <noun>_<verb>.go, a template of the same name, and one
// line in a route table (routes.go). The handler reads the request, calls app,
// and answers with a page whose view struct says everything that the template
// shows. Templates only place things; components come from package govuk.
//
// It is not the place for permissions, which are decided in app: the table of
// routes names the operation of each so that nobody reaches a handler without.
// Who asks, headers, cookies and the check of where a write comes from belong to
// edge: a Site is served behind edge.Wrap and edge.Session.
package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/edge"
	"github.com/touchstone-assurance/touchstone/internal/web/assets"
)

// Options is what the pages need from the outside.
type Options struct {
	App     *app.App
	Assets  *assets.Assets
	Now     func() time.Time
	Demo    bool   // every page says that its data are samples
	Version string // of the program, for the foot of each page
	Log     *slog.Logger
	// MaxUpload is the largest file taken, in bytes; 0 = app.DefaultMaxUpload.
	MaxUpload int64
}

// Site serves the pages.
type Site struct {
	Options
	templates templates
	mux       *http.ServeMux
}

// New returns the handler of all pages and of the assets. It fails when a route
// names a template that is not there, or a template is named by no route, and
// panics when a route names no operation: all are mistakes in the source.
func New(o Options) (*Site, error) {
	if o.App == nil || o.Assets == nil || o.Now == nil {
		return nil, errors.New("web needs an app, assets and a clock")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.MaxUpload == 0 {
		o.MaxUpload = app.DefaultMaxUpload
	}
	s := &Site{Options: o}
	table := routes()
	var err error
	if s.templates, err = parseTemplates(templateFiles, pagesOf(table)); err != nil {
		return nil, fmt.Errorf("templates of the pages: %w", err)
	}
	s.mux = http.NewServeMux()
	for _, rt := range table {
		s.mux.Handle(rt.pattern, s.serve(rt))
	}
	s.mux.Handle(o.Assets.Pattern(), o.Assets.Handler())
	s.mux.Handle("/", s.serve(route{pattern: "/", operation: public, handle: (*Site).nothingHere}))
	return s, nil
}

// ServeHTTP answers a request that edge.Session has resolved.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// Fail answers a refusal with a page; it is what edge.Config.Fail asks for.
func (s *Site) Fail(w http.ResponseWriter, r *http.Request, err error) {
	rq := &request{Request: r, w: w, who: edge.Actor(r.Context()), signed: edge.Signed(r.Context())}
	s.send(rq, show(s.problemPage(rq, err)))
}
