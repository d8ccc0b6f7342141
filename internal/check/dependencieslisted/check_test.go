package dependencieslisted_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/dependencieslisted"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestDependenciesListed(t *testing.T) {
	checktest.Run(t, dependencieslisted.Evaluate, []checktest.Case{
		checktest.It("a manifest", checktest.Repositories(fact.Repository{Manifests: []string{"web/package.json", "go.mod"}}), checktest.Pass, "in go.mod"),
		checktest.It("none", checktest.Repositories(fact.Repository{FilesListed: true}), checktest.Fail, "no file that lists"),
		checktest.It("the tree was not listed", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
	})
}
