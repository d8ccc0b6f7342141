package edge

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Problem is a problem document (RFC 9457). RequestID is also the number of an
// incident.
type Problem struct {
	Type      string          `json:"type"`
	Title     string          `json:"title"`
	Status    int             `json:"status"`
	Detail    string          `json:"detail"`
	Errors    []fault.Problem `json:"errors,omitempty"`
	RequestID string          `json:"request_id"`
}

// ProblemType is the media type of a problem document.
const ProblemType = "application/problem+json"

// kindRow is how one kind of fault is answered.
type kindRow struct {
	status int
	uri    string
	title  string
	retry  int // seconds of Retry-After, 0 = none
}

// kinds is the one table from fault to HTTP.
var kinds = map[fault.Kind]kindRow{
	fault.Unauthorised: {http.StatusUnauthorized, "/problems/not-signed-in", "Not signed in", 0},
	fault.NotFound:     {http.StatusNotFound, "/problems/not-found", "Not found", 0},
	fault.Forbidden:    {http.StatusForbidden, "/problems/not-permitted", "Not permitted", 0},
	fault.StepUp:       {http.StatusForbidden, "/problems/step-up-required", "Confirmation needed", 0},
	fault.Invalid:      {http.StatusUnprocessableEntity, "/problems/invalid", "There is a problem", 0},
	fault.Conflict:     {http.StatusConflict, "/problems/conflict", "Not possible now", 0},
	fault.Stale:        {http.StatusPreconditionFailed, "/problems/stale", "Changed by somebody else", 0},
	fault.TooLarge:     {http.StatusRequestEntityTooLarge, "/problems/too-large", "Too large", 0},
	fault.Unsupported:  {http.StatusUnsupportedMediaType, "/problems/unsupported-type", "Type not supported", 0},
	fault.RateLimited:  {http.StatusTooManyRequests, "/problems/too-many-requests", "Too many requests", 1},
	fault.Unavailable:  {http.StatusServiceUnavailable, "/problems/unavailable", "Not available now", 5},
	fault.NotAvailable: {http.StatusNotImplemented, "/problems/not-available", "Not available here", 0},
	fault.Internal:     {http.StatusInternalServerError, "/problems/internal", "Something went wrong", 0},
}

// Status is the HTTP status of an error.
func Status(err error) int {
	if errors.Is(err, errHost) {
		return http.StatusMisdirectedRequest
	}
	return kinds[kindOf(err)].status
}

// kindOf is fault.KindOf for errors that arise while a request is served.
func kindOf(err error) fault.Kind {
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return fault.TooLarge
	case fault.KindOf(err) != fault.Internal:
		return fault.KindOf(err)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return fault.Unavailable
	}
	return fault.Internal
}

// ProblemOf describes an error to whoever caused it. Of anything but a fault it
// says nothing but the number of the incident.
func ProblemOf(err error, requestID string) Problem {
	kind := kindOf(err)
	row := kinds[kind]
	detail, problems := fault.Public(err)
	switch {
	case kind == fault.KindOf(err):
	case kind == fault.TooLarge:
		detail = "What was sent is larger than is taken here."
	case kind == fault.Unavailable:
		detail = "This took too long and was stopped. Try again in a moment."
	}
	if kind == fault.Internal {
		detail += " Quote the number " + requestID + " when you report it."
	}
	return Problem{Type: row.uri, Title: row.title, Status: Status(err), Detail: detail, Errors: problems, RequestID: requestID}
}

// WriteProblem answers with the problem document of an error. Errors that are not
// faults are logged as incidents.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	p := ProblemOf(err, RequestID(r.Context()))
	WriteProblemDocument(w, r, p, err)
}

// WriteProblemDocument is WriteProblem with a document that the caller made more
// exact. err is the cause, for the log.
func WriteProblemDocument(w http.ResponseWriter, r *http.Request, p Problem, err error) {
	LogIncident(r, err)
	setProblemHeaders(w.Header(), kindOf(err))
	body, encodeErr := json.Marshal(p)
	if encodeErr != nil { // strings and numbers only: cannot happen
		body = []byte("{}")
	}
	w.WriteHeader(p.Status)
	w.Write(append(body, '\n')) //nolint:errcheck // the client is gone
}

func setProblemHeaders(h http.Header, kind fault.Kind) {
	h.Set("Content-Type", ProblemType)
	h.Set("Cache-Control", "no-store")
	h.Del("Content-Length")
	h.Del("Content-Disposition")
	if row := kinds[kind]; row.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(row.retry))
	}
	if kind == fault.Unauthorised {
		h.Set("WWW-Authenticate", `Bearer realm="Touchstone"`)
	}
}

// SetRetry sets Retry-After where the kind of a fault asks for it; pages use it
// with their own answers.
func SetRetry(h http.Header, err error) {
	if row := kinds[kindOf(err)]; row.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(row.retry))
	}
}

// LogIncident logs an error that a person sees only as a number.
func LogIncident(r *http.Request, err error) { LogIncidentIn(r.Context(), err) }

// LogIncidentIn is LogIncident where only the context of the request is known.
func LogIncidentIn(ctx context.Context, err error) {
	if kindOf(err) == fault.Internal {
		of(ctx).log.ErrorContext(ctx, "incident", "request", RequestID(ctx), "error", err)
	}
}
