package sarif_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/sarif"
)

func parse(s string) ([]fact.Scan, []fact.Fault, error) {
	return sarif.Parse(strings.NewReader(s), budget.Limits{})
}

// run wraps the members of one run in a log.
func run(members string) string { return `{"version":"2.1.0","runs":[{` + members + `}]}` }

// scan reads a log of one run that has no faults, unless they are named.
func scan(t *testing.T, text string, faults ...string) fact.Scan {
	t.Helper()
	scans, got, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var rules []string
	for _, f := range got {
		rules = append(rules, f.Pointer+" "+f.Rule)
	}
	if d := cmp.Diff(faults, rules, cmpopts.EquateEmpty()); d != "" {
		t.Errorf("faults:\n%s", d)
	}
	if len(scans) != 1 {
		t.Fatalf("%d scans", len(scans))
	}
	return scans[0]
}

const driver = `"tool":{"driver":{"name":"CodeQL","semanticVersion":"2.20.1","rules":[
 {"id":"go/sql-injection","shortDescription":{"text":"SQL injection"},"defaultConfiguration":{"level":"error"},
  "properties":{"security-severity":"8.8","tags":["security","external/cwe/cwe-089"]}},
 {"id":"go/weak","messageStrings":{"default":{"text":"{0} is weak, use {1}."}},"properties":{"tags":["maintainability"]},
  "relationships":[{"target":{"id":"327","toolComponent":{"name":"CWE"}}}]},
 {"id":"go/off","defaultConfiguration":{"enabled":false}}]}}`

const rest = `"invocations":[{"executionSuccessful":true,"endTimeUtc":"2026-03-04T05:06:07Z"}],
"automationDetails":{"id":"nightly/"},
"versionControlProvenance":[{"repositoryUri":"https://example.org/app","revisionId":"abc"}],
"artifacts":[{"location":{"uri":"main.go"}}]`

const results = `"results":[
 {"ruleId":"go/sql-injection","message":{"text":"tainted"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"db.go"},"region":{"startLine":7}}}],
  "partialFingerprints":{"b":"2","a":"1"}},
 {"ruleIndex":1,"message":{"id":"default","arguments":["MD5","SHA-256"]},"locations":[{"physicalLocation":{"artifactLocation":{"index":0}}}],"baselineState":"unchanged"},
 {"ruleId":"go/sql-injection","message":{"text":"x"},"suppressions":[{"kind":"inSource"}]},
 {"ruleId":"go/sql-injection","message":{"text":"x"},"baselineState":"absent"},
 {"ruleId":"go/sql-injection","kind":"pass","message":{"text":"x"}}]`

func TestParse(t *testing.T) {
	got := scan(t, run(driver+","+rest+","+results))
	want := fact.Scan{Tool: "CodeQL", ToolVersion: "2.20.1", Category: "nightly/", Kind: fact.Static, EndAt: 1772600767000000, Revision: "abc", Repository: "https://example.org/app",
		Rules: []fact.Rule{{ID: "go/sql-injection", CWEs: []string{"CWE-89"}, Security: true}, {ID: "go/weak", CWEs: []string{"CWE-327"}}, {ID: "go/off", Disabled: true}}, RulesTotal: 3,
		Total: 5, Open: map[string]int{"error": 1, "warning": 1}, Severe: 1, Suppressed: 1, Passed: 1, Absent: 1, Unchanged: 1,
		ByCWE: map[string]int{"CWE-89": 1, "CWE-327": 1}, ByRule: map[string]int{"go/sql-injection": 1, "go/weak": 1},
		First: []fact.Result{{Rule: "go/sql-injection", Level: "error", Message: "tainted", File: "db.go", Line: 7, Fingerprint: "a:1"},
			{Rule: "go/weak", Level: "warning", Message: "MD5 is weak, use SHA-256.", File: "main.go"}}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestTheOrderOfMembersDoesNotMatter(t *testing.T) {
	want := scan(t, run(driver+","+rest+","+results))
	for _, members := range []string{results + "," + driver + "," + rest, rest + "," + results + "," + driver, driver + "," + results + "," + rest} {
		text := run(members)
		if d := cmp.Diff(want, scan(t, text)); d != "" {
			t.Errorf("%s:\n%s", members[:20], d)
		}
		last := strings.Replace(text, `"version":"2.1.0",`, "", 1)
		last = last[:len(last)-1] + `,"version":"2.1.0"}`
		if d := cmp.Diff(want, scan(t, last)); d != "" {
			t.Errorf("version last:\n%s", d)
		}
	}
}

func TestTheLevelOfAResult(t *testing.T) {
	const tool = `"tool":{"driver":{"name":"x","rules":[{"id":"e","defaultConfiguration":{"level":"error"}},{"id":"d"}]},"extensions":[{"name":"more","guid":"G","rules":[{"id":"n","defaultConfiguration":{"level":"note"}}]}]},
	 "invocations":[{"executionSuccessful":true},{"executionSuccessful":true,"ruleConfigurationOverrides":[{"descriptor":{"id":"e"},"configuration":{"level":"note"}},{"descriptor":{"index":0,"toolComponent":{"index":0}},"configuration":{"level":"error"}}]}],`
	for _, c := range []struct{ name, result, want string }{
		{"its own", `"ruleId":"e","level":"note"`, "note"},
		{"that of its rule by name", `"ruleId":"e"`, "error"},
		{"that of its rule by place", `"ruleIndex":0`, "error"},
		{"that of the rule of which it is a case", `"ruleId":"e/1/2"`, "error"},
		{"that of a reference", `"rule":{"id":"e"}`, "error"},
		{"that of an extension by place", `"rule":{"index":0,"toolComponent":{"index":0}}`, "note"},
		{"that of an extension by name", `"ruleId":"n","rule":{"toolComponent":{"name":"more"}}`, "note"},
		{"that of an extension by guid", `"ruleId":"n","rule":{"toolComponent":{"guid":"g"}}`, "note"},
		{"that of an extension that is not named", `"ruleId":"n"`, "note"},
		{"warning when the rule has none", `"ruleId":"d"`, "warning"},
		{"warning when the rule is not declared", `"ruleId":"zzz"`, "warning"},
		{"warning when there is no rule", `"guid":"x"`, "warning"},
		{"that of the override of its invocation", `"ruleId":"e","provenance":{"invocationIndex":1}`, "note"},
		{"that of an override in an extension", `"ruleId":"n","provenance":{"invocationIndex":1}`, "error"},
		{"not that of another invocation", `"ruleId":"e","provenance":{"invocationIndex":0}`, "error"},
		{"none when it is for review", `"ruleId":"e","kind":"review"`, "none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scan(t, run(tool+`"results":[{`+c.result+`,"message":{"text":"m"}}]`))
			if s.Open[c.want] != 1 || len(s.Open) != 1 || s.First[0].Level != c.want {
				t.Errorf("open %v, want one %s", s.Open, c.want)
			}
		})
	}
}

func TestWhatIsOpen(t *testing.T) {
	for _, c := range []struct {
		name, result string
		open         int
		faults       []string
	}{
		{"a plain result", ``, 1, nil},
		{"an accepted suppression", `,"suppressions":[{"kind":"external","status":"accepted"}]`, 0, nil},
		{"a suppression without a status", `,"suppressions":[{"kind":"inSource"}]`, 0, nil},
		{"no suppression in the list", `,"suppressions":[]`, 1, nil},
		{"a suppression under review", `,"suppressions":[{"kind":"external","status":"underReview"}]`, 1, nil},
		{"a rejected suppression", `,"suppressions":[{"kind":"external","status":"rejected"}]`, 1, nil},
		{"one accepted and one rejected", `,"suppressions":[{"kind":"inSource"},{"kind":"external","status":"rejected"}]`, 1, nil},
		{"an unknown status", `,"suppressions":[{"kind":"external","status":"Accepted"}]`, 1, []string{"/runs/0/results/0/suppressions/0 suppression"}},
		{"a suppression without a kind", `,"suppressions":[{}]`, 1, []string{"/runs/0/results/0/suppressions/0 suppression"}},
		{"new", `,"baselineState":"new"`, 1, nil},
		{"updated", `,"baselineState":"updated"`, 1, nil},
		{"absent", `,"baselineState":"absent"`, 0, nil},
		{"an unknown state", `,"baselineState":"existing"`, 1, []string{"/runs/0/results/0/baselineState baseline-state"}},
		{"pass", `,"kind":"pass"`, 0, nil},
		{"not applicable", `,"kind":"notApplicable"`, 0, nil},
		{"informational", `,"kind":"informational"`, 0, nil},
		{"open", `,"kind":"open"`, 1, nil},
		{"an unknown kind", `,"kind":"Pass"`, 1, []string{"/runs/0/results/0/kind kind"}},
		{"an unknown level", `,"level":"critical"`, 1, []string{"/runs/0/results/0/level level"}},
		{"null for what is not there", `,"suppressions":null,"kind":null,"baselineState":null,"level":null`, 1, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scan(t, run(`"tool":{"driver":{"name":"x"}},"results":[{"message":{"text":"m"}`+c.result+`}]`), c.faults...)
			open := 0
			for _, n := range s.Open {
				open += n
			}
			if open != c.open || s.Total != 1 || open+s.Suppressed+s.Passed+s.Absent != 1 {
				t.Errorf("%+v, want %d open", s, c.open)
			}
		})
	}
}

func TestAnUnknownLevelCountsAsAnError(t *testing.T) {
	s := scan(t, run(`"tool":{"driver":{"name":"x"}},"results":[{"message":{"text":"m"},"level":"critical"}]`), "/runs/0/results/0/level level")
	if s.Severe != 1 {
		t.Errorf("severe: %d", s.Severe)
	}
}

func TestSilenceIsToldApartFromHealth(t *testing.T) {
	for _, c := range []struct {
		name, members string
		unscanned     bool
		failed        bool
		problem       string
		faults        []string
	}{
		{"a scan that found nothing", `"results":[]`, false, false, "", nil},
		{"a run without results", `"columnKind":"unicodeCodePoints"`, true, false, "", nil},
		{"null for results", `"results":null`, true, false, "", nil},
		{"results in another file", `"externalPropertyFileReferences":{"results":[{"location":{"uri":"r"}}]}`, true, true, "the results of the run are in other files",
			[]string{"/runs/0/externalPropertyFileReferences/results external-properties"}},
		{"rules in another file", `"results":[],"externalPropertyFileReferences":{"driver":{"location":{"uri":"r"}}}`, false, false, "",
			[]string{"/runs/0/externalPropertyFileReferences/driver external-properties"}},
		{"a run that broke off", `"results":[],"invocations":[{"executionSuccessful":false}]`, false, true, "", nil},
		{"a crash", `"results":[],"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"level":"error","message":{"text":"out of memory"}}]}]`, false, true, "out of memory", nil},
		{"a rule set that is not there", `"results":[],"invocations":[{"executionSuccessful":true,"toolConfigurationNotifications":[{"level":"error","message":{"text":"no rules"}}]}]`, false, true, "no rules", nil},
		{"a notification whose level stands with its descriptor", `"results":[],"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"descriptor":{"id":"N1"},"message":{"text":"it broke"}}]}]`, false, true, "it broke", nil},
		{"the same by place", `"results":[],"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"descriptor":{"index":0},"message":{"text":"it broke"}}]}]`, false, true, "it broke", nil},
		{"a warning", `"results":[],"invocations":[{"executionSuccessful":true,"toolExecutionNotifications":[{"level":"warning","message":{"text":"slow"}},{"message":{"text":"slow"}}]}]`, false, false, "", nil},
		{"one run of two that broke off", `"results":[],"invocations":[{"executionSuccessful":true},{"executionSuccessful":false}]`, false, true, "", nil},
		{"nothing said about success", `"results":[],"invocations":[{}]`, false, false, "", []string{"/runs/0/invocations/0 execution-successful"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scan(t, run(`"tool":{"driver":{"name":"x","notifications":[{"id":"N1","defaultConfiguration":{"level":"error"}}]}},`+c.members), c.faults...)
			if s.Unscanned != c.unscanned || s.Failed != c.failed || s.Problem != c.problem {
				t.Errorf("unscanned %v, failed %v, problem %q", s.Unscanned, s.Failed, s.Problem)
			}
		})
	}
}

func TestARuleThatIsOffSaysSo(t *testing.T) {
	for _, c := range []struct {
		name, config, invocations string
		disabled                  bool
	}{
		{"on by default", ``, ``, false},
		{"off by default", `,"defaultConfiguration":{"enabled":false}`, ``, true},
		{"switched off", ``, `{"executionSuccessful":true,"ruleConfigurationOverrides":[{"descriptor":{"id":"r"},"configuration":{"enabled":false}}]}`, true},
		{"switched on", `,"defaultConfiguration":{"enabled":false}`, `{"executionSuccessful":true,"ruleConfigurationOverrides":[{"descriptor":{"index":0},"configuration":{"enabled":true}}]}`, false},
		{"switched on in one invocation of two", `,"defaultConfiguration":{"enabled":false}`, `{"executionSuccessful":true},{"executionSuccessful":true,"ruleConfigurationOverrides":[{"descriptor":{"index":0},"configuration":{"enabled":true}}]}`, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := scan(t, run(`"invocations":[`+c.invocations+`],"results":[],"tool":{"driver":{"name":"x","rules":[{"id":"r"`+c.config+`}]}}`))
			if s.Rules[0].Disabled != c.disabled {
				t.Errorf("disabled: %v", s.Rules[0].Disabled)
			}
		})
	}
}

func TestWeaknesses(t *testing.T) {
	for _, c := range []struct{ name, rule, result, want string }{
		{"a tag of CodeQL", `"properties":{"tags":["external/cwe/cwe-079"]}`, ``, "[CWE-79]"},
		{"a tag with a title", `"properties":{"tags":["CWE-798: Use of Hard-coded Credentials"]}`, ``, "[CWE-798]"},
		{"two in one text", `"properties":{"cwe":"CWE-1, CWE-2"}`, ``, "[CWE-1 CWE-2]"},
		{"a bare number where it is one", `"properties":{"cwe":["476",79]}`, ``, "[CWE-476 CWE-79]"},
		{"a bare number as a tag is none", `"properties":{"tags":["476"]}`, ``, "[]"},
		{"a word that only looks like one", `"properties":{"tags":["fcwe-79","cwe-0","cwe"]}`, ``, "[]"},
		{"a relationship", `"relationships":[{"target":{"id":"CWE-22","toolComponent":{"name":"CWE"}}}]`, ``, "[CWE-22]"},
		{"a relationship by place", `"relationships":[{"target":{"index":1,"toolComponent":{"index":0}}}]`, ``, "[CWE-20]"},
		{"a relationship by guid", `"relationships":[{"target":{"id":"20","toolComponent":{"guid":"AA"}}}]`, ``, "[CWE-20]"},
		{"a relationship with another taxonomy", `"relationships":[{"target":{"id":"20","toolComponent":{"name":"Levels"}}}]`, ``, "[]"},
		{"a taxon of the result", ``, `,"taxa":[{"id":"90","toolComponent":{"name":"CWE"}}]`, "[CWE-90]"},
		{"a property of the result", ``, `,"properties":{"cwe":"CWE-532 Insertion of Sensitive Information"}`, "[CWE-532]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rule := `"id":"r"`
			if c.rule != "" {
				rule += "," + c.rule
			}
			s := scan(t, run(`"tool":{"driver":{"name":"x","rules":[{`+rule+`}]}},"results":[{"ruleId":"r","message":{"text":"m"}`+c.result+`}],
			 "taxonomies":[{"name":"CWE","guid":"aa","taxa":[{"id":"CWE-19"},{"id":"CWE-20"}]},{"name":"Levels"}]`))
			got := []string{}
			for cwe, n := range s.ByCWE {
				if n != 1 {
					t.Errorf("%s counts %d", cwe, n)
				}
				got = append(got, cwe)
			}
			if len(got) == 2 && got[0] > got[1] {
				got[0], got[1] = got[1], got[0]
			}
			if fmt.Sprint(got) != c.want {
				t.Errorf("got %v, want %s", got, c.want)
			}
		})
	}
}

func TestSecuritySeverity(t *testing.T) {
	for _, c := range []struct {
		value  string
		severe int
		faults []string
	}{
		{`"7.0"`, 1, nil}, {`"6.9"`, 0, nil}, {`9.8`, 1, nil}, {`"HIGH"`, 1, nil}, {`"MEDIUM"`, 0, nil}, {`""`, 0, nil}, {`null`, 0, nil},
		{`"11"`, 0, []string{"/runs/0/tool/driver/rules/0/properties/security-severity security-severity"}},
		{`"NaN"`, 0, []string{"/runs/0/tool/driver/rules/0/properties/security-severity security-severity"}},
	} {
		s := scan(t, run(`"tool":{"driver":{"name":"x","rules":[{"id":"r","properties":{"security-severity":`+c.value+`}}]}},"results":[{"ruleId":"r","message":{"text":"m"}}]`), c.faults...)
		if s.Severe != c.severe {
			t.Errorf("%s: severe %d, want %d", c.value, s.Severe, c.severe)
		}
	}
}

func TestTheWorstComeFirst(t *testing.T) {
	var b strings.Builder
	for i := range 150 {
		fmt.Fprintf(&b, `{"ruleId":"r%d","level":"note","message":{"text":"m"}},`, i)
	}
	s := scan(t, run(`"results":[`+b.String()+`{"ruleId":"last","message":{"text":"m"}}],"tool":{"driver":{"name":"x","rules":[{"id":"last","properties":{"security-severity":"9.1"}}]}}`))
	if len(s.First) != fact.MaxResults || s.First[0].Rule != "last" || s.First[1].Rule != "r0" || s.Total != 151 {
		t.Errorf("%d of %d, first %+v", len(s.First), s.Total, s.First[:2])
	}
}

func TestWhatDoesNotFitTogetherIsAFault(t *testing.T) {
	for _, c := range []struct{ name, members, fault string }{
		{"no tool", `"results":[]`, "/runs/0/tool tool|/runs/0/tool/driver/name tool-name"},
		{"no driver", `"tool":{},"results":[]`, "/runs/0/tool/driver driver|/runs/0/tool/driver/name tool-name"},
		{"no name", `"tool":{"driver":{}},"results":[]`, "/runs/0/tool/driver/name tool-name"},
		{"a rule without a name", `"tool":{"driver":{"name":"x","rules":[{}]}}`, "/runs/0/tool/driver/rules/0 rule-id"},
		{"a result without a message", `"tool":{"driver":{"name":"x"}},"results":[{}]`, "/runs/0/results/0/message message"},
		{"a place behind the rules", `"tool":{"driver":{"name":"x"}},"results":[{"ruleIndex":4,"message":{"text":"m"}}]`, "/runs/0/results/0 rule-reference"},
		{"a part that is not there", `"tool":{"driver":{"name":"x"}},"results":[{"rule":{"index":0,"toolComponent":{"index":3}},"message":{"text":"m"}}]`, "/runs/0/results/0 rule-reference"},
		{"name and place at odds", `"tool":{"driver":{"name":"x","rules":[{"id":"a"},{"id":"b"}]}},"results":[{"ruleId":"a","ruleIndex":1,"message":{"text":"m"}}]`, "/runs/0/results/0 rule-reference"},
		{"a level beside a kind", `"tool":{"driver":{"name":"x"}},"results":[{"kind":"review","level":"error","message":{"text":"m"}}]`, "/runs/0/results/0/level level-and-kind"},
		{"a list for an object", `"tool":[]`, "/runs/0/tool type|/runs/0/tool/driver driver|/runs/0/tool/driver/name tool-name"},
		{"an object for a list", `"tool":{"driver":{"name":"x"}},"results":{}`, "/runs/0/results type"},
		{"a number for a text", `"tool":{"driver":{"name":7}}`, "/runs/0/tool/driver/name type|/runs/0/tool/driver/name tool-name"},
		{"a text for a number", `"tool":{"driver":{"name":"x"}},"results":[{"ruleIndex":"1","message":{"text":"m"}}]`, "/runs/0/results/0/ruleIndex type"},
		{"a text for a truth value", `"tool":{"driver":{"name":"x"}},"invocations":[{"executionSuccessful":"yes"}]`, "/runs/0/invocations/0/executionSuccessful type|/runs/0/invocations/0 execution-successful"},
		{"no time", `"tool":{"driver":{"name":"x"}},"invocations":[{"executionSuccessful":true,"endTimeUtc":"noon"}]`, "/runs/0/invocations/0/endTimeUtc time"},
	} {
		t.Run(c.name, func(t *testing.T) { scan(t, run(c.members), strings.Split(c.fault, "|")...) })
	}
}

func TestARunThatIsNullStillHasItsPlace(t *testing.T) {
	scans, faults, err := parse(`{"version":"2.1.0","runs":[null,{"tool":{"driver":{"name":"x"}}}]}`)
	if err != nil || len(scans) != 2 || scans[1].Tool != "x" || len(faults) == 0 {
		t.Errorf("%v, %v, %v", scans, faults, err)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name, text string
		kind       fault.Kind
		says       string
	}{
		{"1.0.0", `{"version":"1.0.0","runs":[{"tool":{"name":"x"}}]}`, fault.Unsupported, "from before the standard"},
		{"2.0.0", `{"version":"2.0.0","runs":[]}`, fault.Unsupported, "from before the standard"},
		{"2.0.0 with the version last", `{"runs":[],"version":"2.0.0-csd.2"}`, fault.Unsupported, "from before the standard"},
		{"2.2", `{"version":"2.2","runs":[]}`, fault.Unsupported, "draft"},
		{"a version of the future", `{"version":"3.0.0","runs":[]}`, fault.Unsupported, `SARIF "3.0.0"`},
		{"no version", `{"runs":[]}`, fault.Invalid, "which version"},
		{"no runs", `{"version":"2.1.0"}`, fault.Invalid, "no list of runs"},
		{"runs that are no list", `{"version":"2.1.0","runs":{}}`, fault.Invalid, "not a list"},
		{"a list", `[]`, fault.Unsupported, "not a SARIF log"},
		{"a text", `"runs"`, fault.Unsupported, "not a SARIF log"},
		{"nothing", ``, fault.Invalid, "ends too early"},
		{"two logs", run(`"results":[]`) + run(`"results":[]`), fault.Invalid, "data after the end"},
		{"a member twice", run(`"results":[],"results":[]`), fault.Invalid, "same member twice"},
		{"a trailing comma", run(`"results":[],`), fault.Invalid, "not JSON"},
		{"NUL", run("\"results\":[]\x00"), fault.Invalid, "not JSON"},
		{"text that is not UTF-8", run("\"tool\":{\"driver\":{\"name\":\"\xff\"}}"), fault.Invalid, "not JSON"},
		{"deep nesting", run(`"properties":` + strings.Repeat(`[`, 100)), fault.TooLarge, "deeper than"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := parse(c.text)
			if !fault.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want %s saying %q", err, c.kind, c.says)
			}
		})
	}
}

func TestAMissingVersionIsTakenFromTheSchema(t *testing.T) {
	scan(t, `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","runs":[{"tool":{"driver":{"name":"x"}}}]}`, "/version version")
}

func TestAByteOrderMarkIsPassedOver(t *testing.T) {
	scan(t, "\xef\xbb\xbf"+run(`"tool":{"driver":{"name":"x"}}`))
}

func TestDetect(t *testing.T) {
	for _, c := range []struct {
		head string
		want bool
	}{
		{`{"version":"2.1.0","runs":[{"tool`, true},
		{`{"$schema":"https://json.schemastore.org/sarif-2.1.0.json",`, true},
		{"\xef\xbb\xbf{ \"runs\" : [", true},
		{`{"version":"1.0.0","runs":[`, true},
		{`{"bomFormat":"CycloneDX","components":[{"runs":1}]`, false},
		{`[{"runs":[]}]`, false}, {`<runs/>`, false}, {``, false},
	} {
		if got := sarif.Detect([]byte(c.head)); got != c.want {
			t.Errorf("%s: %v", c.head, got)
		}
	}
}
