package csaf_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/format/budget"
	"github.com/touchstone-assurance/touchstone/internal/format/csaf"
)

func TestStatementsOfASecurityAdvisory(t *testing.T) {
	d, err := parse(sound)
	if err != nil {
		t.Fatal(err)
	}
	const made = 1769940000000000
	about := func(s decision.Statement) decision.Statement {
		s.Vulnerability, s.Aliases, s.MadeAt = "CVE-2026-0001", []string{"GHSA-aaaa-bbbb-cccc"}, made
		return s
	}
	want := &decision.Document{ID: "EX-1", Author: "Example Ltd", MadeAt: made, Version: "2", Statements: []decision.Statement{
		about(decision.Statement{Status: decision.Affected, Action: "Update to 1.1.", Products: []decision.Product{{ID: "pkg:generic/pump@1.0", PURL: "pkg:generic/pump@1.0"}}}),
		about(decision.Statement{Status: decision.Fixed, Products: []decision.Product{{ID: "Pump 1.1"}}}),
		about(decision.Statement{Status: decision.NotAffected, Justification: decision.ComponentNotPresent, Impact: "None.", Products: []decision.Product{{ID: "Valve"}}}),
		about(decision.Statement{Status: decision.UnderInvestigation, Products: []decision.Product{{ID: "Valve", Parts: []string{"pkg:npm/left-pad@1.0.0"}}}}),
	}}
	if diff := cmp.Diff(want, d.VEX()); diff != "" {
		t.Error(diff)
	}
}

func TestStatementsByGroupAndOfSeveralTexts(t *testing.T) {
	d, err := parse(edited(t, map[string]string{
		"/vulnerabilities/0/product_status":   `{"first_affected":["P1"],"known_affected":["P1","P3","P2"],"first_fixed":["P9"]}`,
		"/vulnerabilities/0/remediations":     `[{"category":"workaround","details":"Unplug it.","group_ids":["G1"]},{"category":"vendor_fix","details":"Update.","product_ids":["P1","P3"]}]`,
		"/vulnerabilities/0/flags":            `-`,
		"/vulnerabilities/0/threats":          `-`,
		"/product_tree/full_product_names/0":  `{"product_id":"P3","name":"Valve","product_identification_helper":{"cpe":"cpe:/h:example:valve"}}`,
		"/vulnerabilities/0/cve":              `-`,
		"/vulnerabilities/0/ids/1":            `{"system_name":"Tracker","text":"4711"}`,
		"/document/tracking/revision_history": `[{"date":"2026-01-01T10:00:00Z","number":"1","summary":"First."}]`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	got := d.VEX()
	if len(got.Statements) != 3 || got.Statements[0].Action != "Unplug it.\nUpdate." || len(got.Statements[0].Products) != 2 || got.Statements[0].Products[1].ID != "cpe:/h:example:valve" {
		t.Fatalf("%+v", got.Statements)
	}
	if s := got.Statements[0]; s.Vulnerability != "GHSA-aaaa-bbbb-cccc" || s.Aliases != nil {
		t.Errorf("names %q %q", s.Vulnerability, s.Aliases)
	}
	if s := got.Statements[1]; s.Status != decision.Affected || s.Action != "" || s.Products[0].ID != "Pump 1.1" {
		t.Errorf("%+v", s)
	}
	if s := got.Statements[2]; s.Status != decision.Fixed || s.Products[0].ID != "P9" {
		t.Errorf("a product that is not defined: %+v", s)
	}
	if len(got.Faults) != 1 || got.Faults[0].Rule != "action" || got.Faults[0].Pointer != "/vulnerabilities/0" {
		t.Errorf("faults %v", got.Faults)
	}
}

func TestAnAdvisoryWithoutStatusHasNoStatements(t *testing.T) {
	d, err := parse(edited(t, map[string]string{"/vulnerabilities/0/product_status": `-`}))
	if err != nil {
		t.Fatal(err)
	}
	if v := d.VEX(); v != nil {
		t.Errorf("%+v", v)
	}
}

func TestPathsOfCSAF21EndAtTheProduct(t *testing.T) {
	d, err := parse(`{"document":{"csaf_version":"2.1"},"product_tree":{"full_product_names":[{"product_id":"A","name":"Library","product_identification_helper":{"purls":["pkg:npm/a@1"]}},
		{"product_id":"B","name":"Frame"},{"product_id":"C","name":"Machine"}],"product_paths":[{"beginning_product_reference":"A","full_product_name":{"product_id":"ABC","name":"x"},
		"subpaths":[{"category":"installed_with","next_product_reference":"B"},{"category":"installed_on","next_product_reference":"C"}]}]},
		"vulnerabilities":[{"cve":"CVE-2026-0001","product_status":{"fixed":["ABC"],"unknown":["B"]}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	want := []decision.Statement{{Vulnerability: "CVE-2026-0001", Status: decision.Fixed, Products: []decision.Product{{ID: "Machine", Parts: []string{"pkg:npm/a@1"}}}}}
	if diff := cmp.Diff(want, d.VEX().Statements); diff != "" {
		t.Error(diff)
	}
}

func TestCirclesOfRelationshipsEnd(t *testing.T) {
	d, err := parse(`{"document":{"csaf_version":"2.0"},"product_tree":{"relationships":[
		{"product_reference":"a","relates_to_product_reference":"b","full_product_name":{"product_id":"a","name":"A"}},
		{"product_reference":"b","relates_to_product_reference":"a","full_product_name":{"product_id":"b","name":"B"}}]},
		"vulnerabilities":[{"cve":"CVE-2026-0001","product_status":{"fixed":["a","b"]}}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if v := d.VEX(); len(v.Statements) != 1 || !slices.ContainsFunc(d.Failures(), func(f csaf.Failure) bool { return f.Test == "6.1.3" }) {
		t.Errorf("%+v", v)
	}
}

func TestTextsThatMultiplyAreCut(t *testing.T) {
	var ids, remediations []string
	for i := range 400 {
		ids = append(ids, fmt.Sprintf(`"P%d"`, i))
		remediations = append(remediations, fmt.Sprintf(`{"category":"workaround","details":"%d %s","product_ids":[%s]}`, i, strings.Repeat("x", 4000), strings.Join(ids, ",")))
	}
	d, err := parse(`{"document":{"csaf_version":"2.0"},"vulnerabilities":[{"cve":"CVE-2026-0001","product_status":{"known_affected":[` + strings.Join(ids, ",") + `]},"remediations":[` + strings.Join(remediations, ",") + `]}]}`)
	if err != nil {
		t.Fatal(err)
	}
	v, n := d.VEX(), 0
	for _, s := range v.Statements {
		n += len(s.Action)
	}
	if n > 65<<20 || !slices.ContainsFunc(v.Faults, func(f decision.Fault) bool { return f.Rule == "texts-cut" }) {
		t.Errorf("%d bytes of text, faults %v", n, v.Faults)
	}
}

var issue = csaf.Issue{Publisher: csaf.Publisher{Category: "vendor", Namespace: "https://psirt.example.com"}, TLP: "WHITE", Engine: csaf.Engine{Name: "Touchstone"}}

// single is one product of one statement, so that statements can be compared
// whatever they were put together with.
func singles(d *decision.Document) []string {
	out := map[string]bool{}
	for _, s := range d.Statements {
		aliases := slices.Compact(slices.Sorted(slices.Values(s.Aliases)))
		for _, p := range s.Products {
			parts := p.Parts
			if len(parts) == 0 {
				parts = []string{""}
			}
			for _, part := range parts {
				out[fmt.Sprintf("%q %q | %q %q %q | %s %s | %q %q %q | %d %d", s.Vulnerability, aliases, p.ID, p.PURL, part, s.Status, s.Justification, s.Impact, s.Action, s.Condition, s.MadeAt, s.ExpiresAt)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(out))
}

func someStatement(t *rapid.T, made int64) decision.Statement {
	word := rapid.StringMatching(`[a-zA-Z0-9<>&" é\n-]{1,12}`)
	or := func(label string, g *rapid.Generator[string]) string {
		if rapid.Bool().Draw(t, "has "+label) {
			return g.Draw(t, label)
		}
		return ""
	}
	s := decision.Statement{
		Vulnerability: rapid.SampledFrom([]string{"CVE-2026-0001", "CVE-2026-0002", "GHSA-xxxx-yyyy-zzzz", "own name"}).Draw(t, "vulnerability"),
		Aliases:       rapid.SliceOfN(rapid.SampledFrom([]string{"GO-2026-1", "1234", "OSV-1"}), 0, 2).Draw(t, "aliases"),
		Status:        rapid.SampledFrom(decision.Statuses()).Draw(t, "status"),
		Impact:        or("impact", word), Action: or("action", word), Condition: or("condition", word),
		MadeAt: rapid.SampledFrom([]int64{made, 1 << 50}).Draw(t, "made"), ExpiresAt: rapid.SampledFrom([]int64{0, 1<<51 + 1}).Draw(t, "expires"),
	}
	if s.Status == decision.NotAffected {
		s.Justification = rapid.SampledFrom(append(decision.Justifications(), "")).Draw(t, "justification")
	}
	for range rapid.IntRange(1, 3).Draw(t, "products") {
		s.Products = append(s.Products, decision.Product{ID: rapid.SampledFrom([]string{"sys_1", "pkg:npm/a@1", "Ä product: 1"}).Draw(t, "id"),
			PURL:  rapid.SampledFrom([]string{"", "pkg:npm/a@1", "pkg:npm/%40x/b@2?arch=x", "pkg:broken"}).Draw(t, "purl"),
			Parts: rapid.SliceOfN(rapid.SampledFrom([]string{"pkg:npm/left-pad@1.0.0", "pkg:npm/a@1", "part two"}), 0, 2).Draw(t, "parts")})
	}
	return s
}

func TestWhatIsWrittenIsValidAndReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := decision.Document{ID: "EX-VEX-1", Author: "Example Ltd", MadeAt: rapid.Int64Range(1, 1<<50).Draw(t, "made"), Version: rapid.SampledFrom([]string{"", "1", "7", "1.2.3"}).Draw(t, "version")}
		for range rapid.IntRange(1, 6).Draw(t, "statements") {
			d.Statements = append(d.Statements, someStatement(t, d.MadeAt))
		}
		var b bytes.Buffer
		if err := csaf.WriteVEX(&b, d, issue); err != nil {
			t.Fatal(err)
		}
		got, err := csaf.Parse(bytes.NewReader(b.Bytes()), budget.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Faults)+len(got.Failures()) > 0 {
			t.Fatalf("%v %v\n%s", got.Faults, got.Failures(), b.String())
		}
		want := &d
		for i := range want.Statements { // a package URL that stands alone is the name too
			for j := range want.Statements[i].Products {
				if p := &want.Statements[i].Products[j]; p.ID == "" {
					p.ID = p.PURL
				}
			}
		}
		if diff := cmp.Diff(singles(want), singles(got.VEX())); diff != "" {
			t.Fatalf("%s\n%s", diff, b.String())
		}
	})
}

func TestEditionsThatAreToldAreWritten(t *testing.T) {
	is := issue
	is.History = []csaf.Revision{{Date: "2026-01-01T00:00:00Z", Number: "1", Summary: "First."}, {Date: "2026-01-02T00:00:00Z", Number: "2", Summary: "Second."}}
	d := decision.Document{ID: "X", Author: "A", MadeAt: 1767312000000000, Version: "2", Statements: []decision.Statement{{Vulnerability: "CVE-2026-0001", Status: decision.Fixed, Products: []decision.Product{{ID: "a"}}}}}
	var b bytes.Buffer
	if err := csaf.WriteVEX(&b, d, is); err != nil {
		t.Fatal(err)
	}
	got, err := csaf.Parse(&b, budget.Limits{})
	if err != nil || got.VEX().Version != "2" || got.Publication().Publisher != "A" || got.Meta.Tracking.Initial != "2026-01-01T00:00:00Z" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatCannotBeWrittenIsRefusedWithTheReason(t *testing.T) {
	one := func(s decision.Statement) decision.Document {
		return decision.Document{ID: "X", Author: "A", Version: "1", Statements: []decision.Statement{s}}
	}
	good := decision.Statement{Vulnerability: "CVE-2026-0001", Status: decision.Fixed, Products: []decision.Product{{ID: "a"}}}
	with := func(set func(s *decision.Statement)) decision.Document { s := good; set(&s); return one(s) }
	for _, c := range []struct {
		name string
		d    decision.Document
		is   csaf.Issue
		says string
	}{
		{"no statements", decision.Document{ID: "X", Author: "A"}, issue, "at least one"},
		{"no vulnerability", with(func(s *decision.Statement) { s.Vulnerability = "" }), issue, "/statements/0"},
		{"no products", with(func(s *decision.Statement) { s.Products = nil }), issue, "no product"},
		{"a product without a name", with(func(s *decision.Statement) { s.Products = []decision.Product{{}} }), issue, "neither"},
		{"a part without a name", with(func(s *decision.Statement) { s.Products = []decision.Product{{ID: "a", Parts: []string{""}}} }), issue, "part"},
		{"an unknown status", with(func(s *decision.Statement) { s.Status = "maybe" }), issue, "maybe"},
		{"an unknown justification", with(func(s *decision.Statement) { s.Justification = "because" }), issue, "because"},
		{"no id", decision.Document{Author: "A", Statements: []decision.Statement{good}}, issue, "/document/tracking/id"},
		{"a version that is none", decision.Document{ID: "X", Author: "A", Version: "two", Statements: []decision.Statement{good}}, issue, "/document/tracking/version"},
		{"no namespace", one(good), csaf.Issue{Publisher: csaf.Publisher{Category: "vendor"}}, "/document/publisher/namespace"},
		{"a label of 2.1", one(good), csaf.Issue{Publisher: issue.Publisher, TLP: "CLEAR"}, "/document/distribution/tlp/label"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			err := csaf.WriteVEX(&b, c.d, c.is)
			if !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), c.says) || b.Len() > 0 {
				t.Errorf("%v, %d bytes written", err, b.Len())
			}
		})
	}
}
