package web

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/edge"
	"github.com/touchstone-assurance/touchstone/internal/web/assets"
)

// world is a whole instance behind its pages.
type world struct {
	*apptest.World
	t       testing.TB
	site    *Site
	handler http.Handler
}

func newWorld(t testing.TB, options ...apptest.Option) *world {
	t.Helper()
	w := &world{World: apptest.New(t, options...), t: t}
	files, err := assets.New()
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(testLog{t}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if w.site, err = New(Options{App: w.App, Assets: files, Now: w.Clock.Now, Version: "test", Log: log}); err != nil {
		t.Fatal(err)
	}
	e, err := edge.New(edge.Config{Doors: w.App, Now: time.Now, Random: rand.Reader, Log: log, Hosts: []string{"localhost"}, Loopback: true,
		Rate: edge.Rate{PerSecond: 1e6, Burst: 1e6}, Ready: func(context.Context) error { return nil }, Fail: w.site.Fail})
	if err != nil {
		t.Fatal(err)
	}
	w.handler = e.Wrap(e.Session(w.site))
	return w
}

type testLog struct{ t testing.TB }

func (l testLog) Write(b []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(b)))
	return len(b), nil
}

// visitor is somebody in a browser without JavaScript; nil person = nobody.
type visitor struct {
	w      *world
	person *apptest.Person
}

func (w *world) as(p *apptest.Person) visitor { return visitor{w, p} }

func (v visitor) do(method, path string, header http.Header, body io.Reader) *answer {
	v.w.t.Helper()
	r := httptest.NewRequest(method, apptest.PublicURL+path, body)
	for name, values := range header {
		r.Header[name] = values
	}
	if v.person != nil {
		r.AddCookie(&http.Cookie{Name: edge.SessionCookie, Value: v.person.Cookie})
	}
	rec := httptest.NewRecorder()
	v.w.handler.ServeHTTP(rec, r)
	a := &answer{t: v.w.t, name: method + " " + path, code: rec.Code, header: rec.Header(), body: rec.Body.String()}
	for _, c := range rec.Result().Cookies() {
		if c.Name == edge.SessionCookie && c.Value != "" && v.person != nil {
			v.person.Cookie = c.Value
		}
	}
	return a
}

func (v visitor) get(path string) *answer {
	v.w.t.Helper()
	return v.do("GET", path, nil, nil)
}

// post sends a form; pairs are name and value.
func (v visitor) post(path string, pairs ...string) *answer {
	v.w.t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return v.postValues(path, values)
}

func (v visitor) postValues(path string, values url.Values) *answer {
	v.w.t.Helper()
	return v.do("POST", path, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Sec-Fetch-Site": {"same-origin"}}, strings.NewReader(values.Encode()))
}
