package tlog

import (
	"fmt"

	sumdb "golang.org/x/mod/sumdb/tlog"
)

// HashReader returns the kept nodes with the given indexes, in their order.
type HashReader func(indexes []int64) ([][32]byte, error)

// ReadHashes makes a HashReader fit for golang.org/x/mod/sumdb/tlog.
func (r HashReader) ReadHashes(indexes []int64) ([]sumdb.Hash, error) {
	hs, err := r(indexes)
	if err != nil {
		return nil, err
	}
	return convert[sumdb.Hash](hs), nil
}

// Root computes the root of the first size leaves.
func Root(size int64, read HashReader) ([32]byte, error) {
	h, err := sumdb.TreeHash(size, read)
	if err != nil {
		return [32]byte{}, fmt.Errorf("root at %d: %w", size, err)
	}
	return h, nil
}

// ProveInclusion proves that the tree of size leaves has the leaf at index.
func ProveInclusion(size, index int64, read HashReader) ([][32]byte, error) {
	p, err := sumdb.ProveRecord(size, index, read)
	if err != nil {
		return nil, fmt.Errorf("prove entry %d at size %d: %w", index, size, err)
	}
	return convert[[32]byte](p), nil
}

// CheckInclusion checks a proof that the tree of size leaves with the root has
// the leaf hash at index.
func CheckInclusion(proof [][32]byte, size int64, root [32]byte, index int64, leafHash [32]byte) error {
	err := sumdb.CheckRecord(convert[sumdb.Hash](proof), size, root, index, leafHash)
	if err != nil {
		return fmt.Errorf("inclusion of entry %d at size %d: %w", index, size, err)
	}
	return nil
}

// ProveConsistency proves that the tree of newSize leaves begins with the tree
// of oldSize leaves. Both are at least 1.
func ProveConsistency(newSize, oldSize int64, read HashReader) ([][32]byte, error) {
	p, err := sumdb.ProveTree(newSize, oldSize, read)
	if err != nil {
		return nil, fmt.Errorf("prove size %d from size %d: %w", newSize, oldSize, err)
	}
	return convert[[32]byte](p), nil
}

// CheckConsistency checks a proof that newer begins with older.
func CheckConsistency(proof [][32]byte, newer, older Checkpoint) error {
	if newer.Origin != older.Origin {
		return fmt.Errorf("consistency: checkpoints of %q and %q", newer.Origin, older.Origin)
	}
	err := sumdb.CheckTree(convert[sumdb.Hash](proof), newer.Size, newer.Root, older.Size, older.Root)
	if err != nil {
		return fmt.Errorf("consistency of size %d with size %d: %w", newer.Size, older.Size, err)
	}
	return nil
}

func convert[To, From ~[32]byte](hs []From) []To {
	out := make([]To, len(hs))
	for i, h := range hs {
		out[i] = To(h)
	}
	return out
}
