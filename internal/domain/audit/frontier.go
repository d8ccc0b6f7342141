package audit

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math/bits"
)

// Frontier is the right edge of the tree (RFC 6962 section 2.1): the roots of
// the perfect subtrees that N leaves fall into, largest first. It is all that is
// needed to append a leaf and to compute the root, so it fits into the one row
// that serialises writers. The zero value is the empty tree.
type Frontier struct {
	N      int64
	Hashes [][32]byte // as many as N has bits set
}

// StoredHash is one node of the tree as it is kept: the index is the one of
// golang.org/x/mod/sumdb/tlog, which counts nodes in the order they complete.
type StoredHash struct {
	Index int64
	Hash  [32]byte
}

// StoredHashIndex is the index of the node that completes subtree n of 2^level
// leaves.
func StoredHashIndex(level int, n int64) int64 {
	last := (n+1)<<level - 1 // the leaf that completes it
	return 2*last - int64(bits.OnesCount64(uint64(last))) + int64(level)
}

// Append adds a leaf and returns the nodes it completes: the leaf itself, then
// every subtree that ends with it, with consecutive indexes.
func (f *Frontier) Append(leafHash [32]byte) []StoredHash {
	index := StoredHashIndex(0, f.N)
	done := make([]StoredHash, 1, 1+bits.TrailingZeros64(^uint64(f.N)))
	done[0] = StoredHash{Index: index, Hash: leafHash}
	h := leafHash
	for n := f.N; n&1 == 1; n >>= 1 {
		top := len(f.Hashes) - 1
		h = NodeHash(f.Hashes[top], h)
		f.Hashes = f.Hashes[:top]
		index++
		done = append(done, StoredHash{Index: index, Hash: h})
	}
	f.Hashes = append(f.Hashes, h)
	f.N++
	return done
}

// Root is the root hash of the tree; of the empty tree SHA-256 of nothing.
func (f *Frontier) Root() [32]byte {
	if len(f.Hashes) == 0 {
		return sha256.Sum256(nil)
	}
	i := len(f.Hashes) - 1
	h := f.Hashes[i]
	for i--; i >= 0; i-- {
		h = NodeHash(f.Hashes[i], h)
	}
	return h
}

// Clone returns a frontier that shares nothing with f.
func (f *Frontier) Clone() *Frontier {
	return &Frontier{N: f.N, Hashes: append([][32]byte(nil), f.Hashes...)}
}

// NodeHash is the hash of an inner node.
func NodeHash(left, right [32]byte) [32]byte {
	var b [65]byte
	b[0] = nodeDomain
	copy(b[1:], left[:])
	copy(b[33:], right[:])
	return sha256.Sum256(b[:])
}

var errFrontier = errors.New("frontier is not 8 bytes of size and one hash for each bit set in it")

// MarshalBinary gives N as 8 bytes, most significant first, then the hashes.
func (f *Frontier) MarshalBinary() ([]byte, error) {
	if f.N < 0 || len(f.Hashes) != bits.OnesCount64(uint64(f.N)) {
		return nil, errFrontier
	}
	b := binary.BigEndian.AppendUint64(make([]byte, 0, 8+32*len(f.Hashes)), uint64(f.N))
	for _, h := range f.Hashes {
		b = append(b, h[:]...)
	}
	return b, nil
}

// UnmarshalBinary reads what MarshalBinary wrote and nothing else.
func (f *Frontier) UnmarshalBinary(b []byte) error {
	if len(b) < 8 {
		return errFrontier
	}
	n, rest := binary.BigEndian.Uint64(b), b[8:]
	if int64(n) < 0 || len(rest) != 32*bits.OnesCount64(n) {
		return errFrontier
	}
	f.N, f.Hashes = int64(n), nil
	for len(rest) > 0 {
		f.Hashes = append(f.Hashes, [32]byte(rest))
		rest = rest[32:]
	}
	return nil
}

// UnmarshalFrontier reads a frontier that MarshalBinary wrote.
func UnmarshalFrontier(b []byte) (*Frontier, error) {
	f := new(Frontier)
	if err := f.UnmarshalBinary(b); err != nil {
		return nil, err
	}
	return f, nil
}
