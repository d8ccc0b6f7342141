package kev_test

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
	"github.com/touchstone-assurance/touchstone/internal/format/kev"
)

const asJSON = `{"title":"T","catalogVersion":"2026.01.02","dateReleased":"2026-01-02T03:04:05.5Z","count":2,"vulnerabilities":[
 {"cveID":"CVE-2026-0002","vendorProject":"V","product":"P, Q","vulnerabilityName":"N","dateAdded":"2026-01-01","shortDescription":"S \"s\"","requiredAction":"A","dueDate":"2026-01-22","knownRansomwareCampaignUse":"Known","notes":"","cwes":["CWE-1","CWE-2"],"new":{"x":[1]}},
 {"cveID":"CVE-2026-0001","vendorProject":"V","product":"P","vulnerabilityName":"N","dateAdded":"2025-12-31","shortDescription":"S","requiredAction":"A","dueDate":"2026-01-21","knownRansomwareCampaignUse":"Unknown","notes":"n"}]}`

const asCSV = "\xef\xbb\xbfcveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction,dueDate,knownRansomwareCampaignUse,notes,cwes\r\n" +
	"CVE-2026-0002,V,\"P, Q\",N,2026-01-01,\"S \"\"s\"\"\",A,2026-01-22,Known,,\"CWE-1, CWE-2\"\r\n" +
	"CVE-2026-0001,V,P,N,2025-12-31,S,A,2026-01-21,Unknown,n,\r\n"

func day(y int, m time.Month, d int) int64 {
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).UnixMicro()
}

func want() advisory.Catalogue {
	return advisory.Catalogue{Entries: []advisory.KnownExploited{
		{CVE: "CVE-2026-0001", Vendor: "V", Product: "P", Name: "N", Added: day(2025, 12, 31), Due: day(2026, 1, 21), Action: "A", Summary: "S", Notes: "n"},
		{CVE: "CVE-2026-0002", Vendor: "V", Product: "P, Q", Name: "N", Added: day(2026, 1, 1), Due: day(2026, 1, 22), Action: "A", Summary: `S "s"`, Ransomware: true, CWEs: []string{"CWE-1", "CWE-2"}},
	}}
}

func parse(s string) (advisory.Catalogue, error) {
	return kev.Parse(strings.NewReader(s), budget.Limits{})
}

func TestBothFormsSayTheSame(t *testing.T) {
	w := want()
	got, err := parse(asCSV)
	for i := range got.Entries {
		if len(got.Entries[i].CWEs) == 0 {
			got.Entries[i].CWEs = nil
		}
	}
	if d := cmp.Diff(w, got); err != nil || d != "" {
		t.Error("CSV", err, d)
	}
	w.Version, w.Released = "2026.01.02", time.Date(2026, 1, 2, 3, 4, 5, 5e8, time.UTC).UnixMicro()
	got, err = parse(asJSON)
	if d := cmp.Diff(w, got); err != nil || d != "" {
		t.Error("JSON", err, d)
	}
	if e, found := got.Exploited(&advisory.Advisory{ID: "GHSA-1", Aliases: []string{"CVE-2026-0002"}}); !found || !e.Ransomware {
		t.Error("an advisory is not found by its alias")
	}
	if _, found := got.Exploited(&advisory.Advisory{ID: "CVE-2026-0003"}); found {
		t.Error("what is not in the catalogue is found")
	}
}

func TestABrokenEntryIsNamedAndTheOthersHold(t *testing.T) {
	for says, doc := range map[string]string{
		"no identifier":      `{"vulnerabilities":[{"cveID":"X"},{"cveID":"CVE-2026-0001","dateAdded":"2026-01-01"}]}`,
		"not an object":      `{"vulnerabilities":[7,{"cveID":"CVE-2026-0001","dateAdded":"2026-01-01"}]}`,
		"the same twice":     `{"vulnerabilities":[{"cveID":"CVE-2026-0001","dateAdded":"2026-01-01"},{"cveID":"CVE-2026-0001","dateAdded":"2026-01-02"}]}`,
		"no date":            `{"vulnerabilities":[{"cveID":"CVE-2026-0001"}]}`,
		"fewer than it says": `{"count":1404,"vulnerabilities":[{"cveID":"CVE-2026-0001","dateAdded":"2026-01-01"}]}`,
		"in CSV":             "cveID,dateAdded\nX,2026-01-01\nCVE-2026-0001,2026-01-01\n",
	} {
		got, err := parse(doc)
		if err != nil || len(got.Entries) != 1 || len(got.Faults) != 1 {
			t.Errorf("%s: %+v, %v", says, got, err)
		}
	}
}

func TestWhatIsNotTheCatalogueIsRefused(t *testing.T) {
	for says, doc := range map[string]string{
		"nothing": "", "an array": "[]", "no list": `{"catalogVersion":"1"}`, "a list that is a text": `{"vulnerabilities":"none"}`,
		"cut short": asJSON[:len(asJSON)-3], "two documents": asJSON + "{}", "a quote that does not end": "cveID,x\n\"CVE",
		"rows of other lengths": "cveID,x\nCVE-2026-0001\n",
	} {
		if _, err := parse(doc); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", says, err)
		}
	}
	for says, l := range map[string]budget.Limits{"bytes": {Bytes: 100}, "entries": {Items: 1}, "text": {Text: 5}, "depth": {Depth: 2}} {
		if _, err := kev.Parse(strings.NewReader(asJSON), l); !fault.Is(err, fault.TooLarge) {
			t.Errorf("%s: %v", says, err)
		}
		if _, err := kev.Parse(strings.NewReader(asCSV), l); says != "depth" && !fault.Is(err, fault.TooLarge) {
			t.Errorf("%s in CSV: %v", says, err)
		}
	}
}

func TestDetect(t *testing.T) {
	if !kev.Detect([]byte(asJSON)) || !kev.Detect([]byte(asCSV)) || kev.Detect([]byte("cve,epss")) || kev.Detect(nil) {
		t.Error("the catalogue is not told from others")
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(asJSON))
	f.Add([]byte(asCSV))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := kev.Parse(strings.NewReader(string(b)), budget.Limits{Bytes: 1 << 16, Depth: 20, Items: 100, Text: 1000})
		if err != nil && fault.Is(err, fault.Internal) {
			t.Fatalf("not a fault: %v", err)
		}
		for _, e := range c.Entries {
			if got, found := c.Find(e.CVE); !found || got.CVE != e.CVE {
				t.Fatalf("%s is there and not found", e.CVE)
			}
		}
	})
}

func TestCorpusBothFormsOfTheRealCatalogue(t *testing.T) {
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	var both []advisory.Catalogue
	for _, ending := range []string{"json", "csv"} {
		f, err := os.Open(filepath.Join(folder, "kev", "known_exploited_vulnerabilities."+ending))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		c, err := kev.Parse(f, budget.Limits{})
		if err != nil || len(c.Entries) != 1404 || len(c.Faults) != 0 {
			t.Fatalf("%s: %d entries, faults %v, %v", ending, len(c.Entries), c.Faults, err)
		}
		both = append(both, c)
	}
	for i, e := range both[0].Entries {
		o := both[1].Entries[i]
		if e.CVE != o.CVE || e.Added != o.Added || e.Due != o.Due || e.Ransomware != o.Ransomware || strings.Join(e.CWEs, " ") != strings.Join(o.CWEs, " ") {
			t.Errorf("JSON says %+v, CSV %+v", e, o)
		}
	}
}
