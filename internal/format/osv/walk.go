package osv

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// The walk goes on after a wrong value, so that all of them are named, and stops
// for good at the first thing that cannot be read or must not be: r.err is set,
// every value is null from then on, and no object or array has further members.

// mostFaults bounds what is said about one record.
const mostFaults = 20

func (r *Reader) fault(format string, args ...any) {
	if r.err != nil {
		return
	}
	r.faults.Add(string(r.dec.StackPointer()), format, args...)
	if len(r.faults) == mostFaults {
		r.err = r.faults.Err()
	}
}

// syntax turns an error of the JSON itself into a fault.
func (r *Reader) syntax(err error) {
	var s *jsontext.SyntacticError
	switch {
	case errors.As(err, &s) && errors.Is(s.Err, jsontext.ErrDuplicateName):
		r.faults.Add(string(s.JSONPointer), "The name occurs twice in its object.")
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		r.faults.Add(string(r.dec.StackPointer()), "The record ends before it is complete.")
	case errors.As(err, &s):
		r.faults.Add(string(s.JSONPointer), "The record is not JSON from byte %d on.", s.ByteOffset)
	default:
		r.err = fmt.Errorf("read an OSV record: %w", err)
		return
	}
	r.err = r.faults.Err()
}

var null = jsontext.Value("null")

// value reads one whole value, no deeper than allowed. It is valid until the next read.
func (r *Reader) value() jsontext.Value {
	if r.err != nil {
		return null
	}
	v, err := r.dec.ReadValue()
	if err != nil {
		r.syntax(err)
		return null
	}
	if c := v[0]; (c == '{' || c == '[') && len(v) > r.limits.Depth && deeper(v, r.limits.Depth-r.dec.StackDepth()) {
		r.err = r.limits.TooDeep(string(r.dec.StackPointer()))
		return null
	}
	return v
}

func (r *Reader) skip() { r.value() }

// step reads the beginning or the end of an object or array.
func (r *Reader) step() {
	if r.err != nil {
		return
	}
	if _, err := r.dec.ReadToken(); err != nil {
		r.syntax(err)
	} else if r.dec.StackDepth() > r.limits.Depth {
		r.err = r.limits.TooDeep(string(r.dec.StackPointer()))
	}
}

// object calls member with the name of each member; member reads the value. It
// returns false, with the fault recorded, when the value is not an object.
func (r *Reader) object(member func(name string)) bool {
	if r.dec.PeekKind() != '{' {
		return r.wrong("an object")
	}
	r.step()
	for r.err == nil && r.dec.PeekKind() != '}' {
		v, err := r.dec.ReadValue()
		if err != nil {
			r.syntax(err)
			break
		}
		member(known(r.unquote(v)))
	}
	r.step()
	return true
}

// array calls item for each element; item reads it. Null is an empty array, which
// the schema allows for most and tools write for all.
func (r *Reader) array(item func()) {
	switch r.dec.PeekKind() {
	case 'n':
		r.skip()
		return
	case '[':
	default:
		r.wrong("an array")
		return
	}
	r.step()
	for r.err == nil && r.dec.PeekKind() != ']' {
		if r.items++; r.items > r.limits.Items {
			r.err = r.limits.TooMany("items")
			return
		}
		item()
	}
	r.step()
}

func (r *Reader) wrong(want string) bool {
	r.skip()
	r.fault("This must be %s.", want)
	return false
}

// text reads a string; null is an empty one.
func (r *Reader) text() string {
	if v := r.quiet(); v != nil {
		return string(r.unquote(v))
	}
	return ""
}

// quiet reads a string without copying it, and nil for what is none.
func (r *Reader) quiet() jsontext.Value {
	v := r.value()
	switch {
	case v[0] == '"' && len(v) <= r.limits.Text:
		return v
	case v[0] == '"':
		r.err = r.limits.TooLong(string(r.dec.StackPointer()))
	case v[0] != 'n':
		r.fault("This must be a text.")
	}
	return nil
}

func (r *Reader) unquote(v jsontext.Value) []byte {
	if bytes.IndexByte(v, '\\') < 0 {
		return v[1 : len(v)-1]
	}
	r.scratch, _ = jsontext.AppendUnquote(r.scratch[:0], v) // the decoder has checked it
	return r.scratch
}

// texts leaves out empty ones: they name nothing.
func (r *Reader) texts() []string {
	var out []string
	r.array(func() {
		if s := r.text(); s != "" {
			out = append(out, s)
		}
	})
	return out
}

// moment reads a time (RFC 3339) as microseconds since 1970. The zero time of year
// 1, which real databases write for "not yet said", is 0. Another unreadable time
// is 0 too unless it matters: nothing is decided by when a record was changed.
func (r *Reader) moment(matters bool) int64 {
	s := r.text()
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		if matters && s != "" {
			r.fault("This must be a time such as 2026-01-31T12:00:00Z.")
		}
		return 0
	}
	if t.Year() <= 1 {
		return 0
	}
	return t.UnixMicro()
}

// known gives a member's name without copying it, and nothing for those not read.
func known(name []byte) string {
	for _, n := range members {
		if string(name) == n {
			return n
		}
	}
	return ""
}

// members are the names that are read anywhere in a record, the commonest first.
var members = [...]string{
	"introduced", "fixed", "last_affected", "limit", "type", "events", "url", "ranges",
	"package", "ecosystem", "name", "versions", "id", "modified", "published", "affected",
	"aliases", "references", "severity", "score", "purl", "summary", "details", "database_specific",
	"cwe_ids", "repo", "withdrawn", "related", "upstream",
}

// deeper says whether a value nests further than depth. It is valid JSON.
func deeper(v jsontext.Value, depth int) bool {
	level, quoted := 0, false
	for i := 0; i < len(v); i++ {
		switch c := v[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if level++; level > depth {
				return true
			}
		case c == '}' || c == ']':
			level--
		}
	}
	return false
}
