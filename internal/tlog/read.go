package tlog

import (
	"runtime"
	"sync"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
)

// reading is what can be told about one stored entry alone.
type reading struct {
	hash  [32]byte // of the leaf made from the columns
	fault string   // what is wrong with its openings; "" when nothing
}

// minPerWorker is the number of entries below which a second goroutine costs
// more than it saves.
const minPerWorker = 128

// readAll reads the batch on all processors and returns when all are done.
func readAll(batch []Stored, out []reading) {
	workers := min(runtime.GOMAXPROCS(0), len(batch)/minPerWorker)
	if workers < 2 {
		readSome(batch, out)
		return
	}
	each := (len(batch) + workers - 1) / workers
	var wg sync.WaitGroup
	for from := 0; from < len(batch); from += each {
		to := min(from+each, len(batch))
		wg.Go(func() { readSome(batch[from:to], out[from:to]) })
	}
	wg.Wait()
}

func readSome(batch []Stored, out []reading) {
	var leaf []byte
	for i := range batch {
		s := &batch[i]
		if s.Damaged != "" {
			out[i] = reading{}
			continue
		}
		var hash [32]byte
		hash, leaf = hashAt(s, s.Idx, leaf)
		out[i] = reading{hash: hash, fault: openingFault(s)}
	}
}

// hashAt is the leaf hash that the content of s would have at another index.
// The buffer is used and returned.
func hashAt(s *Stored, index int64, buffer []byte) ([32]byte, []byte) {
	e := s.Entry
	e.Index = index
	buffer = e.AppendLeaf(buffer[:0])
	return audit.LeafHash(buffer), buffer
}

// openingFault says what is wrong with the openings of an entry, or "".
func openingFault(s *Stored) string {
	found := 0
	for i, c := range s.Entry.Commitments {
		o := openingOf(s.Openings, c.Name, i)
		if o == nil {
			if audit.IsRow(c.Name) {
				continue // needed only while the row's state is the current one; see RowVerifier
			}
			return "the salt and value of " + c.Name + " are missing"
		}
		found++
		switch {
		case o.Erased():
			if o.Value != "" {
				return "the salt of " + c.Name + " is missing"
			}
		case audit.IsRow(c.Name):
			if o.Value != "" || !audit.CheckSalt(c, o.Salt) {
				return "the salt of " + c.Name + " is not the one committed to"
			}
		case !o.Opens(c):
			return "the salt or value of " + c.Name + " is not the one committed to"
		}
	}
	if found != len(s.Openings) {
		return "there is a value that the entry does not commit to"
	}
	return ""
}

// openingOf finds an opening by name; hint is where it stands when there is one
// for each commitment, in the same order.
func openingOf(openings []audit.Opening, name string, hint int) *audit.Opening {
	if hint < len(openings) && openings[hint].Name == name {
		return &openings[hint]
	}
	for i := range openings {
		if openings[i].Name == name {
			return &openings[i]
		}
	}
	return nil
}
