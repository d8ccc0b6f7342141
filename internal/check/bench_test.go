package check

import (
	"fmt"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

// largeRelease has 20 runs of 2,000 rules in one document, and 10,000 findings.
func largeRelease() check.Facts {
	f := goodRelease()
	for n := range 20 {
		run := f.Scans[0]
		run.Fact.Category = fmt.Sprint(n)
		run.Fact.Rules = nil
		for i := range fact.MaxRules {
			run.Fact.Rules = append(run.Fact.Rules, fact.Rule{ID: fmt.Sprintf("rule-%d", i), CWEs: []string{fmt.Sprintf("CWE-%d", i%900)}, Security: true})
		}
		run.Fact.RulesTotal = len(run.Fact.Rules)
		f.Scans = append(f.Scans, run)
	}
	for n := range 10_000 {
		f.Findings = append(f.Findings, check.FindingFact{ID: fmt.Sprintf("CVE-2026-%d", n), Component: "pkg:npm/left@1.0.0", Verdict: finding.Affected, Band: advisory.BandCritical,
			Exploited: true, EPSS: 0.5, Fixed: []string{"1.0.1"}, FirstSeen: goodNow - 200*day, DueAt: goodNow - 100*day})
	}
	return f
}

func BenchmarkJudgeALargeRelease(b *testing.B) {
	l := library(b)
	f := largeRelease()
	b.ReportAllocs()
	for b.Loop() {
		l.Judge(f)
	}
}
