package csaf_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/csaf"
)

// sound is an advisory that passes everything and has something of everything.
const sound = `{
"document":{"category":"csaf_security_advisory","csaf_version":"2.0","title":"A flaw in the pump",
 "publisher":{"category":"vendor","name":"Example Ltd","namespace":"https://psirt.example.com"},
 "lang":"en-GB","notes":[{"category":"summary","text":"What happened."}],
 "references":[{"category":"external","summary":"More","url":"https://example.com/more"}],
 "tracking":{"id":"EX-1","status":"final","version":"2","initial_release_date":"2026-01-01T10:00:00Z","current_release_date":"2026-02-01T10:00:00Z",
  "revision_history":[{"date":"2026-01-01T10:00:00Z","number":"1","summary":"First."},{"date":"2026-02-01T10:00:00Z","number":"2","summary":"Second."}]}},
"product_tree":{
 "branches":[{"category":"vendor","name":"Example Ltd","branches":[{"category":"product_name","name":"Pump","branches":[
  {"category":"product_version","name":"1.0","product":{"product_id":"P1","name":"Pump 1.0","product_identification_helper":{"purl":"pkg:generic/pump@1.0",
   "hashes":[{"filename":"pump.bin","file_hashes":[{"algorithm":"sha256","value":"026a37919b182ef7c63791e82c9645e2f897a3f0b73c7a6028c7febf62e93838"}]}]}}},
  {"category":"product_version","name":"1.1","product":{"product_id":"P2","name":"Pump 1.1"}}]}]}],
 "full_product_names":[{"product_id":"P3","name":"Valve"},{"product_id":"P4","name":"Library","product_identification_helper":{"purl":"pkg:npm/left-pad@1.0.0"}}],
 "relationships":[{"category":"default_component_of","product_reference":"P4","relates_to_product_reference":"P3","full_product_name":{"product_id":"P5","name":"Library in valve"}}],
 "product_groups":[{"group_id":"G1","product_ids":["P1","P3"]}]},
"vulnerabilities":[{"cve":"CVE-2026-0001","ids":[{"system_name":"GitHub","text":"GHSA-aaaa-bbbb-cccc"}],
 "cwe":{"id":"CWE-79","name":"Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')"},
 "notes":[{"category":"description","text":"The flaw."}],
 "involvements":[{"party":"vendor","status":"completed","date":"2026-01-01T10:00:00Z"}],
 "product_status":{"known_affected":["P1"],"fixed":["P2"],"known_not_affected":["P3"],"under_investigation":["P5"]},
 "flags":[{"label":"component_not_present","product_ids":["P3"]}],
 "threats":[{"category":"impact","details":"None.","product_ids":["P3"]}],
 "remediations":[{"category":"vendor_fix","details":"Update to 1.1.","product_ids":["P1"]}],
 "scores":[{"products":["P1"],"cvss_v3":{"version":"3.1","vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","baseScore":9.8,"baseSeverity":"CRITICAL","attackVector":"NETWORK"},
  "cvss_v2":{"version":"2.0","vectorString":"AV:N/AC:L/Au:N/C:C/I:C/A:C","baseScore":10}}]}]}`

func parse(s string) (*csaf.Document, error) {
	return csaf.Parse(strings.NewReader(s), budget.Limits{})
}

// edited is sound with some places set anew; the value "-" takes a member away, and
// what is not there is made.
func edited(t *testing.T, edits map[string]string) string {
	t.Helper()
	return editedFrom(t, sound, edits)
}

func editedFrom(t *testing.T, text string, edits map[string]string) string {
	t.Helper()
	var doc any
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	for _, at := range slices.Sorted(maps.Keys(edits)) {
		value := edits[at]
		var v any
		if value != "-" {
			if err := json.Unmarshal([]byte(value), &v); err != nil {
				t.Fatalf("%s: %v", value, err)
			}
		}
		doc = set(doc, strings.Split(at, "/")[1:], v, value == "-")
	}
	b, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func set(in any, path []string, v any, remove bool) any {
	if len(path) == 0 {
		return v
	}
	switch in := in.(type) {
	case map[string]any:
		if remove && len(path) == 1 {
			delete(in, path[0])
		} else {
			in[path[0]] = set(in[path[0]], path[1:], v, remove)
		}
		return in
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil {
			panic(err)
		}
		if i == len(in) {
			return append(in, v)
		}
		in[i] = set(in[i], path[1:], v, remove)
		return in
	}
	panic(fmt.Sprintf("nothing at %v", path))
}

func TestASoundAdvisoryHasNoFaultAndFailsNoTest(t *testing.T) {
	d, err := parse(sound)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Faults) > 0 || len(d.Failures()) > 0 {
		t.Errorf("faults %v, failures %v", d.Faults, d.Failures())
	}
	want := fact.Publication{ID: "EX-1", Title: "A flaw in the pump", Publisher: "Example Ltd", Category: "csaf_security_advisory", CSAFVersion: "2.0", Status: "final",
		ReleasedAt: 1769940000000000, Vulnerabilities: 1}
	if diff := cmp.Diff(want, d.Publication()); diff != "" {
		t.Error(diff)
	}
	if !csaf.Detect([]byte(sound)) {
		t.Error("it is not recognised")
	}
}

// failures of one clause: what is changed in the sound advisory, and the tests that
// it must fail then.
var failing = []struct {
	want  string
	edits map[string]string
}{
	{"6.1.1", map[string]string{"/vulnerabilities/0/product_status/recommended": `["P9"]`}},
	{"6.1.1", map[string]string{"/vulnerabilities/0/scores/0/products/0": `"P9"`}},
	{"6.1.1", map[string]string{"/vulnerabilities/0/flags/0/product_ids/1": `"P9"`}},
	{"6.1.2", map[string]string{"/product_tree/full_product_names/2": `{"product_id":"P1","name":"Again"}`}},
	{"6.1.3", map[string]string{"/product_tree/relationships/0/product_reference": `"P5"`}},
	{"6.1.3", map[string]string{"/product_tree/relationships/1": `{"category":"installed_on","product_reference":"P3","relates_to_product_reference":"P7","full_product_name":{"product_id":"P6","name":"A"}}`,
		"/product_tree/relationships/2": `{"category":"installed_on","product_reference":"P3","relates_to_product_reference":"P6","full_product_name":{"product_id":"P7","name":"B"}}`}},
	{"6.1.4", map[string]string{"/vulnerabilities/0/threats/0/group_ids": `["G9"]`}},
	{"6.1.5", map[string]string{"/product_tree/product_groups/1": `{"group_id":"G1","product_ids":["P1","P2"]}`}},
	{"6.1.6", map[string]string{"/vulnerabilities/0/product_status/first_affected": `["P2"]`}},
	{"6.1.7", map[string]string{"/vulnerabilities/0/scores/1": `{"products":["P1"],"cvss_v2":{"version":"2.0","vectorString":"AV:N/AC:L/Au:N/C:C/I:C/A:C","baseScore":10}}`}},
	{"6.1.8", map[string]string{"/vulnerabilities/0/scores/0/cvss_v3/baseSeverity": `-`}},
	{"6.1.8", map[string]string{"/vulnerabilities/0/scores/0/cvss_v3/attackVector": `"ANYWHERE"`, "/vulnerabilities/0/scores/0/cvss_v3/vectorString": `"CVSS:3.1/AV:N/AC:L"`}},
	{"6.1.8", map[string]string{"/vulnerabilities/0/scores/0/cvss_v2/version": `"3.1"`}},
	{"6.1.8", map[string]string{"/vulnerabilities/0/scores/0/cvss_v2/temporalScore": `"8"`}},
	{"6.1.9", map[string]string{"/vulnerabilities/0/scores/0/cvss_v3/baseScore": `9.7`}},
	{"6.1.9", map[string]string{"/vulnerabilities/0/scores/0/cvss_v3/baseSeverity": `"HIGH"`}},
	{"6.1.9", map[string]string{"/vulnerabilities/0/scores/0/cvss_v3/temporalScore": `9.1`}},
	{"6.1.10", map[string]string{"/vulnerabilities/0/scores/0/cvss_v3/attackVector": `"LOCAL"`}},
	{"6.1.10", map[string]string{"/vulnerabilities/0/scores/0/cvss_v2/exploitability": `"HIGH"`, "/vulnerabilities/0/scores/0/cvss_v2/vectorString": `"AV:N/AC:L/Au:N/C:C/I:C/A:C/E:U"`}},
	{"6.1.11", map[string]string{"/vulnerabilities/0/cwe/name": `"Improper Input Validation"`}},
	{"6.1.11", map[string]string{"/vulnerabilities/0/cwe/id": `"CWE-999999"`}},
	{"6.1.12", map[string]string{"/document/lang": `"EZ"`}},
	{"6.1.13", map[string]string{"/product_tree/full_product_names/1/product_identification_helper/purl": `"pkg:maven/@1.3.4"`}},
	{"6.1.14", map[string]string{"/document/tracking/revision_history/0/date": `"2026-03-01T10:00:00Z"`, "/document/tracking/version": `"1"`}},
	{"6.1.15", map[string]string{"/document/publisher/category": `"translator"`}},
	{"6.1.16", map[string]string{"/document/tracking/version": `"1"`}},
	{"6.1.17", map[string]string{"/document/tracking/version": `"0"`, "/document/tracking/revision_history": `[{"date":"2026-01-01T10:00:00Z","number":"0","summary":"A."}]`}},
	{"6.1.18", map[string]string{"/document/tracking/revision_history/0/number": `"0"`, "/document/tracking/revision_history/1/number": `"1"`, "/document/tracking/version": `"1"`}},
	{"6.1.19", map[string]string{"/document/tracking/revision_history": `[{"date":"2026-01-01T10:00:00Z","number":"1.0.0-rc","summary":"A."},{"date":"2026-01-02T10:00:00Z","number":"1.0.0","summary":"A."}]`, "/document/tracking/version": `"1.0.0"`}},
	{"6.1.20", map[string]string{"/document/tracking/version": `"2.0.0-alpha"`}},
	{"6.1.21", map[string]string{"/document/tracking/revision_history/1/number": `"3"`, "/document/tracking/version": `"3"`}},
	{"6.1.21", map[string]string{"/document/tracking/revision_history/0/number": `"2"`, "/document/tracking/revision_history/1/number": `"3"`, "/document/tracking/version": `"3"`}},
	{"6.1.22", map[string]string{"/document/tracking/revision_history/2": `{"date":"2026-02-02T10:00:00Z","number":"2","summary":"Again."}`}},
	{"6.1.23", map[string]string{"/vulnerabilities/1": `{"cve":"CVE-2026-0001","notes":[{"category":"other","text":"x"}],"product_status":{"fixed":["P1"]}}`}},
	{"6.1.24", map[string]string{"/vulnerabilities/0/involvements/1": `{"party":"vendor","status":"open","date":"2026-01-01T11:00:00+01:00"}`}},
	{"6.1.25", map[string]string{"/product_tree/branches/0/branches/0/branches/0/product/product_identification_helper/hashes/0/file_hashes/1": `{"algorithm":"sha256","value":"0a853ce2337f0608489ac596a308dc5b7b19d35a52b10bf31261586ac368b175"}`}},
	{"6.1.26", map[string]string{"/document/category": `"Security  Advisory"`}},
	{"6.1.26", map[string]string{"/document/category": `"V_eX"`}},
	{"6.1.26", map[string]string{"/document/category": `"Csaf_mine"`}},
	{"6.1.27.1", map[string]string{"/document/category": `"csaf_security_incident_response"`, "/document/notes/0/category": `"legal_disclaimer"`}},
	{"6.1.27.2", map[string]string{"/document/category": `"csaf_security_incident_response"`, "/document/references/0/category": `"self"`}},
	{"6.1.27.3", map[string]string{"/document/category": `"csaf_informational_advisory"`}},
	{"6.1.27.4", map[string]string{"/product_tree": `-`}},
	{"6.1.27.5", map[string]string{"/vulnerabilities/0/notes": `-`}},
	{"6.1.27.6", map[string]string{"/vulnerabilities/0/product_status": `-`}},
	{"6.1.27.7", map[string]string{"/document/category": `"csaf_vex"`, "/vulnerabilities/0/product_status": `{"recommended":["P1"]}`}},
	{"6.1.27.8", map[string]string{"/document/category": `"csaf_vex"`, "/vulnerabilities/0/cve": `-`, "/vulnerabilities/0/ids": `-`}},
	{"6.1.27.9", map[string]string{"/document/category": `"csaf_vex"`, "/vulnerabilities/0/flags": `-`, "/vulnerabilities/0/threats/0/category": `"target_set"`}},
	{"6.1.27.10", map[string]string{"/document/category": `"csaf_vex"`, "/vulnerabilities/0/remediations/0/product_ids": `["P2"]`}},
	{"6.1.27.11", map[string]string{"/vulnerabilities": `-`}},
	{"6.1.28", map[string]string{"/document/source_lang": `"en-GB"`}},
	{"6.1.29", map[string]string{"/vulnerabilities/0/remediations/0/product_ids": `-`}},
	{"6.1.30", map[string]string{"/document/tracking/revision_history/0/number": `"1.0.0"`}},
	{"6.1.31", map[string]string{"/product_tree/branches/0/branches/0/branches/0/name": `"1.0 and earlier"`}},
	{"6.1.31", map[string]string{"/product_tree/branches/0/branches/0/branches/0/name": `"<1.0"`}},
	{"6.1.32", map[string]string{"/vulnerabilities/0/flags/0/product_ids": `-`}},
	{"6.1.33", map[string]string{"/vulnerabilities/0/flags/1": `{"label":"vulnerable_code_not_present","group_ids":["G1"]}`}},
}

func TestEachMandatoryTestFindsItsFault(t *testing.T) {
	covered := map[string]bool{}
	for _, c := range failing {
		t.Run(c.want+fmt.Sprint(c.edits), func(t *testing.T) {
			d, err := parse(edited(t, c.edits))
			if err != nil {
				t.Fatal(err)
			}
			failures := d.Failures()
			if !slices.ContainsFunc(failures, func(f csaf.Failure) bool { return f.Test == c.want && f.Detail != "" }) {
				t.Errorf("%v", failures)
			}
			if p := d.Publication(); p.FailedTests == 0 {
				t.Error("the publication says that nothing failed")
			}
		})
		covered[c.want] = true
	}
	for _, number := range csaf.Numbers("2.0") {
		if !covered[number] {
			t.Errorf("no case for %s", number)
		}
	}
}

func TestWhatOnlyLooksLikeAFaultPasses(t *testing.T) {
	for _, edits := range []map[string]string{
		{"/product_tree/branches/0/branches/0/branches/0/name": `"after-eight"`},
		{"/document/lang": `"i-default"`},
		{"/document/lang": `"de-1996"`},
		{"/document/category": `"Release notes"`},
		{"/document/tracking/revision_history/0/date": `"2026-02-01T10:00:00Z"`}, // the same instant
		{"/document/tracking/revision_history/0/date": `"2025-12-31T23:59:60Z"`},
		{"/document/tracking/version": `"2.0.0+build"`, "/document/tracking/revision_history/1/number": `"2.0.0"`, "/document/tracking/revision_history/0/number": `"1.9.0"`},
		{"/vulnerabilities/0/product_status/recommended": `["P1"]`},
		{"/vulnerabilities/0/scores/0/cvss_v3/temporalScore": `9.8`},
		{"/vulnerabilities/0/scores/0/cvss_v2/exploitability": `"HIGH"`}, // the vector does not say
		{"/vulnerabilities/0/scores/0/cvss_v2/vectorString": `"AV:N/AC:L/Au:N/C:C/I:C/A:C/E:U/RL:OF/RC:UC"`, "/vulnerabilities/0/scores/0/cvss_v2/temporalScore": `6.7`},
		{"/vulnerabilities/0/cwe": `{"id":"CWE-598","name":"Use of GET Request Method With Sensitive Query Strings"}`}, // its former name
		{"/x_own": `{"anything":[1,2]}`},
	} {
		d, err := parse(edited(t, edits))
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Failures())+len(d.Faults) > 0 {
			t.Errorf("%v: %v %v", edits, d.Failures(), d.Faults)
		}
	}
}

func TestASchemaRuleIsAFaultThatSaysWhere(t *testing.T) {
	for _, c := range []struct{ at, value, pointer, says string }{
		{"/document/title", "-", "/document/title", "missing"},
		{"/document/title", "3", "/document/title", "must be a text"},
		{"/document/title", `""`, "/document/title", "empty"},
		{"/document/publisher", `"Example"`, "/document/publisher", "must be an object"},
		{"/document/publisher/category", `"seller"`, "/document/publisher/category", "not one of the words"},
		{"/document/publisher/namespace", `"example"`, "/document/publisher/namespace", "URI"},
		{"/document/tracking/version", `"1.0"`, "/document/tracking/version", "SemVer"},
		{"/document/tracking/current_release_date", `"yesterday"`, "/document/tracking/current_release_date", "RFC 3339"},
		{"/document/distribution", `{"tlp":{"label":"CLEAR"}}`, "/document/distribution/tlp/label", "CSAF 2.0"},
		{"/document/notes", `{}`, "/document/notes", "must be a list"},
		{"/document/notes", `[]`, "/document/notes", "empty"},
		{"/document/notes", `[7]`, "/document/notes/0", "must be an object"},
		{"/vulnerabilities/0/cve", `"2026-1"`, "/vulnerabilities/0/cve", "CVE"},
		{"/vulnerabilities/0/product_status/fixed", `["P2","P2"]`, "/vulnerabilities/0/product_status/fixed/1", "twice"},
		{"/vulnerabilities/0/remediations/0/category", `"fix_planned"`, "/vulnerabilities/0/remediations/0/category", "CSAF 2.1"},
		{"/vulnerabilities/0/scores/0", `{"products":["P1"]}`, "/vulnerabilities/0/scores/0", "CVSS object"},
		{"/product_tree/branches/0", `{"category":"vendor","name":"x"}`, "/product_tree/branches/0", "either"},
		{"/product_tree/product_groups/0/product_ids", `["P1"]`, "/product_tree/product_groups/0/product_ids", "at least two"},
		{"/product_tree/full_product_names/0/product_identification_helper", `{"cpe":"cpe:/"}`, "", ""},
		{"/product_tree/full_product_names/0/product_identification_helper", `{"cpe":"pump"}`, "/product_tree/full_product_names/0/product_identification_helper/cpe", "CPE"},
	} {
		t.Run(c.at+" "+c.value, func(t *testing.T) {
			d, err := parse(edited(t, map[string]string{c.at: c.value}))
			if err != nil {
				t.Fatal(err)
			}
			found := slices.ContainsFunc(d.Faults, func(f fact.Fault) bool {
				return f.Pointer == c.pointer && strings.Contains(f.Detail, c.says) && f.Rule == "schema"
			})
			if found != (c.says != "") {
				t.Errorf("%v", d.Faults)
			}
		})
	}
}

func TestWhatIsNotCSAFIsRefused(t *testing.T) {
	many := `{"document":{"csaf_version":"2.0"},"vulnerabilities":[` + strings.Repeat(`{},`, 1000) + `{}]}`
	wide := `{"document":{"csaf_version":"2.0"},"product_tree":{"product_groups":[{"group_id":"G","product_ids":["1","2","3","4","5"]}]},"vulnerabilities":[{"flags":[` +
		strings.Repeat(`{"group_ids":["G"]},`, 30) + `{}]}]}`
	for _, c := range []struct {
		name, text string
		limits     budget.Limits
		kind       fault.Kind
		says       string
	}{
		{"another object", `{"a":1}`, budget.Limits{}, fault.Unsupported, "csaf_version"},
		{"a list", `[]`, budget.Limits{}, fault.Unsupported, "csaf_version"},
		{"nothing", ``, budget.Limits{}, fault.Invalid, "ends too early"},
		{"another version", `{"document":{"csaf_version":"1.2"}}`, budget.Limits{}, fault.Unsupported, "1.2"},
		{"data behind the end", sound + "x", budget.Limits{}, fault.Invalid, "after the end"},
		{"a second document", sound + sound, budget.Limits{}, fault.Invalid, "after the end"},
		{"a member twice", `{"document":{"csaf_version":"2.0","csaf_version":"2.0"}}`, budget.Limits{}, fault.Invalid, "twice"},
		{"not UTF-8", "{\"document\":{\"title\":\"\xff\"}}", budget.Limits{}, fault.Invalid, "not JSON"},
		{"a bare NUL", "{\"document\":\x00}", budget.Limits{}, fault.Invalid, "not JSON"},
		{"too many entries", many, budget.Limits{Items: 500}, fault.TooLarge, "more than 500"},
		{"groups that multiply", wide, budget.Limits{Items: 100}, fault.TooLarge, "groups"},
		{"too long", sound, budget.Limits{Bytes: 100}, fault.TooLarge, "longer"},
		{"a long text", `{"document":{"title":"` + strings.Repeat("a", 2000) + `"}}`, budget.Limits{Text: 1000}, fault.TooLarge, "longer than 1000"},
		{"deep branches", `{"document":{"csaf_version":"2.0"},"product_tree":` + strings.Repeat(`{"branches":[`, 5000), budget.Limits{}, fault.TooLarge, "deeper"},
		{"deep nonsense", `{"document":{"csaf_version":"2.0"},"x":` + strings.Repeat(`[`, 5000), budget.Limits{}, fault.TooLarge, "deeper"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := csaf.Parse(strings.NewReader(c.text), c.limits)
			if !fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s saying %q", err, c.kind, c.says)
			}
		})
	}
}

func TestTruncatedAnywhereIsRefused(t *testing.T) {
	for n := range len(sound) {
		if _, err := parse(sound[:n]); err == nil {
			t.Fatalf("%d of %d bytes were accepted", n, len(sound))
		}
	}
}

func TestADocumentThatIsWrongEverywhereIsReadWithinBounds(t *testing.T) {
	text := `{"document":{"csaf_version":"2.0"},"vulnerabilities":[` + strings.Repeat(`{"cve":3,"flags":[{"label":"x"}]},`, 20_000) + `{}]}`
	d, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(d.Faults); n > 2100 {
		t.Errorf("%d faults are kept", n)
	}
	if n := len(d.Failures()); n > 5000 {
		t.Errorf("%d failures are kept", n)
	}
	if last := d.Faults[len(d.Faults)-1]; !strings.Contains(fmt.Sprint(d.Faults), "more-faults") {
		t.Errorf("nothing says that there are more: %v", last)
	}
}

func TestOtherJSONIsNotTakenForCSAF(t *testing.T) {
	for _, s := range []string{`{"bomFormat":"CycloneDX"}`, `{"document":"x"}`, `{"document":{"type":"a"}}`, `[]`, ``, `{"@context":"https://openvex.dev/ns"}`} {
		if csaf.Detect([]byte(s)) {
			t.Errorf("%s", s)
		}
	}
	for _, s := range []string{sound[:200], `{"$schema":"https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json","document":{`, "\xef\xbb\xbf" + sound[:200]} {
		if !csaf.Detect([]byte(s)) {
			t.Errorf("%s", s)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sound))
	f.Add([]byte(sound21))
	f.Add([]byte(`{"document":{"csaf_version":"2.1","tracking":{"revision_history":[{"number":"1.0.0-a.1","date":"2026-01-01T00:00:60Z"}]}}}`))
	f.Add([]byte(`{"document":{"csaf_version":"2.0"},"product_tree":{"relationships":[{"product_reference":"a","full_product_name":{"product_id":"a"}}]}}`))
	f.Add([]byte(`{"document":{"csaf_version":"2.0"},"vulnerabilities":[null,{"scores":[{"cvss_v3":{"version":"3.1","vectorString":"CVSS:3.1/"}}],"flags":[{"group_ids":[""]}]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := csaf.Parse(bytes.NewReader(b), budget.Limits{Bytes: 1 << 16})
		if err != nil {
			if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.TooLarge) && !fault.Is(err, fault.Unsupported) {
				t.Errorf("an error that is no fault: %v", err)
			}
			return
		}
		d.Failures()
		d.Publication()
		d.VEX()
	})
}
