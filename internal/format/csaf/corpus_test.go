package csaf_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/csaf"
)

func corpus(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("TOUCHSTONE_CORPUS")
	if folder == "" {
		t.Skip("TOUCHSTONE_CORPUS does not name the folder of real documents")
	}
	return filepath.Join(folder, "csaf")
}

// verdicts is the list of the standard's cases: which document must fail or pass
// which test.
type verdicts struct {
	Tests []struct {
		ID       string
		Group    string
		Failures []struct{ Name string }
		Valid    []struct{ Name string }
	}
}

// judge counts how many cases of a version's list are judged right, and tells the
// others.
func judge(t *testing.T, version string, wrong func(format string, args ...any)) (right, all int) {
	t.Helper()
	folder := filepath.Join(corpus(t), "oasis-"+version)
	b, err := os.ReadFile(filepath.Join(folder, "testcases.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list verdicts
	if err := json.Unmarshal(b, &list); err != nil {
		t.Fatal(err)
	}
	one := func(id, name string, fails bool) {
		b, err := os.ReadFile(filepath.Join(folder, "validator", name))
		if os.IsNotExist(err) {
			return // the folder is a sample of the standard's cases
		}
		all++
		d, err := csaf.Parse(bytes.NewReader(b), budget.Limits{})
		if err != nil {
			wrong("%s: refused: %v", name, err)
			return
		}
		failed := slices.ContainsFunc(d.Failures(), func(f csaf.Failure) bool { return f.Test == id })
		if failed != fails {
			wrong("%s: fails %s: %t, want %t; failures %v", name, id, failed, fails, d.Failures())
			return
		}
		right++
	}
	for _, test := range list.Tests {
		if test.Group != "mandatory" {
			continue
		}
		for _, c := range test.Failures {
			one(test.ID, c.Name, true)
		}
		for _, c := range test.Valid {
			one(test.ID, c.Name, false)
		}
	}
	return right, all
}

func TestCorpusEveryMandatoryCaseOf20IsJudgedRight(t *testing.T) {
	right, all := judge(t, "2.0", t.Errorf)
	if all != 107 || right != all {
		t.Errorf("%d of %d cases, want 107 of 107", right, all)
	}
}

// TestCorpusMandatoryCasesOf21 measures how many cases of the coming edition are
// judged right. The others need what is not in the product: the editions of CWE, the
// registry of SSVC decision points, and the schemas of extensions.
func TestCorpusMandatoryCasesOf21(t *testing.T) {
	right, all := judge(t, "2.1", t.Logf)
	t.Logf("%d of %d mandatory cases of CSAF 2.1 are judged right", right, all)
	if all != 376 || right < 365 {
		t.Errorf("%d of %d cases, want at least 365 of 376", right, all)
	}
}

// sloppy are cases of other tests that fail a mandatory one as well, by the word of
// the standard.
var sloppy = map[string]string{
	"2_0-2021-6-2-08-02":    "a file has two digests by md5",
	"2_0-2021-6-2-09-02":    "a file has two digests by sha1",
	"2_1-2024-6-2-08-02":    "a file has two digests by md5",
	"2_1-2024-6-2-09-02":    "a file has two digests by sha1",
	"2_1-2024-6-2-19-19":    "the score is of metrics that the vector leaves out",
	"2_1-2024-6-2-21-02":    "revision 6 is dated before revision 5",
	"2_1-2024-6-2-38-13":    "the category begins with the reserved csaf_ in capitals",
	"2_1-2024-6-2-42-02":    "the package URLs of one product are of several packages",
	"2_1-2024-6-2-54-03-01": "a product is not defined",
	"2_1-2024-6-3-21-01-02": "a product is not defined",
	"2_1-2024-6-3-21-01-12": "products are not defined",
}

// TestCorpusCasesOfOtherTestsPassTheMandatoryOnes reads the cases of the optional,
// recommended and informative tests: they are about other rules, so a mandatory test
// that they fail has to be explained.
func TestCorpusCasesOfOtherTestsPassTheMandatoryOnes(t *testing.T) {
	seen := 0
	for _, version := range []string{"2.0", "2.1"} {
		for _, group := range []string{"optional", "recommended", "informative"} {
			files, err := filepath.Glob(filepath.Join(corpus(t), "oasis-"+version, "validator", group, "*-[0-9][0-9].json"))
			if err != nil {
				t.Fatal(err)
			}
			for _, path := range files {
				b, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				d, err := csaf.Parse(bytes.NewReader(b), budget.Limits{})
				if err != nil {
					t.Errorf("%s: %v", path, err)
					continue
				}
				seen++
				_, name, _ := strings.Cut(strings.TrimSuffix(filepath.Base(path), ".json"), "csaf_tc-csaf_")
				if wrong := len(d.Failures())+len(d.Faults) > 0; wrong != (sloppy[name] != "") {
					t.Errorf("%s: %v %v", name, d.Failures(), d.Faults)
				}
			}
		}
	}
	if seen != 341 {
		t.Errorf("%d cases, want 341", seen)
	}
}

// TestCorpusRealAdvisoriesAreRead reads what CISA published, and notes how much of
// it fails which test.
func TestCorpusRealAdvisoriesAreRead(t *testing.T) {
	z, err := zip.OpenReader(filepath.Join(corpus(t), "cisa-advisories.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	read, vulnerabilities, sound, statements := 0, 0, 0, 0
	tests, rules := map[string]int{}, map[string]int{}
	for _, f := range z.File {
		if !strings.HasSuffix(f.Name, ".json") {
			continue
		}
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		d, err := csaf.Parse(in, budget.Limits{})
		in.Close()
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		read++
		if v := d.VEX(); v != nil {
			statements += len(v.Statements)
		}
		p := d.Publication()
		vulnerabilities += p.Vulnerabilities
		if p.FailedTests == 0 {
			sound++
		}
		for _, f := range d.Failures() {
			tests[f.Test]++
			if tests[f.Test] < 4 {
				t.Logf("%s %s %s %s", p.ID, f.Test, f.Pointer, f.Detail)
			}
		}
		for _, f := range d.Faults {
			rules[f.Detail]++
			if rules[f.Detail] < 2 {
				t.Logf("%s %s %s", p.ID, f.Pointer, f.Detail)
			}
		}
	}
	t.Logf("%d read, %d vulnerabilities, %d statements, %d pass everything; failures by test %v, %d kinds of faults", read, vulnerabilities, statements, sound, tests, len(rules))
	if read != 2136 || vulnerabilities != 7153 {
		t.Errorf("%d advisories with %d vulnerabilities were read, want 2136 with 7153", read, vulnerabilities)
	}
}

// TestCorpusExamplesAreReadOrRefused reads every other file: advisories are read,
// and what is no advisory is refused.
func TestCorpusExamplesAreReadOrRefused(t *testing.T) {
	folder := corpus(t)
	read, refused := 0, 0
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".json" {
			return err
		}
		rel, _ := filepath.Rel(folder, path)
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		_, err = csaf.Parse(bytes.NewReader(b), budget.Limits{})
		if want := notAdvisory(rel); want != (err != nil) {
			t.Errorf("%s: refused with %v, want refusal %t", rel, err, want)
		}
		if detected := csaf.Detect(b[:min(len(b), 4096)]); detected == notAdvisory(rel) && !strings.Contains(rel, "trailing-garbage") {
			t.Errorf("%s: detected %t", rel, detected)
		}
		if err == nil {
			read++
		} else {
			refused++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d read, %d refused", read, refused)
	if read < 880 {
		t.Errorf("only %d were read", read)
	}
}

// notAdvisory tells the files of the folder that are other documents of the
// standard, or broken on purpose.
func notAdvisory(rel string) bool {
	for _, part := range []string{"testcases", "trailing-garbage-data", "aggregator", "provider-metadata", "ROLIE", "processor-requirements", "service.json", "feed-tlp-white", ".result.json", "extension"} {
		if strings.Contains(rel, part) {
			return true
		}
	}
	return false
}

// TestCorpusExamplesOfVEXSayWhatTheirNamesSay reads the standard's examples, whose
// names tell the use case: "a" affected, "f" fixed, "na" not affected, "ui" under
// investigation.
func TestCorpusExamplesOfVEXSayWhatTheirNamesSay(t *testing.T) {
	means := map[string]decision.Status{"-a-": decision.Affected, "-f-": decision.Fixed, "-na-": decision.NotAffected, "-ui-": decision.UnderInvestigation}
	seen := 0
	for _, version := range []string{"2.0", "2.1"} {
		files, err := filepath.Glob(filepath.Join(corpus(t), "oasis-"+version, "examples", "csaf", "csaf_vex", "*.json"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			d, err := csaf.Parse(bytes.NewReader(b), budget.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			v := d.VEX()
			if v == nil || len(v.Faults) > 0 {
				t.Errorf("%s: %+v", path, v)
				continue
			}
			for part, status := range means {
				if strings.Contains(filepath.Base(path), part) && !slices.ContainsFunc(v.Statements, func(s decision.Statement) bool { return s.Status == status }) {
					t.Errorf("%s does not say %s: %+v", path, status, v.Statements)
				}
			}
			seen++
		}
	}
	if seen != 21 {
		t.Errorf("%d examples, want 21", seen)
	}
}
