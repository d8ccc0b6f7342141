package tlog

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
)

// claim is a checkpoint with a good signature and what the entries say to it.
type claim struct {
	Checkpoint
	given   bool
	verdict verdict
}

type verdict int

const (
	unreached verdict = iota // larger than the log
	agrees
	differs
	unjudged // entries before it are missing or edited
)

// judge compares the checkpoints of the size just reached with the tree.
func (v *Verifier) judge() {
	for v.reached < len(v.claims) && v.claims[v.reached].Size <= v.next {
		c := v.claims[v.reached]
		v.reached++
		switch {
		case len(v.gaps) > 0 || c.Size != v.stored.N:
			c.verdict = unjudged
		case c.Root == v.stored.Root() || v.computed != nil && c.Root == v.computed.Root():
			c.verdict = agrees
		case v.unsure():
			c.verdict = unjudged
		default:
			c.verdict = differs
		}
	}
}

// checkEnd reports a tail that is missing, whoever knows of it: the head, a
// checkpoint or the kept nodes.
func (v *Verifier) checkEnd(head Head, end int64) {
	size, by := head.N, "the head of the log"
	for _, c := range v.claims {
		if c.verdict == unreached && c.Size > size {
			size, by = c.Size, "a checkpoint kept beside the log"
			if c.given {
				by = "a checkpoint given"
			}
		}
	}
	if n := v.nodesEnd(); n > size {
		size, by = n, "the kept nodes of the tree"
	}
	if size > end {
		v.found.add(end, Truncated, fmt.Sprintf("the log ends after %d entries; %s says there were at least %d", end, by, size))
	}
}

// checkHead compares the head with the entries.
func (v *Verifier) checkHead(head Head) {
	f, err := audit.UnmarshalFrontier(head.Frontier)
	switch {
	case err != nil:
		v.found.add(none, Edited, "the head of the log cannot be read back: "+err.Error())
		return
	case f.N != head.N:
		v.found.add(none, Edited, fmt.Sprintf("the head of the log says %d entries in one column and %d in another", head.N, f.N))
		return
	case head.N < v.next && len(v.moved) == 0:
		v.found.add(head.N, Edited, fmt.Sprintf("the log has %d entries, but its head knows only %d; those after were not written by the log", v.next, head.N))
		return
	case len(v.gaps) > 0 || head.N != v.stored.N || v.same(head.Frontier):
		return
	case v.unsure() || v.doubt < head.N:
		return // what differs has been reported already
	}
	confirmed := v.confirmedBelow(head.N + 1)
	if confirmed == head.N || v.nodes != nil && v.nodes.any && len(v.nodes.faults) == 0 {
		v.found.add(none, Edited, "the hashes in the head of the log are not those of the entries")
		return
	}
	v.found.add(confirmed, Rewritten, "the entries do not give the root that the head of the log has; from this entry on they may have been written anew")
}

func (v *Verifier) same(frontier []byte) bool {
	for _, f := range []*audit.Frontier{&v.stored, v.computed} {
		if f == nil {
			continue
		}
		if b, err := f.MarshalBinary(); err == nil && bytes.Equal(b, frontier) {
			return true
		}
	}
	return false
}

// largestClaim is the size of the largest checkpoint, 0 without any.
func (v *Verifier) largestClaim() int64 {
	if len(v.claims) == 0 {
		return 0
	}
	return v.claims[len(v.claims)-1].Size
}

// confirmedBelow is the size of the largest checkpoint that agrees and is
// smaller than size; 0 when none is.
func (v *Verifier) confirmedBelow(limit int64) (size int64) {
	for _, c := range v.claims {
		if c.verdict == agrees && c.Size < limit {
			size = max(size, c.Size)
		}
	}
	return size
}

// checkClaims reports checkpoints that the entries contradict.
//
// A checkpoint kept beside the log means that the entries were written anew
// under it. For one given from elsewhere there are two explanations, and the
// evidence decides: forked when a smaller checkpoint agrees, so that both
// histories were shown to begin alike, or when the log was restored from a
// backup before that size; rewritten when nothing shows that they ever did.
func (v *Verifier) checkClaims(r *Result, end int64) {
	for _, c := range v.claims {
		if c.verdict == differs && c.Size > v.doubt {
			c.verdict = unjudged // an entry before it is not what it was, which is reported
		}
	}
	kept := slices.IndexFunc(v.claims, func(c *claim) bool { return c.verdict == differs && !c.given })
	skipped := 0
	for i, c := range v.claims {
		switch {
		case c.verdict == agrees && c.given:
			r.Given++
		case c.verdict == unjudged, c.verdict == unreached && c.given && c.Size <= end:
			skipped++
		case c.verdict == differs && c.given:
			v.contradicted(c, kept >= 0)
		case i == kept: // the smallest says it all
			from := v.confirmedBelow(c.Size)
			v.found.add(from, Rewritten, fmt.Sprintf("the checkpoint kept for size %d has another root; entries were written anew between %d and %d", c.Size, from, c.Size))
		}
	}
	r.Confirmed = v.confirmedBelow(maxIndex)
	if skipped > 0 {
		r.Notes = append(r.Notes, fmt.Sprintf("%d checkpoints could not be compared, because entries before them are missing or changed", skipped))
	}
}

func (v *Verifier) contradicted(c *claim, rewritten bool) {
	common := v.confirmedBelow(c.Size)
	for _, e := range v.epochs {
		if common <= e && e < c.Size && !rewritten {
			v.found.add(e, Forked, fmt.Sprintf("the checkpoint given, of size %d, is of another history: this log was restored from a backup and went on at entry %d", c.Size, e))
			return
		}
	}
	if common > 0 && !rewritten {
		v.found.add(common, Forked, fmt.Sprintf("the checkpoint given, of size %d, is of another history, which parted from this one at or after entry %d", c.Size, common))
		return
	}
	v.found.add(common, Rewritten, fmt.Sprintf("the checkpoint given, of size %d, has another root, and nothing that is signed shows that this history ever was the same", c.Size))
}
