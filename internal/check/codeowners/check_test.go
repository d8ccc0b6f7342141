package codeowners_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/codeowners"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestCodeOwnersRequired(t *testing.T) {
	checktest.Run(t, codeowners.Evaluate, []checktest.Case{
		checktest.It("named and required", checktest.Repositories(repository(true, new(true))), checktest.Pass, "is required"),
		checktest.It("named and not required", checktest.Repositories(repository(true, new(false))), checktest.Fail, "is not required"),
		checktest.It("not named", checktest.Repositories(repository(false, new(true))), checktest.Fail, "no file of code owners"),
		checktest.It("named, and the rule not said", checktest.Repositories(repository(true, nil)), checktest.Cannot, ""),
		checktest.It("the tree was not listed", checktest.Repositories(fact.Repository{CodeOwnersRequired: new(true)}), checktest.Cannot, "Push"),
	})
}

func repository(named bool, required *bool) fact.Repository {
	r := fact.Repository{FilesListed: true, CodeOwnersRequired: required}
	if named {
		r.Files = map[fact.FileRole]string{fact.FileCodeOwners: ".github/CODEOWNERS"}
	}
	return r
}
