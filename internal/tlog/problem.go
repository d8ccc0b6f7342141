package tlog

import (
	"cmp"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
)

// The kinds of problem. Programs rely on the words; docs/log.md says what each
// means and what it takes to see it.
const (
	Edited            = "edited"
	Deleted           = "deleted"
	Swapped           = "swapped"
	Truncated         = "truncated"
	Forked            = "forked"
	Rewritten         = "rewritten"
	RowChanged        = "row_changed"
	RowMissing        = "row_missing"
	RowUnlogged       = "row_unlogged"
	AttachmentChanged = "attachment_changed" // reported by whoever reads the files
	Signature         = "signature"
)

// Kinds lists every kind of problem.
func Kinds() []string {
	return []string{Edited, Deleted, Swapped, Truncated, Forked, Rewritten,
		RowChanged, RowMissing, RowUnlogged, AttachmentChanged, Signature}
}

// Problem is one thing that is wrong with a log or with what it speaks about.
type Problem struct {
	Index  int64  `json:"index"` // of the entry; -1 when no entry is meant
	Kind   string `json:"kind"`
	Detail string `json:"detail"` // for people
}

const none = -1 // the index of a problem that is not about an entry

// maxProblems bounds what is listed: a log of another format would otherwise
// give one problem an entry.
const maxProblems = 10_000

// findings collects problems up to the bound and counts the rest.
type findings struct {
	list    []Problem
	omitted int64
}

func (f *findings) add(index int64, kind, detail string) {
	if len(f.list) >= maxProblems {
		f.omitted++
		return
	}
	f.list = append(f.list, Problem{Index: index, Kind: kind, Detail: detail})
}

func (f *findings) sorted() []Problem {
	slices.SortStableFunc(f.list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Index, b.Index), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Detail, b.Detail))
	})
	return f.list
}

// Stored is an entry as it stands in the database.
type Stored struct {
	Idx            int64       // the column by which entries are ordered
	Entry          audit.Entry // rebuilt from the other columns
	StoredLeafHash [32]byte
	Openings       []audit.Opening
	Damaged        string // why the columns cannot be read back; then Entry is not used
}

// Head is the state of the log as its head row has it.
type Head struct {
	N        int64
	Frontier []byte // as audit.Frontier writes itself
}

// Kept is a checkpoint kept beside the log, with the size it is filed under.
type Kept struct {
	Size int64
	Note []byte
}

// Result is what a verification found.
type Result struct {
	Entries   int64     // entries present
	Root      [32]byte  // of the tree over their stored leaf hashes; zero when entries are missing
	Problems  []Problem // by index, then kind
	Omitted   int64     // problems beyond the bound of what is listed
	Erased    int64     // values erased on record
	Confirmed int64     // size of the largest checkpoint that agrees with the entries; 0 when none does
	Given     int       // checkpoints from elsewhere that agree
	Notes     []string  // what could not be judged, and why
}

// OK reports whether nothing is wrong.
func (r Result) OK() bool { return len(r.Problems) == 0 && r.Omitted == 0 }
