package spdx

import (
	"io"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/format/jsonstream"
)

// json is a document of SPDX in JSON.
type json struct {
	*parser
	in *jsonstream.Reader
}

func (p *parser) json(in io.Reader, f inventory.Format) *json {
	j := &json{parser: p, in: jsonstream.New(in, p.limits)}
	p.doc.Format = f
	p.here = func() inventory.Fault { return inventory.Fault{Pointer: j.in.Pointer()} }
	return j
}

// object reads an object, or finds fault with what stands there instead.
func (j *json) object(visit func(name string) error) error {
	ok, err := j.in.Object(visit)
	if err == nil && !ok {
		j.fault("type", "The value must be an object.")
	}
	return err
}

// list is object for lists.
func (j *json) list(visit func() error) error {
	ok, err := j.in.Array(func() error {
		if err := j.item(); err != nil {
			return err
		}
		return visit()
	})
	if err == nil && !ok {
		j.fault("type", "The value must be a list.")
	}
	return err
}

// text reads a text, or finds fault with what stands there instead; a number or a
// truth value is then given as it is written.
func (j *json) text() (s string, ok bool, err error) {
	s, ok, err = j.in.Text()
	if err != nil {
		return "", false, err
	}
	if !ok {
		j.fault("type", "The value must be a text.")
	}
	if strings.IndexByte(s, 0) >= 0 {
		return "", false, fault.Newf(fault.Invalid, "The text at %s has a NUL in it, which no identifier or name can hold.", j.in.Pointer())
	}
	return s, ok, nil
}

func (j *json) textTo(to *string) error {
	s, ok, err := j.text()
	if ok {
		*to = s
	}
	return err
}

func (j *json) stranger(where, name string) error {
	j.fault("unknown-member", "SPDX has no %s in %s.", quote(name), where)
	return j.in.Skip(nil)
}
