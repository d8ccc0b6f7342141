package openvex_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/openvex"
)

const sound = `{"@context":"https://openvex.dev/ns/v0.2.0","@id":"x","author":"A","timestamp":"2026-01-02T03:04:05Z","version":2,"statements":[
 {"vulnerability":{"name":"CVE-2026-1","aliases":["GHSA-x"]},"products":[{"@id":"pkg:npm/app@1.0.0","subcomponents":[{"@id":"pkg:npm/left-pad@1.0.0"}]}],
  "status":"not_affected","justification":"vulnerable_code_not_in_execute_path"}]}`

func parse(s string) (*decision.Document, error) {
	return openvex.Parse(strings.NewReader(s), budget.Limits{})
}

func TestParse(t *testing.T) {
	got, err := parse(sound)
	if err != nil {
		t.Fatal(err)
	}
	want := &decision.Document{ID: "x", Author: "A", MadeAt: 1767323045000000, Version: "2", Statements: []decision.Statement{{
		Vulnerability: "CVE-2026-1", Aliases: []string{"GHSA-x"}, Status: decision.NotAffected, Justification: decision.CodeNotInPath, MadeAt: 1767323045000000,
		Products: []decision.Product{{ID: "pkg:npm/app@1.0.0", PURL: "pkg:npm/app@1.0.0", Parts: []string{"pkg:npm/left-pad@1.0.0"}}}}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestParseTheFirstVersion(t *testing.T) {
	got, err := parse(`{"@context":"https://openvex.dev/ns","statements":[{"vulnerability":"CVE-1","products":["pkg:apk/wolfi/git@2"],"subcomponents":["pkg:a/b"],"status":"fixed"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	want := []decision.Statement{{Vulnerability: "CVE-1", Status: decision.Fixed, Products: []decision.Product{{ID: "pkg:apk/wolfi/git@2", PURL: "pkg:apk/wolfi/git@2", Parts: []string{"pkg:a/b"}}}}}
	if d := cmp.Diff(want, got.Statements); d != "" {
		t.Error(d)
	}
}

func TestParseRefusals(t *testing.T) {
	for _, c := range []struct{ name, text, says string }{
		{"another format", `{"@context":"https://example.org"}`, "not an OpenVEX document"},
		{"no statements", `{"@context":"https://openvex.dev/ns"}`, "no list of statements"},
		{"an unknown status", strings.Replace(sound, "not_affected", "maybe", 1), "/statements/0/status"},
		{"an unknown justification", strings.Replace(sound, "vulnerable_code_not_in_execute_path", "because", 1), "/statements/0/justification"},
		{"no vulnerability", strings.Replace(sound, `"name":"CVE-2026-1",`, "", 1), "/statements/0/vulnerability"},
		{"a bad time", strings.Replace(sound, "2026-01-02T03:04:05Z", "yesterday", 1), "/timestamp"},
		{"two documents", sound + sound, "more after the end"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := parse(c.text); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want something about %q", err, c.says)
			}
		})
	}
}

func TestARuleOfVEXIsAFaultAndNoRefusal(t *testing.T) {
	got, err := parse(strings.Replace(sound, `,"justification":"vulnerable_code_not_in_execute_path"`, "", 1))
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Faults) != 1 || got.Faults[0].Pointer != "/statements/0" || got.Faults[0].Rule != "justification-or-impact" {
		t.Errorf("faults: %+v", got.Faults)
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	word := rapid.StringMatching(`[a-zA-Z0-9<>&" é]{1,12}`)
	rapid.Check(t, func(t *rapid.T) {
		d := decision.Document{ID: "https://example.org/vex/1", Author: word.Draw(t, "author"), MadeAt: rapid.Int64Range(1, 1<<50).Draw(t, "made"), Version: "3"}
		for range rapid.IntRange(0, 4).Draw(t, "statements") {
			s := decision.Statement{Vulnerability: "CVE-2026-" + word.Draw(t, "id"), Status: rapid.SampledFrom(decision.Statuses()).Draw(t, "status"), Impact: word.Draw(t, "impact"),
				Action: word.Draw(t, "action"), Condition: rapid.SampledFrom([]string{"", "while behind the gateway"}).Draw(t, "condition"), MadeAt: d.MadeAt,
				ExpiresAt: rapid.SampledFrom([]int64{0, 1 << 51}).Draw(t, "expires"), Aliases: rapid.SliceOfN(word, 0, 2).Draw(t, "aliases"),
				Products: []decision.Product{{ID: "sys_1", PURL: "pkg:generic/sys@1", Parts: rapid.SliceOfN(word, 0, 2).Draw(t, "parts")}}}
			if s.Status == decision.NotAffected {
				s.Justification = rapid.SampledFrom(decision.Justifications()).Draw(t, "justification")
			}
			d.Statements = append(d.Statements, s)
		}
		var b bytes.Buffer
		if err := openvex.Write(&b, d, "touchstone"); err != nil {
			t.Fatal(err)
		}
		got, err := openvex.Parse(&b, budget.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(&d, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sound))
	f.Add([]byte(`{"@context":"https://openvex.dev/ns","statements":[{"vulnerability":3,"products":[null,{"identifiers":[]}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, err := openvex.Parse(bytes.NewReader(b), budget.Limits{Bytes: 1 << 16})
		if err != nil && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) && !fault.Is(err, fault.Unsupported) {
			t.Errorf("an error that is no fault: %v", err)
		}
	})
}

func TestTruncatedAnywhereIsRefused(t *testing.T) {
	for n := range len(sound) {
		if _, err := parse(sound[:n]); err == nil {
			t.Fatalf("%d of %d bytes were accepted", n, len(sound))
		}
	}
}

func TestCorpusOpenVEX(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	for _, c := range []struct {
		file       string
		statements int // -1 = refused
	}{
		{"node.openvex.json", 183}, {"defectdojo/openvex_many_vuln.json", 6}, {"defectdojo/openvex_one_vuln.json", 1}, {"defectdojo/openvex_no_vuln.json", 0},
		{"defectdojo/openvex_not_a_document.json", -1}, {"go-vex/vex-v0.0.1.json", 1}, {"go-vex/vex-v0.2.0.json", 5},
	} {
		t.Run(c.file, func(t *testing.T) {
			b, err := os.ReadFile(filepath.Join(folder, "vex", c.file))
			if err != nil {
				t.Fatal(err)
			}
			d, err := openvex.Parse(bytes.NewReader(b), budget.Limits{})
			switch {
			case c.statements < 0:
				if err == nil {
					t.Error("it was accepted")
				}
			case err != nil:
				t.Error(err)
			case len(d.Statements) != c.statements:
				t.Errorf("%d statements, want %d", len(d.Statements), c.statements)
			}
		})
	}
}
