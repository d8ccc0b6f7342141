package api_test

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/touchstone-assurance/touchstone/internal/api"
)

// described checks real answers against what the OpenAPI document says of them.
type described struct {
	mu       sync.Mutex
	mux      *http.ServeMux
	compiler *jsonschema.Compiler
	schemas  map[string]*jsonschema.Schema
}

var promise = sync.OnceValues(func() (*described, error) {
	raw, err := api.Document(nil)
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	d := &described{mux: http.NewServeMux(), compiler: jsonschema.NewCompiler(), schemas: map[string]*jsonschema.Schema{}}
	for _, op := range api.Operations() {
		d.mux.Handle(op.Method+" "+api.Prefix+op.Path, http.NotFoundHandler())
	}
	return d, d.compiler.AddResource("openapi.json", doc)
})

// check fails the test when an answer is not as described.
func (r reply) check(t testing.TB, req *http.Request) {
	t.Helper()
	d, err := promise()
	if err != nil {
		t.Fatal(err)
	}
	_, pattern := d.mux.Handler(req)
	mediaType, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	if pattern == "" || r.status == http.StatusNoContent || mediaType != "application/json" && mediaType != "application/problem+json" || r.header.Get("Content-Disposition") != "" {
		return
	}
	method, path, _ := strings.Cut(pattern, " ")
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	at := "openapi.json#/paths/" + escape.Replace(path) + "/" + strings.ToLower(method) + "/responses/" + strconv.Itoa(r.status) + "/content/" + escape.Replace(mediaType) + "/schema"
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.schemas[at]
	if s == nil {
		if s, err = d.compiler.Compile(at); err != nil {
			t.Fatalf("%s %d is not described: %v", pattern, r.status, err)
		}
		d.schemas[at] = s
	}
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(r.body))
	if err != nil {
		t.Fatalf("%s: %v", pattern, err)
	}
	if err := s.Validate(v); err != nil {
		t.Errorf("%s %d is not as described: %v\n%s", pattern, r.status, err, r.body)
	}
}
