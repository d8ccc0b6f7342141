package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// leafVersion is the value of "v" in every leaf.
const leafVersion = "1"

// Leaf gives the canonical bytes of the entry: one JSON object as RFC 8785
// writes it (keys sorted, no spaces, strings escaped only where they must be),
// with every key present. Commitments are an object from name to the sum in
// lower-case hexadecimal. The bytes of a value are kept as they are even when
// they are not UTF-8, so that no two entries share a leaf.
func (e *Entry) Leaf() []byte {
	return e.AppendLeaf(make([]byte, 0, e.leafSize()))
}

// AppendLeaf appends the bytes of Leaf to b.
func (e *Entry) AppendLeaf(b []byte) []byte {
	b = appendString(append(b, `{"action":`...), string(e.Action))
	b = appendString(append(b, `,"actor":`...), e.Actor)
	b = appendString(append(b, `,"actor_kind":`...), e.ActorKind)
	b = strconv.AppendInt(append(b, `,"at":`...), e.At, 10)
	b = append(b, `,"commitments":{`...)
	for i := range e.Commitments {
		if i > 0 {
			b = append(b, ',')
		}
		c := &e.Commitments[i]
		b = appendString(b, c.Name)
		b = append(b, `:"`...)
		b = hex.AppendEncode(b, c.Sum[:])
		b = append(b, '"')
	}
	b = strconv.AppendInt(append(b, `},"index":`...), e.Index, 10)
	b = appendString(append(b, `,"log":`...), e.LogID)
	b = appendString(append(b, `,"on_behalf_of":`...), e.OnBehalfOf)
	b = appendString(append(b, `,"organisation":`...), e.Organisation)
	b = appendString(append(b, `,"outcome":`...), e.Outcome)
	b = appendString(append(b, `,"request":`...), e.RequestID)
	b = appendString(append(b, `,"strength":`...), e.Strength)
	b = appendString(append(b, `,"target":`...), e.Target)
	b = appendString(append(b, `,"target_type":`...), e.TargetType)
	return append(b, `,"v":`+leafVersion+`}`...)
}

func (e *Entry) leafSize() int {
	const fixed = 240 // keys, punctuation and two integers
	n := fixed + len(e.Action) + len(e.Actor) + len(e.ActorKind) + len(e.LogID) + len(e.OnBehalfOf) +
		len(e.Organisation) + len(e.Outcome) + len(e.RequestID) + len(e.Strength) + len(e.Target) + len(e.TargetType)
	for i := range e.Commitments {
		n += len(e.Commitments[i].Name) + 70
	}
	return n
}

// appendString writes a JSON string as RFC 8785 section 3.2.2.2 does.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, c)
		start = i + 1
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, `\b`...)
	case '\t':
		return append(b, `\t`...)
	case '\n':
		return append(b, `\n`...)
	case '\f':
		return append(b, `\f`...)
	case '\r':
		return append(b, `\r`...)
	}
	const digits = "0123456789abcdef"
	return append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
}

// LeafHash is the hash of a leaf in the tree (RFC 6962 section 2.1).
func LeafHash(leaf []byte) [32]byte {
	var room [1024]byte
	b := append(room[:0], leafDomain)
	return sha256.Sum256(append(b, leaf...))
}
