package csaf_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/format/csaf"
)

// sound21 is an advisory of CSAF 2.1 that passes everything.
const sound21 = `{
"$schema":"https://docs.oasis-open.org/csaf/csaf/v2.1/schema/csaf.json",
"document":{"category":"csaf_security_advisory","csaf_version":"2.1","title":"A flaw in the pump","license_expression":"CC-BY-4.0 OR (LicenseRef-own AND MIT+)",
 "distribution":{"tlp":{"label":"CLEAR"},"sharing_group":{"id":"ffffffff-ffff-ffff-ffff-ffffffffffff","name":"Public"}},
 "publisher":{"category":"vendor","name":"Example Ltd","namespace":"https://psirt.example.com"},
 "notes":[{"category":"summary","text":"What happened."},{"category":"legal_disclaimer","title":"License","text":"Do as you like."}],
 "tracking":{"id":"EX-1","status":"final","version":"1","initial_release_date":"2026-01-01T10:00:00Z","current_release_date":"2026-01-01T10:00:00Z",
  "revision_history":[{"date":"2026-01-01T10:00:00Z","number":"1","summary":"First."}]}},
"product_tree":{"branches":[{"category":"vendor","name":"Example Ltd","branches":[{"category":"product_name","name":"Pump","branches":[
  {"category":"product_version","name":"1.0","product":{"product_id":"P1","name":"Pump 1.0","product_identification_helper":{"purls":["pkg:generic/pump@1.0","pkg:generic/pump@1.0?arch=x"],
   "model_numbers":["PA*"],"serial_numbers":["?1*"],"skus":["A\\*B*"]}}},
  {"category":"product_version_range","name":"vers:intdot/<1.0|>=0.5","product":{"product_id":"P2","name":"Pump before 1.0"}}]}]}],
 "product_paths":[{"beginning_product_reference":"P1","full_product_name":{"product_id":"P3","name":"Pump 1.0 on itself"},"subpaths":[{"category":"installed_on","next_product_reference":"P2"}]}],
 "product_groups":[{"group_id":"G1","product_ids":["P1"]}]},
"vulnerabilities":[{"cve":"CVE-2026-0001","cwes":[{"id":"CWE-20","name":"Improper Input Validation","version":"4.20"}],"disclosure_date":"2026-01-01T10:00:00Z",
 "first_known_exploitation_dates":[{"date":"2026-01-01T09:00:00Z","exploitation_date":"2026-01-01T08:00:00Z","group_ids":["G1"]}],
 "notes":[{"category":"description","text":"The flaw.","product_ids":["P1"]}],
 "product_status":{"known_affected":["P2"],"fixed":["P1"]},
 "remediations":[{"category":"vendor_fix","details":"Update.","product_ids":["P2"]}],
 "metrics":[{"products":["P2"],"content":{"cvss_v4":{"version":"4.0","vectorString":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:P","baseScore":9.3,"baseSeverity":"CRITICAL"},
  "epss":{"percentile":"0.9","probability":"0.9","timestamp":"2026-01-01T10:00:00Z"},
  "ssvc_v2":{"timestamp":"2026-01-01T10:00:00Z","target_ids":["CVE-2026-0001"],"selections":[{"key":"E","namespace":"ssvc","version":"1.1.0","values":[{"key":"N"}]}]}}}]}],
"x_extensions":[{"$schema":"https://example.com/x.json","category":"supplementary","content":{"a":1},"critical":false}]}`

func TestASoundAdvisoryOf21HasNoFaultAndFailsNoTest(t *testing.T) {
	d, err := parse(sound21)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Faults) > 0 || len(d.Failures()) > 0 {
		t.Errorf("faults %v, failures %v", d.Faults, d.Failures())
	}
}

const (
	vulnerable = "/vulnerabilities/0"
	helper     = "/product_tree/branches/0/branches/0/branches/0/product/product_identification_helper"
	revisions  = `[{"date":"2026-01-01T10:00:00Z","number":"1","summary":"First."},{"date":"2026-01-02T10:00:00Z","number":"2","summary":"Gone."}]`
)

var failing21 = []struct {
	want  string
	edits map[string]string
}{
	{"6.1.1", map[string]string{"/product_tree/product_paths/0/subpaths/0/next_product_reference": `"P9"`}},
	{"6.1.1", map[string]string{vulnerable + "/ids": `[{"system_name":"x","text":"y","product_ids":["P9"]}]`}},
	{"6.1.4", map[string]string{vulnerable + "/notes/0/group_ids": `["G9"]`}},
	{"6.1.8", map[string]string{vulnerable + "/metrics/0/content/cvss_v4/threatScore": `9.3`}},
	{"6.1.9", map[string]string{vulnerable + "/metrics/0/content/cvss_v4/baseScore": `10`}},
	{"6.1.27.3", map[string]string{"/document/category": `"csaf_withdrawn"`}},
	{"6.1.27.8", map[string]string{"/document/category": `"csaf_vex"`, vulnerable + "/cve": `-`, vulnerable + "/ids": `[{"system_name":"x","text":"y","product_ids":["P1"]}]`}},
	{"6.1.27.12", map[string]string{vulnerable + "/product_status": `{"under_investigation":["P2"]}`}},
	{"6.1.27.13", map[string]string{vulnerable + "/product_status": `{"fixed":["P1"]}`}},
	{"6.1.27.13", map[string]string{vulnerable + "/product_status/fixed": `["P3"]`}},
	{"6.1.27.14", map[string]string{"/document/category": `"csaf_superseded"`, "/document/notes/0/category": `"faq"`}},
	{"6.1.27.15", map[string]string{"/document/category": `"csaf_withdrawn"`}},
	{"6.1.27.16", map[string]string{"/document/category": `"csaf_superseded"`}},
	{"6.1.27.17", map[string]string{"/document/category": `"csaf_withdrawn"`, "/document/tracking/revision_history": revisions}},
	{"6.1.27.18", map[string]string{"/document/category": `"csaf_superseded"`, "/document/notes/0/title": `"Reasoning for Supersession"`}},
	{"6.1.27.19", map[string]string{"/document/category": `"csaf_superseded"`, "/document/references": `[{"category":"self","summary":"Superseding Document","url":"https://example.com"}]`}},
	{"6.1.34", map[string]string{"/product_tree/branches/0": strings.Repeat(`{"category":"product_family","name":"x","branches":[`, 30) + `{"category":"product_name","name":"x","product":{"product_id":"P1","name":"x"}}` + strings.Repeat(`]}`, 30)}},
	{"6.1.35", map[string]string{vulnerable + "/remediations/1": `{"category":"none_available","details":"x","product_ids":["P2"]}`}},
	{"6.1.36", map[string]string{vulnerable + "/remediations/0/product_ids": `["P1"]`}},
	{"6.1.36", map[string]string{vulnerable + "/remediations/0/category": `"optional_patch"`}},
	{"6.1.37", map[string]string{vulnerable + "/disclosure_date": `"2026-01-01t10:00:00z"`}},
	{"6.1.37", map[string]string{vulnerable + "/disclosure_date": `"2025-02-29T10:00:00Z"`}},
	{"6.1.38", map[string]string{"/document/distribution/tlp/label": `"RED"`}},
	{"6.1.39", map[string]string{"/document/distribution/sharing_group": `{"id":"5868d6be-b28a-404e-a245-0b5093b31b8b"}`}},
	{"6.1.40", map[string]string{"/document/distribution/sharing_group/id": `"5868d6be-b28a-404e-a245-0b5093b31b8b"`}},
	{"6.1.41", map[string]string{"/document/distribution/sharing_group/name": `-`}},
	{"6.1.42", map[string]string{helper + "/purls/1": `"pkg:generic/pump@1.1"`}},
	{"6.1.43", map[string]string{helper + "/model_numbers": `["*A*"]`}},
	{"6.1.44", map[string]string{helper + "/serial_numbers": `["*\\*A*"]`}},
	{"6.1.45", map[string]string{vulnerable + "/disclosure_date": `"2026-01-01T11:00:00Z"`}},
	{"6.1.46", map[string]string{vulnerable + "/metrics/0/content/ssvc_v2/selections": `-`}},
	{"6.1.47", map[string]string{vulnerable + "/metrics/0/content/ssvc_v2/target_ids": `["CVE-2026-0002"]`}},
	{"6.1.49", map[string]string{vulnerable + "/metrics/0/content/ssvc_v2/timestamp": `"2026-01-01T14:30:00+04:00"`}},
	{"6.1.50", map[string]string{"/product_tree/branches/0/branches/0/branches/1/name": `"all versions < 1.0"`}},
	{"6.1.50", map[string]string{"/product_tree/branches/0/branches/0/branches/1/name": `"vers:intdot/||<1.0"`}},
	{"6.1.51", map[string]string{vulnerable + "/metrics/0/content/epss/timestamp": `"2026-01-02T10:00:00Z"`}},
	{"6.1.52", map[string]string{vulnerable + "/first_known_exploitation_dates/0/date": `"2026-01-01T10:00:00.001Z"`}},
	{"6.1.53", map[string]string{vulnerable + "/first_known_exploitation_dates/0/exploitation_date": `"2026-01-01T09:00:00.0000001Z"`}},
	{"6.1.54", map[string]string{"/document/license_expression": `"MIT OR"`}},
	{"6.1.54", map[string]string{"/document/license_expression": `"licenseref-x"`}},
	{"6.1.54", map[string]string{"/document/license_expression": `"LicenseRef-x+"`}},
	{"6.1.54", map[string]string{"/document/license_expression": `"(MIT"`}},
	{"6.1.54", map[string]string{"/document/license_expression": `"as you like"`}},
	{"6.1.55", map[string]string{"/document/notes/1/category": `"other"`}},
	{"6.1.56", map[string]string{vulnerable + "/metrics/1": `{"products":["P2"],"content":{"qualitative_severity_rating":"low"}}`}},
	{"6.1.57", map[string]string{"/product_tree/branches/0/branches/0/category": `"vendor"`}},
	{"6.1.58", map[string]string{"/product_tree/branches/0/branches/0/category": `"product_version"`}},
	{"6.1.59", map[string]string{"/product_tree/branches/0/branches/0/branches/1/name": `"vers:intdot/1.0"`}},
	{"6.1.60.1", map[string]string{"/x_extensions/0/critical": `"no"`}},
	{"6.1.60.1", map[string]string{"/x_extensions/0/more": `1`}},
	{"6.1.61", map[string]string{helper + "/skus": `["**"]`}},
}

func TestEachTestOf21FindsItsFault(t *testing.T) {
	covered := map[string]bool{}
	for _, c := range failing21 {
		t.Run(c.want+fmt.Sprint(c.edits), func(t *testing.T) {
			d, err := parse(editedFrom(t, sound21, c.edits))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(d.Failures(), func(f csaf.Failure) bool { return f.Test == c.want && f.Detail != "" }) {
				t.Errorf("%v, faults %v", d.Failures(), d.Faults)
			}
		})
		covered[c.want] = true
	}
	for _, number := range csaf.Numbers("2.1") {
		if !slices.Contains(csaf.Numbers("2.0"), number) && !covered[number] {
			t.Errorf("no case for %s", number)
		}
	}
}

func TestWithdrawalPasses(t *testing.T) {
	for category, edits := range map[string]map[string]string{
		"csaf_withdrawn":  {"/document/notes/0/title": `"Reasoning for Withdrawal"`},
		"csaf_superseded": {"/document/notes/0/title": `"Reasoning for Supersession"`, "/document/references": `[{"category":"external","summary":"Superseding Document: this one","url":"https://example.com"}]`},
	} {
		edits["/document/category"], edits["/document/notes/0/category"] = fmt.Sprintf("%q", category), `"description"`
		edits["/document/tracking/revision_history"], edits["/document/tracking/version"] = revisions, `"2"`
		edits["/vulnerabilities"], edits["/product_tree"] = "-", "-"
		d, err := parse(editedFrom(t, sound21, edits))
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Failures())+len(d.Faults) > 0 {
			t.Errorf("%s: %v %v", category, d.Failures(), d.Faults)
		}
	}
}
