package tlog

import (
	"cmp"
	"fmt"
	"slices"
)

// This file finds out what happened to entries that are not what their stored
// leaf hash says. The index is part of the leaf, so content that was moved has
// the right hash at exactly one other index; finding that index tells an
// exchange of two entries, or a deletion after which the rest was renumbered,
// from an edit.

// span is a half-open range of indexes.
type span struct{ from, to int64 }

// move is a run of neighbours whose content belongs by positions further on.
type move struct {
	span
	by int64
}

func (m move) truth() span { return span{m.from + m.by, m.to + m.by} }

const (
	near        = 8   // how far around its place misplaced content is sought at once
	maxSuspects = 256 // entries among which exchanges are sought in pairs
)

// place seeks the index at which the content has its stored hash, nearby; what
// is not found is kept for explainPlaces.
func (v *Verifier) place(s *Stored) {
	var buffer []byte
	fits := func(index int64) bool {
		if index < 0 || index == s.Idx {
			return false
		}
		h, b := hashAt(s, index, buffer)
		buffer = b
		return h == s.StoredLeafHash
	}
	try := []int64{s.Entry.Index, s.Idx + v.shift}
	for d := int64(1); d <= near; d++ {
		try = append(try, s.Idx+d, s.Idx-d)
	}
	for _, index := range try {
		if fits(index) {
			v.shift = index - s.Idx
			v.moved = addMove(v.moved, s.Idx, index)
			v.flagged[s.Idx] = true
			return
		}
	}
	if len(v.suspects) >= maxSuspects {
		v.flag(s.Idx, Edited, notItsHash)
		return
	}
	v.suspects = append(v.suspects, *s)
}

const notItsHash = "what the entry says does not give its leaf hash"

// addMove joins the move to the run before it when it continues it.
func addMove(moves []move, idx, truth int64) []move {
	if n := len(moves); n > 0 && moves[n-1].to == idx && moves[n-1].by == truth-idx {
		moves[n-1].to++
		return moves
	}
	return append(moves, move{span{idx, idx + 1}, truth - idx})
}

// explainPlaces reports what was edited, deleted and exchanged, and returns the
// number of entries that the log shows to have had at least.
func (v *Verifier) explainPlaces(size int64) (end int64) {
	v.pair(size)
	slices.SortFunc(v.moved, func(a, b move) int { return cmp.Compare(a.from, b.from) })
	var places, truths []span
	end = v.next
	for _, m := range v.moved {
		places, truths = append(places, m.span), append(truths, m.truth())
		end = max(end, m.truth().to)
	}
	places, truths = union(places), union(truths)
	absent := union(append(slices.Clone(v.gaps), places...))
	if beyond := max(size, v.largestClaim()); end > beyond {
		absent = subtract(absent, []span{{beyond, end}}) // one wild index does not make millions of entries missing
	}
	for _, s := range union(append(slices.Clone(absent), truths...)) {
		v.doubt = min(v.doubt, s.from)
	}
	before := len(v.found.list)
	copies := v.reportCopies(absent)
	for _, s := range subtract(subtract(absent, truths), copies) {
		v.flag(s.from, Deleted, s.text()+" missing"+v.closed(s))
	}
	for _, s := range subtract(truths, absent) {
		if s.from < v.next && len(copies) == 0 {
			v.flag(s.from, Edited, s.text()+" not what stood here; something was put in and the rest moved on")
		}
	}
	v.reportSwaps()
	if len(v.found.list) == before {
		for _, m := range v.moved {
			v.flag(m.from, Edited, fmt.Sprintf("this is what belongs at %d; its index was changed", m.truth().from))
		}
	}
	return end
}

// pair seeks the place of every suspect among the places that are in question.
// An exchange shows in two ways: the leaf hash went along with the content, or
// it stayed.
func (v *Verifier) pair(size int64) {
	hashes := map[int64][32]byte{}
	var places []int64
	add := func(s span) {
		for i := s.from; i < s.to && len(places) < 2*maxSuspects; i++ {
			places = append(places, i)
		}
	}
	for _, s := range v.suspects {
		hashes[s.Idx] = s.StoredLeafHash
		add(span{s.Idx, s.Idx + 1})
	}
	for _, s := range v.gaps {
		add(s)
	}
	for _, m := range v.moved {
		add(m.span)
	}
	add(span{v.next, min(size, v.next+near)})
	var buffer []byte
	for i := range v.suspects {
		s := &v.suspects[i]
		truth := int64(none)
		for _, p := range places {
			if p == s.Idx {
				continue
			}
			var h [32]byte
			h, buffer = hashAt(s, p, buffer)
			if other, ok := hashes[p]; h == s.StoredLeafHash || ok && h == other {
				truth = p
				break
			}
		}
		if truth < 0 {
			v.flag(s.Idx, Edited, notItsHash)
			continue
		}
		v.flagged[s.Idx] = true
		v.moved = append(v.moved, move{span{s.Idx, s.Idx + 1}, truth - s.Idx})
	}
}

// reportCopies reports places that hold a second copy of an entry which also
// stands where it belongs.
func (v *Verifier) reportCopies(absent []span) (copies []span) {
	for _, m := range v.moved {
		if t := m.truth(); m.to-m.from == 1 && t.to <= v.next && len(subtract([]span{t}, absent)) == 1 {
			copies = append(copies, m.span)
			v.flag(m.from, Edited, fmt.Sprintf("this is a copy of entry %d", t.from))
		}
	}
	return union(copies)
}

// reportSwaps reports moved content that is out of order with other moved
// content. Content that only closed up after a deletion is not.
func (v *Verifier) reportSwaps() {
	least := make([]int64, len(v.moved)+1) // the lowest true index from here on
	least[len(v.moved)] = 1<<63 - 1
	for i := len(v.moved) - 1; i >= 0; i-- {
		least[i] = min(least[i+1], v.moved[i].truth().from)
	}
	most := int64(-1)
	for i, m := range v.moved {
		t := m.truth()
		if most > t.from || least[i+1] < t.to-1 {
			detail := fmt.Sprintf("this is what belongs at %d", t.from)
			if m.to-m.from > 1 {
				detail = fmt.Sprintf("entries %d to %d are what belongs at %d to %d", m.from, m.to-1, t.from, t.to-1)
			}
			v.flag(m.from, Swapped, detail)
		}
		most = max(most, t.to-1)
	}
}

// closed adds that later entries were renumbered to hide a deletion.
func (v *Verifier) closed(s span) string {
	for _, m := range v.moved {
		if m.by > 0 && m.from <= s.from && s.from < m.to {
			return "; those after it were given lower indexes"
		}
	}
	return ""
}

func (s span) text() string {
	if s.to-s.from == 1 {
		return fmt.Sprintf("entry %d is", s.from)
	}
	return fmt.Sprintf("entries %d to %d are", s.from, s.to-1)
}

// union sorts spans and joins those that touch.
func union(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// subtract removes the spans of b from those of a; both are unions.
func subtract(a, b []span) []span {
	var out []span
	for _, s := range a {
		i, _ := slices.BinarySearchFunc(b, s.from, func(x span, from int64) int { return cmp.Compare(x.to, from+1) })
		for ; i < len(b) && b[i].from < s.to && s.from < s.to; i++ {
			if b[i].from > s.from {
				out = append(out, span{s.from, b[i].from})
			}
			s.from = max(s.from, b[i].to)
		}
		if s.from < s.to {
			out = append(out, s)
		}
	}
	return out
}

func total(spans []span) (n int64) {
	for _, s := range spans {
		n += s.to - s.from
	}
	return n
}
