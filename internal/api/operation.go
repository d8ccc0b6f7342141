package api

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/edge"
)

// Operation is one line of the table of operations.
type Operation struct {
	ID      string // operationId
	Method  string
	Path    string // below Prefix
	Summary string
	Needs   access.Operation // the permission; an operation without one cannot be declared

	created     bool     // answers 201
	form        bool     // takes multipart/form-data beside JSON
	accepted    bool     // answers 202
	raw         string   // takes a document as it is; says which. Sending it again changes nothing, so it takes no Idempotency-Key
	secret      bool     // answers with a secret that is shown once, so it takes no Idempotency-Key
	types       []string // media types of an answer that is not JSON
	unavailable string   // what 501 means, where it can be answered
}

type whoKey struct{}

type rawKey struct{}

// raw is the body of a request that takes a document as it is.
func raw(ctx context.Context) io.Reader {
	body, ok := ctx.Value(rawKey{}).(io.Reader)
	if !ok {
		return strings.NewReader("")
	}
	return body
}

// rawBody reads a document and says what went wrong in the words of this API.
type rawBody struct{ r *http.Request }

func (b *rawBody) Read(p []byte) (int, error) {
	n, err := b.r.Body.Read(p)
	var tooLarge *http.MaxBytesError
	switch {
	case err == nil || errors.Is(err, io.EOF):
		return n, err
	case errors.As(err, &tooLarge):
		return n, fault.Newf(fault.TooLarge, "The document is larger than %d MB, the largest that is taken here.", tooLarge.Limit>>20)
	case b.r.Context().Err() != nil:
		return n, b.r.Context().Err()
	}
	return n, fault.New(fault.Invalid, "The document broke off before its end.").Because(err)
}

// actor is who asks, with the idempotency key of the request.
func actor(ctx context.Context) access.Actor {
	who, ok := ctx.Value(whoKey{}).(access.Actor)
	if !ok {
		return access.Actor{} // refused by every operation
	}
	return who
}

// route declares an operation. Fields of I with a path or query tag, and of its
// Body, that hold the identifier of something carry ref:"object type".
func route[I, O any](s *server, op Operation, fn func(ctx context.Context, who access.Actor, in *I) (*O, error)) {
	if _, known := access.RuleOf(op.Needs); !known {
		panic(fmt.Sprintf("api: operation %q of %s %s names no permission", op.ID, op.Method, op.Path))
	}
	if op.ID == "" || op.Summary == "" {
		panic(fmt.Sprintf("api: %s %s has no operationId or summary", op.Method, op.Path))
	}
	h := huma.Operation{OperationID: op.ID, Method: op.Method, Path: Prefix + op.Path, Summary: op.Summary, Tags: []string{tag(op.Path)},
		SkipValidateParams: false, MaxBodyBytes: -1, Responses: s.problems(op), Extensions: map[string]any{"x-permission": string(op.Needs)},
		Middlewares: huma.Middlewares{s.receive(op)}}
	if op.created {
		h.DefaultStatus = http.StatusCreated
	}
	if op.accepted {
		h.DefaultStatus = http.StatusAccepted
	}
	huma.Register(s.api, h, func(ctx context.Context, in *I) (*O, error) {
		out, err := fn(ctx, actor(ctx), in)
		if err != nil {
			return nil, problemError(ctx, err)
		}
		return out, nil
	})
	registered := s.find(h.Method, h.Path)
	refs := referencesOf(reflect.TypeFor[I]())
	s.markParameters(op, registered, refs)
	s.markBodies(op, reflect.TypeFor[I](), reflect.TypeFor[O]())
	if len(op.types) > 0 {
		registered.Responses["200"].Content = map[string]*huma.MediaType{}
		for _, t := range op.types {
			registered.Responses["200"].Content[t] = &huma.MediaType{}
		}
	}
	if op.form {
		registered.RequestBody.Content["multipart/form-data"] = formOf(registered.RequestBody.Content["application/json"].Schema, s.api.OpenAPI().Components.Schemas)
	}
	if op.raw != "" {
		registered.RequestBody = &huma.RequestBody{Description: op.raw, Required: true, Content: map[string]*huma.MediaType{"application/octet-stream": {}, "application/json": {}, "application/xml": {}, "text/plain": {}}}
	}
	if writes(op.Method) && !op.secret && op.raw == "" {
		registered.Parameters = append(registered.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header", Schema: &huma.Schema{Type: "string", MaxLength: new(maxKey)},
			Description: "Any text of your own, new for each new request. A repeated request with the same key gets the answer of the first."})
	}
	s.ops = append(s.ops, op)
}

func writes(method string) bool { return method != http.MethodGet }

func tag(path string) string {
	word, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return word
}

func (s *server) find(method, path string) *huma.Operation {
	item := s.api.OpenAPI().Paths[path]
	switch method {
	case http.MethodGet:
		return item.Get
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	case http.MethodDelete:
		return item.Delete
	}
	panic("api: method " + method)
}

// receive settles, in this order, whether the caller may do this at all, and
// whether what was sent can be read. So that a stranger learns nothing about
// fields, and nothing is read for somebody who may not send it.
func (s *server) receive(op Operation) func(huma.Context, func(huma.Context)) {
	return func(hc huma.Context, next func(huma.Context)) {
		r, w := humago.Unwrap(hc)
		who := edge.Actor(r.Context())
		if _, err := s.app.Decide(r.Context(), who, op.Needs); err != nil {
			edge.WriteProblem(w, r, err)
			return
		}
		if !writes(op.Method) {
			next(huma.WithValue(hc, whoKey{}, who))
			return
		}
		if op.raw != "" {
			if r.Header.Get("Idempotency-Key") != "" {
				var p fault.Problems
				p.Add("/Idempotency-Key", "This operation takes no Idempotency-Key: sending the same again changes nothing.")
				edge.WriteProblem(w, r, p.Err())
				return
			}
			next(huma.WithValue(huma.WithValue(hc, whoKey{}, who), rawKey{}, &rawBody{r}))
			return
		}
		sent, err := s.read(r, op)
		if err != nil {
			edge.WriteProblem(w, r, err)
			return
		}
		defer sent.close()
		who.IdempotencyKey, who.RequestDigest = sent.key, sent.digest
		next(huma.WithValue(huma.WithValue(hc, whoKey{}, who), fileKey{}, sent.file))
	}
}

// objects are the names of fields that hold an identifier. A field of one of
// these names without a ref tag cannot be declared.
var objects = []string{"id", "organisation", "unit", "parent", "system", "person", "assessment", "evidence", "requirement", "requirements",
	"framework", "purge", "appointment", "connection", "obligation", "accreditation", "token", "invitation", "delegate", "other", "on_behalf_of", "actor", "target", "owner_person"}

// pathWords are parts of an address that hold words and no identifier.
var pathWords = map[string]bool{"name": true}

// notReferences are fields of those names that hold words and no identifier.
var notReferences = map[string]bool{"approveBody.on_behalf_of": true}

// referencesOf maps the parameters of an input to the types they refer to.
func referencesOf(t reflect.Type) map[string]string {
	out := map[string]string{}
	for _, f := range reflect.VisibleFields(t) {
		for _, in := range []string{"path", "query"} {
			if name := f.Tag.Get(in); name != "" {
				out[in+" "+name] = f.Tag.Get("ref")
			}
		}
	}
	return out
}

func (s *server) markParameters(op Operation, registered *huma.Operation, refs map[string]string) {
	for _, p := range registered.Parameters {
		ref := refs[p.In+" "+p.Name]
		if ref == "" {
			if p.In == "path" && !pathWords[p.Name] || p.In == "query" && isObject(p.Name) {
				panic(fmt.Sprintf("api: %s: parameter %q does not say what it refers to", op.ID, p.Name))
			}
			continue
		}
		p.Extensions = map[string]any{"x-ref": ref}
	}
}

func isObject(name string) bool {
	for _, o := range objects {
		if name == o {
			return true
		}
	}
	return strings.HasSuffix(name, "_id")
}

// markBodies puts x-ref on the fields of bodies.
func (s *server) markBodies(op Operation, types ...reflect.Type) {
	for i, t := range types {
		if f, ok := t.FieldByName("Body"); ok && f.Type.Kind() != reflect.Func {
			s.markType(op, f.Type, i == 0)
		}
	}
}

func (s *server) markType(op Operation, t reflect.Type, needed bool) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		t = t.Elem()
	}
	if needed && t.Kind() == reflect.Struct && t.Name() == "" {
		panic(fmt.Sprintf("api: %s: the body has a type without a name", op.ID))
	}
	if t.Kind() != reflect.Struct || !strings.HasSuffix(t.PkgPath(), "/internal/api") {
		return
	}
	schema := s.api.OpenAPI().Components.Schemas.Schema(t, false, t.Name())
	if ref := s.api.OpenAPI().Components.Schemas.Schema(t, true, t.Name()); ref.Ref != "" {
		schema = s.api.OpenAPI().Components.Schemas.SchemaFromRef(ref.Ref)
	}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		ref := f.Tag.Get("ref")
		if f.Anonymous || name == "" || name == "-" {
			continue
		}
		if ref == "" && needed && isObject(name) && !notReferences[t.Name()+"."+name] {
			panic(fmt.Sprintf("api: %s: field %q of %s does not say what it refers to", op.ID, name, t.Name()))
		}
		if ref != "" {
			property := schema.Properties[name]
			property.Extensions = map[string]any{"x-ref": ref}
			if property.Items != nil {
				property.Items.Extensions = map[string]any{"x-ref": ref}
			}
		}
		if p := schema.Properties[name]; !needed && f.Type.Kind() == reflect.Pointer && p.Ref != "" {
			// The library describes a pointer to an object as the object alone.
			schema.Properties[name] = &huma.Schema{AnyOf: []*huma.Schema{{Ref: p.Ref}, {Type: "null"}}, Description: f.Tag.Get("doc")}
		}
		s.markType(op, f.Type, needed)
	}
}

// problems are the answers that an operation may give beside its own.
func (s *server) problems(op Operation) map[string]*huma.Response {
	out := map[string]*huma.Response{}
	codes := []fault.Kind{fault.Unauthorised, fault.Forbidden, fault.NotFound, fault.Invalid, fault.Conflict, fault.TooLarge,
		fault.RateLimited, fault.Internal, fault.Unavailable}
	if writes(op.Method) {
		codes = append(codes, fault.Stale, fault.Unsupported)
	}
	for _, kind := range codes {
		p := edge.ProblemOf(fault.New(kind, ""), "")
		out[strconv.Itoa(p.Status)] = &huma.Response{Description: p.Title, Content: map[string]*huma.MediaType{
			edge.ProblemType: {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}}}}
	}
	if op.unavailable != "" {
		out["501"] = &huma.Response{Description: op.unavailable, Content: out["404"].Content}
	}
	return out
}

func (s *server) declareProblem() {
	s.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[edge.Problem](), true, "Problem")
}

// forgetModels takes the library's own error models out of the document; no
// answer has their shape.
func (s *server) forgetModels() {
	schemas := s.api.OpenAPI().Components.Schemas.Map()
	delete(schemas, "ErrorModel")
	delete(schemas, "ErrorDetail")
}
