package sarif_test

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/sarif"
)

// repeated gives before, then n pieces, then after, without holding them.
func repeated(before string, n int, piece func(i int) string, after string) io.Reader {
	i := -1
	var rest string
	return readerFunc(func(p []byte) (int, error) {
		for rest == "" {
			switch {
			case i < 0:
				rest = before
			case i < n:
				rest = piece(i)
			case i == n:
				rest = after
			default:
				return 0, io.EOF
			}
			i++
		}
		k := copy(p, rest)
		rest = rest[k:]
		return k, nil
	})
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

const head, tail = `{"version":"2.1.0","runs":[{"results":[`, `{"message":{"text":"m"}}],"tool":{"driver":{"name":"x"}}}]}`

func TestTruncatedAnywhereIsRefused(t *testing.T) {
	sound := run(driver + "," + rest + "," + results)
	for n := range len(sound) {
		if _, _, err := parse(sound[:n]); err == nil {
			t.Fatalf("%d of %d bytes were accepted", n, len(sound))
		}
	}
}

func TestALargeLogCostsLittleMemory(t *testing.T) {
	const n = 40_000
	code := strings.Repeat(`{"location":{"message":{"text":"step"}}},`, 20)
	in := repeated(head, n, func(i int) string {
		return fmt.Sprintf(`{"ruleId":"r%d","message":{"text":"finding %d"},"codeFlows":[{"threadFlows":[{"locations":[%s{}]}]}]},`, i%500, i, code)
	}, tail)
	peak := uint64(0)
	read := 0
	scans, _, err := sarif.Parse(readerFunc(func(p []byte) (int, error) {
		if read++; read%500 == 0 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
		return in.Read(p)
	}), budget.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if s := scans[0]; s.Total != n+1 || s.Open["warning"] != n+1 || len(s.First) != fact.MaxResults || s.ByRule["r7"] != n/500 {
		t.Errorf("total %d, open %v, first %d", s.Total, s.Open, len(s.First))
	}
	if peak == 0 || peak > 64<<20 {
		t.Errorf("the heap grew to %d MB", peak>>20)
	}
}

func TestVeryManyRulesThinOutWhatIsKeptAndCountAll(t *testing.T) {
	const rules, each = 5_000, 12
	in := repeated(head, rules*each, func(i int) string {
		return fmt.Sprintf(`{"ruleId":"r%d","level":"note","message":{"text":"m"}},`, i%rules)
	}, tail)
	scans, _, err := sarif.Parse(in, budget.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if s := scans[0]; s.Open["note"] != rules*each || len(s.ByRule) != fact.MaxRules || s.ByRule["r1"] != each || len(s.First) != fact.MaxResults || s.First[0].Level != "warning" {
		t.Errorf("open %v, %d rules, %d first", s.Open, len(s.ByRule), len(s.First))
	}
}

func TestBeyondALimitIsRefused(t *testing.T) {
	number := func(format string) func(int) string { return func(i int) string { return fmt.Sprintf(format, i) } }
	same := func(s string) func(int) string { return func(int) string { return s } }
	for _, c := range []struct {
		name   string
		in     io.Reader
		limits budget.Limits
		says   string
	}{
		{"results", repeated(head, 1_000_000, same(`{},`), tail), budget.Limits{Items: 100_000}, "more than 100000"},
		{"rules among the results", repeated(head, 110_000, number(`{"ruleId":"r%d"},`), tail), budget.Limits{}, "rules"},
		{"rules", repeated(`{"version":"2.1.0","runs":[{"tool":{"driver":{"rules":[`, 110_000, number(`{"id":"%d"},`), `{}]}}}]}`), budget.Limits{}, "rules"},
		{"runs", repeated(`{"version":"2.1.0","runs":[`, 1_100, same(`{},`), `{}]}`), budget.Limits{}, "runs"},
		{"extensions", repeated(`{"version":"2.1.0","runs":[{"tool":{"extensions":[`, 1_100, same(`{},`), `{}]}}]}`), budget.Limits{}, "parts of a tool"},
		{"overrides", repeated(`{"version":"2.1.0","runs":[{"invocations":[{"ruleConfigurationOverrides":[`, 110_000, same(`{},`), `{}]}]}]}`), budget.Limits{}, "overrides"},
		{"references to taxonomies", repeated(head, 110_000, same(`{"taxa":[{"id":"1"}]},`), tail), budget.Limits{}, "taxonomies"},
		{"a long text", strings.NewReader(run(`"tool":{"driver":{"name":"` + strings.Repeat("x", 2000) + `"}}`)), budget.Limits{Text: 1000}, "longer than 1000 bytes"},
		{"bytes", repeated(head, 100_000, same(`{"message":{"text":"m"}},`), tail), budget.Limits{Bytes: 1 << 20}, "longer than 1 MB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := sarif.Parse(c.in, c.limits)
			if !fault.Is(err, fault.TooLarge) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want too_large saying %q", err, c.says)
			}
		})
	}
}

func TestFaultsAreCountedAndNotAllListed(t *testing.T) {
	_, faults, err := sarif.Parse(repeated(head, 5_000, func(int) string { return `{},` }, tail), budget.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if last := faults[len(faults)-1]; len(faults) != 1001 || last.Rule != "more-faults" || !strings.Contains(last.Detail, "4000") {
		t.Errorf("%d faults, the last %+v", len(faults), last)
	}
}

func TestArgumentsThatNameEachOtherDoNotGrow(t *testing.T) {
	all := strings.Repeat("{0}{1}{2}", 33)
	s := scan(t, run(`"tool":{"driver":{"name":"x","rules":[{"id":"r","messageStrings":{"d":{"text":"`+all+`"}}}]}},
	 "results":[{"ruleId":"r","message":{"id":"d","arguments":["`+all+`","`+all+`","`+all+`"]}}]`))
	if n := len([]rune(s.First[0].Message)); n > 300 {
		t.Errorf("a message of %d characters", n)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(run(driver + "," + rest + "," + results)))
	f.Add([]byte(run(results + "," + driver)))
	f.Add([]byte(run(`"tool":{"driver":null,"extensions":[null,{}]},"results":[null,{"rule":{"index":-5,"toolComponent":{"index":99999999999}}}],"taxonomies":[{"taxa":[{}]}]`)))
	f.Add([]byte("\xef\xbb\xbf" + run(`"results":[{"level":7,"kind":[],"suppressions":{},"locations":[[]],"message":"x"}]`)))
	f.Add([]byte(`{"runs":null,"version":"2.1.0"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		sarif.Detect(b)
		scans, _, err := sarif.Parse(bytes.NewReader(b), budget.Limits{Bytes: 1 << 16})
		if err != nil {
			if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) && !fault.Is(err, fault.Unsupported) {
				t.Errorf("an error that is no fault: %v", err)
			}
			return
		}
		for _, s := range scans {
			open := 0
			for _, n := range s.Open {
				open += n
			}
			if open+s.Suppressed+s.Passed+s.Absent != s.Total || s.Unchanged > open || s.Severe > open {
				t.Errorf("the counts do not add up: %+v", s)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	text := run(driver + "," + rest + `,"results":[` + strings.Repeat(`{"ruleId":"go/sql-injection","ruleIndex":0,"message":{"text":"tainted"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"db.go","index":0},"region":{"startLine":7,"startColumn":3}}}],"partialFingerprints":{"primaryLocationLineHash":"39fa2ee980eb94b0:1"}},`, 20_000) + `{"message":{"text":"m"}}]`)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, _, err := parse(text); err != nil {
			b.Fatal(err)
		}
	}
}
