package tlog_test

import (
	"cmp"
	"crypto/ed25519"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/tlog"
)

// world is a log with its rows, made the way the store makes one and then
// broken the way somebody with the database could.
type world struct {
	logID   string
	signer  *tlog.Signer
	tree    audit.Frontier
	entries []tlog.Stored
	nodes   []audit.StoredHash
	kept    []tlog.Kept
	rows    map[string][]audit.Column // by commitment name
	salts   int
}

func key(n byte) ed25519.PrivateKey { return ed25519.NewKeyFromSeed(slices.Repeat([]byte{n}, 32)) }

func newWorld(seed byte) *world {
	signer, err := tlog.NewSigner(key(seed))
	if err != nil {
		panic(err)
	}
	return &world{logID: "ins_test", signer: signer, rows: map[string][]audit.Column{}}
}

func (w *world) origin() string { return tlog.Origin(w.logID) }

func (w *world) vkey() string {
	k, err := w.signer.VerifierKey(w.origin())
	if err != nil {
		panic(err)
	}
	return k
}

func (w *world) head() tlog.Head {
	b, err := w.tree.MarshalBinary()
	if err != nil {
		panic(err)
	}
	return tlog.Head{N: w.tree.N, Frontier: b}
}

func (w *world) sign() []byte {
	msg, err := w.signer.Sign(w.origin(), w.tree.N, w.tree.Root())
	if err != nil {
		panic(err)
	}
	return msg
}

// keep files a checkpoint of the present state beside the log.
func (w *world) keep() { w.kept = append(w.kept, tlog.Kept{Size: w.tree.N, Note: w.sign()}) }

func (w *world) salt() []byte {
	w.salts++
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s salt %d", w.logID, w.salts)))
	return sum[:audit.SaltSize]
}

// change is a row after a change; nil columns delete it.
type change struct {
	name    string
	columns []audit.Column
}

func (w *world) add(action audit.Action, target string, fields map[string]string, changes ...change) {
	event, _ := audit.Lookup(action)
	i := w.tree.N
	e := audit.Entry{LogID: w.logID, Index: i, At: 1767225600000000 + i*1_000_000, Action: action, Actor: "usr_test",
		ActorKind: "user", Strength: "passkey", Organisation: "org_test", TargetType: event.Target, Target: target,
		Outcome: "done", RequestID: fmt.Sprintf("req_%d", i)}
	var openings []audit.Opening
	commit := func(name, shown string, value []byte) {
		salt := w.salt()
		e.Commitments = append(e.Commitments, audit.Commitment{Name: name, Sum: audit.Commit(name, salt, value)})
		openings = append(openings, audit.Opening{Name: name, Salt: salt, Value: shown})
	}
	names := make([]string, 0, len(fields))
	for f := range fields {
		names = append(names, f)
	}
	slices.Sort(names)
	for _, f := range names {
		commit(audit.FieldName(f), fields[f], []byte(fields[f]))
	}
	for _, c := range changes {
		if c.columns == nil {
			delete(w.rows, c.name)
			commit(c.name, "", nil)
			continue
		}
		w.rows[c.name] = c.columns
		commit(c.name, "", audit.EncodeRow(c.columns))
	}
	slices.SortFunc(e.Commitments, func(a, b audit.Commitment) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(openings, func(a, b audit.Opening) int { return cmp.Compare(a.Name, b.Name) })
	if err := e.Validate(); err != nil {
		panic(err)
	}
	w.put(e, openings)
}

func (w *world) put(e audit.Entry, openings []audit.Opening) {
	h := audit.LeafHash(e.Leaf())
	w.nodes = append(w.nodes, w.tree.Append(h)...)
	w.entries = append(w.entries, tlog.Stored{Idx: e.Index, Entry: e, StoredLeafHash: h, Openings: openings})
}

// system adds an entry about the i-th of five systems.
func (w *world) system(i int, word string) {
	id := fmt.Sprintf("sys_%d", i%5)
	action := audit.SystemChanged
	if _, known := w.rows["row:system/"+id]; !known {
		action = audit.SystemCreated
	}
	w.add(action, id, map[string]string{"name": word, "address": "192.0.2.7"}, change{"row:system/" + id, []audit.Column{
		{Name: "id", Value: id}, {Name: "name", Value: word}, {Name: "version", Value: w.tree.N}, {Name: "open", Value: true}}})
}

// grown is a log of n entries with a checkpoint every four.
func grown(n int) *world {
	w := newWorld(42)
	w.add(audit.InstanceCreated, "", nil)
	for w.tree.N < int64(n) {
		w.system(int(w.tree.N), fmt.Sprintf("System %d", w.tree.N))
		if w.tree.N%4 == 0 {
			w.keep()
		}
	}
	return w
}

// clone copies everything that a test may change.
func (w *world) clone() *world {
	c := *w
	c.tree = *w.tree.Clone()
	c.entries = slices.Clone(w.entries)
	for i := range c.entries {
		s := &c.entries[i]
		s.Entry.Commitments = slices.Clone(s.Entry.Commitments)
		s.Openings = slices.Clone(s.Openings)
		for j := range s.Openings {
			s.Openings[j].Salt = slices.Clone(s.Openings[j].Salt)
		}
	}
	c.nodes, c.kept = slices.Clone(w.nodes), slices.Clone(w.kept)
	for i := range c.kept {
		c.kept[i].Note = slices.Clone(c.kept[i].Note)
	}
	c.rows = map[string][]audit.Column{}
	for k, v := range w.rows {
		c.rows[k] = slices.Clone(v)
	}
	return &c
}

// rehash makes leaf hashes, nodes and head fit the entries again, as somebody
// would who rewrites a row and everything that follows from it.
func (w *world) rehash() {
	entries := w.entries
	w.entries, w.nodes, w.tree = nil, nil, audit.Frontier{}
	for _, s := range entries {
		s.Entry.Index = w.tree.N
		w.put(s.Entry, s.Openings)
	}
}

// verify checks the world as the command does, given checkpoints from elsewhere.
func (w *world) verify(given ...[]byte) tlog.Result {
	return w.verifyWith(w.head(), []string{w.vkey()}, given...)
}

func (w *world) verifyWith(head tlog.Head, keys []string, given ...[]byte) tlog.Result {
	v, err := tlog.NewVerifier(tlog.Trust{LogID: w.logID, Keys: keys, Stored: w.kept, Given: given, Nodes: true})
	if err != nil {
		panic(err)
	}
	rows := tlog.NewRowVerifier()
	for part := range slices.Chunk(w.entries, 3) {
		v.Add(part)
		rows.Observe(part)
	}
	v.AddHashes(w.nodes)
	r := v.Finish(head)
	for name, columns := range w.rows {
		table, key, _ := strings.Cut(strings.TrimPrefix(name, "row:"), "/")
		rows.Row(table, key, audit.EncodeRow(columns))
	}
	problems, omitted := rows.Finish()
	r.Problems, r.Omitted = append(r.Problems, problems...), r.Omitted+omitted
	return r
}

// brief gives problems as "kind index", for comparing.
func brief(r tlog.Result) []string {
	out := []string{}
	for _, p := range r.Problems {
		out = append(out, fmt.Sprintf("%s %d", p.Kind, p.Index))
	}
	return out
}

func expect(t *testing.T, r tlog.Result, want ...string) {
	t.Helper()
	if got := brief(r); !slices.Equal(got, want) {
		t.Errorf("found %q, want %q\n%+v", got, want, r)
	}
}
