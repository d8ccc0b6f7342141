package cve_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/cve"
)

const whole = `{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2026-12345","state":"PUBLISHED","assignerShortName":"acme","datePublished":"2026-01-02T03:04:05","dateUpdated":"2026-01-03T00:00:00Z","serial":1},
"containers":{"cna":{"providerMetadata":{"orgId":"x","shortName":"acme"},"title":"T",
 "descriptions":[{"lang":"de","value":"D"},{"lang":"en-GB","value":"E"}],
 "problemTypes":[{"descriptions":[{"lang":"en","description":"CWE-79 x","cweId":"CWE-79","type":"CWE"},{"lang":"en","description":"n/a"},{"cweId":"NVD-CWE-noinfo"}]}],
 "metrics":[{"format":"CVSS","cvssV3_1":{"version":"3.1","baseScore":9.8,"vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}],
 "affected":[{"vendor":"v","product":"p","cpes":["cpe:2.3:a:v:p:*:*:*:*:*:*:*:*"],"defaultStatus":"unaffected","versions":[{"version":"1","status":"affected","lessThan":"2","versionType":"semver","changes":[{"at":"1.5","status":"unaffected"}]}]}],
 "references":[{"url":"https://example.org/a","tags":["vendor-advisory"]}],
 "solutions":[{"lang":"en","value":"x"}],"timeline":[{"time":"2026-01-01T00:00:00Z","lang":"en","value":"x"}],"credits":[{"lang":"en","value":"x"}],"impacts":[{"capecId":"CAPEC-1"}],"workarounds":[]},
 "adp":[{"providerMetadata":{"shortName":"CISA-ADP"},"metrics":[{"other":{"type":"ssvc","content":{"id":"CVE-2026-12345","options":[{"Exploitation":"poc"},{"Automatable":"yes"},{"Technical Impact":"total"}],"role":"CISA Coordinator"}}}]}]}}`

func parse(s string) (advisory.CVE, error) { return cve.Parse(strings.NewReader(s), budget.Limits{}) }

func TestParseReadsWhatARecordSays(t *testing.T) {
	got, err := parse(whole)
	want := advisory.CVE{ID: "CVE-2026-12345", Version: "5.1", State: "PUBLISHED", Assigner: "acme",
		Published: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC).UnixMicro(), Updated: time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC).UnixMicro(),
		CNA: advisory.CVEContainer{Provider: "acme", Title: "T", Description: "E", CWEs: []string{"CWE-79"},
			Severities: []advisory.Severity{{Type: "CVSS_V3", Vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Score: 9.8}},
			Affected: []advisory.CVEProduct{{Vendor: "v", Product: "p", CPEs: []string{"cpe:2.3:a:v:p:*:*:*:*:*:*:*:*"}, DefaultStatus: "unaffected",
				Versions: []advisory.CVEVersion{{Version: "1", Status: "affected", LessThan: "2", Type: "semver", Changes: 1}}}},
			References: []advisory.CVEReference{{URL: "https://example.org/a", Tags: []string{"vendor-advisory"}}},
			Solution:   true, Timeline: true, Credits: true, Impacts: true},
		ADP: []advisory.CVEContainer{{Provider: "CISA-ADP", SSVC: &advisory.CVESSVC{Exploitation: advisory.ExploitationPoC, Automatable: "yes", Impact: advisory.ImpactTotal}}}}
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Error(err, d)
	}
	if score, _ := got.Completeness(); score != 100 || got.PledgeShare() != 100 {
		t.Errorf("a record that has everything is rated %d and %d", score, got.PledgeShare())
	}
}

func TestParseRefusesWhatIsNoRecordAndNamesThePlace(t *testing.T) {
	for _, c := range []struct{ says, doc, pointer string }{
		{"nothing", "", ""},
		{"another document", `{"dataType":"CVE_OTHER","dataVersion":"5.0","cveMetadata":{"cveId":"CVE-2026-0001"},"containers":{"cna":{}}}`, "/dataType"},
		{"version 4", strings.Replace(whole, `"5.1"`, `"4.0"`, 1), "/dataVersion"},
		{"an identifier of another kind", strings.Replace(whole, `"cveId":"CVE-2026-12345"`, `"cveId":"GHSA-1"`, 1), "/cveMetadata/cveId"},
		{"nothing from the authority", `{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2026-0001"},"containers":{}}`, "/containers/cna"},
		{"affected is a text", strings.Replace(whole, `"solutions":[`, `"affected":"all","x":[`, 1), "/containers/cna/affected"},
		{"a reference that is a text", strings.Replace(whole, `"references":[`, `"references":["x",`, 1), "/containers/cna/references/0"},
		{"a version that is a number", strings.Replace(whole, `"version":"1"`, `"version":1`, 1), "/containers/cna/affected/0/versions/0/version"},
		{"a second document", whole + "{}", ""},
	} {
		_, err := parse(c.doc)
		_, problems := fault.Public(err)
		if !fault.Is(err, fault.Invalid) || len(problems) == 0 || problems[0].Pointer != c.pointer {
			t.Errorf("%s: %v", c.says, err)
		}
	}
}

func TestParseStaysWithinItsLimits(t *testing.T) {
	for says, l := range map[string]budget.Limits{"bytes": {Bytes: 100}, "depth": {Depth: 4}, "items": {Items: 3}, "text": {Text: 10}} {
		if _, err := cve.Parse(strings.NewReader(whole), l); !fault.Is(err, fault.TooLarge) {
			t.Errorf("%s: %v", says, err)
		}
	}
	for n := range len(whole) {
		if _, err := parse(whole[:n]); err == nil || fault.Is(err, fault.Internal) {
			t.Fatalf("cut at byte %d: %v", n, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(whole))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := cve.Parse(strings.NewReader(string(b)), budget.Limits{Bytes: 1 << 16, Depth: 20, Items: 100, Text: 1000})
		if err != nil && fault.Is(err, fault.Internal) {
			t.Fatalf("not a fault: %v", err)
		}
		if score, _ := c.Completeness(); score < 0 || score > 100 {
			t.Fatalf("rated %d", score)
		}
	})
}

// TestCorpusEveryRecordIsRead reads what one authority hands in, and records of
// several authorities as the list publishes them.
func TestCorpusEveryRecordIsRead(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	read, published, rated, weak, ssvc := 0, 0, 0, 0, 0
	for _, pattern := range []string{"cve/*/*.json", "cve/*/*/*.json"} {
		files, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			f, err := os.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			c, err := cve.Parse(f, budget.Limits{})
			f.Close()
			if err != nil {
				t.Errorf("%s: %v", path, err)
			}
			read++
			if c.State == "PUBLISHED" {
				published++
			}
			if len(c.CNA.CWEs) > 0 {
				weak++
			}
			if _, ok := advisory.Preferred(c.CNA.Severities); ok {
				rated++
			}
			for _, a := range c.ADP {
				if a.SSVC != nil && a.SSVC.Automatable != "" {
					ssvc++
				}
			}
		}
	}
	if read != 224 || published != 17 || ssvc != 13 || weak == 0 || rated == 0 {
		t.Errorf("%d read, %d published, %d with a weakness, %d rated, %d with decision points", read, published, weak, rated, ssvc)
	}
	t.Logf("%d with a weakness, %d rated", weak, rated)
}
