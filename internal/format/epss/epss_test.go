package epss_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/epss"
)

const plain = "#model_version:v2025.03.14,score_date:2026-01-31T00:00:00+0000\ncve,epss,percentile\nCVE-2026-0002,0.5,0.9\nCVE-2026-0001,0.00043,1.0\n"

func packed(s string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(s)) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

func parse(b []byte) (advisory.Predictions, error) {
	return epss.Parse(bytes.NewReader(b), budget.Limits{})
}

func TestParseReadsTheFilePackedOrNot(t *testing.T) {
	want := advisory.Predictions{Model: "v2025.03.14", Scored: time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC).UnixMicro(),
		Rows: []advisory.Prediction{{CVE: "CVE-2026-0001", Probability: 0.00043, Percentile: 1}, {CVE: "CVE-2026-0002", Probability: 0.5, Percentile: 0.9}}}
	for says, doc := range map[string][]byte{"plain": []byte(plain), "packed": packed(plain), "lines of another system": []byte(strings.ReplaceAll(plain, "\n", "\r\n"))} {
		got, err := parse(doc)
		if d := cmp.Diff(want, got); err != nil || d != "" {
			t.Errorf("%s: %v %s", says, err, d)
		}
	}
	got, err := parse([]byte("cve,epss,percentile\nCVE-2026-0001,1,1\n"))
	if p, found := got.Find("CVE-2026-0001"); err != nil || !found || p.Probability != 1 || got.Model != "" {
		t.Errorf("without the first line: %+v, %v", got, err)
	}
	if _, found := got.Find("CVE-2026-0009"); found {
		t.Error("what is not there is found")
	}
}

func TestARowThatCannotBeReadIsCounted(t *testing.T) {
	got, err := parse([]byte(plain + "CVE-2026-0003,2,0\nCVE-2026-0004,NaN,0\nCVE-2026-0005,0.1\nGHSA-1,0,0\nCVE-2026-0001,0.9,0.9\nCVE-2026-0006,0.1,0.2,0.3\n"))
	if err != nil || len(got.Rows) != 2 || got.Broken != 6 || len(got.Faults) != 6 {
		t.Errorf("%+v, %v", got, err)
	}
	if p, _ := got.Find("CVE-2026-0001"); p.Probability != 0.00043 {
		t.Errorf("a second row replaces the first: %+v", p)
	}
}

func TestWhatIsNoSuchFileIsRefused(t *testing.T) {
	whole := packed(plain)
	for says, doc := range map[string][]byte{
		"nothing": nil, "another table": []byte("cveID,x\n"), "a comment only": []byte("#x\n"), "half a gzip file": whole[:len(whole)-10],
		"a gzip head": {0x1f, 0x8b, 0, 0}, "a line without end": []byte("cve,epss,percentile\n" + strings.Repeat("C", 10_000)),
	} {
		if _, err := parse(doc); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", says, err)
		}
	}
	bomb := packed("cve,epss,percentile\n" + strings.Repeat("\n", 1<<20))
	for says, l := range map[string]budget.Limits{"unpacked bytes": {Bytes: 1 << 16}, "rows": {Items: 1}} {
		doc := bomb
		if says == "rows" {
			doc = []byte(plain)
		}
		if _, err := epss.Parse(bytes.NewReader(doc), l); !fault.Is(err, fault.TooLarge) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

func TestDetect(t *testing.T) {
	if !epss.Detect([]byte(plain)) || !epss.Detect([]byte("cve,epss,percentile\n")) || epss.Detect([]byte("cveID,")) {
		t.Error("the file is not told from others")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(plain))
	f.Add(packed(plain))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := epss.Parse(bytes.NewReader(b), budget.Limits{Bytes: 1 << 16, Items: 100})
		if err != nil && fault.Is(err, fault.Internal) {
			t.Fatalf("not a fault: %v", err)
		}
		for _, r := range p.Rows {
			if got, found := p.Find(r.CVE); !found || got != r || r.Probability < 0 || r.Probability > 1 {
				t.Fatalf("%+v is there and not found", r)
			}
		}
	})
}

func BenchmarkParse300000Rows(b *testing.B) {
	var s strings.Builder
	s.WriteString("cve,epss,percentile\n")
	for i := range 300_000 {
		fmt.Fprintf(&s, "CVE-%d-%05d,0.%05d,0.5\n", 2000+i/12_000, i%12_000, i%99_999)
	}
	doc := packed(s.String())
	b.ReportAllocs()
	for b.Loop() {
		p, err := parse(doc)
		if err != nil || len(p.Rows) != 300_000 {
			b.Fatal(len(p.Rows), err)
		}
	}
}
