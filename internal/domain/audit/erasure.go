package audit

import (
	"fmt"
	"strconv"
	"strings"
)

// ErasedField is the field in which an entry records which openings of earlier
// entries were erased. An opening that is gone without such a record is a
// finding of the verifier: otherwise whoever holds the database could blank a
// reason or a name and call it retention.
const ErasedField = "erased"

// Erasure names one opening that was erased.
type Erasure struct {
	Index int64  // of the entry
	Name  string // of the commitment
}

// FormatErasures writes the value of the field: a line for each erasure, the
// index, a space and the name.
func FormatErasures(es []Erasure) string {
	var b strings.Builder
	for _, e := range es {
		b.WriteString(strconv.FormatInt(e.Index, 10))
		b.WriteByte(' ')
		b.WriteString(e.Name)
		b.WriteByte('\n')
	}
	return b.String()
}

// ParseErasures reads what FormatErasures wrote. Anything else is an error.
func ParseErasures(s string) ([]Erasure, error) {
	var es []Erasure
	for s != "" {
		line, rest, ended := strings.Cut(s, "\n")
		index, name, ok := strings.Cut(line, " ")
		n, err := strconv.ParseInt(index, 10, 64)
		if !ended || !ok || err != nil || n < 0 || strconv.FormatInt(n, 10) != index || !wellFormedName(name) {
			return nil, fmt.Errorf("erasure %q is not an index, a space and a commitment name", line)
		}
		es = append(es, Erasure{Index: n, Name: name})
		s = rest
	}
	return es, nil
}
