package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/edge"
)

// problem is an error on its way through the library, as the document that edge
// makes of it.
type problem struct {
	document edge.Problem
	headers  http.Header
	cause    error
}

func problemError(ctx context.Context, err error) error {
	var exact *problem
	if errors.As(err, &exact) {
		return exact
	}
	p := &problem{document: edge.ProblemOf(err, edge.RequestID(ctx)), headers: http.Header{}, cause: err}
	edge.SetRetry(p.headers, err)
	edge.LogIncidentIn(ctx, err)
	return p
}

func (p *problem) Error() string                { return p.document.Detail }
func (p *problem) Unwrap() error                { return p.cause }
func (p *problem) GetStatus() int               { return p.document.Status }
func (p *problem) GetHeaders() http.Header      { return p.headers }
func (p *problem) ContentType(string) string    { return edge.ProblemType }
func (p *problem) MarshalJSON() ([]byte, error) { return json.Marshal(p.document) }

// plainProblem turns what the library found wrong with an input into a problem
// document of ours: in plain words, with pointers, and without what was sent.
func plainProblem(ctx huma.Context, _ string, v any) (any, error) {
	m, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	var ps fault.Problems
	for _, e := range m.Errors {
		pointer, words := plainDetail(e.Location, e.Message)
		ps.Add(pointer, "%s", words)
	}
	if len(ps) == 0 {
		ps.Add("", "The request cannot be read.")
	}
	p := edge.ProblemOf(ps.Err(), edge.RequestID(ctx.Context()))
	p.Status = m.Status
	return p, nil
}

var missingField = regexp.MustCompile(`^expected required property (\S+) to be present$`)

func plainDetail(location, message string) (pointer, words string) {
	pointer = pointerOf(location)
	if m := missingField.FindStringSubmatch(message); m != nil {
		return pointer + "/" + escapePointer(m[1]), "This is needed and was not sent."
	}
	for _, w := range []struct{ part, plain string }{
		{"unexpected property", "This is not a field that is taken here."},
		{"unknown query parameter", "This is not something that can be asked for here."},
		{"parameter is missing", "This is needed and was not sent."},
		{"expected string to be RFC 3339", "Enter a time like 2026-03-31T09:00:00Z."},
		{"expected string", "This must be text."},
		{"expected integer", "This must be a whole number."},
		{"invalid integer", "This must be a whole number."},
		{"expected number >=", "This number is too small."},
		{"expected number <=", "This number is too large."},
		{"expected number", "This must be a number."},
		{"expected boolean", "This must be true or false."},
		{"expected array length", "This list has too many or too few items."},
		{"expected array", "This must be a list."},
		{"expected object", "This must be an object."},
		{"expected value to be one of", "This is not one of the values that are taken here."},
		{"invalid date", "Enter a time like 2026-03-31T09:00:00Z."},
	} {
		if strings.Contains(message, w.part) {
			return pointer, w.plain
		}
	}
	return pointer, "This is not in the form that is asked for."
}

var index = regexp.MustCompile(`\[(\d+)\]`)

// pointerOf turns “body.held.marking” and “body.skills[2]” into JSON pointers.
func pointerOf(location string) string {
	_, rest, _ := strings.Cut(index.ReplaceAllString(location, ".$1"), ".")
	if rest == "" {
		return ""
	}
	parts := strings.Split(rest, ".")
	for i := range parts {
		parts[i] = escapePointer(parts[i])
	}
	return "/" + strings.Join(parts, "/")
}

// escapePointer escapes one part (RFC 6901 section 3). What a stranger named a
// field is cut short.
func escapePointer(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:60]) + "…"
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
