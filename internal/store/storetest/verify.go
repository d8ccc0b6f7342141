package storetest

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Verify recomputes the log from its entries and fails the test when an index is
// missing, a leaf, an inner node or the head differs, an opening does not open its
// commitment, or a row is not as its last entry left it.
//
// It shares no code with tlog, so that the two check each other.
func Verify(t testing.TB, db *store.DB) {
	t.Helper()
	ctx := context.Background()
	err := db.Read(ctx, func(tx *store.Tx) error {
		head, err := tx.LogHead(ctx)
		if fault.Is(err, fault.NotFound) {
			return nil // there is no log yet
		}
		if err != nil {
			return err
		}
		v := verifier{t: t, last: map[string]commitment{}}
		if err := tx.EachEntry(ctx, v.entry); err != nil {
			return err
		}
		if v.frontier.N != head.Size {
			t.Errorf("the head says %d entries, there are %d", head.Size, v.frontier.N)
		}
		if want, err := v.frontier.MarshalBinary(); err != nil || !bytes.Equal(want, head.Frontier) {
			t.Errorf("the frontier is not the one of the entries (%v)", err)
		}
		if err := v.hashes(ctx, tx); err != nil {
			return err
		}
		if err := tx.EachAuditedRow(ctx, v.row); err != nil {
			return err
		}
		v.deleted()
		return nil
	})
	if err != nil {
		t.Errorf("verify: %v", err)
	}
}

type commitment struct {
	index int64
	sum   [32]byte
	salt  []byte
	seen  bool // its row is there
}

type verifier struct {
	t        testing.TB
	frontier audit.Frontier
	nodes    []audit.StoredHash
	last     map[string]commitment // by row
}

func (v *verifier) entry(s store.StoredEntry, damaged error) error {
	if damaged != nil {
		v.t.Errorf("entry %d: %v", s.Idx, damaged)
		return nil
	}
	if s.Idx != v.frontier.N {
		v.t.Errorf("entry %d stands where %d should", s.Idx, v.frontier.N)
	}
	leaf := audit.LeafHash(s.Entry.Leaf())
	if !bytes.Equal(leaf[:], s.LeafHash) {
		v.t.Errorf("entry %d: the leaf hash is not the one of the entry", s.Idx)
	}
	v.nodes = append(v.nodes, v.frontier.Append(leaf)...)
	for i, c := range s.Entry.Commitments {
		if i >= len(s.Openings) || s.Openings[i].Name != c.Name {
			v.t.Errorf("entry %d: %s has no opening", s.Idx, c.Name)
			continue
		}
		o := s.Openings[i]
		if audit.IsRow(c.Name) {
			v.last[c.Name] = commitment{index: s.Idx, sum: c.Sum, salt: o.Salt}
		} else if !o.Erased() && !o.Opens(c) {
			v.t.Errorf("entry %d: the opening of %s does not open it", s.Idx, c.Name)
		}
	}
	return nil
}

func (v *verifier) hashes(ctx context.Context, tx *store.Tx) error {
	for part := range slices.Chunk(v.nodes, 500) {
		indexes := make([]int64, len(part))
		for i, n := range part {
			indexes[i] = n.Index
		}
		got, err := tx.LogHashes(ctx, indexes)
		if err != nil {
			return err
		}
		for i, n := range part {
			if got[i] != n.Hash {
				v.t.Errorf("node %d of the tree differs", n.Index)
			}
		}
	}
	return nil
}

func (v *verifier) row(name string, row []byte) error {
	c, ok := v.last[name]
	if !ok {
		v.t.Errorf("%s is in the database and in no entry", name)
		return nil
	}
	if audit.Commit(name, c.salt, row) != c.sum {
		v.t.Errorf("%s is not as entry %d left it", name, c.index)
	}
	c.seen = true
	v.last[name] = c
	return nil
}

// deleted checks that rows which are gone were recorded as gone.
func (v *verifier) deleted() {
	for name, c := range v.last {
		if !c.seen && audit.Commit(name, c.salt, nil) != c.sum {
			v.t.Errorf("%s is gone and entry %d says that it is there", name, c.index)
		}
	}
}
