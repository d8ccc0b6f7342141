package expression

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

const (
	now = 1772366400000000
	day = 24 * 3600 * 1_000_000
)

func compiler(t testing.TB) *Compiler {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func facts() check.Facts {
	doc := check.Document{Digest: "d", ProducedAt: now - 3*day}
	return check.Facts{Now: now, Release: "1.4.0", System: check.SystemFact{Exposed: true, Exposure: "public", Kind: "service"},
		Inventories: []check.InventoryFact{{Document: doc, Subject: "shop 1.4.0", Components: 12, Identified: 12, Licences: map[string]int{"MIT": 10, "GPL-3.0-only": 2}}},
		Coverage:    check.CoverageFact{Verdicts: map[finding.Verdict]int{finding.Affected: 1, finding.NoKnown: 11}, FeedsAsOf: now - day},
		Findings: []check.FindingFact{{ID: "CVE-2026-0001", Component: "pkg:npm/a@1", Verdict: finding.Affected, Band: advisory.BandHigh, Exploited: true,
			CWEs: []string{"CWE-79"}, Fixed: []string{"2"}, FirstSeen: now - 20*day, DueAt: now - 6*day}},
		Scans:      []check.Of[fact.Scan]{{Document: doc, Fact: fact.Scan{Tool: "scanner", Kind: fact.Static, Rules: []fact.Rule{{ID: "a"}, {ID: "b", Disabled: true}}, ByCWE: map[string]int{"CWE-89": 1}}}},
		Scorecards: []check.Of[fact.Scorecard]{{Document: doc, Fact: fact.Scorecard{Score: 7.5, Checks: map[string]fact.ScorecardCheck{"Fuzzing": {Score: -1}}}}},
		Repositories: []check.Of[fact.Repository]{{Document: doc, Fact: fact.Repository{MFARequired: new(true), ReviewsRequired: new(2),
			Files: map[fact.FileRole]string{fact.FileSecurity: "SECURITY.md"}}}}}
}

func TestExpressionsDecide(t *testing.T) {
	c := compiler(t)
	for _, tc := range []struct {
		source string
		want   assessment.Outcome
	}{
		{`findings.all(f, !f.exploited || f.days_open < 14)`, assessment.Fail},
		{`findings.filter(f, f.severity == "high" && f.overdue).size() == 1`, assessment.Pass},
		{`!inventories.exists(i, "GPL-3.0-only" in i.licences)`, assessment.Fail},
		{`inventories.all(i, i.components == i.identified && i.days_old <= 3)`, assessment.Pass},
		{`coverage["affected"] == 1 && !("cannot_assess" in coverage)`, assessment.Pass},
		{`scans.exists(s, s.kind == "static" && "a" in s.rules && !("b" in s.rules))`, assessment.Pass},
		{`scans.all(s, !s.failed)`, assessment.Pass},
		{`scorecards.all(s, s.score >= 7)`, assessment.Pass},
		{`repositories.all(r, r.settings["mfa_required"] && r.reviews_required >= 2 && "security_policy" in r.files)`, assessment.Pass},
		{`!system.exposed || system.kind == "service"`, assessment.Pass},
		{`release.startsWith("1.") && system.exposed`, assessment.Pass},
		{`tests.all(t, t.failures == 0)`, assessment.CannotAssess},                              // nothing was delivered
		{`repositories.all(r, r.settings["signed_commits_required"])`, assessment.CannotAssess}, // nobody said
		{`system.exposed || tests.size() > 0`, assessment.CannotAssess},
	} {
		e, err := c.Compile(tc.source)
		if err != nil {
			t.Errorf("%s: %v", tc.source, err)
			continue
		}
		v := e.Evaluate(facts(), "It is so.", "It is not so")
		if v.Outcome != tc.want {
			t.Errorf("%s: %s (%s), want %s", tc.source, v.Outcome, v.Reason, tc.want)
		}
		if !strings.HasSuffix(v.Reason, ".") || v.At == 0 || v.At > now {
			t.Errorf("%s: reason %q at %d", tc.source, v.Reason, v.At)
		}
		if v.Outcome == assessment.Pass && len(v.Facts) == 0 {
			t.Errorf("%s passes on no fact", tc.source)
		}
	}
}

func TestARunWithoutAListOfResultsIsNotClean(t *testing.T) {
	e, err := compiler(t).Compile(`scans.exists(s, !s.failed && s.severe == 0)`)
	if err != nil {
		t.Fatal(err)
	}
	f := facts()
	if v := e.Evaluate(f, "It is so.", "It is not so"); v.Outcome != assessment.Pass {
		t.Fatalf("with a list: %+v", v)
	}
	f.Scans[0].Fact.Unscanned = true
	if v := e.Evaluate(f, "It is so.", "It is not so"); v.Outcome == assessment.Pass {
		t.Errorf("without a list: %+v", v)
	}
}

func TestWhatIsWrongWithAnExpressionIsSaidWithItsPlace(t *testing.T) {
	c := compiler(t)
	for _, tc := range []struct{ source, says string }{
		{"", "Enter an expression"},
		{"findings.all(f, f.severety == \"high\")", "Line 1, column 18: undefined field 'severety'"},
		{"findings.all(f,\n  f.days_open < \"14\")", "Line 2"},
		{"finding.size() == 0", "undeclared reference to 'finding'"},
		{"findings.size()", "must be true or false"},
		{"findings.size() ==", "Line 1"},
		{"true", "asks for no fact"},
		{`release == "1"`, "asks for no fact"},
		{strings.Repeat("(", 200) + "true" + strings.Repeat(")", 200), "Line"},
		{`"` + strings.Repeat("x", MaxLength) + `" == system.kind`, "4000 characters"},
	} {
		_, err := c.Compile(tc.source)
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%.60q: %v", tc.source, err)
			continue
		}
		var said strings.Builder
		_, problems := fault.Public(err)
		for _, p := range problems {
			said.WriteString(p.Detail + "\n")
		}
		if !strings.Contains(said.String(), tc.says) {
			t.Errorf("%.60q: %q does not say %q", tc.source, said.String(), tc.says)
		}
	}
}

func TestAnExpressionThatTakesTooLongIsStopped(t *testing.T) {
	f := facts()
	for range 3000 {
		f.Findings = append(f.Findings, f.Findings[0])
	}
	e, err := compiler(t).Compile(`findings.all(a, findings.all(b, a.id == b.id))`)
	if err != nil {
		t.Fatal(err)
	}
	if v := e.Evaluate(f, "", ""); v.Outcome != assessment.CannotAssess || !strings.Contains(v.Reason, "steps") {
		t.Errorf("%+v", v)
	}
}

// What is never delivered must not let an expression pass.
func TestAPassNeedsEveryFactThatIsAskedFor(t *testing.T) {
	c := compiler(t)
	for _, w := range Vocabulary() {
		if w.Kind == "" || w.Kind == check.Register {
			continue
		}
		e, err := c.Compile(w.Name + ".size() >= 0")
		if err != nil {
			t.Fatal(err)
		}
		if v := e.Evaluate(check.Facts{Now: now}, "", ""); v.Outcome != assessment.CannotAssess {
			t.Errorf("%s: %+v", w.Name, v)
		}
	}
}

func TestAnyTextIsRefusedOrEvaluated(t *testing.T) {
	c := compiler(t)
	words := []string{"findings", "scans", ".all(f, ", ".size()", "f.severity", "==", "\"high\"", ")", "&&", "system.exposed", "[0]", "!", "(", "1", " / 0", ".exists(f, "}
	rapid.Check(t, func(rt *rapid.T) {
		source := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 1, 14).Draw(rt, "words"), " ")
		if e, err := c.Compile(source); err == nil {
			e.Evaluate(facts(), "", "")
		} else if fault.KindOf(err) != fault.Invalid {
			rt.Fatalf("%q: %v", source, err)
		}
	})
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{`findings.all(x, x.exploited)`, `system.kind.matches("(a+)+$")`, `{"a": [1]}["a"][0] == 1 && system.exposed`, "\x00", `"\xff"`} {
		f.Add(s)
	}
	c := compiler(f)
	in := facts()
	f.Fuzz(func(t *testing.T, source string) {
		if e, err := c.Compile(source); err == nil {
			e.Evaluate(in, "", "")
		}
	})
}
