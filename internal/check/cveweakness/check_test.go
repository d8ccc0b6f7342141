package cveweakness_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/cveweakness"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestCVEWeaknessNamed(t *testing.T) {
	checktest.Run(t, cveweakness.Evaluate, []checktest.Case{
		checktest.It("named in each", records(fact.CVERecord{ID: "CVE-2026-2", CWEs: []string{"CWE-79"}}, fact.CVERecord{ID: "CVE-2026-3", CWEs: []string{"CWE-089"}}), checktest.Pass, "CVE-2026-2 names CWE-79. 1 other is like it."),
		checktest.It("missing in one", records(fact.CVERecord{ID: "CVE-2026-2", CWEs: []string{"CWE-79"}}, fact.CVERecord{ID: "CVE-2026-3"}), checktest.Fail, "CVE-2026-3 names no weakness"),
		checktest.It("other", records(fact.CVERecord{ID: "CVE-2026-2", CWEs: []string{"NVD-CWE-Other"}}), checktest.Fail, ""),
		checktest.It("missing in one that was rejected", records(fact.CVERecord{ID: "CVE-2026-2", CWEs: []string{"CWE-79"}}, fact.CVERecord{ID: "CVE-2026-3", State: "REJECTED"}), checktest.Pass, "names CWE-79."),
		checktest.It("no records", check.Facts{}, checktest.Cannot, "Push"),
	})
}

func records(list ...fact.CVERecord) check.Facts { return check.Facts{CVEs: checktest.List(list...)} }
