package tlog_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	sumdb "golang.org/x/mod/sumdb/tlog"
	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/tlog"
)

func TestASignedCheckpointOpensWithItsKeyOnly(t *testing.T) {
	w, other := newWorld(1), newWorld(2)
	msg, err := w.signer.Sign(w.origin(), 7, [32]byte{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	c, err := tlog.Open(msg, other.vkey(), w.vkey())
	if err != nil || c != (tlog.Checkpoint{Origin: "touchstone/ins_test", Size: 7, Root: [32]byte{1, 2}}) {
		t.Fatal(c, err)
	}
	if _, err := tlog.Open(msg, other.vkey()); err == nil {
		t.Error("another key opens it")
	}
	if _, err := tlog.Open(msg); err == nil {
		t.Error("no key opens it")
	}
	if _, err := tlog.Open(msg, "nonsense"); err == nil {
		t.Error("nonsense is taken for a key")
	}
}

func TestACheckpointIsTheNoteThatOthersRead(t *testing.T) {
	w := grown(5)
	msg := w.sign()
	v, err := note.NewVerifier(w.vkey())
	if err != nil {
		t.Fatal(err)
	}
	n, err := note.Open(msg, note.VerifierList(v))
	if err != nil {
		t.Fatal(err)
	}
	root := w.tree.Root()
	if want := "touchstone/ins_test\n5\n" + base64.StdEncoding.EncodeToString(root[:]) + "\n"; n.Text != want {
		t.Fatalf("text %q, want %q", n.Text, want)
	}
	if v.Name() != w.origin() {
		t.Fatalf("key name %q", v.Name())
	}
}

func TestACheckpointCosignedByAWitnessStillOpens(t *testing.T) {
	w := newWorld(1)
	skey, vkey, err := note.GenerateKey(nil, "witness.example")
	if err != nil {
		t.Fatal(err)
	}
	witness, _ := note.NewSigner(skey)
	v, _ := note.NewVerifier(w.vkey())
	n, err := note.Open(w.sign(), note.VerifierList(v))
	if err != nil {
		t.Fatal(err)
	}
	msg, err := note.Sign(n, witness)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tlog.Open(msg, w.vkey()); err != nil {
		t.Error(err)
	}
	if _, err := tlog.Open(msg, vkey); err == nil {
		t.Error("a witness alone speaks for the log")
	}
}

func TestANoteThatIsNotACheckpointIsRefused(t *testing.T) {
	private := key(1)
	vkey, err := note.NewEd25519VerifierKey("touchstone/x", private.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	v, _ := note.NewVerifier(vkey)
	root := base64.StdEncoding.EncodeToString(make([]byte, 32))
	for name, text := range map[string]string{
		"another origin":         "touchstone/y\n1\n" + root + "\n",
		"a leading zero":         "touchstone/x\n01\n" + root + "\n",
		"a negative size":        "touchstone/x\n-1\n" + root + "\n",
		"a plus sign":            "touchstone/x\n+1\n" + root + "\n",
		"no root":                "touchstone/x\n1\n",
		"a short root":           "touchstone/x\n1\nAAAA\n",
		"a root not canonical":   "touchstone/x\n1\n" + root[:42] + "B=\n",
		"an extension line":      "touchstone/x\n1\n" + root + "\nmore\n",
		"an empty origin":        "\n1\n" + root + "\n",
		"a size beyond 63 bits":  "touchstone/x\n9223372036854775808\n" + root + "\n",
		"an empty text, nothing": "\n",
	} {
		t.Run(name, func(t *testing.T) {
			msg, err := note.Sign(&note.Note{Text: text}, rawSigner{v, private})
			if err != nil {
				t.Fatal(err)
			}
			if c, err := tlog.Open(msg, vkey); err == nil {
				t.Fatalf("opened as %+v", c)
			}
		})
	}
}

type rawSigner struct {
	note.Verifier
	key ed25519.PrivateKey
}

func (r rawSigner) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(r.key, msg), nil }

func TestWhatCannotBeSignedIsAnError(t *testing.T) {
	if _, err := tlog.NewSigner(make([]byte, 3)); err == nil {
		t.Error("a key of 3 bytes is taken")
	}
	if _, err := tlog.VerifierKey("touchstone/x", make([]byte, 3)); err == nil {
		t.Error("a public key of 3 bytes is taken")
	}
	s := newWorld(1).signer
	for _, origin := range []string{"", "two words", "a+b", "line\nbreak"} {
		if msg, err := s.Sign(origin, 1, [32]byte{}); err == nil {
			t.Errorf("origin %q was signed: %s", origin, msg)
		}
	}
	if _, err := s.Sign("touchstone/x", -1, [32]byte{}); err == nil {
		t.Error("a negative size was signed")
	}
}

func FuzzOpen(f *testing.F) {
	w := grown(5)
	msg := w.sign()
	f.Add(msg)
	f.Add([]byte("touchstone/ins_test\n5\n\n\u2014 touchstone/ins_test AAAA\n"))
	vkey := w.vkey()
	f.Fuzz(func(t *testing.T, got []byte) {
		if c, err := tlog.Open(got, vkey); err == nil && !bytes.HasPrefix(got, []byte(c.Text())) {
			t.Fatalf("%q opened as %+v", got, c)
		}
	})
}

func reader(w *world) tlog.HashReader {
	return func(indexes []int64) ([][32]byte, error) {
		out := make([][32]byte, len(indexes))
		for i, index := range indexes {
			out[i] = w.nodes[index].Hash
		}
		return out, nil
	}
}

func TestTheTreeIsTheOneOfTheGoChecksumDatabase(t *testing.T) {
	w := grown(70)
	var stored []sumdb.Hash
	read := sumdb.HashReaderFunc(func(indexes []int64) (out []sumdb.Hash, err error) {
		for _, i := range indexes {
			out = append(out, stored[i])
		}
		return out, nil
	})
	var f audit.Frontier
	for i, s := range w.entries {
		hs, err := sumdb.StoredHashes(int64(i), s.Entry.Leaf(), read)
		if err != nil {
			t.Fatal(err)
		}
		for j, got := range f.Append(s.StoredLeafHash) {
			if got.Index != int64(len(stored)) || got.Index != sumdb.StoredHashIndex(j, int64(i)>>j) || got.Hash != hs[j] {
				t.Fatalf("entry %d, level %d: %+v", i, j, got)
			}
			stored = append(stored, hs[j])
		}
		want, err := sumdb.TreeHash(int64(i)+1, read)
		if err != nil || f.Root() != want {
			t.Fatalf("root at %d differs: %v", i+1, err)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		level, n := rapid.IntRange(0, 20).Draw(t, "level"), rapid.Int64Range(0, 1<<40).Draw(t, "n")
		if got, want := audit.StoredHashIndex(level, n), sumdb.StoredHashIndex(level, n); got != want {
			t.Fatalf("index %d, want %d", got, want)
		}
	})
}

func TestProofsHoldAndChangedOnesNeverDo(t *testing.T) {
	w := grown(70)
	roots := map[int64][32]byte{}
	for n := int64(1); n <= 70; n++ {
		root, err := tlog.Root(n, reader(w))
		if err != nil {
			t.Fatal(err)
		}
		roots[n] = root
	}
	if roots[70] != w.tree.Root() {
		t.Fatal("the root from nodes is not the root from the frontier")
	}
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, 70).Draw(t, "size")
		index := rapid.Int64Range(0, size-1).Draw(t, "index")
		leaf := w.entries[index].StoredLeafHash
		proof, err := tlog.ProveInclusion(size, index, reader(w))
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckInclusion(proof, size, roots[size], index, leaf); err != nil {
			t.Fatal(err)
		}
		mutants(t, proof, func(p [][32]byte) error { return tlog.CheckInclusion(p, size, roots[size], index, leaf) })
		other := rapid.Int64Range(0, 69).Draw(t, "other")
		if other != index && tlog.CheckInclusion(proof, size, roots[size], index, w.entries[other].StoredLeafHash) == nil {
			t.Fatal("the proof holds for another entry")
		}
		if other < size && other != index && tlog.CheckInclusion(proof, size, roots[size], other, leaf) == nil {
			t.Fatal("the proof holds at another index")
		}

		older := rapid.Int64Range(1, size).Draw(t, "older")
		now := tlog.Checkpoint{Origin: "o", Size: size, Root: roots[size]}
		then := tlog.Checkpoint{Origin: "o", Size: older, Root: roots[older]}
		proof, err = tlog.ProveConsistency(size, older, reader(w))
		if err != nil {
			t.Fatal(err)
		}
		if err := tlog.CheckConsistency(proof, now, then); err != nil {
			t.Fatal(err)
		}
		mutants(t, proof, func(p [][32]byte) error { return tlog.CheckConsistency(p, now, then) })
		bad := then
		bad.Root[rapid.IntRange(0, 31).Draw(t, "byte")] ^= 1
		if tlog.CheckConsistency(proof, now, bad) == nil {
			t.Fatal("the proof holds for another older root")
		}
		bad = then
		bad.Origin = "p"
		if tlog.CheckConsistency(proof, now, bad) == nil {
			t.Fatal("the proof holds for another log")
		}
	})
}

// mutants tries changes of a proof, none of which may hold.
func mutants(t *rapid.T, proof [][32]byte, check func([][32]byte) error) {
	copied := func() [][32]byte { return append([][32]byte(nil), proof...) }
	if check(append(copied(), [32]byte{})) == nil {
		t.Fatal("a longer proof holds")
	}
	if len(proof) == 0 {
		return
	}
	if check(proof[:len(proof)-1]) == nil {
		t.Fatal("a shorter proof holds")
	}
	p := copied()
	i := rapid.IntRange(0, len(p)-1).Draw(t, "hash")
	p[i][rapid.IntRange(0, 31).Draw(t, "byte of it")] ^= byte(rapid.IntRange(1, 255).Draw(t, "by"))
	if check(p) == nil {
		t.Fatal("a changed proof holds")
	}
}

func TestProofsThatCannotBeMadeAreErrors(t *testing.T) {
	w := grown(5)
	if _, err := tlog.ProveInclusion(5, 5, reader(w)); err == nil {
		t.Error("an entry beyond the size is proved")
	}
	if _, err := tlog.ProveConsistency(5, 0, reader(w)); err == nil {
		t.Error("consistency with the empty log is proved")
	}
	failing := func([]int64) ([][32]byte, error) { return nil, errReader }
	if _, err := tlog.Root(5, failing); err == nil || !strings.Contains(err.Error(), errReader.Error()) {
		t.Errorf("a failing reader gives %v", err)
	}
	if _, err := tlog.ProveInclusion(5, 1, failing); err == nil {
		t.Error("a failing reader gives a proof")
	}
	if _, err := tlog.ProveConsistency(5, 3, failing); err == nil {
		t.Error("a failing reader gives a proof")
	}
}
