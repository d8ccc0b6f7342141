package vexcovers_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/vexcovers"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestVEXCoversFindings(t *testing.T) {
	said := func(f check.Facts, n int) check.Facts {
		f.Statements = checktest.List(fact.Statements{ByStatus: map[string]int{"affected": n}})
		return f
	}
	one := checktest.Finding(advisory.BandLow, 1, nil)
	other := checktest.Finding(advisory.BandLow, 1, func(x *check.FindingFact) { x.ID = "CVE-2026-9" })
	checktest.Run(t, vexcovers.Evaluate, []checktest.Case{
		checktest.It("one each", said(checktest.Matched(one, other), 2), checktest.Pass, "2 VEX statements for 2 vulnerabilities"),
		checktest.It("the same vulnerability in two components", said(checktest.Matched(one, one), 1), checktest.Pass, "1 VEX statement for 1 vulnerability"),
		checktest.It("one too few", said(checktest.Matched(one, other), 1), checktest.Fail, "1 VEX statement for 2 vulnerabilities"),
		checktest.It("nothing found and nothing said", said(checktest.Matched(), 0), checktest.Nothing, ""),
		checktest.It("nothing compared", said(check.Facts{}, 1), checktest.Cannot, "load advisories"),
		checktest.It("no document, and nothing to state", checktest.Matched(), checktest.Nothing, "nothing to state"),
		checktest.It("no document", checktest.Matched(one), checktest.Cannot, "Push one"),
	})
}
