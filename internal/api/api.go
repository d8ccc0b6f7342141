// Package api is the REST API under /api/v1: one table of operations, each with
// the permission it needs, turned into handlers and into an OpenAPI document by
// one helper (operation.go). It reads requests, calls one method of app and
// shapes the answer; it decides nothing and never shows a row of the store.
//
// Only bearer tokens count here, never a cookie. Errors are problem documents
// (RFC 9457). A change answers with its place in the audit log, may be repeated
// safely with an Idempotency-Key, and names the version it was made from with
// If-Match (RFC 9110 section 13.1.1). Lists are paged by an opaque cursor.
//
// The document follows OpenAPI 3.1.0. It is committed as docs/api/openapi.json
// and a test compares the two.
package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/edge"
)

// Prefix is where every operation stands.
const Prefix = "/api/v1"

// Options says how the API is served.
type Options struct {
	Edge    *edge.Edge // resolves tokens
	TempDir string     // for uploads under way, "" = the system's; files in it have no name
	MaxBody int64      // bytes of a JSON body, 0 = DefaultMaxBody
	MaxForm int64      // bytes of a form with its file, 0 = what the edge takes
}

// DefaultMaxBody is the largest JSON body taken.
const DefaultMaxBody = 1 << 20

// server is the API while it is put together, and what its handlers share.
type server struct {
	app  *app.App
	opts Options
	api  huma.API
	mux  *http.ServeMux
	ops  []Operation
}

// New returns the handler of everything below /api/. It panics when an operation
// is declared without what it must have: a program that starts serves only
// operations that name a permission.
func New(a *app.App, opts Options) http.Handler {
	s := build(a, opts)
	document, err := s.document()
	if err != nil {
		panic("api: encode the OpenAPI document: " + err.Error())
	}
	guarded := opts.Edge.Bearer(s.mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == Prefix+"/openapi.json" && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
			w.Header().Set("Content-Type", "application/json")
			io.Copy(w, bytes.NewReader(document)) //nolint:errcheck // the client is gone
			return
		}
		if !s.knows(w, r) {
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

// Document returns the OpenAPI document, as it is served and committed.
func Document(a *app.App) ([]byte, error) { return build(a, Options{}).document() }

// Operations lists what the API can do; tests walk over it.
func Operations() []Operation { return build(nil, Options{}).ops }

func build(a *app.App, opts Options) *server {
	if opts.MaxBody == 0 {
		opts.MaxBody = DefaultMaxBody
	}
	s := &server{app: a, opts: opts, mux: http.NewServeMux()}
	config := huma.Config{OpenAPI: &huma.OpenAPI{OpenAPI: "3.1.0", Info: &huma.Info{Title: "Touchstone", Version: "1",
		Description: "Secure by Design assurance: systems, assessments, evidence and the audit log.\n\n" +
			"Send an API token as “Authorization: Bearer …”. Changes answer with Touchstone-Audit-Index, the place of their entry in the audit log. " +
			"Send Idempotency-Key to repeat a request safely within 24 hours, and If-Match with the version you read to change a thing that others may change. " +
			"Lists answer items, next (a cursor for “after”, or null) and total. Times are RFC 3339 in UTC, dates YYYY-MM-DD."},
		Components: &huma.Components{Schemas: huma.NewMapRegistry("#/components/schemas/", schemaName),
			SecuritySchemes: map[string]*huma.SecurityScheme{"token": {Type: "http", Scheme: "bearer", Description: "An API token."}}},
		Security: []map[string][]string{{"token": {}}}},
		Formats:       map[string]huma.Format{"application/json": jsonFormat(), "json": jsonFormat()}, // json: what comes before “+” is left out
		DefaultFormat: "application/json", RejectUnknownQueryParameters: true, Transformers: []huma.Transformer{plainProblem}}
	s.api = humago.New(s.mux, config)
	s.declareProblem()
	for _, declare := range []func(*server){organisations, units, people, invitations, tokens, systems, systemHistory, appointments, connections, obligations,
		accreditations, frameworks, assessments, assessmentMoves, responses, reports, evidence, evidenceFiles, links, logs, exports, work, feedback, purges, demoClock, documents, advisories, decisions} {
		declare(s)
	}
	s.forgetModels()
	return s
}

// schemaName names a type in the document. Types of the domain get the name of
// their package in front, so that no two meet.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	switch {
	case strings.HasSuffix(t.PkgPath(), "/fault"):
		return "Field" + name
	case strings.HasSuffix(t.PkgPath(), "/domain/report"):
		return "Report" + name
	case strings.HasSuffix(t.PkgPath(), "/domain/assessment"):
		return "Assessment" + name
	case strings.HasSuffix(t.PkgPath(), "/framework") && t.Name() != "Framework":
		return "Framework" + name
	case strings.HasSuffix(t.PkgPath(), "/internal/api"):
		return strings.ReplaceAll(name, "Body", "")
	}
	return name
}

func jsonFormat() huma.Format {
	return huma.Format{
		Marshal:   func(w io.Writer, v any) error { return json.NewEncoder(w).Encode(v) },
		Unmarshal: json.Unmarshal,
	}
}

func (s *server) document() ([]byte, error) {
	raw, err := json.Marshal(s.api.OpenAPI())
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// knows answers 404 and 405 for what is no operation, before anybody is asked to
// sign in: the list of operations is public.
func (s *server) knows(w http.ResponseWriter, r *http.Request) bool {
	if _, pattern := s.mux.Handler(r); pattern != "" {
		return true
	}
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := s.mux.Handler(other); pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		edge.WriteProblem(w, r, fault.New(fault.NotFound, "There is no such address. The operations are listed at "+Prefix+"/openapi.json."))
		return false
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	p := edge.ProblemOf(fault.New(fault.Invalid, fmt.Sprintf("This address takes %s only.", strings.Join(allowed, ", "))), edge.RequestID(r.Context()))
	p.Status, p.Title, p.Type = http.StatusMethodNotAllowed, "Method not allowed", "/problems/method-not-allowed"
	edge.WriteProblemDocument(w, r, p, fault.New(fault.Invalid, ""))
	return false
}
