package tlog

import (
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
)

// RowVerifier checks that the rows of the audited tables are the ones that the
// log committed to last. First Observe every entry in order, then pass every
// row to Row, then call Finish. Memory is some 200 bytes a row. The zero value
// is not ready; use NewRowVerifier.
type RowVerifier struct {
	places map[string]int32 // commitment name to place in states
	states []rowState
	found  findings
}

type rowState struct {
	sum    [32]byte
	salt   [audit.SaltSize]byte
	index  int64
	salted bool
	seen   bool
}

// NewRowVerifier returns a verifier that has seen no entry.
func NewRowVerifier() *RowVerifier {
	return &RowVerifier{places: map[string]int32{}}
}

// Observe remembers the last commitment to each row. Nothing of the batch is
// kept but the names.
func (r *RowVerifier) Observe(batch []Stored) {
	for i := range batch {
		s := &batch[i]
		for j, c := range s.Entry.Commitments {
			if !audit.IsRow(c.Name) {
				continue
			}
			place, known := r.places[c.Name]
			if !known {
				place = int32(len(r.states))
				r.states = append(r.states, rowState{})
				r.places[c.Name] = place
			}
			st := rowState{sum: c.Sum, index: s.Idx}
			if o := openingOf(s.Openings, c.Name, j); o != nil && len(o.Salt) == audit.SaltSize {
				st.salt, st.salted = [audit.SaltSize]byte(o.Salt), true
			}
			r.states[place] = st
		}
	}
}

// Row checks one row as it stands: its table, its key as in the commitment's
// name, and the bytes of audit.EncodeRow.
func (r *RowVerifier) Row(table, key string, encoded []byte) {
	r.Named(audit.RowName(table, key), encoded)
}

// Named is Row for a caller that has the name of the commitment.
func (r *RowVerifier) Named(name string, encoded []byte) {
	place, known := r.places[name]
	if !known {
		r.found.add(none, RowUnlogged, name+" is in the database but no entry speaks of it")
		return
	}
	st := &r.states[place]
	st.seen = true
	switch {
	case !st.salted:
		r.found.add(st.index, RowChanged, fmt.Sprintf("%s cannot be checked: the salt kept with entry %d is gone", name, st.index))
	case audit.Commit(name, st.salt[:], encoded) == st.sum:
	case audit.Commit(name, st.salt[:], nil) == st.sum:
		r.found.add(st.index, RowUnlogged, fmt.Sprintf("%s is in the database but entry %d deleted it", name, st.index))
	default:
		r.found.add(st.index, RowChanged, fmt.Sprintf("%s is not as entry %d left it", name, st.index))
	}
}

// Finish reports what is wrong with the rows, with those that are missing.
func (r *RowVerifier) Finish() (problems []Problem, omitted int64) {
	for name, place := range r.places {
		st := &r.states[place]
		if st.seen || st.salted && audit.Commit(name, st.salt[:], nil) == st.sum {
			continue
		}
		r.found.add(st.index, RowMissing, fmt.Sprintf("%s is not in the database, and entry %d, the last to speak of it, did not delete it", name, st.index))
	}
	return r.found.sorted(), r.found.omitted
}

// Rows is the number of rows that the log speaks of, deleted ones included.
func (r *RowVerifier) Rows() int { return len(r.states) }
