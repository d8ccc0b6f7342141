// Package budget bounds what a document may cost before anybody has read it:
// bytes, depth, items and the length of one text. Every parser below
// internal/format takes Limits and refuses what exceeds them, so that a hostile
// document is an answer to its sender and not an outage for others.
//
// It knows no format.
package budget

import (
	"fmt"
	"io"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Limits of one document. The zero value of a field means its default.
type Limits struct {
	Bytes int64 // length of the document as it arrives, and of each thing unpacked from it
	Depth int   // nesting of objects, arrays or elements
	Items int   // components, results, statements, edges: whatever the format lists
	Text  int   // bytes of one string
}

// Defaults are the limits of a server that was not told otherwise: they fit a
// document of 300,000 components.
func Defaults() Limits {
	return Limits{Bytes: 512 << 20, Depth: 64, Items: 2_000_000, Text: 1 << 20}
}

// OrDefaults fills the fields that are zero.
func (l Limits) OrDefaults() Limits {
	d := Defaults()
	if l.Bytes == 0 {
		l.Bytes = d.Bytes
	}
	if l.Depth == 0 {
		l.Depth = d.Depth
	}
	if l.Items == 0 {
		l.Items = d.Items
	}
	if l.Text == 0 {
		l.Text = d.Text
	}
	return l
}

// Reader gives the bytes of r and fails with fault.TooLarge once there are more
// than the limit. A document of exactly the limit is read whole.
func (l Limits) Reader(r io.Reader) io.Reader {
	limit := l.OrDefaults().Bytes
	return &reader{from: io.LimitReader(r, limit+1), left: limit, limit: limit}
}

type reader struct {
	from        io.Reader
	left, limit int64
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	r.left -= int64(n)
	if r.left < 0 {
		return 0, fault.Newf(fault.TooLarge, "The document is longer than %s. Send a smaller one, or ask the operator to raise the limit.", size(r.limit))
	}
	return n, err
}

// TooDeep is the refusal of a document that nests further than Depth.
func (l Limits) TooDeep(where string) error {
	return fault.Newf(fault.TooLarge, "The document nests deeper than %d levels at %s.", l.OrDefaults().Depth, where)
}

// TooMany is the refusal of a document that lists more than Items of what.
func (l Limits) TooMany(what string) error {
	return fault.Newf(fault.TooLarge, "The document has more than %d %s.", l.OrDefaults().Items, what)
}

// TooLong is the refusal of a text longer than Text.
func (l Limits) TooLong(where string) error {
	return fault.Newf(fault.TooLarge, "The text at %s is longer than %d bytes.", where, l.OrDefaults().Text)
}

func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%d MB", n>>20)
	case n >= 1<<10:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
