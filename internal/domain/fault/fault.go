// Package fault is the one error type whose text may reach a person.
//
// Every other error is shown as "internal" with an incident number. A fault
// carries a kind, which the edges translate once (HTTP status, exit code), a
// public sentence that says what is wrong and what to do, and, for invalid
// input, one problem per field.
package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind is the category of a fault. The set is closed; see Kinds.
type Kind string

const (
	Invalid      Kind = "invalid"       // the input breaks a rule; Problems say where
	NotFound     Kind = "not_found"     // missing, or not the caller's to know about
	Forbidden    Kind = "forbidden"     // the caller's own organisation, but not permitted
	Unauthorised Kind = "unauthorised"  // no usable credential
	StepUp       Kind = "step_up"       // a fresh confirmation of identity is needed
	Conflict     Kind = "conflict"      // the thing's state does not allow it
	Stale        Kind = "stale"         // changed by somebody else since it was read
	TooLarge     Kind = "too_large"     // beyond a size limit
	Unsupported  Kind = "unsupported"   // a media type or format that is not taken
	RateLimited  Kind = "rate_limited"  // too many at once; try again later
	Unavailable  Kind = "unavailable"   // cannot be served now (maintenance, disk)
	NotAvailable Kind = "not_available" // this installation lacks what is needed (501)
	Internal     Kind = "internal"      // everything else; the text is never shown
)

// Kinds lists every kind, for tables that must be exhaustive.
func Kinds() []Kind {
	return []Kind{Invalid, NotFound, Forbidden, Unauthorised, StepUp, Conflict, Stale,
		TooLarge, Unsupported, RateLimited, Unavailable, NotAvailable, Internal}
}

// Problem is one fault of one field. Pointer is a JSON pointer (RFC 6901) into
// the input, for example "/rationale".
type Problem struct {
	Pointer string `json:"pointer"`
	Detail  string `json:"detail"`
}

// Error is an error whose Public text may be shown to the person who caused it.
type Error struct {
	Kind     Kind
	Public   string
	Problems []Problem
	Cause    error
}

// New returns a fault with a public sentence.
func New(kind Kind, public string) *Error { return &Error{Kind: kind, Public: public} }

// Newf is New with a format. The arguments become public too.
func Newf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Public: fmt.Sprintf(format, args...)}
}

// Because returns a copy of e that wraps cause. The cause is logged, never shown.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.Cause = cause
	return &c
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Kind) + ": " + e.Public)
	for _, p := range e.Problems {
		b.WriteString("; " + p.Pointer + ": " + p.Detail)
	}
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// KindOf returns the kind of the first fault in err's chain, Internal for any
// other error and "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Is reports whether err is a fault of the given kind.
func Is(err error, kind Kind) bool { return KindOf(err) == kind }

// Public returns the text that may be shown for err, and its problems.
func Public(err error) (string, []Problem) {
	var e *Error
	if errors.As(err, &e) && e.Kind != Internal {
		return e.Public, e.Problems
	}
	return "Something went wrong on our side. Nothing was changed.", nil
}

// Problems collects the faults of one input, so that a person sees them all at
// once. The zero value is ready.
type Problems []Problem

// Add records one problem.
func (p *Problems) Add(pointer, format string, args ...any) {
	*p = append(*p, Problem{Pointer: pointer, Detail: fmt.Sprintf(format, args...)})
}

// Err returns nil when nothing was added, else an Invalid fault.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Public: "There is a problem with what was sent.", Problems: p}
}
