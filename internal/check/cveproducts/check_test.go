package cveproducts_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/cveproducts"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestCVEProductsIdentified(t *testing.T) {
	checktest.Run(t, cveproducts.Evaluate, []checktest.Case{
		checktest.It("one each", records(fact.CVERecord{ID: "CVE-2026-2", CPE: true}, fact.CVERecord{ID: "CVE-2026-3", PURL: true}), checktest.Pass, "CVE-2026-2 has a CPE. 1 other"),
		checktest.It("words only", records(fact.CVERecord{ID: "CVE-2026-2"}), checktest.Fail, "CVE-2026-2 has neither a CPE nor a package URL"),
		checktest.It("only rejected ones", records(fact.CVERecord{ID: "CVE-2026-2", State: "REJECTED"}), checktest.Nothing, "rejected"),
		checktest.It("no records", check.Facts{}, checktest.Cannot, "Push"),
	})
}

func records(list ...fact.CVERecord) check.Facts { return check.Facts{CVEs: checktest.List(list...)} }
