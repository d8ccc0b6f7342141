package tlog

import (
	"fmt"
	"slices"
	"sort"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
)

// nodeCheck compares kept nodes with those computed from the entries. Expected
// nodes wait in a queue, so memory stays small when both are read page by page.
type nodeCheck struct {
	queue  []expected
	from   int // where the queue begins
	faults []nodeFault
	any    bool  // some node was passed
	passed int64 // how many were
	last   int64 // index of the last one
}

type expected struct {
	audit.StoredHash
	leaf  int64
	level int
}

type nodeFault struct {
	leaf   int64 // the entry that completes it
	level  int
	detail string
}

func (n *nodeCheck) expect(leaf int64, done []audit.StoredHash) {
	if n.from > 4096 && n.from > len(n.queue)/2 {
		n.queue = append(n.queue[:0], n.queue[n.from:]...)
		n.from = 0
	}
	for level, h := range done {
		n.queue = append(n.queue, expected{h, leaf, level})
	}
}

func (n *nodeCheck) compare(kept audit.StoredHash) {
	n.any, n.passed, n.last = true, n.passed+1, max(n.last, kept.Index)
	for n.from < len(n.queue) && n.queue[n.from].Index < kept.Index {
		n.missing(n.queue[n.from])
		n.from++
	}
	if n.from == len(n.queue) || n.queue[n.from].Index > kept.Index {
		return // an inner node that cannot be judged, or one of an entry that is gone
	}
	e := n.queue[n.from]
	n.from++
	if e.Hash != kept.Hash {
		n.fault(e, fmt.Sprintf("node %d of the tree, kept apart from the entries, is not the one they give", kept.Index))
	}
}

func (n *nodeCheck) missing(e expected) {
	n.fault(e, fmt.Sprintf("node %d of the tree is missing", e.Index))
}

func (n *nodeCheck) fault(e expected, detail string) {
	if len(n.faults) < maxProblems {
		n.faults = append(n.faults, nodeFault{e.leaf, e.level, detail})
	}
}

// checkNodes reports the nodes that differ, save those of entries that have a
// problem already or that the head does not know, and inner nodes above a leaf
// that differs: when an entry was changed together with its leaf hash, the nodes
// are what still speaks of the entry as it was.
func (v *Verifier) checkNodes(size int64) {
	n := v.nodes
	for _, e := range n.queue[n.from:] {
		n.missing(e)
	}
	var leaves []int64
	for _, f := range n.faults {
		if f.level == 0 && !v.flagged[f.leaf] && f.leaf < size {
			leaves = append(leaves, f.leaf)
			v.flag(f.leaf, Edited, f.detail)
			v.doubt = min(v.doubt, f.leaf)
		}
	}
	for _, f := range n.faults {
		if f.level == 0 || v.flagged[f.leaf] || f.leaf >= size {
			continue
		}
		if i, _ := slices.BinarySearch(leaves, f.leaf+1-1<<f.level); i == len(leaves) || leaves[i] > f.leaf {
			v.flag(f.leaf, Edited, f.detail)
		}
	}
}

// nodesEnd is the number of entries that the kept nodes speak of, when that is
// more than there are; else 0. Nodes count up from 0, so a wild index among them
// is not taken for a longer log.
func (v *Verifier) nodesEnd() int64 {
	if v.nodes == nil {
		return 0
	}
	last := min(v.nodes.last, v.nodes.passed-1)
	if audit.StoredHashIndex(0, v.next) > last {
		return 0
	}
	more := sort.Search(int(last)+1, func(n int) bool { return audit.StoredHashIndex(0, v.next+int64(n)) > last })
	return v.next + int64(more)
}
