package dependencyupdates_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/dependencyupdates"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestDependencyUpdatesProposed(t *testing.T) {
	checktest.Run(t, dependencyupdates.Evaluate, []checktest.Case{
		checktest.It("a file", checktest.Repositories(fact.Repository{Files: map[fact.FileRole]string{fact.FileDependencyBot: "renovate.json"}}), checktest.Pass, "as renovate.json says"),
		checktest.It("a setting without a file", checktest.Repositories(fact.Repository{FilesListed: true, DependencyUpdates: new(true)}), checktest.Pass, "A tool proposes"),
		checktest.It("neither", checktest.Repositories(fact.Repository{FilesListed: true}), checktest.Fail, "Nobody proposes"),
		checktest.It("rated", checktest.Scorecard("Dependency-Update-Tool", 10), checktest.Pass, ""),
		checktest.It("a low rating says nothing", checktest.Scorecard("Dependency-Update-Tool", 0), checktest.Cannot, "could not tell"),
	})
}
