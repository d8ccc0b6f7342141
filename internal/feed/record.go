package feed

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
)

// The compact form of a record: its fields in a fixed order, numbers as varints,
// texts and lists with their length in front. Details and references are not in
// it: nothing is decided by them, and they are most of an advisory.

func appendAdvisory(b []byte, a *advisory.Advisory) []byte {
	b = appendText(b, a.ID)
	for _, list := range [][]string{a.Aliases, a.Upstream, a.Related, a.CWEs} {
		b = appendTexts(b, list)
	}
	for _, n := range []int64{a.Published, a.Modified, a.Withdrawn} {
		b = binary.AppendVarint(b, n)
	}
	b = appendText(b, a.Summary)
	b = appendSeverities(b, a.Severities)
	b = binary.AppendUvarint(b, uint64(len(a.Affected)))
	for _, f := range a.Affected {
		b = appendText(b, f.Ecosystem)
		b = appendText(b, f.Name)
		b = appendText(b, f.PURL)
		b = appendTexts(b, f.Versions)
		b = appendSeverities(b, f.Severities)
		b = binary.AppendUvarint(b, uint64(len(f.Ranges)))
		for _, g := range f.Ranges {
			b = appendText(b, string(g.Type))
			b = appendText(b, g.Repo)
			b = binary.AppendUvarint(b, uint64(len(g.Events)))
			for _, e := range g.Events {
				b = appendText(b, string(e.Kind))
				b = appendText(b, e.Version)
			}
		}
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendTexts(b []byte, list []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, s := range list {
		b = appendText(b, s)
	}
	return b
}

func appendSeverities(b []byte, list []advisory.Severity) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, s := range list {
		b = appendText(b, s.Type)
		b = appendText(b, s.Vector)
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(s.Score))
	}
	return b
}

// cursor reads what the functions above wrote. All texts share one string. After
// the first thing that does not fit, everything is empty and bad is set.
type cursor struct {
	s   string
	bad bool
}

var errForm = errors.New("compiled record is not in its form")

func readAdvisory(s string) (advisory.Advisory, error) {
	c := cursor{s: s}
	var a advisory.Advisory
	a.ID = c.text()
	for _, list := range []*[]string{&a.Aliases, &a.Upstream, &a.Related, &a.CWEs} {
		*list = c.texts()
	}
	for _, n := range []*int64{&a.Published, &a.Modified, &a.Withdrawn} {
		*n = c.signed()
	}
	a.Summary = c.text()
	a.Severities = c.severities()
	a.Affected = list(&c, func() advisory.Affected {
		return advisory.Affected{
			Ecosystem: c.text(), Name: c.text(), PURL: c.text(), Versions: c.texts(), Severities: c.severities(),
			Ranges: list(&c, func() advisory.Range {
				return advisory.Range{Type: advisory.RangeType(c.text()), Repo: c.text(),
					Events: list(&c, func() advisory.Event {
						return advisory.Event{Kind: advisory.EventKind(c.text()), Version: c.text()}
					})}
			}),
		}
	})
	if c.bad || c.s != "" {
		return advisory.Advisory{}, errForm
	}
	return a, nil
}

// list reads a length and so many elements. An element takes a byte at least, so a
// length beyond what is left is a lie and nothing is made for it.
func list[T any](c *cursor, element func() T) []T {
	n := c.number()
	if n == 0 || n > uint64(len(c.s)) {
		c.bad = c.bad || n != 0
		return nil
	}
	out := make([]T, 0, n)
	for range n {
		if c.bad {
			return nil
		}
		out = append(out, element())
	}
	return out
}

func (c *cursor) texts() []string { return list(c, c.text) }

func (c *cursor) severities() []advisory.Severity {
	return list(c, func() advisory.Severity {
		return advisory.Severity{Type: c.text(), Vector: c.text(), Score: c.float()}
	})
}

func (c *cursor) text() string {
	n := c.number()
	if n > uint64(len(c.s)) {
		c.fail()
		return ""
	}
	t := c.s[:n]
	c.s = c.s[n:]
	return t
}

func (c *cursor) number() uint64 {
	var n uint64
	for i := 0; i < len(c.s) && i < binary.MaxVarintLen64; i++ {
		b := c.s[i]
		n |= uint64(b&0x7f) << (7 * i)
		if b < 0x80 {
			c.s = c.s[i+1:]
			return n
		}
	}
	c.fail()
	return 0
}

func (c *cursor) signed() int64 {
	n := c.number()
	return int64(n>>1) ^ -int64(n&1)
}

func (c *cursor) float() float64 {
	if len(c.s) < 8 {
		c.fail()
		return 0
	}
	var b [8]byte
	copy(b[:], c.s)
	c.s = c.s[8:]
	return math.Float64frombits(binary.LittleEndian.Uint64(b[:]))
}

func (c *cursor) fail() { c.s, c.bad = "", true }
