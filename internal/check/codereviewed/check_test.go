package codereviewed_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/codereviewed"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestChangesWereReviewed(t *testing.T) {
	checktest.Run(t, codereviewed.Evaluate, []checktest.Case{
		checktest.It("all of them", checktest.Repositories(fact.Repository{Merged: new(40), Reviewed: new(40)}), checktest.Pass, "40 of 40 changes"),
		checktest.It("95 in 100", checktest.Repositories(fact.Repository{Merged: new(100), Reviewed: new(95)}), checktest.Pass, ""),
		checktest.It("94 in 100", checktest.Repositories(fact.Repository{Merged: new(100), Reviewed: new(94)}), checktest.Fail, "94 of 100 changes"),
		checktest.It("nothing merged", checktest.Repositories(fact.Repository{Merged: new(0), Reviewed: new(0)}), checktest.Cannot, ""),
		checktest.It("rated", checktest.Scorecard("Code-Review", 10), checktest.Pass, ""),
		checktest.It("rated too low", checktest.Scorecard("Code-Review", 3), checktest.Fail, ""),
	})
}
