package tlog_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/tlog"
)

var errReader = errors.New("the reader does not read")

// BenchmarkVerify verifies 20,000 entries with two fields and a row each, their
// nodes and rows, and reports entries a second. Run it under GOMAXPROCS=1 for one
// core.
func BenchmarkVerify(b *testing.B) {
	w := grown(20_000)
	w.kept = nil
	w.keep()
	rows := map[string][]byte{}
	for name, columns := range w.rows {
		rows[name[len("row:system/"):]] = audit.EncodeRow(columns)
	}
	b.ReportAllocs()
	for b.Loop() {
		v, err := tlog.NewVerifier(tlog.Trust{LogID: w.logID, Keys: []string{w.vkey()}, Stored: w.kept, Nodes: true})
		if err != nil {
			b.Fatal(err)
		}
		r := tlog.NewRowVerifier()
		nodes := w.nodes
		for part := range slices.Chunk(w.entries, 1000) {
			v.Add(part)
			r.Observe(part)
			n := audit.StoredHashIndex(0, part[len(part)-1].Idx+1) - int64(len(w.nodes)-len(nodes))
			v.AddHashes(nodes[:n])
			nodes = nodes[n:]
		}
		for key, encoded := range rows {
			r.Row("system", key, encoded)
		}
		problems, _ := r.Finish()
		if res := v.Finish(w.head()); !res.OK() || len(problems) > 0 {
			b.Fatalf("%+v %+v", res, problems)
		}
	}
	b.ReportMetric(float64(b.N)*float64(len(w.entries))/b.Elapsed().Seconds(), "entries/s")
}

// BenchmarkVerifyRows verifies 100,000 different rows.
func BenchmarkVerifyRows(b *testing.B) {
	const n = 100_000
	salt := make([]byte, audit.SaltSize)
	encoded := audit.EncodeRow([]audit.Column{{Name: "id", Value: "x"}, {Name: "text", Value: "some sixty letters of text, which is what an answer may have, more or less"}})
	var batch []tlog.Stored
	keys := make([]string, n)
	for i := range n {
		keys[i] = "org_1/asm_1/" + string(rune('a'+i%26)) + string(rune('a'+i/26%26)) + string(rune('a'+i/676%26)) + string(rune('a'+i/17576))
		name := audit.RowName("response", keys[i])
		batch = append(batch, tlog.Stored{Idx: int64(i),
			Entry:    audit.Entry{Commitments: []audit.Commitment{{Name: name, Sum: audit.Commit(name, salt, encoded)}}},
			Openings: []audit.Opening{{Name: name, Salt: salt}}})
	}
	b.ReportAllocs()
	for b.Loop() {
		r := tlog.NewRowVerifier()
		r.Observe(batch)
		for _, key := range keys {
			r.Row("response", key, encoded)
		}
		if problems, _ := r.Finish(); len(problems) > 0 {
			b.Fatal(problems[0])
		}
	}
	b.ReportMetric(float64(b.N)*n/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkSign(b *testing.B) {
	w := grown(3)
	for b.Loop() {
		w.sign()
	}
}
