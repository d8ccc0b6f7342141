package audit

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// Column is one named value of a row. Value is nil, int64, string, []byte or
// bool; a nil []byte is NULL, as it is to a database.
type Column struct {
	Name  string
	Value any
}

// rowVersion is the first byte of every encoded row, so that no row encodes to
// the empty value of a deleted one and the encoding can change.
const rowVersion = 0x01

// Types of an encoded value. A bool is an integer, 0 or 1, because one of the
// two engines has no other and both must give the same bytes.
const (
	typeNull    = 0x00
	typeInteger = 0x01
	typeText    = 0x02
	typeBytes   = 0x03
)

// EncodeRow gives the canonical bytes of a row: version 0x01, the number of
// columns, then for each column in the order of the bytes of its name the name,
// a type byte and the value. Counts and lengths are 4 bytes, integers 8 bytes
// two's complement, both most significant first; names, texts and bytes have
// their length before them.
//
// A value of any other type, or a column given twice, is a mistake in the
// caller's list of columns and panics; a float is among them, because engines
// do not agree on its digits.
func EncodeRow(columns []Column) []byte {
	byName := func(a, b Column) int { return strings.Compare(a.Name, b.Name) }
	if !slices.IsSortedFunc(columns, byName) {
		columns = slices.Clone(columns)
		slices.SortFunc(columns, byName)
	}
	size := 5
	for _, c := range columns {
		size += 4 + len(c.Name) + 9
		switch v := c.Value.(type) {
		case string:
			size += len(v)
		case []byte:
			size += len(v)
		}
	}
	b := append(make([]byte, 0, size), rowVersion)
	b = binary.BigEndian.AppendUint32(b, uint32(len(columns)))
	for i, c := range columns {
		if i > 0 && columns[i-1].Name == c.Name {
			panic("audit: column " + c.Name + " is given twice")
		}
		b = appendText(b, c.Name)
		b = appendValue(b, c)
	}
	return b
}

func appendValue(b []byte, c Column) []byte {
	switch v := c.Value.(type) {
	case nil:
		return append(b, typeNull)
	case int64:
		return binary.BigEndian.AppendUint64(append(b, typeInteger), uint64(v))
	case bool:
		var n uint64
		if v {
			n = 1
		}
		return binary.BigEndian.AppendUint64(append(b, typeInteger), n)
	case string:
		return appendText(append(b, typeText), v)
	case []byte:
		if v == nil {
			return append(b, typeNull)
		}
		return appendText(append(b, typeBytes), v)
	}
	panic(fmt.Sprintf("audit: column %s has a value of type %T", c.Name, c.Value))
}

func appendText[T string | []byte](b []byte, s T) []byte {
	b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
	return append(b, s...)
}
