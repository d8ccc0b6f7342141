package flawspublished_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/flawspublished"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestFlawsHaveAdvisories(t *testing.T) {
	facts := func(vulnerabilities int, ids ...string) check.Facts {
		f := check.Facts{Publications: checktest.List(fact.Publication{ID: "EX-2026-1", Category: "csaf_security_advisory", Status: "final", Vulnerabilities: vulnerabilities})}
		for _, id := range ids {
			f.CVEs = append(f.CVEs, checktest.Of("cve", fact.CVERecord{ID: id}))
		}
		return f
	}
	checktest.Run(t, flawspublished.Evaluate, []checktest.Case{
		checktest.It("one each", facts(2, "CVE-2026-2", "CVE-2026-3"), checktest.Pass, "2 vulnerabilities in advisories for 2 CVE records"),
		checktest.It("one too few", facts(1, "CVE-2026-2", "CVE-2026-3"), checktest.Fail, "1 vulnerability in advisories for 2 CVE records"),
		checktest.It("an advisory that is a draft", checktest.With(facts(1, "CVE-2026-2"), func(f *check.Facts) { f.Publications[0].Fact.Status = "draft" }), checktest.Fail, "0 vulnerabilities"),
		checktest.It("a VEX document is no advisory", checktest.With(facts(1, "CVE-2026-2"), func(f *check.Facts) { f.Publications[0].Fact.Category = "csaf_vex" }), checktest.Fail, ""),
		checktest.It("no advisory", check.Facts{CVEs: facts(0, "CVE-2026-2").CVEs}, checktest.Cannot, "Push"),
		checktest.It("only rejected records", checktest.With(facts(0, "CVE-2026-2"), func(f *check.Facts) { f.CVEs[0].Fact.State = "REJECTED" }), checktest.Nothing, ""),
	})
}
