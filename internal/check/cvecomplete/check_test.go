package cvecomplete_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/cvecomplete"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestCVERecordsComplete(t *testing.T) {
	checktest.Run(t, cvecomplete.Evaluate, []checktest.Case{
		checktest.It("80 points", records(fact.CVERecord{ID: "CVE-2026-2", Completeness: 80}), checktest.Pass, "80 of 100"),
		checktest.It("79 points", records(fact.CVERecord{ID: "CVE-2026-2", Completeness: 79, Missing: []string{"Severity"}}), checktest.Fail, "CVE-2026-2 has 79 of 100 points and lacks: Severity"),
		checktest.It("the worst is named", records(fact.CVERecord{ID: "CVE-2026-2", Completeness: 100}, fact.CVERecord{ID: "CVE-2026-3"}), checktest.Fail, "CVE-2026-3"),
		checktest.It("no records", check.Facts{}, checktest.Cannot, "Push"),
	})
}

func records(list ...fact.CVERecord) check.Facts { return check.Facts{CVEs: checktest.List(list...)} }
