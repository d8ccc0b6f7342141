package api_test

import (
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/api"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

var update = flag.Bool("update", false, "write docs/api/openapi.json anew")

const committed = "../../docs/api/openapi.json"

func TestOpenAPIIsServedWithoutSignInAndEqualsTheCommittedDocument(t *testing.T) {
	made, err := api.Document(nil)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.MkdirAll(filepath.Dir(committed), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(committed, made, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(committed)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(t)
	r := w.do(http.StatusOK, ask{method: "GET", path: "/api/v1/openapi.json"})
	if r.body != string(want) {
		t.Errorf("the document has changed.\n\tRemedy: go test ./internal/api -run OpenAPI -update, and look at the difference.")
	}
	if r.header.Get("Content-Type") != "application/json" {
		t.Errorf("Content-Type %q", r.header.Get("Content-Type"))
	}
}

type document struct {
	OpenAPI string
	Paths   map[string]map[string]struct {
		OperationID string `json:"operationId"`
		Permission  string `json:"x-permission"`
		Parameters  []struct {
			Name, In string
			Ref      string `json:"x-ref"`
		}
		RequestBody *struct {
			Content map[string]struct{ Schema schema }
		}
		Responses map[string]json.RawMessage
	}
	Components struct{ Schemas map[string]schema }
}

type schema struct {
	Ref        string `json:"$ref"`
	XRef       string `json:"x-ref"`
	Properties map[string]schema
	Items      *schema
}

func readDocument(t *testing.T) document {
	t.Helper()
	b, err := api.Document(nil)
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEveryOperationHasAnOperationIDAndAPermission(t *testing.T) {
	d := readDocument(t)
	if d.OpenAPI != "3.1.0" {
		t.Errorf("openapi %q", d.OpenAPI)
	}
	ids := map[string]bool{}
	for path, methods := range d.Paths {
		for method, op := range methods {
			if op.OperationID == "" || ids[op.OperationID] {
				t.Errorf("%s %s: operationId %q", method, path, op.OperationID)
			}
			ids[op.OperationID] = true
			if _, ok := access.RuleOf(access.Operation(op.Permission)); !ok {
				t.Errorf("%s: x-permission %q", op.OperationID, op.Permission)
			}
			for _, code := range []string{"401", "403", "404", "422", "429"} {
				if op.Responses[code] == nil {
					t.Errorf("%s: answer %s is not described", op.OperationID, code)
				}
			}
		}
	}
	if len(ids) != len(api.Operations()) || len(ids) < 50 {
		t.Errorf("%d in the document, %d declared", len(ids), len(api.Operations()))
	}
}

// plain are names of fields that are no identifiers although they might be taken
// for one.
var plain = []string{"version", "state", "role", "kind", "set", "place", "limit", "after", "name"}

func TestEveryIdentifierInPathQueryOrBodySaysWhatItRefersTo(t *testing.T) {
	d := readDocument(t)
	types := []string{"organisation", "unit", "user", "role", "invitation", "token", "system", "appointment", "connection", "obligation", "accreditation",
		"framework", "requirement", "assessment", "evidence", "feedback", "actor", "target", "share", "request", "purge", "release", "document", "job", "advisory", "decision"}
	known := map[string]bool{}
	check := func(where, name, ref string, must bool) {
		if ref == "" && must && !slices.Contains(plain, name) {
			t.Errorf("%s: %q has no x-ref", where, name)
		}
		if ref != "" && !slices.Contains(types, ref) {
			t.Errorf("%s: %q refers to %q, which is no type of object", where, name, ref)
		}
		known[ref] = true
	}
	for path, methods := range d.Paths {
		for method, op := range methods {
			for _, p := range op.Parameters {
				check(method+" "+path, p.Name, p.Ref, p.In == "path")
			}
			if op.RequestBody == nil {
				continue
			}
			body := op.RequestBody.Content["application/json"].Schema
			if body.Ref != "" {
				body = d.Components.Schemas[strings.TrimPrefix(body.Ref, "#/components/schemas/")]
			}
			for name, p := range body.Properties {
				check(op.OperationID, name, p.XRef, slices.Contains(types, name) || strings.HasSuffix(name, "_id") || name == "id" || name == "person" || name == "delegate" || name == "parent")
			}
		}
	}
	for _, ref := range []string{"organisation", "unit", "user", "system", "assessment", "evidence", "requirement", "framework", "token"} {
		if !known[ref] {
			t.Errorf("nothing refers to %s", ref)
		}
	}
}
