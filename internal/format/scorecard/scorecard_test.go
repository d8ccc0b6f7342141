package scorecard_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/scorecard"
)

func parse(s string) (*fact.Scorecard, []fact.Fault, error) {
	return scorecard.Parse(strings.NewReader(s), budget.Limits{})
}

const four = `{"date":"2026-03-04","repo":{"name":"github.com/example/app","commit":"abc"},"scorecard":{"version":"v4.13.1","commit":"def"},"score":6.9,
 "checks":[{"details":null,"score":10,"reason":"no binaries found in the repo","name":"Binary-Artifacts","documentation":{"url":"u","short":"s"}},
 {"details":["Warn: x"],"score":-1,"reason":"internal error","name":"Branch-Protection","documentation":{}}],"metadata":null}`

const five = `{"date":"2026-03-04T05:06:07Z","repo":{"name":"github.com/example/app","commit":"abc"},"scorecard":{"version":"v5.2.1","commit":"def"},"score":-1,
 "checks":[{"details":null,"score":0,"reason":"r","name":"Fuzzing","documentation":{},"annotations":["test-data"]}],"metadata":["m"]}`

func TestParse(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       fact.Scorecard
	}{
		{"version 4", four, fact.Scorecard{Version: "v4.13.1", Repository: "github.com/example/app", Commit: "abc", At: 1772582400000000, Score: 6.9, Checks: map[string]fact.ScorecardCheck{
			"Binary-Artifacts": {Score: 10, Reason: "no binaries found in the repo"}, "Branch-Protection": {Score: -1, Reason: "internal error"}}}},
		{"version 5", five, fact.Scorecard{Version: "v5.2.1", Repository: "github.com/example/app", Commit: "abc", At: 1772600767000000, Score: -1, Checks: map[string]fact.ScorecardCheck{
			"Fuzzing": {Score: 0, Reason: "r"}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, faults, err := parse(c.text)
			if err != nil || len(faults) > 0 {
				t.Fatal(faults, err)
			}
			if d := cmp.Diff(&c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestWhatIsOddIsAFault(t *testing.T) {
	for _, c := range []struct{ name, old, new, fault string }{
		{"no date", `"2026-03-04"`, `"soon"`, "/date date"},
		{"no version", `"v4.13.1"`, `""`, "/scorecard/version version"},
		{"no commit", `"commit":"abc"`, `"commit":""`, "/repo/commit commit"},
		{"no score", `"score":6.9,`, ``, "/score score"},
		{"a score beyond ten", `"score":6.9`, `"score":11`, "/score score"},
		{"no score of a check", `"score":10,`, ``, "/checks/0/score score"},
		{"a score that is not whole", `"score":10,`, `"score":9.5,`, "/checks/0/score score"},
		{"a check without a name", `"Binary-Artifacts"`, `""`, "/checks/0/name name"},
		{"a check twice", `"Branch-Protection"`, `"Binary-Artifacts"`, "/checks/1/name twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, faults, err := parse(strings.Replace(four, c.old, c.new, 1))
			if err != nil {
				t.Fatal(err)
			}
			if len(faults) != 1 || faults[0].Pointer+" "+faults[0].Rule != c.fault {
				t.Errorf("faults %+v, want %s", faults, c.fault)
			}
		})
	}
}

func TestOfTwoScoresTheLowerCounts(t *testing.T) {
	for _, c := range []struct{ first, second, want int }{{10, 3, 3}, {3, 10, 3}, {3, -1, -1}, {-1, 3, -1}} {
		got, _, err := parse(fmt.Sprintf(`{"repo":{"name":"r"},"checks":[{"name":"a","score":%d},{"name":"a","score":%d}]}`, c.first, c.second))
		if err != nil || got.Checks["a"].Score != c.want {
			t.Errorf("%d and %d: %+v, %v", c.first, c.second, got, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, text string
		kind       fault.Kind
		says       string
	}{
		{"probes", `{"repo":{"name":"r"},"scorecard":{},"findings":[]}`, fault.Unsupported, "probes"},
		{"no repository", `{"checks":[]}`, fault.Invalid, "/repo/name"},
		{"checks that are no list", `{"repo":{"name":"r"},"checks":{}}`, fault.Invalid, "/checks"},
		{"a score that is a text", `{"repo":{"name":"r"},"checks":[{"score":"10"}]}`, fault.Invalid, "/checks/0/score"},
		{"nothing", ``, fault.Invalid, "empty"},
		{"a name twice", `{"date":"a","date":"b"}`, fault.Invalid, "twice"},
		{"NUL", "{\"date\":\"\x00\"}", fault.Invalid, "not JSON"},
		{"text that is not UTF-8", "{\"date\":\"\xff\"}", fault.Invalid, "not JSON"},
		{"more behind the end", four + four, fault.Invalid, "more after the end"},
		{"deep nesting", `{"metadata":` + strings.Repeat("[", 100), fault.TooLarge, "deeper"},
		{"very many checks", `{"repo":{"name":"r"},"checks":[` + strings.Repeat("{},", 2000) + `{}]}`, fault.TooLarge, "more than 1000 checks"},
		{"a document beyond what a result is", `{"metadata":["` + strings.Repeat(strings.Repeat("x", 1000)+`","`, 17_000) + `"]}`, fault.TooLarge, "longer than 16 MB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := parse(c.text)
			if !fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s saying %q", err, c.kind, c.says)
			}
		})
	}
}

func TestTruncatedAnywhereIsRefused(t *testing.T) {
	for n := range len(four) {
		if _, _, err := parse(four[:n]); err == nil {
			t.Fatalf("%d of %d bytes were accepted", n, len(four))
		}
	}
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		head string
		want bool
	}{{four[:120], true}, {five[:130], true}, {`{"scorecard":{}}`, false}, {`{"repo":{"name":"x","scorecard":1}`, false}, {"", false}} {
		if got := scorecard.Detect([]byte(c.head)); got != c.want {
			t.Errorf("%.40s: %v", c.head, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{four, five, `{"repo":{"name":"r"},"checks":[{"name":"a","score":1e300},{"name":"a","score":-0.0}]}`, `{"checks":null}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		scorecard.Detect(b)
		got, _, err := scorecard.Parse(bytes.NewReader(b), budget.Limits{Bytes: 1 << 16})
		if err != nil {
			if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) && !fault.Is(err, fault.Unsupported) {
				t.Errorf("an error that is no fault: %v", err)
			}
			return
		}
		for name, c := range got.Checks {
			if c.Score < -1 || c.Score > 10 || name == "" {
				t.Errorf("%q has the score %d", name, c.Score)
			}
		}
	})
}

func TestCorpusScorecards(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	want := map[string]string{
		"guac/invalid-scorecard.json":    "which repository",
		"guac/kubernetes-scorecard.json": "9 checks, score 8.9, 0 inconclusive",
		"nodejs-database.json":           "no checks",
		"scorecard/probe1.json":          "no checks",
		"scorecard/check2.json":          "1 checks, score 0, 0 inconclusive",
		"scorecard/check3.json":          "3 checks, score 0, 1 inconclusive",
		"scorecard/check4.json":          "3 checks, score 0, 1 inconclusive",
		"scorecard/check5.json":          "1 checks, score 6, 0 inconclusive",
		"scorecard/check6.json":          "1 checks, score 6, 0 inconclusive",
	}
	seen := 0
	err := filepath.WalkDir(filepath.Join(folder, "scorecard"), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		seen++
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(filepath.Join(folder, "scorecard"), path)
		got, faults, err := scorecard.Parse(bytes.NewReader(b), budget.Limits{})
		says := ""
		if err != nil {
			says = err.Error()
		} else {
			inconclusive := 0
			for _, c := range got.Checks {
				if c.Score < 0 {
					inconclusive++
				}
			}
			says = fmt.Sprintf("%d checks, score %v, %d inconclusive", len(got.Checks), got.Score, inconclusive)
		}
		if len(faults) > 0 {
			t.Errorf("%s: faults %+v", name, faults)
		}
		w := want[filepath.ToSlash(name)]
		if strings.HasPrefix(name, "guac-data") && err == nil {
			w = says // one project at six commits
			if len(got.Checks) != 9 || got.Repository != "github.com/kubernetes/kubernetes" || got.At == 0 || got.Commit == "" {
				t.Errorf("%s: %+v", name, got)
			}
		}
		if w == "" || !strings.Contains(says, w) {
			t.Errorf("%s: %s, want %q", name, says, w)
		}
		return nil
	})
	if err != nil || seen != 15 {
		t.Errorf("%d files, %v", seen, err)
	}
}
