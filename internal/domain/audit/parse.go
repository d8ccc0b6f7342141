package audit

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ParseLeaf reads the bytes that Leaf wrote. It is strict: anything that Leaf
// would not have written, byte for byte, is an error, so that an entry has one
// leaf and a leaf one entry. It does not consult the catalogue.
func ParseLeaf(leaf []byte) (Entry, error) {
	var e Entry
	if !utf8.Valid(leaf) {
		return Entry{}, errors.New("read leaf: not UTF-8")
	}
	s := scanner{rest: string(leaf)}
	e.Action = Action(s.text(`{"action":`))
	e.Actor = s.text(`,"actor":`)
	e.ActorKind = s.text(`,"actor_kind":`)
	e.At = s.integer(`,"at":`)
	e.Commitments = s.commitments()
	e.Index = s.integer(`},"index":`)
	e.LogID = s.text(`,"log":`)
	e.OnBehalfOf = s.text(`,"on_behalf_of":`)
	e.Organisation = s.text(`,"organisation":`)
	e.Outcome = s.text(`,"outcome":`)
	e.RequestID = s.text(`,"request":`)
	e.Strength = s.text(`,"strength":`)
	e.Target = s.text(`,"target":`)
	e.TargetType = s.text(`,"target_type":`)
	s.literal(`,"v":` + leafVersion + `}`)
	if s.err == nil && s.rest != "" {
		s.fail("something follows the object")
	}
	if s.err != nil {
		return Entry{}, fmt.Errorf("read leaf: at byte %d: %w", len(leaf)-len(s.rest), s.err)
	}
	if !bytes.Equal(e.Leaf(), leaf) {
		return Entry{}, errors.New("read leaf: not in canonical form")
	}
	return e, nil
}

// scanner reads a leaf from the front; after the first error it does nothing.
type scanner struct {
	rest string
	err  error
}

func (s *scanner) fail(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf(format, args...)
	}
}

func (s *scanner) literal(want string) {
	if s.err != nil {
		return
	}
	rest, ok := strings.CutPrefix(s.rest, want)
	if !ok {
		s.fail("%s is expected", want)
		return
	}
	s.rest = rest
}

func (s *scanner) integer(key string) int64 {
	s.literal(key)
	if s.err != nil {
		return 0
	}
	end := 0
	for end < len(s.rest) && s.rest[end] >= '0' && s.rest[end] <= '9' {
		end++
	}
	n, err := strconv.ParseInt(s.rest[:end], 10, 64)
	if err != nil || n > maxInteger {
		s.fail("an integer from 0 to 2^53-1 is expected")
		return 0
	}
	s.rest = s.rest[end:]
	return n
}

func (s *scanner) text(key string) string {
	s.literal(key)
	s.literal(`"`)
	if s.err != nil {
		return ""
	}
	var b strings.Builder
	for i := 0; i < len(s.rest); i++ {
		switch c := s.rest[i]; {
		case c == '"':
			s.rest = s.rest[i+1:]
			return b.String()
		case c < ' ':
			s.fail("a control character is not escaped")
			return ""
		case c == '\\':
			value, size := unescape(s.rest[i+1:])
			if size == 0 {
				s.fail("an escape is not one that RFC 8785 writes")
				return ""
			}
			b.WriteByte(value)
			i += size
		default:
			b.WriteByte(c)
		}
	}
	s.fail("a string does not end")
	return ""
}

// unescape reads what follows a backslash: the character and how many bytes
// stand for it, 0 when it is not an escape that appendEscape writes.
func unescape(s string) (c byte, size int) {
	if s == "" {
		return 0, 0
	}
	if s[0] == 'u' {
		if len(s) < 5 {
			return 0, 0
		}
		n, err := strconv.ParseUint(s[1:5], 16, 16)
		if err != nil || n >= ' ' {
			return 0, 0
		}
		return byte(n), 5
	}
	i := strings.IndexByte(`"\btnfr`, s[0])
	if i < 0 {
		return 0, 0
	}
	return "\"\\\b\t\n\f\r"[i], 1
}

func (s *scanner) commitments() []Commitment {
	s.literal(`,"commitments":{`)
	var out []Commitment
	for s.err == nil && !strings.HasPrefix(s.rest, "}") {
		between := ""
		if len(out) > 0 {
			between = ","
		}
		c := Commitment{Name: s.text(between)}
		sum := s.text(":")
		if n, err := hex.Decode(c.Sum[:], []byte(sum[:min(len(sum), 64)])); err != nil || n != 32 || len(sum) != 64 {
			s.fail("a sum of 64 hexadecimal digits is expected")
		}
		if len(out) > 0 && out[len(out)-1].Name >= c.Name {
			s.fail("commitments are out of order")
		}
		out = append(out, c)
	}
	return out
}
