package tlog_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/tlog"
)

func TestASoundLogHasNoProblem(t *testing.T) {
	for n := 1; n < 40; n++ {
		w := grown(n)
		r := w.verify(w.sign())
		if !r.OK() || r.Entries != int64(n) || r.Root != w.tree.Root() || r.Confirmed != int64(n) || r.Given != 1 || len(r.Notes) > 0 {
			t.Fatalf("%d entries: %+v", n, r)
		}
	}
}

func TestAnEmptyLogHasNoProblem(t *testing.T) {
	w := newWorld(1)
	w.keep()
	expect(t, w.verify(w.sign()))
}

// A case breaks a log of 20 entries that has checkpoints at 4, 8, 12, 16 and 20.
var brokenCases = []struct {
	name  string
	wreck func(w *world)
	want  []string
}{
	{"an edited header", func(w *world) { w.entries[7].Entry.Actor = "usr_other" }, []string{"edited 7"}},
	{"an edited time", func(w *world) { w.entries[0].Entry.At++ }, []string{"edited 0"}},
	{"an edited field", func(w *world) { w.entries[7].Openings[1].Value = "Other" }, []string{"edited 7"}},
	{"an edited leaf hash", func(w *world) { w.entries[19].StoredLeafHash[0]++ }, []string{"edited 19"}},
	{"a header and its leaf hash edited", func(w *world) {
		s := &w.entries[7]
		s.Entry.Actor = "usr_other"
		s.StoredLeafHash = audit.LeafHash(s.Entry.Leaf())
	}, []string{"edited 7"}},
	{"two entries edited", func(w *world) { w.entries[3].Entry.At++; w.entries[9].Entry.At++ }, []string{"edited 3", "edited 9"}},
	{"an entry that cannot be read", func(w *world) { w.entries[7].Damaged = "no sum" }, []string{"edited 7"}},
	{"a field without its opening", func(w *world) { w.entries[7].Openings = w.entries[7].Openings[1:] }, []string{"edited 7"}},
	{"an opening of nothing", func(w *world) {
		w.entries[7].Openings = append(w.entries[7].Openings, audit.Opening{Name: "field:x", Salt: make([]byte, 16)})
	}, []string{"edited 7"}},
	{"a value blanked without a record", func(w *world) {
		w.entries[7].Openings[0] = audit.Opening{Name: w.entries[7].Openings[0].Name}
	}, []string{"edited 7"}},
	{"the first entry deleted", func(w *world) { w.entries = w.entries[1:] }, []string{"deleted 0"}},
	{"an entry deleted", func(w *world) { w.entries = slices.Delete(w.entries, 7, 8) }, []string{"deleted 7"}},
	{"three entries deleted", func(w *world) { w.entries = slices.Delete(w.entries, 7, 10) }, []string{"deleted 7"}},
	{"an entry deleted and the rest renumbered", func(w *world) {
		w.entries = slices.Delete(w.entries, 7, 8)
		renumber(w)
	}, []string{"deleted 7"}},
	{"two entries deleted apart and the rest renumbered", func(w *world) {
		w.entries = slices.Delete(w.entries, 12, 13)
		w.entries = slices.Delete(w.entries, 7, 8)
		renumber(w)
	}, []string{"deleted 7", "deleted 12"}},
	{"neighbours swapped with their hashes", func(w *world) { exchange(w, 7, 8, true) }, []string{"swapped 7", "swapped 8"}},
	{"neighbours swapped, hashes left", func(w *world) { exchange(w, 7, 8, false) }, []string{"swapped 7", "swapped 8"}},
	{"distant entries swapped with their hashes", func(w *world) { exchange(w, 1, 18, true) }, []string{"swapped 1", "swapped 18"}},
	{"distant entries swapped, hashes left", func(w *world) { exchange(w, 1, 18, false) }, []string{"swapped 1", "swapped 18"}},
	{"first and last swapped", func(w *world) { exchange(w, 0, 19, true) }, []string{"swapped 0", "swapped 19"}},
	{"an entry moved up and others closed in", func(w *world) {
		s := w.entries[5]
		w.entries = slices.Insert(slices.Delete(w.entries, 5, 6), 8, s)
		renumber(w)
	}, []string{"swapped 5", "swapped 8"}},
	{"an entry put in and the rest moved on", func(w *world) {
		s := w.entries[7]
		s.Entry.RequestID = "req_new"
		s.StoredLeafHash = audit.LeafHash(s.Entry.Leaf())
		w.entries = slices.Insert(w.entries, 7, s)
		renumber(w)
	}, []string{"edited 7"}},
	{"an entry overwritten by a copy of another", func(w *world) {
		w.entries[7] = w.entries[3]
		w.entries[7].Idx = 7
	}, []string{"edited 7"}},
	{"a wild index", func(w *world) {
		s := w.entries[7]
		s.Idx += 1 << 40
		w.entries = append(slices.Delete(w.entries, 7, 8), s)
	}, []string{"edited 1099511627783"}},
	{"an index that cannot be", func(w *world) {
		s := w.entries[7]
		s.Idx = -1 << 63
		w.entries = slices.Insert(slices.Delete(w.entries, 7, 8), 0, s)
	}, []string{"edited -9223372036854775808", "deleted 7"}},
	{"an index given twice", func(w *world) { w.entries = slices.Insert(w.entries, 7, w.entries[7]) }, []string{"edited 7"}},
	{"the tail cut off", func(w *world) { w.entries = w.entries[:15] }, []string{"truncated 15"}},
	{"everything cut off", func(w *world) { w.entries = nil }, []string{"truncated 0"}},
	{"the tail and the head cut off", func(w *world) {
		w.entries = w.entries[:15]
		w.rehash()
	}, []string{"truncated 15"}},
	{"an entry beyond the head", func(w *world) {
		head, nodes := w.tree.Clone(), w.nodes
		w.system(4, "Beyond")
		w.tree, w.nodes = *head, nodes
	}, []string{"edited 20"}},
	{"a row and all hashes after it rewritten", func(w *world) {
		w.entries[9].Entry.Actor = "usr_other"
		w.rehash()
	}, []string{"rewritten 8"}},
	{"the first entry and all hashes after it rewritten", func(w *world) {
		w.entries[0].Entry.Actor = "usr_other"
		w.rehash()
	}, []string{"rewritten 0"}},
	{"a node of the tree edited", func(w *world) { w.nodes[audit.StoredHashIndex(2, 1)].Hash[3]++ }, []string{"edited 7"}},
	{"a leaf node of the tree edited", func(w *world) { w.nodes[audit.StoredHashIndex(0, 6)].Hash[3]++ }, []string{"edited 6"}},
	{"a node of the tree deleted", func(w *world) { w.nodes = slices.Delete(w.nodes, 5, 6) }, []string{"edited 3"}},
	{"the head's hashes edited", func(w *world) { w.tree.Hashes[1][0]++ }, []string{"edited -1"}},
	{"a kept checkpoint edited", func(w *world) { w.kept[1].Note[20]++ }, []string{"signature -1"}},
	{"a kept checkpoint filed under another size", func(w *world) { w.kept[1].Size = 9 }, []string{"signature -1"}},
	{"a checkpoint of another key", func(w *world) {
		other := w.clone()
		other.signer, _ = tlog.NewSigner(key(7))
		w.kept[4].Note = other.sign()
	}, []string{"signature -1"}},
	{"the entries of another log", func(w *world) {
		other := newWorld(42)
		other.logID = "ins_other"
		other.add(audit.InstanceCreated, "", nil)
		w.entries, w.nodes, w.kept, w.rows, w.tree = other.entries, other.nodes, nil, nil, other.tree
	}, []string{"edited 0"}},
	{"a changed row", func(w *world) { w.rows["row:system/sys_3"][1].Value = "Other" }, []string{"row_changed 18"}},
	{"a missing row", func(w *world) { delete(w.rows, "row:system/sys_3") }, []string{"row_missing 18"}},
	{"a row that no entry speaks of", func(w *world) { w.rows["row:system/sys_9"] = w.rows["row:system/sys_3"] }, []string{"row_unlogged -1"}},
	{"a row whose salt is gone", func(w *world) { w.entries[18].Openings[2].Salt = nil }, []string{"row_changed 18"}},
	{"the salt of a row that changed since", func(w *world) { w.entries[3].Openings[2].Salt[5]++ }, []string{"edited 3"}},
}

func renumber(w *world) {
	for i := range w.entries {
		w.entries[i].Idx, w.entries[i].Entry.Index = int64(i), int64(i)
	}
}

func exchange(w *world, a, b int, withHash bool) {
	x, y := &w.entries[a], &w.entries[b]
	x.Entry, y.Entry = y.Entry, x.Entry
	x.Openings, y.Openings = y.Openings, x.Openings
	x.Entry.Index, y.Entry.Index = x.Idx, y.Idx
	if withHash {
		x.StoredLeafHash, y.StoredLeafHash = y.StoredLeafHash, x.StoredLeafHash
	}
}

func TestEveryWayToBreakALogIsFoundAndNamed(t *testing.T) {
	for _, c := range brokenCases {
		t.Run(c.name, func(t *testing.T) {
			w := grown(20)
			head := w.head()
			c.wreck(w)
			if c.name == "everything cut off" || strings.HasPrefix(c.name, "the tail cut") {
				w.tree = *mustFrontier(head.Frontier)
			}
			r := w.verify()
			logOnly := slices.DeleteFunc(slices.Clone(r.Problems), func(p tlog.Problem) bool { return strings.HasPrefix(p.Kind, "row_") })
			if len(logOnly) > 0 && !strings.Contains(c.name, "row ") {
				r.Problems = logOnly // rows that a missing entry spoke of are reported too
			}
			expect(t, r, c.want...)
		})
	}
}

func mustFrontier(b []byte) *audit.Frontier {
	f, err := audit.UnmarshalFrontier(b)
	if err != nil {
		panic(err)
	}
	return f
}

func TestADeletedRowMayNotComeBack(t *testing.T) {
	w := grown(12)
	gone := w.rows["row:system/sys_3"]
	w.add(audit.SystemChanged, "sys_3", nil, change{"row:system/sys_3", nil})
	expect(t, w.verify())
	w.rows["row:system/sys_3"] = gone
	expect(t, w.verify(), "row_unlogged 12")
}

func TestValuesErasedOnRecordAreNoProblem(t *testing.T) {
	w := grown(12)
	opening := &w.entries[5].Openings[0]
	erasure := []audit.Erasure{{Index: 5, Name: opening.Name}}
	opening.Salt, opening.Value = nil, ""
	expect(t, w.verify(), "edited 5")
	early := w.clone()
	w.add(audit.LogValuesErased, "", map[string]string{"erased": audit.FormatErasures(erasure), "rule": "addresses, 90 days"})
	r := w.verify()
	expect(t, r)
	if r.Erased != 1 {
		t.Errorf("%d values erased, want 1", r.Erased)
	}
	early.add(audit.LogValuesErased, "", map[string]string{"erased": audit.FormatErasures([]audit.Erasure{{Index: 6, Name: opening.Name}})})
	expect(t, early.verify(), "edited 5")
	w.entries[5].Openings[0].Value = "put back without its salt"
	expect(t, w.verify(), "edited 5")
}

func TestACheckpointHeldElsewhereShowsATruncatedLog(t *testing.T) {
	w := grown(20)
	given := w.sign()
	w.entries, w.kept = w.entries[:15], w.kept[:3]
	w.rehash()
	w.rows = rowsOf(15)
	expect(t, w.verify())
	expect(t, w.verify(given), "truncated 15")
}

func rowsOf(n int) map[string][]audit.Column { return grown(n).rows }

func TestACheckpointHeldElsewhereShowsAFork(t *testing.T) {
	a := grown(10)
	b := a.clone()
	for i := range 8 {
		a.system(i, "ours")
		b.system(i, "theirs")
	}
	b.keep()
	expect(t, b.verify())
	expect(t, b.verify(a.sign()), "forked 8")
	expect(t, b.verify(b.sign(), a.sign()), "forked 8")
}

func TestACheckpointHeldElsewhereFromBeforeARestoreShowsAFork(t *testing.T) {
	w := newWorld(42)
	w.add(audit.InstanceCreated, "", nil)
	for i := range 5 {
		w.system(i, "before")
	}
	restored := w.clone()
	w.system(0, "lost")
	w.system(1, "lost")
	given := w.sign()
	restored.add(audit.EpochOpened, "", map[string]string{"size": "6"})
	restored.system(0, "after")
	expect(t, restored.verify())
	expect(t, restored.verify(given), "forked 6")
}

func TestACheckpointHeldElsewhereShowsARewrittenHistory(t *testing.T) {
	w := grown(20)
	given := w.sign()
	for i := range w.entries {
		w.entries[i].Entry.Actor = "usr_other"
	}
	w.rehash()

	t.Run("by somebody without the signing key who left the checkpoints", func(t *testing.T) {
		expect(t, w.verify(given), "rewritten 0", "rewritten 0")
	})
	t.Run("by somebody without the signing key who removed the checkpoints", func(t *testing.T) {
		w := w.clone()
		w.kept = nil
		expect(t, w.verify())
		expect(t, w.verify(given), "rewritten 0")
	})
	t.Run("by a holder of the signing key", func(t *testing.T) {
		w := w.clone()
		w.kept = nil
		w.keep()
		expect(t, w.verify())
		expect(t, w.verify(given), "rewritten 0")
	})
	t.Run("by somebody who replaced the signing key", func(t *testing.T) {
		w := w.clone()
		w.signer, _ = tlog.NewSigner(key(9))
		w.kept = nil
		w.keep()
		expect(t, w.verify(given), "signature -1")
	})
}

func TestALateRewriteThatLeavesAnEarlierCheckpointIsAnInternalContradiction(t *testing.T) {
	w := grown(20)
	given := w.sign()
	w.entries[9].Entry.Actor = "usr_other"
	w.rehash()
	expect(t, w.verify(given), "rewritten 8", "rewritten 8")
}

func TestCheckpointsOfAFormerKeyStillCount(t *testing.T) {
	w := grown(8)
	former := w.vkey()
	w.signer, _ = tlog.NewSigner(key(9))
	w.add(audit.LogKeyRotated, "", map[string]string{"before": former, "after": w.vkey()})
	w.keep()
	expect(t, w.verifyWith(w.head(), []string{w.vkey(), former}))
	expect(t, w.verify(), "signature -1", "signature -1")
}

func TestAnEmptyHeadIsFoundByTheCheckpoints(t *testing.T) {
	w := grown(20)
	w.entries, w.nodes, w.tree, w.rows = nil, nil, audit.Frontier{}, nil
	expect(t, w.verify(), "truncated 0")
}

func TestAHeadThatDiffersIsFound(t *testing.T) {
	w := grown(18)
	good := w.head()
	for i := range good.Frontier {
		head := tlog.Head{N: good.N, Frontier: bytes.Clone(good.Frontier)}
		head.Frontier[i] ^= 4
		if r := w.verifyWith(head, []string{w.vkey()}); r.OK() {
			t.Errorf("byte %d of the head's hashes may be changed", i)
		}
	}
	for _, n := range []int64{0, 17, 19, -1, 1 << 60} {
		if r := w.verifyWith(tlog.Head{N: n, Frontier: good.Frontier}, []string{w.vkey()}); r.OK() {
			t.Errorf("the head may say %d entries", n)
		}
	}
	expect(t, w.verifyWith(tlog.Head{N: good.N}, []string{w.vkey()}), "edited -1")
}

// flips lists every byte of every column of the stored log as a function that
// changes it.
func flips(w *world, by byte) (out []func()) {
	b := func(s []byte) {
		for i := range s {
			out = append(out, func() { s[i] ^= by })
		}
	}
	text := func(p *string) {
		for i := range *p {
			out = append(out, func() { c := []byte(*p); c[i] ^= by; *p = string(c) })
		}
	}
	for i := range w.entries {
		s := &w.entries[i]
		e := &s.Entry
		for bit := range 8 {
			out = append(out, func() { e.At ^= int64(by) << (8 * bit) })
			out = append(out, func() { s.Idx ^= int64(by) << (8 * bit); e.Index = s.Idx })
		}
		action := string(e.Action)
		for j := range action {
			out = append(out, func() { c := []byte(action); c[j] ^= by; e.Action = audit.Action(c) })
		}
		for _, p := range []*string{&e.LogID, &e.Actor, &e.ActorKind, &e.Strength, &e.Organisation, &e.TargetType, &e.Target, &e.Outcome, &e.RequestID} {
			text(p)
		}
		for j := range e.Commitments {
			text(&e.Commitments[j].Name)
			b(e.Commitments[j].Sum[:])
		}
		for j := range s.Openings {
			text(&s.Openings[j].Name)
			text(&s.Openings[j].Value)
			b(s.Openings[j].Salt)
		}
		b(s.StoredLeafHash[:])
	}
	for i := range w.nodes {
		b(w.nodes[i].Hash[:])
	}
	for i := range w.kept {
		b(w.kept[i].Note)
	}
	return out
}

func TestAnySingleByteChangedInAnyStoredColumnIsFound(t *testing.T) {
	for _, by := range []byte{1, 128} {
		base := grown(9)
		n := len(flips(base.clone(), by))
		for i := range n {
			w := base.clone()
			flips(w, by)[i]()
			slices.SortStableFunc(w.entries, func(a, b tlog.Stored) int { return int(min(max(a.Idx-b.Idx, -1), 1)) })
			if r := w.verify(); r.OK() {
				t.Fatalf("change %d of %d by %d is not found", i, n, by)
			}
		}
		if n < 3000 {
			t.Fatalf("only %d bytes were tried", n)
		}
	}
}

func TestDeletionsAndExchangesAreNamedWhereverTheyAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 60).Draw(t, "entries")
		w := grown(n)
		a := rapid.IntRange(0, n-2).Draw(t, "a")
		b := rapid.IntRange(a+1, n-1).Draw(t, "b")
		var want []string
		switch rapid.IntRange(0, 3).Draw(t, "kind") {
		case 0:
			w.entries = slices.Delete(w.entries, a, a+1)
			want = []string{fmt.Sprintf("deleted %d", a)}
		case 1:
			w.entries = slices.Delete(w.entries, a, a+1)
			renumber(w)
			want = []string{fmt.Sprintf("deleted %d", a)}
		case 2:
			exchange(w, a, b, rapid.Bool().Draw(t, "with hash"))
			want = []string{fmt.Sprintf("swapped %d", a), fmt.Sprintf("swapped %d", b)}
		case 3:
			w.entries = w.entries[:b]
			want = []string{fmt.Sprintf("truncated %d", b)}
		}
		r := w.verify()
		r.Problems = slices.DeleteFunc(r.Problems, func(p tlog.Problem) bool { return strings.HasPrefix(p.Kind, "row_") })
		if got := brief(r); !slices.Equal(got, want) {
			t.Fatalf("found %q, want %q", got, want)
		}
	})
}

func TestTheOrderInWhichPagesAreReadDoesNotMatter(t *testing.T) {
	w := grown(37)
	w.nodes[11].Hash[0]++
	v, err := tlog.NewVerifier(tlog.Trust{LogID: w.logID, Keys: []string{w.vkey()}, Stored: w.kept, Nodes: true})
	if err != nil {
		t.Fatal(err)
	}
	nodes := w.nodes
	for i := range w.entries {
		v.Add(w.entries[i : i+1])
		n := audit.StoredHashIndex(0, int64(i)+1) - int64(len(w.nodes)-len(nodes))
		v.AddHashes(nodes[:n])
		nodes = nodes[n:]
	}
	expect(t, v.Finish(w.head()), "edited 7")
}

func TestManyProblemsAreCountedButNotAllListed(t *testing.T) {
	v, err := tlog.NewVerifier(tlog.Trust{LogID: "ins_test"})
	if err != nil {
		t.Fatal(err)
	}
	batch := make([]tlog.Stored, 12_000)
	for i := range batch {
		batch[i] = tlog.Stored{Idx: int64(i), Damaged: "no columns"}
	}
	v.Add(batch)
	if r := v.Finish(tlog.Head{N: 12_000}); len(r.Problems) != 10_000 || r.Omitted < 2000 || r.OK() {
		t.Fatalf("%d listed, %d omitted", len(r.Problems), r.Omitted)
	}
}

func TestAVerifierKeyThatCannotBeReadIsAnError(t *testing.T) {
	if _, err := tlog.NewVerifier(tlog.Trust{LogID: "x", Keys: []string{"nonsense"}}); err == nil {
		t.Fatal("it was taken")
	}
}
