package sarif_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/sarif"
)

var update = flag.Bool("update", false, "write testdata/corpus.txt")

// TestCorpusEveryLogIsJudgedAsTheTableSays reads logs of real tools, of tutorials
// and of a validator. testdata/corpus.txt says of each what becomes of it and why.
func TestCorpusEveryLogIsJudgedAsTheTableSays(t *testing.T) {
	const table = "testdata/corpus.txt"
	got := []string{}
	each(t, func(name string, b []byte) {
		scans, faults, err := sarif.Parse(bytes.NewReader(b), budget.Limits{})
		got = append(got, name+"\n\t"+verdict(scans, faults, err))
	})
	text := strings.Join(got, "\n") + "\n"
	if *update {
		if err := os.WriteFile(table, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != text {
		lines := strings.Split(string(want), "\n")
		for i, line := range strings.Split(text, "\n") {
			if i >= len(lines) || lines[i] != line {
				t.Fatalf("%s, line %d: got\n%s\nRun with -update and read the difference.", table, i+1, line)
			}
		}
		t.Fatalf("%s has more lines", table)
	}
	if len(got) != 199 {
		t.Errorf("%d logs, want 199", len(got))
	}
}

func verdict(scans []fact.Scan, faults []fact.Fault, err error) string {
	if err != nil {
		public, _ := fault.Public(err)
		return fmt.Sprintf("refused (%s): %s", fault.KindOf(err), public)
	}
	results, open, suppressed := 0, 0, 0
	for _, s := range scans {
		results += s.Total
		suppressed += s.Suppressed
		for _, n := range s.Open {
			open += n
		}
	}
	out := fmt.Sprintf("accepted: %d runs, %d results, %d open, %d suppressed", len(scans), results, open, suppressed)
	rules := map[string]int{}
	for _, f := range faults {
		rules[f.Rule]++
	}
	var list []string
	for rule, n := range rules {
		list = append(list, fmt.Sprintf("%s %d", rule, n))
	}
	slices.Sort(list)
	if len(list) > 0 {
		out += "; faults: " + strings.Join(list, ", ")
	}
	return out
}

func each(t *testing.T, visit func(name string, b []byte)) {
	t.Helper()
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	root := filepath.Join(folder, "sarif")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		visit(filepath.ToSlash(name), b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// log is enough of a log for an independent count.
type log struct {
	Runs []struct {
		Tool struct {
			Driver     tool
			Extensions []tool
		}
		Results []struct {
			RuleID    string
			RuleIndex *int
			Rule      struct {
				ID            string
				Index         *int
				ToolComponent struct{ Index *int }
			}
			Level, Kind, BaselineState string
			Suppressions               []struct{ Status string }
		}
	}
}

type tool struct {
	Rules []struct {
		ID                   string
		DefaultConfiguration struct{ Level string }
	}
}

// TestCorpusCountsAgreeWithAnIndependentCounter counts with encoding/json, which
// holds the whole log and so needs none of the care that reading in one pass does.
func TestCorpusCountsAgreeWithAnIndependentCounter(t *testing.T) {
	compared := 0
	each(t, func(name string, b []byte) {
		scans, _, err := sarif.Parse(bytes.NewReader(b), budget.Limits{})
		if err != nil {
			return
		}
		var l log
		if err := json.Unmarshal(bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")), &l); err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if len(l.Runs) != len(scans) {
			t.Errorf("%s: %d scans, want %d", name, len(scans), len(l.Runs))
			return
		}
		for i := range l.Runs {
			compared++
			total, levels := l.count(i)
			if scans[i].Total != total || fmt.Sprint(scans[i].Open) != fmt.Sprint(levels) {
				t.Errorf("%s, run %d: %d results, open %v; want %d, %v", name, i, scans[i].Total, scans[i].Open, total, levels)
			}
			if rules := l.rules(i); scans[i].RulesTotal != rules {
				t.Errorf("%s, run %d: %d rules, want %d", name, i, scans[i].RulesTotal, rules)
			}
		}
	})
	if compared < 170 {
		t.Errorf("only %d runs were compared", compared)
	}
}

func (l log) rules(run int) int {
	n := len(l.Runs[run].Tool.Driver.Rules)
	for _, e := range l.Runs[run].Tool.Extensions {
		n += len(e.Rules)
	}
	return n
}

func (l log) count(run int) (total int, levels map[string]int) {
	r := l.Runs[run]
	levels = map[string]int{}
	for _, res := range r.Results {
		total++
		accepted := len(res.Suppressions) > 0
		for _, s := range res.Suppressions {
			accepted = accepted && (s.Status == "" || s.Status == "accepted")
		}
		kind := res.Kind
		if kind == "" {
			kind = "fail"
		}
		if accepted || res.BaselineState == "absent" || !slices.Contains([]string{"fail", "open", "review"}, kind) {
			continue
		}
		level := res.Level
		if level == "" && kind != "fail" {
			level = "none"
		}
		if level == "" {
			of := r.Tool.Driver
			if n := res.Rule.ToolComponent.Index; n != nil && *n >= 0 && *n < len(r.Tool.Extensions) {
				of = r.Tool.Extensions[*n]
			}
			level = of.level(res.RuleID, res.Rule.ID, res.RuleIndex, res.Rule.Index)
		}
		levels[level]++
	}
	return total, levels
}

func (t tool) level(id, other string, index, second *int) string {
	if id == "" {
		id = other
	}
	if index == nil || *index < 0 {
		index = second
	}
	level := ""
	for _, r := range t.Rules {
		if r.ID == id || strings.HasPrefix(id, r.ID+"/") {
			level = r.DefaultConfiguration.Level
			break
		}
	}
	if level == "" && index != nil && *index >= 0 && *index < len(t.Rules) {
		level = t.Rules[*index].DefaultConfiguration.Level
	}
	if level == "" {
		return "warning"
	}
	return level
}
