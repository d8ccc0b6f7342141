package cyclonedx_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/cyclonedx"
)

const vexJSON = `{"bomFormat":"CycloneDX","specVersion":"1.5","serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79","version":3,
"metadata":{"timestamp":"2026-01-02T03:04:05Z","authors":[{"name":"A. Writer"}],"component":{"bom-ref":"app","type":"application","name":"app","version":"3","purl":"pkg:generic/app@3"}},
"components":[{"bom-ref":"b","type":"library","name":"b","version":"1","purl":"pkg:npm/b@1"},{"bom-ref":"c","type":"library","name":"c","version":"2"}],
"vulnerabilities":[
 {"bom-ref":"v1","id":"CVE-2026-1","source":{"name":"NVD"},"references":[{"id":"GHSA-x","source":{"name":"GitHub"}}],"recommendation":"Update b.",
  "analysis":{"state":"exploitable","response":["update","workaround_available"],"detail":"It is reached.","firstIssued":"2026-01-01T00:00:00Z"},
  "affects":[{"ref":"b","versions":[{"version":"1","status":"affected"},{"range":"vers:npm/<1"}]},{"ref":"c"},{"ref":"app"}]},
 {"id":"CVE-2026-2","analysis":{"state":"not_affected","justification":"protected_at_perimeter"},"affects":[{"ref":"urn:cdx:3e671687-395b-41f5-a30f-a58921a69b70/1#x"}]},
 {"id":"CVE-2026-3","analysis":{"state":"false_positive"}},
 {"id":"CVE-2026-4","ratings":[{"severity":"high","score":7.5}]},
 {"id":"CVE-2026-5","analysis":{"detail":"We are looking."},"affects":[{"ref":"b"}]}
]}`

const vexXML = `<?xml version="1.0"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.5" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" version="3">
<metadata><timestamp>2026-01-02T03:04:05Z</timestamp><authors><author><name>A. Writer</name></author></authors>
<component type="application" bom-ref="app"><name>app</name><version>3</version><purl>pkg:generic/app@3</purl></component></metadata>
<components><component type="library" bom-ref="b"><name>b</name><version>1</version><purl>pkg:npm/b@1</purl></component><component type="library" bom-ref="c"><name>c</name><version>2</version></component></components>
<vulnerabilities>
<vulnerability bom-ref="v1"><id>CVE-2026-1</id><source><name>NVD</name></source><references><reference><id>GHSA-x</id><source><name>GitHub</name></source></reference></references><recommendation>Update b.</recommendation>
 <analysis><state>exploitable</state><responses><response>update</response><response>workaround_available</response></responses><detail>It is reached.</detail><firstIssued>2026-01-01T00:00:00Z</firstIssued></analysis>
 <affects><target><ref>b</ref><versions><version><version>1</version><status>affected</status></version><version><range>vers:npm/&lt;1</range></version></versions></target><target><ref>c</ref></target><target><ref>app</ref></target></affects></vulnerability>
<vulnerability><id>CVE-2026-2</id><analysis><state>not_affected</state><justification>protected_at_perimeter</justification></analysis><affects><target><ref>urn:cdx:3e671687-395b-41f5-a30f-a58921a69b70/1#x</ref></target></affects></vulnerability>
<vulnerability><id>CVE-2026-3</id><analysis><state>false_positive</state></analysis></vulnerability>
<vulnerability><id>CVE-2026-4</id><ratings><rating><score>7.5</score><severity>high</severity></rating></ratings></vulnerability>
<vulnerability><id>CVE-2026-5</id><analysis><detail>We are looking.</detail></analysis><affects><target><ref>b</ref></target></affects></vulnerability>
</vulnerabilities></bom>`

func TestAnalysesBecomeStatements(t *testing.T) {
	app := decision.Product{ID: "pkg:generic/app@3", PURL: "pkg:generic/app@3"}
	with := func(parts ...string) decision.Product {
		return decision.Product{ID: app.ID, PURL: app.PURL, Parts: parts}
	}
	const made = 1767323045000000
	want := &decision.Document{ID: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", Author: "A. Writer", MadeAt: made, Version: "3", Statements: []decision.Statement{
		{Vulnerability: "CVE-2026-1", Aliases: []string{"GHSA-x"}, Products: []decision.Product{with("pkg:npm/b@1", "c@2"), app}, Status: decision.Affected,
			Impact: "It is reached.", Action: "Update b.\nCycloneDX response: update, workaround_available.", MadeAt: 1767225600000000,
			Condition: "The document says this of these versions: 1 (affected), vers:npm/<1 (affected)."},
		{Vulnerability: "CVE-2026-2", Products: []decision.Product{{ID: "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b70/1#x"}}, Status: decision.NotAffected,
			Justification: decision.MitigationsExist, Impact: "CycloneDX justification: protected_at_perimeter.", MadeAt: made},
		{Vulnerability: "CVE-2026-3", Products: []decision.Product{app}, Status: decision.NotAffected, Impact: "CycloneDX state: false_positive.", MadeAt: made},
		{Vulnerability: "CVE-2026-5", Products: []decision.Product{with("pkg:npm/b@1")}, Status: decision.UnderInvestigation, Impact: "We are looking.", MadeAt: made},
	}}
	for name, text := range map[string]string{"JSON": vexJSON, "XML": vexXML} {
		d, got, err := cyclonedx.ParseAll(strings.NewReader(text), budget.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" || len(d.Faults) > 0 || len(d.Components) != 2 {
			t.Errorf("%s: %s %+v", name, diff, d.Faults)
		}
	}
}

func TestWithoutAnAnalysisThereIsNoVEX(t *testing.T) {
	for _, text := range []string{soundJSON, soundXML, strings.ReplaceAll(jsonStart, "1.6", "1.4") + `"vulnerabilities":[{"id":"CVE-2026-4"}]}`} {
		if _, vex, err := cyclonedx.ParseAll(strings.NewReader(text), budget.Limits{}); err != nil || vex != nil {
			t.Errorf("%v %+v", err, vex)
		}
	}
}

func TestAStatementWithoutVulnerabilityOrReasonIsAFault(t *testing.T) {
	_, vex, err := cyclonedx.ParseAll(strings.NewReader(jsonStart+`"vulnerabilities":[{"analysis":{"state":"resolved"}},{"id":"CVE-1","analysis":{"state":"not_affected"}},{"id":"CVE-2","analysis":{"state":"exploitable"}}]}`), budget.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := []decision.Fault{{Pointer: "/vulnerabilities/0", Rule: "vulnerability-id"}, {Pointer: "/vulnerabilities/1", Rule: "justification-or-impact"}, {Pointer: "/vulnerabilities/2", Rule: "action"}}
	if diff := cmp.Diff(want, vex.Faults, cmpopts.IgnoreFields(decision.Fault{}, "Detail")); diff != "" || len(vex.Statements) != 2 {
		t.Errorf("%s %+v", diff, vex.Statements)
	}
}

func TestEveryStateAndJustificationIsMapped(t *testing.T) {
	states := map[string]decision.Status{"exploitable": decision.Affected, "in_triage": decision.UnderInvestigation, "false_positive": decision.NotAffected,
		"not_affected": decision.NotAffected, "resolved": decision.Fixed, "resolved_with_pedigree": decision.Fixed}
	reasons := map[string]decision.Justification{"code_not_present": decision.CodeNotPresent, "code_not_reachable": decision.CodeNotInPath,
		"requires_configuration": decision.NotControlledByAttacker, "requires_dependency": decision.ComponentNotPresent, "requires_environment": decision.NotControlledByAttacker,
		"protected_by_compiler": decision.MitigationsExist, "protected_at_runtime": decision.MitigationsExist, "protected_at_perimeter": decision.MitigationsExist,
		"protected_by_mitigating_control": decision.MitigationsExist}
	said := map[decision.Justification]map[string]bool{}
	for state, status := range states {
		for reason, justification := range reasons {
			_, vex, err := cyclonedx.ParseAll(strings.NewReader(jsonStart+`"vulnerabilities":[{"id":"CVE-1","analysis":{"state":"`+state+`","justification":"`+reason+`","detail":"Why."}}]}`), budget.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			s := vex.Statements[0]
			if s.Status != status || s.Justification != justification || !strings.HasSuffix(s.Impact, "Why.") {
				t.Errorf("%s, %s: %+v", state, reason, s)
			}
			if state == "not_affected" {
				key := strings.Contains(s.Impact, reason)
				if said[justification] == nil {
					said[justification] = map[string]bool{}
				}
				if !key { // only one reason for each justification may go unsaid
					said[justification][reason] = true
				}
			}
		}
	}
	for j, unsaid := range said {
		if len(unsaid) != 1 {
			t.Errorf("%s: %v cannot be told apart", j, unsaid)
		}
	}
}

// random draws a VEX document in which no statement names a thing twice.
func random(t *rapid.T) decision.Document {
	word := rapid.StringMatching(`[a-zA-Z0-9<>&"\\ é]{0,11}[a-z]`)
	id := rapid.OneOf(word, rapid.Map(word, func(s string) string { return "pkg:npm/" + s + "@1" }))
	const latest = 1 << 51
	d := decision.Document{ID: rapid.SampledFrom([]string{"https://example.org/vex/1", "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", "dec_0123"}).Draw(t, "id"),
		Author: word.Draw(t, "author"), MadeAt: rapid.Int64Range(1, latest).Draw(t, "made"), Version: rapid.SampledFrom([]string{"1", "3"}).Draw(t, "version")}
	for range rapid.IntRange(0, 4).Draw(t, "statements") {
		s := decision.Statement{Vulnerability: rapid.SampledFrom([]string{"CVE-2026-", "GHSA-", "x"}).Draw(t, "kind") + word.Draw(t, "vulnerability"),
			Status: rapid.SampledFrom(decision.Statuses()).Draw(t, "status"), Impact: word.Draw(t, "impact"), Action: word.Draw(t, "action"),
			Condition: rapid.SampledFrom([]string{"", "while behind the gateway"}).Draw(t, "condition"), MadeAt: d.MadeAt,
			ExpiresAt: rapid.SampledFrom([]int64{0, latest, latest + 1}).Draw(t, "expires"), Aliases: rapid.SliceOfNDistinct(rapid.Map(word, func(s string) string { return "GHSA-" + s }), 0, 2, rapid.ID[string]).Draw(t, "aliases")}
		s.Aliases = without(s.Aliases, s.Vulnerability)
		if s.Status == decision.NotAffected {
			s.Justification = rapid.SampledFrom(append(decision.Justifications(), "")).Draw(t, "justification")
		}
		if rapid.Bool().Draw(t, "later") {
			s.MadeAt = rapid.Int64Range(1, latest).Draw(t, "said")
		}
		ids := rapid.SliceOfNDistinct(rapid.OneOf(id, rapid.Just("sys_1")), 0, 3, rapid.ID[string]).Draw(t, "products")
		for _, product := range ids {
			p := decision.Product{ID: product, Parts: rapid.SliceOfNDistinct(id, 0, 3, rapid.ID[string]).Draw(t, "parts")}
			switch {
			case strings.HasPrefix(product, "pkg:"):
				p.PURL = product
			case rapid.Bool().Draw(t, "purl"):
				p.PURL = rapid.SampledFrom([]string{"pkg:generic/sys@1", "pkg:generic/sys@2"}).Draw(t, "of")
			}
			s.Products = append(s.Products, p)
		}
		d.Statements = append(d.Statements, s)
	}
	return d
}

func without(list []string, s string) (out []string) {
	for _, x := range list {
		if x != s {
			out = append(out, x)
		}
	}
	return out
}

func TestVEXThatIsWrittenIsReadBackUnchanged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := random(t)
		var b bytes.Buffer
		if err := cyclonedx.WriteVEX(&b, want, "touchstone 1"); err != nil {
			t.Fatal(err)
		}
		d, got, err := cyclonedx.ParseAll(bytes.NewReader(b.Bytes()), budget.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Faults) > 0 {
			t.Fatalf("our own document has faults: %+v\n%s", d.Faults, b.Bytes())
		}
		if len(d.Tools) != 1 || d.Tools[0].Name != "touchstone 1" {
			t.Fatalf("tools: %+v", d.Tools)
		}
		if len(want.Statements) == 0 {
			if got != nil {
				t.Fatalf("statements out of nothing: %+v", got)
			}
			return
		}
		if diff := cmp.Diff(&want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s\n%s", diff, b.Bytes())
		}
	})
}

// The published schema, and the library of the CycloneDX project, accept what is
// written.
func TestVEXThatIsWrittenFollowsTheSchema(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(strings.TrimSpace(string(out)), "schema")
	c := jsonschema.NewCompiler()
	for _, name := range []string{"bom-1.6.schema.json", "spdx.schema.json", "jsf-0.82.schema.json"} {
		f, err := os.Open(filepath.Join(folder, strings.Replace(name, "jsf-0.82.schema.json", "jsf-0.82.schemax.json", 1)))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(f)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.AddResource("http://cyclonedx.org/schema/"+name, doc); err != nil {
			t.Fatal(err)
		}
	}
	schema, err := c.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		want := random(t)
		if err := cyclonedx.WriteVEX(&b, want, "touchstone 1"); err != nil {
			t.Fatal(err)
		}
		var v any
		if err := json.Unmarshal(b.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Fatalf("%v\n%s", err, b.Bytes())
		}
		var bom cdx.BOM
		if err := cdx.NewBOMDecoder(&b, cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
			t.Fatal(err)
		}
		if bom.Vulnerabilities != nil && len(*bom.Vulnerabilities) != len(want.Statements) {
			t.Fatalf("%d vulnerabilities", len(*bom.Vulnerabilities))
		}
	})
}
