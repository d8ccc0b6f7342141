package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/api"
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/app/apptest"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/edge"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// tenant is one organisation with a token of every role and one thing of every
// type, all of them named with a word that occurs nowhere else.
type tenant struct {
	name   string
	id     string
	canary string
	tokens map[access.Role]string
	things map[string]string // object type -> id
}

type world struct {
	*apptest.World
	t testing.TB
	h http.Handler
}

func newWorld(t testing.TB, options ...apptest.Option) *world {
	t.Helper()
	w := &world{World: apptest.New(t, options...), t: t}
	e, err := edge.New(edge.Config{Doors: w.App, Now: w.Clock.Now, Random: rand.Reader, Loopback: true, MaxBody: 3 << 20,
		Log:   slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError})),
		Ready: func(context.Context) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/api/", api.New(w.App, api.Options{Edge: e, TempDir: t.TempDir()}))
	w.h = e.Wrap(mux)
	return w
}

// token makes an API token as the command line does.
func (w *world) token(organisation string, role access.Role, system string) (text, org string) {
	w.t.Helper()
	made, _, err := w.App.OperatorCreateToken(context.Background(), app.OperatorTokenInput{Organisation: organisation, Create: true, Role: role, System: system})
	if err != nil {
		w.t.Fatal(err)
	}
	return made.Secret, made.Organisation
}

func (w *world) tenant(name, canary string) *tenant {
	w.t.Helper()
	t := &tenant{name: name, canary: canary, tokens: map[access.Role]string{}, things: map[string]string{}}
	for _, role := range access.Roles() {
		t.tokens[role], t.id = w.token(name, role, "")
	}
	t.things["organisation"] = t.id
	return t
}

// reply is an answer that was read whole.
type reply struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

// ask is one request.
type ask struct {
	method, path, token string
	body                string // JSON unless header says otherwise
	header              map[string]string
}

func (w *world) send(a ask) reply {
	w.t.Helper()
	r := httptest.NewRequest(a.method, "https://localhost"+a.path, strings.NewReader(a.body))
	if a.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if a.token != "" {
		r.Header.Set("Authorization", "Bearer "+a.token)
	}
	for name, value := range a.header {
		if value == "" {
			r.Header.Del(name)
			continue
		}
		r.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, r)
	out := reply{t: w.t, status: rec.Code, header: rec.Header(), body: rec.Body.String()}
	if out.status >= 500 && out.status != http.StatusNotImplemented {
		w.t.Errorf("%s %s gave %d %s", a.method, a.path, out.status, out.body)
	}
	if out.header.Get("Server-Timing") == "" {
		w.t.Errorf("%s %s has no Server-Timing", a.method, a.path)
	}
	out.check(w.t, r)
	return out
}

// do sends and expects a status.
func (w *world) do(want int, a ask) reply {
	w.t.Helper()
	r := w.send(a)
	if r.status != want {
		w.t.Fatalf("%s %s: %d, want %d\n%s", a.method, a.path, r.status, want, r.body)
	}
	return r
}

func (r reply) json() map[string]any {
	r.t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(r.body), &m); err != nil {
		r.t.Fatalf("%v: %s", err, r.body)
	}
	return m
}

func (r reply) id() string {
	r.t.Helper()
	id, ok := r.json()["id"].(string)
	if !ok {
		r.t.Fatalf("no id: %s", r.body)
	}
	return id
}

func (r reply) items() []map[string]any {
	r.t.Helper()
	var out []map[string]any
	list, ok := r.json()["items"].([]any)
	if !ok {
		r.t.Fatalf("no items: %s", r.body)
	}
	for _, i := range list {
		out = append(out, i.(map[string]any))
	}
	return out
}

// anonymous is the body without what differs between two requests.
func (r reply) anonymous() string {
	return strings.ReplaceAll(r.body, r.header.Get("X-Request-Id"), "REQUEST")
}

// entries is the size of the log.
func (w *world) entries() int64 {
	w.t.Helper()
	var n int64
	err := w.DB.Read(context.Background(), func(tx *store.Tx) error {
		head, err := tx.LogHead(context.Background())
		n = int64(head.Size)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// refusals is how many entries of the log say that somebody was refused.
func (w *world) refusals() int64 {
	w.t.Helper()
	everything, err := access.Decide(access.Operator(), access.InstanceRead)
	if err != nil {
		w.t.Fatal(err)
	}
	var n int64
	err = w.DB.Read(context.Background(), func(tx *store.Tx) error {
		var err error
		_, n, err = tx.Entries(context.Background(), everything, store.EntryFilter{Action: "access.refused", Limit: 1})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// upload is a form with a file.
func upload(fields map[string]string, name string, content []byte) (body, contentType string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for k, v := range fields {
		m.WriteField(k, v) //nolint:errcheck // memory
	}
	if name != "" {
		f, _ := m.CreateFormFile("file", name)
		f.Write(content) //nolint:errcheck // memory
	}
	m.Close()
	return b.String(), m.FormDataContentType()
}

const (
	frameworkID = "touchstone-foundation"
)

// persona is a token that acts as a person of a demo and counts as freshly
// confirmed.
func (w *world) persona(p *apptest.Person) string {
	w.t.Helper()
	made, _, err := w.App.CreateDemoToken(context.Background(), p.ID, p.Organisation)
	if err != nil {
		w.t.Fatal(err)
	}
	return made.Secret
}
