package jsonstream

import (
	"bytes"
	"fmt"
	"io"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// guard stops a document whose strings, numbers or runs of white space are longer
// than the limit, before the decoder collects them. It knows just enough of JSON
// to tell a string from what stands between strings.
type guard struct {
	from    io.Reader
	limit   int
	run     int   // bytes since the string began, or since the last mark outside one
	at      int64 // bytes given so far
	in, esc bool  // inside a string; behind a backslash
}

func (g *guard) Read(p []byte) (int, error) {
	n, err := g.from.Read(p)
	if bad := g.scan(p[:n]); bad != nil {
		return 0, bad
	}
	return n, err
}

func (g *guard) scan(b []byte) error {
	begin := g.at
	g.at += int64(len(b))
	for len(b) > 0 {
		n := g.step(b)
		if g.run > g.limit {
			return fault.Newf(fault.TooLarge, "The text near byte %d is longer than %d bytes.", begin, g.limit)
		}
		b = b[n:]
	}
	return nil
}

// step goes to the next byte that matters and returns how far that is.
func (g *guard) step(b []byte) int {
	if g.esc {
		g.esc = false
		g.run++
		return 1
	}
	if !g.in {
		i := bytes.IndexByte(b, '"')
		gap := b
		if i >= 0 {
			gap = b[:i]
		}
		g.between(gap)
		if i < 0 {
			return len(b)
		}
		g.in, g.run = true, 0
		return i + 1
	}
	i := bytes.IndexByte(b, '"')
	j := i
	if j < 0 {
		j = len(b)
	}
	if k := bytes.IndexByte(b[:j], '\\'); k >= 0 {
		g.esc = true
		g.run += k + 1
		return k + 1
	}
	g.run += j
	if i < 0 {
		return j
	}
	if g.run <= g.limit {
		g.in, g.run = false, 0
	}
	return i + 1
}

func (g *guard) between(gap []byte) {
	for _, c := range gap {
		switch c {
		case '{', '}', '[', ']', ',', ':':
			g.run = 0
		default:
			if g.run++; g.run > g.limit {
				return
			}
		}
	}
}

// Field is a member of the outermost object.
type Field struct{ Name, Text string } // Text only when the value is a string

// Fields tells the first members of the object that head begins with, so that a
// format can be recognised by a part of a document. It reads no further than the
// first thing that is not JSON, and returns nil when there is no object.
func Fields(head []byte) []Field {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	depth, name, value := 0, "", false
	var out []Field
	for i := 0; i < len(head); i++ {
		switch c := head[i]; c {
		case '{', '[':
			if depth++; depth == 1 && c == '[' {
				return nil
			}
		case '}', ']':
			if depth--; depth <= 0 {
				return out
			}
		case ':':
			if depth == 1 && !value {
				value = true
				out = append(out, Field{Name: name})
			}
		case ',':
			if depth == 1 {
				value = false
			}
		case '"':
			end := stringEnd(head[i:])
			if end < 0 {
				return out
			}
			text := string(head[i+1 : i+end])
			if depth == 1 && !value {
				name = text
			} else if depth == 1 && len(out) > 0 {
				out[len(out)-1].Text = text
			}
			i += end
		case ' ', '\t', '\n', '\r':
		default:
			if depth == 0 {
				return nil
			}
		}
	}
	return out
}

// stringEnd is where the string at the start of b ends, or -1.
func stringEnd(b []byte) int {
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

func (f Field) String() string { return fmt.Sprintf("%s=%q", f.Name, f.Text) }
