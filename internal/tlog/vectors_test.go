package tlog_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/tlog"
)

var update = flag.Bool("update", false, "write testdata/vectors anew")

// vector is one file of testdata/vectors, for whoever writes another verifier.
// docs/log.md explains it.
type vector struct {
	Name        string        `json:"name"`
	LogID       string        `json:"log"`
	Keys        []string      `json:"verifier_keys"`
	Entries     []vectorEntry `json:"entries"`
	Nodes       []string      `json:"nodes"`
	Head        vectorHead    `json:"head"`
	Checkpoints []vectorKept  `json:"checkpoints"`
	Given       []string      `json:"given"`
	Rows        []vectorRow   `json:"rows"`
	Expect      []vectorWant  `json:"expect"`
}

type vectorEntry struct {
	Idx      int64           `json:"idx"`
	Leaf     string          `json:"leaf"` // the columns, in the form of a leaf
	LeafHash string          `json:"leaf_hash"`
	Openings []vectorOpening `json:"openings"`
}

type vectorOpening struct {
	Name  string `json:"name"`
	Salt  string `json:"salt"`
	Value string `json:"value"`
}

type vectorHead struct {
	N        int64  `json:"n"`
	Frontier string `json:"frontier"`
}

type vectorKept struct {
	Size int64  `json:"size"`
	Note string `json:"note"`
}

type vectorRow struct {
	Table   string         `json:"table"`
	Key     string         `json:"key"`
	Columns []vectorColumn `json:"columns"`
}

type vectorColumn struct {
	Name    string `json:"name"`
	Integer *int64 `json:"integer,omitempty"`
	Text    string `json:"text,omitempty"`
}

type vectorWant struct {
	Index int64  `json:"index"`
	Kind  string `json:"kind"`
}

type vectorCase struct {
	name  string
	wreck func(w *world) (given [][]byte)
	want  []vectorWant
}

func plain(f func(w *world)) func(w *world) [][]byte {
	return func(w *world) [][]byte { f(w); return nil }
}

var vectorCases = []vectorCase{
	{"sound", func(w *world) [][]byte { return [][]byte{w.sign()} }, nil},
	{"edited-header", plain(func(w *world) { w.entries[5].Entry.Actor = "usr_other" }), []vectorWant{{5, "edited"}}},
	{"edited-value", plain(func(w *world) { w.entries[5].Openings[1].Value = "Other" }), []vectorWant{{5, "edited"}}},
	{"edited-with-leaf-hash", plain(func(w *world) {
		w.entries[5].Entry.Actor = "usr_other"
		w.entries[5].StoredLeafHash = audit.LeafHash(w.entries[5].Entry.Leaf())
	}), []vectorWant{{5, "edited"}}},
	{"erased-unrecorded", plain(func(w *world) {
		w.entries[5].Openings[0] = audit.Opening{Name: w.entries[5].Openings[0].Name}
	}), []vectorWant{{5, "edited"}}},
	{"erased-on-record", plain(func(w *world) {
		w.entries[5].Openings[0] = audit.Opening{Name: w.entries[5].Openings[0].Name}
		w.add(audit.LogValuesErased, "", map[string]string{"erased": audit.FormatErasures([]audit.Erasure{{Index: 5, Name: "field:address"}})})
	}), nil},
	{"deleted", plain(func(w *world) { w.entries = slices.Delete(w.entries, 2, 3) }), []vectorWant{{2, "deleted"}}},
	{"deleted-renumbered", plain(func(w *world) { w.entries = slices.Delete(w.entries, 2, 3); renumber(w) }), []vectorWant{{2, "deleted"}}},
	{"swapped", plain(func(w *world) { exchange(w, 1, 6, true) }), []vectorWant{{1, "swapped"}, {6, "swapped"}}},
	{"swapped-hashes-left", plain(func(w *world) { exchange(w, 1, 6, false) }), []vectorWant{{1, "swapped"}, {6, "swapped"}}},
	{"truncated", plain(func(w *world) { w.entries, w.rows = w.entries[:6], rowsOf(6) }), []vectorWant{{6, "truncated"}}},
	{"truncated-everywhere", func(w *world) [][]byte {
		given := w.sign()
		w.entries, w.kept, w.rows = w.entries[:6], w.kept[:1], rowsOf(6)
		w.rehash()
		return [][]byte{given}
	}, []vectorWant{{6, "truncated"}}},
	{"rewritten", plain(func(w *world) { w.entries[5].Entry.Actor = "usr_other"; w.rehash() }), []vectorWant{{4, "rewritten"}}},
	{"rewritten-by-the-key-holder", func(w *world) [][]byte {
		given := w.sign()
		w.entries[0].Entry.Actor, w.kept = "usr_other", nil
		w.rehash()
		w.keep()
		return [][]byte{given}
	}, []vectorWant{{0, "rewritten"}}},
	{"forked", func(w *world) [][]byte {
		other := w.clone()
		other.system(1, "theirs")
		w.system(1, "ours")
		w.keep()
		return [][]byte{other.sign()}
	}, []vectorWant{{8, "forked"}}},
	{"forked-by-a-restore", func(w *world) [][]byte {
		other := w.clone()
		other.system(1, "lost")
		w.add(audit.EpochOpened, "", nil)
		return [][]byte{other.sign()}
	}, []vectorWant{{8, "forked"}}},
	{"signature", func(w *world) [][]byte {
		given := w.sign()
		given[len(given)-10] ^= 1
		return [][]byte{given}
	}, []vectorWant{{-1, "signature"}}},
	{"row-changed", plain(func(w *world) { w.rows["row:system/sys_3"][1].Value = "Other" }), []vectorWant{{3, "row_changed"}}},
	{"row-missing", plain(func(w *world) { delete(w.rows, "row:system/sys_3") }), []vectorWant{{3, "row_missing"}}},
	{"row-unlogged", plain(func(w *world) { w.rows["row:system/sys_9"] = w.rows["row:system/sys_3"] }), []vectorWant{{-1, "row_unlogged"}}},
}

func TestTheGoldenVectorsAreWhatTheCodeMakesAndFinds(t *testing.T) {
	for _, c := range vectorCases {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join("testdata", "vectors", c.name+".json")
			want := encodeVector(c)
			if *update {
				if err := os.WriteFile(file, want, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			got, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Fatalf("%s differs (run with -update and read the difference):\n%s", file, diff)
			}
			var v vector
			dec := json.NewDecoder(bytes.NewReader(got))
			dec.DisallowUnknownFields()
			if err := dec.Decode(&v); err != nil {
				t.Fatal(err)
			}
			if found := v.verify(t); !slices.Equal(found, c.want) {
				t.Fatalf("found %v, want %v", found, c.want)
			}
		})
	}
}

func TestEveryVectorFileHasACaseAndTheVectorsCoverEveryKind(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "vectors", "*.json"))
	if err != nil || len(files) != len(vectorCases) {
		t.Errorf("%d files, %d cases, %v", len(files), len(vectorCases), err)
	}
	seen := map[string]bool{tlog.AttachmentChanged: true} // files are no part of the log
	for _, c := range vectorCases {
		for _, w := range c.want {
			seen[w.Kind] = true
		}
	}
	for _, k := range tlog.Kinds() {
		if !seen[k] {
			t.Errorf("no vector for %s", k)
		}
	}
}

func encodeVector(c vectorCase) []byte {
	w := grown(8)
	given := c.wreck(w)
	head := w.head()
	if c.name == "truncated" {
		head = grown(8).head()
	}
	v := vector{Name: c.name, LogID: w.logID, Keys: []string{w.vkey()}, Entries: []vectorEntry{}, Nodes: []string{}, Checkpoints: []vectorKept{},
		Head: vectorHead{head.N, hex.EncodeToString(head.Frontier)}, Given: []string{}, Rows: []vectorRow{}, Expect: append([]vectorWant{}, c.want...)}
	for _, s := range w.entries {
		e := vectorEntry{Idx: s.Idx, Leaf: string(s.Entry.Leaf()), LeafHash: hex.EncodeToString(s.StoredLeafHash[:]), Openings: []vectorOpening{}}
		for _, o := range s.Openings {
			e.Openings = append(e.Openings, vectorOpening{o.Name, hex.EncodeToString(o.Salt), o.Value})
		}
		v.Entries = append(v.Entries, e)
	}
	for _, n := range w.nodes {
		v.Nodes = append(v.Nodes, hex.EncodeToString(n.Hash[:]))
	}
	for _, k := range w.kept {
		v.Checkpoints = append(v.Checkpoints, vectorKept{k.Size, string(k.Note)})
	}
	for _, g := range given {
		v.Given = append(v.Given, string(g))
	}
	for name, columns := range w.rows {
		table, key, _ := strings.Cut(strings.TrimPrefix(name, "row:"), "/")
		row := vectorRow{Table: table, Key: key}
		for _, col := range columns {
			switch x := col.Value.(type) {
			case string:
				row.Columns = append(row.Columns, vectorColumn{Name: col.Name, Text: x})
			case int64:
				row.Columns = append(row.Columns, vectorColumn{Name: col.Name, Integer: &x})
			case bool:
				one := int64(1)
				row.Columns = append(row.Columns, vectorColumn{Name: col.Name, Integer: &one})
			}
		}
		v.Rows = append(v.Rows, row)
	}
	slices.SortFunc(v.Rows, func(a, b vectorRow) int { return strings.Compare(a.Key, b.Key) })
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(v); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// verify reads the file alone, as another implementation would.
func (v vector) verify(t *testing.T) (found []vectorWant) {
	trust := tlog.Trust{LogID: v.LogID, Keys: v.Keys, Nodes: true}
	for _, k := range v.Checkpoints {
		trust.Stored = append(trust.Stored, tlog.Kept{Size: k.Size, Note: []byte(k.Note)})
	}
	for _, g := range v.Given {
		trust.Given = append(trust.Given, []byte(g))
	}
	verifier, err := tlog.NewVerifier(trust)
	if err != nil {
		t.Fatal(err)
	}
	var batch []tlog.Stored
	for _, e := range v.Entries {
		s := tlog.Stored{Idx: e.Idx, StoredLeafHash: [32]byte(unhex(t, e.LeafHash))}
		if s.Entry, err = audit.ParseLeaf([]byte(e.Leaf)); err != nil {
			t.Fatal(err)
		}
		for _, o := range e.Openings {
			s.Openings = append(s.Openings, audit.Opening{Name: o.Name, Salt: unhex(t, o.Salt), Value: o.Value})
		}
		batch = append(batch, s)
	}
	verifier.Add(batch)
	var nodes []audit.StoredHash
	for i, n := range v.Nodes {
		nodes = append(nodes, audit.StoredHash{Index: int64(i), Hash: [32]byte(unhex(t, n))})
	}
	verifier.AddHashes(nodes)
	problems := verifier.Finish(tlog.Head{N: v.Head.N, Frontier: unhex(t, v.Head.Frontier)}).Problems

	rows := tlog.NewRowVerifier()
	rows.Observe(batch)
	for _, r := range v.Rows {
		var columns []audit.Column
		for _, c := range r.Columns {
			if c.Integer != nil {
				columns = append(columns, audit.Column{Name: c.Name, Value: *c.Integer})
			} else {
				columns = append(columns, audit.Column{Name: c.Name, Value: c.Text})
			}
		}
		rows.Row(r.Table, r.Key, audit.EncodeRow(columns))
	}
	rowProblems, _ := rows.Finish()
	for _, p := range append(problems, rowProblems...) {
		if len(v.Entries) > 0 && strings.HasPrefix(p.Kind, "row_") && len(problems) > 0 {
			continue // rows that a missing entry spoke of
		}
		found = append(found, vectorWant{p.Index, p.Kind})
	}
	return found
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
