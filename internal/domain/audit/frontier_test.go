package audit_test

import (
	"bytes"
	"crypto/sha256"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
)

// naiveRoot is the definition in RFC 6962 section 2.1, word for word.
func naiveRoot(leaves [][32]byte) [32]byte {
	switch n := len(leaves); n {
	case 0:
		return sha256.Sum256(nil)
	case 1:
		return leaves[0]
	default:
		k := 1
		for k*2 < n {
			k *= 2
		}
		return audit.NodeHash(naiveRoot(leaves[:k]), naiveRoot(leaves[k:]))
	}
}

func anyLeaves(t *rapid.T) [][32]byte {
	n := rapid.IntRange(0, 70).Draw(t, "leaves")
	out := make([][32]byte, n)
	for i := range out {
		out[i] = audit.LeafHash([]byte{byte(i), byte(n)})
	}
	return out
}

func TestTheFrontierHasTheRootOfTheDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := anyLeaves(t)
		var f audit.Frontier
		for i, h := range leaves {
			if f.N != int64(i) || f.Root() != naiveRoot(leaves[:i]) {
				t.Fatalf("root of %d leaves differs", i)
			}
			f.Append(h)
		}
		if f.Root() != naiveRoot(leaves) {
			t.Fatal("root differs")
		}
	})
}

func TestStoredHashesAreTheRootsOfTheirSubtreesAndLeaveNoGap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		leaves := anyLeaves(t)
		var f audit.Frontier
		next := int64(0)
		for i, h := range leaves {
			for level, s := range f.Append(h) {
				if s.Index != next || s.Index != audit.StoredHashIndex(level, int64(i)>>level) {
					t.Fatalf("leaf %d level %d has index %d, %d is next", i, level, s.Index, next)
				}
				if s.Hash != naiveRoot(leaves[i+1-1<<level:i+1]) {
					t.Fatalf("leaf %d level %d has the wrong hash", i, level)
				}
				next++
			}
		}
	})
}

func TestAFrontierIsReadBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var f audit.Frontier
		for _, h := range anyLeaves(t) {
			f.Append(h)
		}
		b, err := f.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		g, err := audit.UnmarshalFrontier(b)
		if err != nil || g.N != f.N || g.Root() != f.Root() {
			t.Fatal(g, err)
		}
		c := f.Clone()
		c.Append([32]byte{1})
		if after, _ := f.MarshalBinary(); !bytes.Equal(after, b) {
			t.Fatal("a clone shares hashes with what it was cloned from")
		}
	})
}

func TestABrokenFrontierIsNotReadNorWritten(t *testing.T) {
	var f audit.Frontier
	f.Append([32]byte{1})
	good, _ := f.MarshalBinary()
	for name, bad := range map[string][]byte{
		"nothing": {}, "too short": good[:len(good)-1], "too long": append(bytes.Clone(good), 0),
		"more bits than hashes": append([]byte{0, 0, 0, 0, 0, 0, 0, 3}, good[8:]...), "a negative size": append([]byte{255}, good[1:]...),
	} {
		if _, err := audit.UnmarshalFrontier(bad); err == nil {
			t.Errorf("%s was read", name)
		}
	}
	for _, bad := range []audit.Frontier{{N: -1}, {N: 3, Hashes: make([][32]byte, 1)}} {
		if _, err := bad.MarshalBinary(); err == nil {
			t.Errorf("%+v was written", bad)
		}
	}
}

func FuzzUnmarshalFrontier(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 0, 0, 0, 0})
	f.Add(append([]byte{0, 0, 0, 0, 0, 0, 0, 1}, make([]byte, 32)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		fr, err := audit.UnmarshalFrontier(b)
		if err != nil {
			return
		}
		if again, err := fr.MarshalBinary(); err != nil || !bytes.Equal(again, b) {
			t.Fatalf("%x is written back as %x, %v", b, again, err)
		}
	})
}

func BenchmarkFrontierAppend(b *testing.B) {
	var f audit.Frontier
	b.ReportAllocs()
	for b.Loop() {
		f.Append([32]byte{1})
	}
}
