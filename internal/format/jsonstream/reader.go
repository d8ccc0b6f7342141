// Package jsonstream reads a JSON document (RFC 8259, with the rules of RFC 7493:
// UTF-8, no member twice) from front to back within limits, for the readers of
// formats whose documents are too large to hold.
//
// It knows no format and keeps nothing but the place it has reached. Whatever it
// refuses is a fault that says what is wrong and where.
package jsonstream

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
)

// Reader is at a value of a document. Every method that reads moves it behind the
// value; its errors end the reading and are faults, or the caller's own.
type Reader struct {
	dec    *jsontext.Decoder
	limits budget.Limits
	depth  int
	cache  [cacheSize]string
	buf    []byte
}

// New starts at the first value of r. A byte order mark is passed over.
func New(r io.Reader, l budget.Limits) *Reader {
	l = l.OrDefaults()
	in := bufio.NewReaderSize(l.Reader(r), 64<<10)
	if head, _ := in.Peek(3); bytes.Equal(head, []byte("\xef\xbb\xbf")) {
		_, _ = in.Discard(3) // the three bytes have just been seen
	}
	return &Reader{dec: jsontext.NewDecoder(&guard{from: in, limit: l.Text}), limits: l}
}

// Kind tells what stands next: '{', '[', '"', '0' (a number), 't', 'f', 'n', or 0
// when nothing readable does.
func (r *Reader) Kind() byte { return byte(r.dec.PeekKind()) }

// Pointer is the place of what was read last (RFC 6901).
func (r *Reader) Pointer() string { return string(r.dec.StackPointer()) }

// Object reads an object. visit is called behind the name of every member and
// must read its value. ok is false when no object stood there; the value is then
// skipped.
func (r *Reader) Object(visit func(name string) error) (ok bool, err error) {
	return r.inside('{', func() error {
		name, _, err := r.string()
		if err != nil {
			return err
		}
		return visit(name)
	})
}

// Array reads an array; visit must read one item. ok is as for Object.
func (r *Reader) Array(visit func() error) (ok bool, err error) {
	return r.inside('[', visit)
}

func (r *Reader) inside(open jsontext.Kind, visit func() error) (bool, error) {
	if r.dec.PeekKind() != open {
		return false, r.Skip(nil)
	}
	if err := r.token(); err != nil {
		return true, err
	}
	if r.depth++; r.depth > r.limits.Depth {
		return true, r.limits.TooDeep(r.Pointer())
	}
	for {
		switch r.dec.PeekKind() {
		case '}', ']':
			r.depth--
			return true, r.token()
		case 0: // what is wrong comes with the token
			if err := r.token(); err != nil {
				return true, err
			}
		}
		if err := visit(); err != nil {
			return true, err
		}
	}
}

// Text reads a string. For any other value ok is false; a number or a truth value
// is then given as it is written, everything else is skipped.
func (r *Reader) Text() (s string, ok bool, err error) {
	switch r.dec.PeekKind() {
	case '{', '[', 'n':
		return "", false, r.Skip(nil)
	}
	return r.string()
}

// Skip passes over a value of any kind. seen, unless nil, is told every member
// whose value is a string.
func (r *Reader) Skip(seen func(name, value string)) error {
	switch r.dec.PeekKind() {
	case '{':
		_, err := r.Object(func(name string) error {
			if seen != nil && r.dec.PeekKind() == '"' {
				value, _, err := r.string()
				if err == nil {
					seen(name, value)
				}
				return err
			}
			return r.Skip(seen)
		})
		return err
	case '[':
		_, err := r.Array(func() error { return r.Skip(seen) })
		return err
	}
	return r.token()
}

// Close makes sure that nothing but white space follows.
func (r *Reader) Close() error {
	at := r.dec.InputOffset()
	_, err := r.dec.ReadToken()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		if f := (*fault.Error)(nil); errors.As(err, &f) {
			return f
		}
	}
	return refuse("", fmt.Sprintf("There is data after the end of the document, at byte %d. Send one document in one file.", at), nil)
}

func (r *Reader) token() error {
	_, err := r.dec.ReadToken()
	return r.explain(err)
}

// string reads a string, or the raw text of another scalar.
func (r *Reader) string() (string, bool, error) {
	raw, err := r.dec.ReadValue()
	if err != nil {
		return "", false, r.explain(err)
	}
	if raw[0] != '"' {
		return string(raw), false, nil
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return r.keep(raw[1 : len(raw)-1]), true, nil
	}
	if r.buf, err = jsontext.AppendUnquote(r.buf[:0], raw); err != nil {
		return "", false, r.explain(err)
	}
	return r.keep(r.buf), true, nil
}

const cacheSize = 2048

// keep makes a string of b, and gives out the same one for short texts that come
// again and again: names of members, types, algorithms, licences.
func (r *Reader) keep(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > 32 {
		return string(b)
	}
	h := uint32(2166136261)
	for _, c := range b {
		h = (h ^ uint32(c)) * 16777619
	}
	slot := &r.cache[h%cacheSize]
	if *slot != string(b) {
		*slot = string(b)
	}
	return *slot
}

func (r *Reader) explain(err error) error {
	if err == nil {
		return nil
	}
	if f := (*fault.Error)(nil); errors.As(err, &f) {
		return f
	}
	var syntax *jsontext.SyntacticError
	pointer, at := r.Pointer(), r.dec.InputOffset()
	if errors.As(err, &syntax) {
		pointer, at = string(syntax.JSONPointer), syntax.ByteOffset
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF):
		return refuse(pointer, fmt.Sprintf("The document ends too early, at byte %d%s. Was it cut off on its way?", at, inside(pointer)), err)
	case errors.Is(err, jsontext.ErrDuplicateName):
		return refuse(pointer, fmt.Sprintf("The document has the same member twice, at byte %d%s. Readers differ in which of them they believe.", at, inside(pointer)), err)
	case syntax != nil && syntax.Err != nil:
		return refuse(pointer, fmt.Sprintf("The document is not JSON at byte %d%s: %s.", at, inside(pointer), syntax.Err), err)
	}
	return fmt.Errorf("read the document: %w", err)
}

func inside(pointer string) string {
	if pointer == "" {
		return ""
	}
	return " (" + pointer + ")"
}

func refuse(pointer, text string, cause error) error {
	f := fault.New(fault.Invalid, text)
	f.Problems = []fault.Problem{{Pointer: pointer, Detail: text}}
	if cause != nil {
		f = f.Because(cause)
	}
	return f
}
