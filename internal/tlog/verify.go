package tlog

import (
	"errors"
	"fmt"
	"slices"

	"golang.org/x/mod/sumdb/note"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
)

// Trust is what a verification holds the entries against.
type Trust struct {
	LogID  string
	Keys   []string // verifier keys of the log, the current one and former ones
	Stored []Kept   // the checkpoints kept beside the log
	Given  [][]byte // checkpoints that were kept elsewhere
	Nodes  bool     // the caller will pass the kept nodes to AddHashes
}

// Verifier checks a log in one pass. Pass it every entry in index order with
// Add, the kept nodes with AddHashes if promised, then the head to Finish. It is
// used by one goroutine and uses all processors inside Add. It keeps entries
// that it cannot place, so a batch is not to be changed afterwards.
//
// The tree is computed twice from the first difference on: over the leaf hashes
// as stored and over those made from the columns. A checkpoint that fits either
// is confirmed, so that a single edit is one problem and not also a broken root.
type Verifier struct {
	logID, origin string
	claims        []*claim // by size
	reached       int      // claims judged so far
	found         findings
	flagged       map[int64]bool // entries with a problem of their own
	doubt         int64          // the first entry whose place or content is in doubt

	next     int64          // the index expected
	stored   audit.Frontier // over stored leaf hashes, up to the first gap
	computed *audit.Frontier
	gaps     []span
	moved    []move
	suspects []Stored
	shift    int64 // where the last misplaced entry was found, relative to its index
	foreign  bool  // the entry before belonged to another log
	epochs   []int64
	nodes    *nodeCheck
	erased   map[audit.Erasure]bool
	recorded map[audit.Erasure]int64
}

// NewVerifier opens every checkpoint first. It fails only when a verifier key
// cannot be read; a checkpoint that cannot be trusted is a problem of the result.
func NewVerifier(t Trust) (*Verifier, error) {
	keys, err := parseKeys(t.Keys)
	if err != nil {
		return nil, err
	}
	v := &Verifier{
		logID: t.LogID, origin: Origin(t.LogID), flagged: map[int64]bool{}, doubt: maxIndex,
		erased: map[audit.Erasure]bool{}, recorded: map[audit.Erasure]int64{},
	}
	if t.Nodes {
		v.nodes = &nodeCheck{}
	}
	for _, k := range t.Stored {
		v.claim(k.Note, keys, &k.Size)
	}
	for _, msg := range t.Given {
		v.claim(msg, keys, nil)
	}
	slices.SortStableFunc(v.claims, func(a, b *claim) int { return int(min(max(a.Size-b.Size, -1), 1)) })
	v.judge()
	return v, nil
}

func (v *Verifier) claim(msg []byte, keys note.Verifiers, size *int64) {
	which := "a checkpoint given"
	if size != nil {
		which = fmt.Sprintf("the checkpoint kept for size %d", *size)
	}
	c, err := open(msg, keys)
	if err == nil && c.Origin != v.origin {
		err = fmt.Errorf("it is of %s and this log is %s", c.Origin, v.origin)
	}
	if err == nil && size != nil && *size != c.Size {
		err = fmt.Errorf("it is of size %d", c.Size)
	}
	if err != nil {
		v.found.add(none, Signature, which+" is not signed by a key of this log: "+reason(err))
		return
	}
	v.claims = append(v.claims, &claim{Checkpoint: c, given: size == nil})
}

// reason says why a note was not opened, in words for people.
func reason(err error) string {
	var unverified *note.UnverifiedNoteError
	var invalid *note.InvalidSignatureError
	switch {
	case errors.As(err, &unverified):
		return "no signature on it is by a known key"
	case errors.As(err, &invalid):
		return "the signature does not fit the text"
	}
	return err.Error()
}

// Add checks the next entries. Indexes must rise; one that does not is reported.
func (v *Verifier) Add(batch []Stored) {
	readings := make([]reading, len(batch))
	readAll(batch, readings)
	for i := range batch {
		v.take(&batch[i], &readings[i])
	}
}

// maxIndex is the highest index that a leaf may have.
const maxIndex = 1<<53 - 1

func (v *Verifier) take(s *Stored, r *reading) {
	if s.Idx < 0 || s.Idx > maxIndex {
		v.flag(s.Idx, Edited, "no entry can have this index")
		return
	}
	if s.Idx < v.next {
		v.flag(s.Idx, Edited, "an entry with this index stands here a second time or out of order")
		return
	}
	if s.Idx > v.next {
		v.gaps = append(v.gaps, span{v.next, s.Idx})
	}
	v.next = s.Idx + 1
	switch {
	case s.Damaged != "":
		v.flag(s.Idx, Edited, "the entry cannot be read back: "+s.Damaged)
	case r.hash != s.StoredLeafHash:
		v.place(s)
	default:
		v.accept(s, r)
	}
	v.grow(s, r)
	v.judge()
}

// accept takes an entry whose columns give its stored leaf hash.
func (v *Verifier) accept(s *Stored, r *reading) {
	if foreign := s.Entry.LogID != v.logID; foreign != v.foreign {
		v.foreign = foreign
		if foreign {
			v.flag(s.Idx, Edited, fmt.Sprintf("this entry, and those after it, are of the log %q, not of %q", s.Entry.LogID, v.logID))
		}
	}
	if r.fault != "" {
		v.flag(s.Idx, Edited, r.fault)
	}
	if s.Entry.Action == audit.EpochOpened {
		v.epochs = append(v.epochs, s.Idx)
	}
	for _, o := range s.Openings {
		switch {
		case o.Erased() && !audit.IsRow(o.Name):
			v.erased[audit.Erasure{Index: s.Idx, Name: o.Name}] = true
		case o.Name == audit.FieldName(audit.ErasedField) && r.fault == "":
			v.record(s, o.Value)
		}
	}
}

// record notes which erasures an entry records.
func (v *Verifier) record(s *Stored, value string) {
	event, known := audit.Lookup(s.Entry.Action)
	if !known || !event.Allows(audit.ErasedField) {
		return
	}
	es, err := audit.ParseErasures(value)
	if err != nil {
		return
	}
	for _, e := range es {
		v.recorded[e] = s.Idx
	}
}

// grow adds the entry to both trees, unless an earlier entry is missing.
func (v *Verifier) grow(s *Stored, r *reading) {
	h := s.StoredLeafHash
	whole := len(v.gaps) == 0
	var done []audit.StoredHash
	if whole {
		if v.computed == nil && h != r.hash {
			v.computed = v.stored.Clone()
		}
		done = v.stored.Append(h)
		if v.computed != nil {
			second := r.hash
			if s.Damaged != "" {
				second = h
			}
			v.computed.Append(second)
		}
	} else {
		done = []audit.StoredHash{{Index: audit.StoredHashIndex(0, s.Idx), Hash: h}}
	}
	if v.nodes != nil {
		if v.computed != nil || !whole {
			done = done[:1] // which inner nodes are right can no longer be told
		}
		v.nodes.expect(s.Idx, done)
	}
}

// unsure reports whether some entry is missing or not what it was, so that a
// root that does not fit needs no further explanation.
func (v *Verifier) unsure() bool {
	return len(v.gaps) > 0 || len(v.moved) > 0 || len(v.suspects) > 0 || v.computed != nil
}

func (v *Verifier) flag(index int64, kind, detail string) {
	v.flagged[index] = true
	v.found.add(index, kind, detail)
}

// AddHashes checks kept nodes, in order of their index. A node may be passed as
// soon as the entry that completes it has been: those below
// audit.StoredHashIndex(0, i+1) after entry i.
func (v *Verifier) AddHashes(kept []audit.StoredHash) {
	if v.nodes == nil {
		v.nodes = &nodeCheck{}
	}
	for _, k := range kept {
		v.nodes.compare(k)
	}
}

// Finish compares the log with its head and with every checkpoint.
func (v *Verifier) Finish(head Head) Result {
	end := v.explainPlaces(head.N)
	if v.nodes != nil {
		v.checkNodes(head.N)
	}
	v.checkEnd(head, end)
	v.checkHead(head)
	r := Result{Entries: v.next - total(v.gaps)}
	v.checkClaims(&r, end)
	r.Erased = v.checkErasures()
	if len(v.gaps) == 0 {
		r.Root = v.stored.Root()
	}
	r.Problems, r.Omitted = v.found.sorted(), v.found.omitted
	return r
}

// checkErasures reports values that are gone without a later entry that says so.
func (v *Verifier) checkErasures() (onRecord int64) {
	for e := range v.erased {
		if by, ok := v.recorded[e]; ok && by > e.Index {
			onRecord++
			continue
		}
		v.found.add(e.Index, Edited, "the value of "+e.Name+" was erased and no later entry records it")
	}
	return onRecord
}
