package scan_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/santhosh-tekuri/jsonschema/v6"
	xhtml "golang.org/x/net/html"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/openvex"
	"github.com/touchstone-assurance/touchstone/internal/scan"
)

// hostile is what nobody should be able to put on a page or a terminal.
const hostile = "<script>alert(1)</script>\x1b[31m\u202eevil"

// everything is a scan in which everything occurs.
func everything(t testing.TB) *scan.Result {
	w := newWorld(t).archive("npm",
		record("A-1", "npm", "p", "2.0.0", `"aliases":["CVE-1","CVE-2020-0001"]`, `"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}]`, `"database_specific":{"cwe_ids":["CWE-79"]}`),
		record("A-2", "npm", "p", "3.0.0", `"aliases":["CVE-1"]`), record("A-3", "npm", "p", "2.5.0", `"severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N"}]`),
		record("B-1", "npm", "decided", "2.0.0"), record("B-2", "npm", "repaired", "2.0.0"), record("B-3", "npm", "looked-at", "2.0.0"), record("B-4", "npm", "admitted", "2.0.0"), record("B-5", "npm", "open", "soon"),
		`{"id":"Q-1","modified":"2026-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"broken"},"ranges":"none"}]}`, `{"id":`)
	write := func(name, text string) {
		path := filepath.Join(w.dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now, now); err != nil {
			t.Fatal(err)
		}
	}
	write("kev.json", `{"title":"t","catalogVersion":"2026.01.01","dateReleased":"2026-01-01T00:00:00Z","count":1,"vulnerabilities":[{"cveID":"CVE-2020-0001","vendorProject":"v","product":"p","vulnerabilityName":"n","dateAdded":"2026-01-01","shortDescription":"s","requiredAction":"a","dueDate":"2026-01-15","knownRansomwareCampaignUse":"Known","notes":""}]}`)
	write("epss.csv", "#model_version:v2025.03.14,score_date:2026-01-01T00:00:00+0000\ncve,epss,percentile\nCVE-2020-0001,0.91234,0.99\n")
	d := w.sbom("sbom.json", "pkg:npm/p@1.0.0", "pkg:npm/decided@1.0.0", "pkg:npm/repaired@1.0.0", "pkg:npm/looked-at@1.0.0", "pkg:npm/admitted@1.0.0", "pkg:npm/open@1.0.0",
		"pkg:npm/broken@1.0.0", "pkg:npm/q@1.0.0", "pkg:npm/p@9.0.0", "pkg:npm/p", "nothing|", hostile+"|", "pkg:pypi/x@1")
	d.Components[0].Group = "g"
	d.Dependencies = 7
	w.parsed["sbom.json"].Faults = []fact.Fault{{Pointer: "/components/2/version", Rule: "empty", Detail: hostile}, {Line: 3, Detail: "A line."}}
	d.Faults = w.parsed["sbom.json"].Faults
	w.parsed["sbom.json"].ProducedAt, w.parsed["sbom.json"].Subject = 1_700_000_000_000_000, "product 1"
	st := func(status decision.Status, id, name string) decision.Statement {
		s := about(status, id, "pkg:npm/"+name+"@1.0.0")
		s.Impact, s.Condition, s.ExpiresAt = "Because "+hostile, "it stays so", now.AddDate(1, 0, 0).UnixMicro()
		return s
	}
	w.vex("vex.json", st(decision.NotAffected, "B-1", "decided"), st(decision.Fixed, "B-2", "repaired"), st(decision.UnderInvestigation, "B-3", "looked-at"), st(decision.Affected, "B-4", "admitted"))
	w.vex("other.json", about(decision.NotAffected, "B-2", "pkg:npm/repaired@1.0.0"))
	w.parsed["other.json"].VEX.Author = "Somebody else"
	w.refused(hostile+".json", fault.New(fault.Invalid, "Not "+hostile))
	return w.scan()
}

func written(t testing.TB, format string, r *scan.Result, v scan.View) []byte {
	t.Helper()
	w, known := scan.WriterOf(format)
	if !known {
		t.Fatalf("no format %s", format)
	}
	var b bytes.Buffer
	v.Version = "v0.0.0-test"
	if err := w.Write(&b, r, v); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// strictSchema is the published schema, in which a member that it does not describe
// is an error, so that nothing goes undescribed.
func strictSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	b, err := os.ReadFile("../../docs/schemas/scan.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var close func(v any)
	close = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if v["type"] == "object" {
				v["additionalProperties"] = false
			}
			for _, x := range v {
				close(x)
			}
		case []any:
			for _, x := range v {
				close(x)
			}
		}
	}
	close(doc)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("scan.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scan.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestJSONFollowsItsSchema(t *testing.T) {
	s := strictSchema(t)
	for name, r := range map[string]*scan.Result{"everything": everything(t), "nothing": {}} {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(written(t, "json", r, scan.View{})))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestJSONSaysWhatTheContractSays(t *testing.T) {
	var got struct {
		Schema string
		Feeds  []struct {
			Ecosystem   string
			Records     int
			AsOf        string `json:"as_of"`
			Digest      string
			Quarantined []struct{ ID, Reason string }
		}
		Documents []struct {
			Path, Format, Status     string
			Components, Dependencies int
			Verdicts                 map[string]int
			Faults                   []struct {
				Pointer, Detail string
				Line            int
			}
			Detail []struct {
				Ref, PURL, Name, Version, Verdict, Reason string
				Vulnerabilities                           []struct {
					ID       string
					Aliases  []string
					Ranges   []string `json:"ranges_matched"`
					Fixed    []string
					Severity string
				}
			} `json:"components_detail"`
		}
	}
	if err := json.Unmarshal(written(t, "json", everything(t), scan.View{}), &got); err != nil {
		t.Fatal(err)
	}
	f := got.Feeds[0]
	if got.Schema != "touchstone.scan/v1" || f.Ecosystem != "npm" || f.Records != 8 || f.AsOf != "2026-03-01T12:00:00Z" || !strings.HasPrefix(f.Digest, "sha256:") || len(f.Quarantined) != 2 {
		t.Errorf("%s %+v", got.Schema, f)
	}
	d := got.Documents[0]
	if d.Path != "sbom.json" || d.Format != "cyclonedx-json" || d.Status != "accepted_with_faults" || d.Components != 13 || d.Dependencies != 7 || len(d.Faults) != 2 || d.Faults[1].Line != 3 {
		t.Errorf("%+v", d)
	}
	want := map[string]int{"affected": 2, "not_affected": 1, "not_affected_by_decision": 1, "fixed": 1, "under_investigation": 1, "no_known": 1, "cannot_assess": 6}
	if fmt.Sprint(d.Verdicts) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", d.Verdicts, want)
	}
	c := d.Detail[0]
	v := c.Vulnerabilities[0]
	if c.Ref != "c0" || c.PURL != "pkg:npm/p@1.0.0" || c.Name != "p" || c.Version != "1.0.0" || c.Verdict != "affected" || v.ID != "A-1" || v.Severity != "critical" ||
		strings.Join(v.Aliases, " ") != "CVE-1 CVE-2020-0001" || strings.Join(v.Ranges, " ") != "< 2.0.0" || strings.Join(v.Fixed, " ") != "2.0.0" {
		t.Errorf("%+v", c)
	}
	if last := got.Documents[len(got.Documents)-1]; last.Status != "refused" || last.Components != 0 || len(last.Faults) != 1 {
		t.Errorf("%+v", last)
	}
}

func TestTheTableFitsItsTerminalAndSaysEverything(t *testing.T) {
	r := everything(t)
	for _, width := range []int{0, 40, 60, 80, 200} {
		text := string(written(t, "table", r, scan.View{Width: width}))
		limit := max(width, 40)
		if width == 0 {
			limit = 120
		}
		for line := range strings.SplitSeq(text, "\n") {
			if utf8.RuneCountInString(line) > limit && strings.Contains(strings.TrimSpace(line), "  ") {
				t.Errorf("width %d: %q is longer and could be broken", width, line)
			}
		}
		flat := strings.Join(strings.Fields(text), " ")
		for _, want := range []string{"g/p 1.0.0", "CRITICAL 9.8", "A-1 A-2 CVE-1 CVE-2020-0001", "fixed in 2.0.0, 3.0.0", "known to be exploited", "EPSS 91.2 %", "Decided by statements",
			"not affected (vulnerable code not in execute path), stated by The supplier in vex.json", "until 1 March 2027", "Somebody else says otherwise: not affected", "Could not be assessed",
			"PyPI (1 component)", "2 advisories could not be read", "as of 1 March 2026 (less than an hour old)", "REFUSED", "4 statements, 4 of them about something found here", "/components/2/version", "line 3: A line."} {
			if !strings.Contains(flat, want) {
				t.Errorf("width %d: %q is missing", width, want)
			}
		}
		if strings.ContainsAny(text, "\x1b\u202e") {
			t.Errorf("width %d: a document can move the cursor", width)
		}
	}
}

func TestATerminalIsNotFlooded(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"))
	var purls []string
	for i := range 60 {
		purls = append(purls, fmt.Sprintf("pkg:npm/p@1.0.%d", i))
	}
	w.sbom("sbom", purls...)
	r := w.scan()
	short, whole := string(written(t, "table", r, scan.View{Width: 100})), string(written(t, "table", r, scan.View{}))
	if strings.Count(short, "A-1") != 40 || !strings.Contains(short, "… and 20 more components") {
		t.Errorf("%d shown", strings.Count(short, "A-1"))
	}
	if strings.Count(whole, "A-1") != 60 {
		t.Errorf("%d written to a file", strings.Count(whole, "A-1"))
	}
}

func TestTheHeadlineIsTheOutcome(t *testing.T) {
	for _, c := range []struct {
		purls   []string
		allowed int
		want    string
		holds   bool
	}{
		{[]string{"pkg:npm/q@1.0.0"}, 0, "Nothing is affected, as far as these advisories go, and every component was assessed.", true},
		{[]string{"pkg:npm/p@1.0.0"}, 0, "1 component is affected or under investigation.", false},
		{[]string{"pkg:npm/p@1.0.0", "x|"}, 0, "1 component is affected or under investigation; 1 component could not be assessed.", false},
		{[]string{"x|", "y|"}, 2, "2 components could not be assessed, which is within the 2 allowed.", true},
		{[]string{"x|", "y|"}, 1, "2 components could not be assessed.", false},
		{nil, 0, "No document has a component, so nothing was looked up.", true},
	} {
		w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"))
		w.sbom("sbom", c.purls...)
		r := w.scan()
		if got := r.Headline(c.allowed); got != c.want || r.Holds(c.allowed) != c.holds {
			t.Errorf("%v: %q %v", c.purls, got, r.Holds(c.allowed))
		}
		if table := string(written(t, "table", r, scan.View{Allowed: c.allowed})); !strings.HasSuffix(table, c.want+"\n") {
			t.Errorf("%q does not end with %q", table, c.want)
		}
	}
}

// OpenVEX is what other programs act on: a range alone decides nothing.
func TestOpenVEXDecidesNothingByRanges(t *testing.T) {
	r := everything(t)
	doc, err := openvex.Parse(bytes.NewReader(written(t, "openvex", r, scan.View{})), budget.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if len(doc.Faults) > 0 {
		t.Errorf("%+v", doc.Faults)
	}
	got := map[string]string{}
	for _, s := range doc.Statements {
		for _, p := range s.Products {
			if p.ID != "pkg:generic/product@1" {
				t.Errorf("%s is about %s", s.Vulnerability, p.ID)
			}
			for _, part := range p.Parts {
				got[s.Vulnerability+" "+part] = string(s.Status)
			}
		}
		if s.Status == decision.NotAffected && (s.Justification != decision.CodeNotInPath || !strings.Contains(s.Impact, "The supplier") || s.MadeAt != 5 || s.Condition != "it stays so" || s.ExpiresAt == 0) {
			t.Errorf("who decided, and how, is lost: %+v", s)
		}
	}
	want := map[string]string{"A-1 pkg:npm/p@1.0.0": "under_investigation", "A-2 pkg:npm/p@1.0.0": "under_investigation", "A-3 pkg:npm/p@1.0.0": "under_investigation",
		"B-1 pkg:npm/decided@1.0.0": "not_affected", "B-2 pkg:npm/repaired@1.0.0": "fixed", "B-3 pkg:npm/looked-at@1.0.0": "under_investigation", "B-4 pkg:npm/admitted@1.0.0": "affected"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// What was emitted is given to the next scan and decides the same.
func TestOpenVEXComesBack(t *testing.T) {
	w := newWorld(t).archive("npm", record("A-1", "npm", "p", "2.0.0"), record("A-2", "npm", "q", "2.0.0"))
	w.sbom("sbom", "pkg:npm/p@1.0.0", "pkg:npm/q@1.0.0")
	w.vex("vex", about(decision.NotAffected, "A-1", "pkg:generic/product@1", "pkg:npm/p@1.0.0"))
	first := w.scan()
	doc, err := openvex.Parse(bytes.NewReader(written(t, "openvex", first, scan.View{})), budget.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	w.parsed["vex"].VEX = doc
	if got := told(w.scan().Documents[0]); got != "not_affected_by_decision A-1\nunder_investigation A-2" {
		t.Error(got)
	}
}

func TestCycloneDXIsReadBack(t *testing.T) {
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(bytes.NewReader(written(t, "cyclonedx", everything(t), scan.View{})), cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatal(err)
	}
	if bom.Metadata.Component == nil || bom.Metadata.Component.Name != "product" || len(*bom.Components) != 13 || len(*bom.Vulnerabilities) != 7 {
		t.Fatalf("%d components, %d vulnerabilities", len(*bom.Components), len(*bom.Vulnerabilities))
	}
	refs := map[string]bool{}
	for _, c := range *bom.Components {
		if refs[c.BOMRef] {
			t.Errorf("%s occurs twice", c.BOMRef)
		}
		refs[c.BOMRef] = true
	}
	states := map[string]cdx.ImpactAnalysisState{}
	for _, v := range *bom.Vulnerabilities {
		states[v.ID] = v.Analysis.State
		for _, a := range *v.Affects {
			if !refs[a.Ref] {
				t.Errorf("%s affects %s, which is not there", v.ID, a.Ref)
			}
		}
	}
	want := map[string]cdx.ImpactAnalysisState{"A-1": cdx.IASInTriage, "A-2": cdx.IASInTriage, "A-3": cdx.IASInTriage, "B-1": cdx.IASNotAffected, "B-2": cdx.IASResolved, "B-3": cdx.IASInTriage, "B-4": cdx.IASExploitable}
	if fmt.Sprint(states) != fmt.Sprint(want) {
		t.Errorf("%v", states)
	}
	if !regexp.MustCompile(`^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(bom.SerialNumber) {
		t.Error(bom.SerialNumber)
	}
}

func TestSARIFKeepsDoubtAndDecisions(t *testing.T) {
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Invocations []struct {
				ExecutionSuccessful bool
				Notifications       []struct {
					Level   string
					Message struct{ Text string }
				} `json:"toolExecutionNotifications"`
			}
			Results []struct {
				RuleID, Level string
				RuleIndex     int
				Suppressions  []struct{ Kind, Justification string }
				Fingerprints  map[string]string `json:"partialFingerprints"`
			}
		}
	}
	if err := json.Unmarshal(written(t, "sarif", everything(t), scan.View{}), &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if log.Version != "2.1.0" || run.Invocations[0].ExecutionSuccessful {
		t.Errorf("a document was refused, so the run was not successful: %+v", run.Invocations)
	}
	var levels []string
	for _, n := range run.Invocations[0].Notifications {
		levels = append(levels, n.Level)
	}
	if strings.Join(levels, " ") != "warning warning warning warning warning error warning warning" {
		t.Errorf("five reasons, a refusal, two unreadable advisories: %v", levels)
	}
	var got []string
	prints := map[string]bool{}
	for _, r := range run.Results {
		if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%s points to another rule", r.RuleID)
		}
		word := r.RuleID + " " + r.Level
		if len(r.Suppressions) > 0 {
			word += " suppressed"
			if !strings.Contains(r.Suppressions[0].Justification, "The supplier") {
				t.Errorf("%s does not say who decided", r.RuleID)
			}
		}
		got = append(got, word)
		prints[r.Fingerprints["touchstone/v1"]] = true
	}
	slices.Sort(got)
	want := "A-1 error, A-2 error, A-3 note, B-1 warning suppressed, B-2 warning suppressed, B-3 warning, B-4 warning"
	if strings.Join(got, ", ") != want || len(prints) != 7 {
		t.Errorf("%v, %d fingerprints", got, len(prints))
	}
}

func TestThePageStandsByItself(t *testing.T) {
	page := string(written(t, "html", everything(t), scan.View{}))
	root, err := xhtml.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	count, ids, links := map[string]int{}, map[string]bool{}, []string{}
	for n := range root.Descendants() {
		if n.Type != xhtml.ElementNode {
			continue
		}
		count[n.Data]++
		for _, a := range n.Attr {
			switch {
			case a.Key == "id" && ids[a.Val]:
				t.Errorf("the id %s occurs twice", a.Val)
			case a.Key == "id":
				ids[a.Val] = true
			case a.Key == "href" || a.Key == "aria-labelledby":
				links = append(links, strings.TrimPrefix(a.Val, "#"))
			case a.Key == "src" || a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				t.Errorf("<%s %s>", n.Data, a.Key)
			}
		}
	}
	for _, l := range links {
		if !ids[l] {
			t.Errorf("%s leads nowhere", l)
		}
	}
	if count["script"] != 0 || count["h1"] != 1 || count["main"] != 1 || count["title"] != 1 || count["link"] != 0 || count["img"] != 0 || count["caption"] != count["table"] {
		t.Errorf("%v", count)
	}
	for _, want := range []string{`lang="en-GB"`, "default-src &#39;none&#39;", "A-1, A-2, CVE-1", "stated by The supplier", "&lt;script&gt;"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.ContainsAny(page, "\x1b\u202e") {
		t.Error("a document can turn the direction of writing")
	}
}

func TestEveryFormatWritesAScanOfNothing(t *testing.T) {
	for _, f := range scan.Formats() {
		if len(written(t, f, &scan.Result{}, scan.View{})) == 0 {
			t.Errorf("%s is empty", f)
		}
	}
	if _, known := scan.WriterOf("pdf"); known {
		t.Error("there is no PDF")
	}
}
