// Package occurrence knows which documents hold which versions of which packages,
// for every document of the instance, in memory: about two bytes for each
// occurrence. It answers "who has this" in time that grows with the answer and
// not with the number of systems.
//
// It does not know advisories (internal/match does), and it is derived: the store
// keeps what it is made from.
package occurrence

import (
	"encoding/binary"
	"errors"
	"slices"
)

var errPostings = errors.New("occurrence: the postings are damaged")

// Pack writes ids as the differences between neighbours in unsigned varints. The
// list is sorted and freed of duplicates first; ids are positive.
func Pack(ids []int64) []byte {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	out := make([]byte, 0, 2*len(ids))
	last := int64(0)
	for _, id := range ids {
		out = binary.AppendUvarint(out, uint64(id-last))
		last = id
	}
	return out
}

// Unpack reads what Pack wrote, in ascending order.
func Unpack(b []byte) ([]int64, error) {
	ids := make([]int64, 0, len(b)/2+1)
	last := int64(0)
	for len(b) > 0 {
		d, n := binary.Uvarint(b)
		if n <= 0 || d == 0 || d > 1<<40 {
			return nil, errPostings
		}
		last += int64(d)
		ids = append(ids, last)
		b = b[n:]
	}
	return ids, nil
}
