package web

import (
	"bytes"
	"net/http"
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// crumb is one step on the way to a page.
type crumb struct{ text, href string }

// page is what a handler answers with: what the frame shows, and the view.
type page struct {
	template string // the route's when empty
	status   int    // 200 when 0; 422 when the form has problems
	title    string // of the browser's tab, and the one h1
	caption  string // above the h1
	section  string // address of the part of the service that the page is in
	crumbs   []crumb
	back     string   // address of a back link, instead of crumbs
	markings []string // of what the page shows; the highest stands above and below
	form     *form    // its problems head the page
	wide     bool     // the content uses the whole width
	view     any
}

// frame is what the layout shows around the view.
type frame struct {
	HeadTitle, Title, Caption    string
	StyleURL, ScriptURL, IconURL string
	Header                       govuk.Header
	Navigation                   govuk.ServiceNavigation
	SignedIn                     bool
	Name, Organisation           string
	Switch                       bool // there is more than one organisation
	Demo                         bool
	Marking                      string
	Crumbs                       *govuk.Breadcrumbs
	Back                         *govuk.BackLink
	Done                         *govuk.NotificationBanner
	Alerts                       *govuk.NotificationBanner
	Summary                      *govuk.ErrorSummary
	Wide                         bool
	Footer                       govuk.Footer
	View                         any
}

const product = "Touchstone"

// render writes a page. When its template fails, the person gets the page of an
// internal problem, never half a page.
func (s *Site) render(rq *request, p *page) {
	body, err := s.page(rq, p)
	status := p.status
	if err != nil {
		s.Log.ErrorContext(rq.Context(), "page not rendered", "route", rq.route.pattern, "error", err)
		status = http.StatusInternalServerError
		if body, err = s.page(rq, s.problemPage(rq, err)); err != nil {
			http.Error(rq.w, "Something went wrong on our side. Nothing was changed.", status)
			return
		}
	}
	if status == 0 {
		status = http.StatusOK
		if p.form.wrong() {
			status = http.StatusUnprocessableEntity
		}
	}
	h := rq.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	rq.w.WriteHeader(status)
	if rq.Method != http.MethodHead {
		// A browser that went away is not an error of ours.
		_, _ = rq.w.Write(body)
	}
}

func (s *Site) page(rq *request, p *page) ([]byte, error) {
	name := p.template
	if name == "" {
		name = rq.route.page
	}
	var b bytes.Buffer
	t, ok := s.templates[name]
	if !ok {
		return nil, &missingTemplate{name}
	}
	err := t.ExecuteTemplate(&b, "layout", s.frame(rq, p))
	// What was typed is shown again even when it is refused for not being text.
	return bytes.ToValidUTF8(b.Bytes(), []byte("\uFFFD")), err
}

type missingTemplate struct{ name string }

func (m *missingTemplate) Error() string { return "no template " + strconv.Quote(m.name) }

func (s *Site) frame(rq *request, p *page) frame {
	f := frame{
		HeadTitle: p.title + " - " + product, Title: p.title, Caption: p.caption, Wide: p.wide, View: p.view,
		StyleURL: s.Assets.URL("app.css"), ScriptURL: s.Assets.URL("app.js"), IconURL: s.Assets.URL("icon.svg"),
		Header: govuk.Header{Name: product}, Navigation: navigation(rq, p.section), Footer: s.footer(),
		SignedIn: rq.signedIn(), Name: rq.signed.Name, Organisation: rq.signed.Organisation.Name,
		Switch: len(rq.signed.Organisations) > 1, Demo: s.Demo || rq.signed.Demo, Marking: highest(p.markings),
		Done: done(rq), Alerts: s.alerts(rq),
	}
	if p.back != "" {
		f.Back = &govuk.BackLink{Href: p.back}
	}
	if len(p.crumbs) > 0 {
		f.Crumbs = &govuk.Breadcrumbs{CollapseOnMobile: true}
		for _, c := range p.crumbs {
			if c == listOfSystems {
				c = rq.crumbOfSystems()
			}
			f.Crumbs.Items = append(f.Crumbs.Items, govuk.Breadcrumb{Text: c.text, Href: c.href})
		}
		f.Crumbs.Items = append(f.Crumbs.Items, govuk.Breadcrumb{Text: p.title})
	}
	if summary := p.form.summary(); p.form.wrong() {
		f.Summary, f.Done = &summary, nil
		f.HeadTitle = "Error: " + f.HeadTitle
	}
	return f
}

// highest is the marking of a page: that of its highest part.
func highest(markings []string) string {
	var marks []portfolio.Marking
	for _, m := range markings {
		if parsed, err := portfolio.ParseMarking(m); err == nil {
			marks = append(marks, parsed)
		}
	}
	return portfolio.Highest(marks...).String()
}
