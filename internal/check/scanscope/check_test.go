package scanscope_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/scanscope"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestScanOfReleasedCommit(t *testing.T) {
	facts := func(released, analysed string, change func(*check.Facts)) check.Facts {
		f := checktest.Scans(fact.Scan{Tool: "CodeQL", Kind: fact.Static, Revision: analysed})
		f.Attestations = checktest.List(fact.Attestation{Counts: true, Commit: released})
		if change != nil {
			change(&f)
		}
		return f
	}
	checktest.Run(t, scanscope.Evaluate, []checktest.Case{
		checktest.It("the same commit", facts("4b825dc642cb", "4b825dc642cb", nil), checktest.Pass, "4b825dc642cb, which was analysed"),
		checktest.It("one of them cut short", facts("4b825dc642cb", "4B825DC", nil), checktest.Pass, ""),
		checktest.It("another commit", facts("4b825dc642cb", "0000000642cb", nil), checktest.Fail, "built from commit 4b825dc642cb"),
		checktest.It("a run that broke off", facts("4b825dc642cb", "4b825dc642cb", func(f *check.Facts) { f.Scans[0].Fact.Failed = true }), checktest.Cannot, "names the commit that it looked at"),
		checktest.It("a run without a list of results", facts("4b825dc642cb", "4b825dc642cb", func(f *check.Facts) { f.Scans[0].Fact.Unscanned = true }), checktest.Cannot, "has a list of results"),
		checktest.It("provenance that does not count", facts("4b825dc642cb", "4b825dc642cb", func(f *check.Facts) { f.Attestations[0].Fact.Counts = false }), checktest.Cannot, "Push its attestation"),
	})
}
