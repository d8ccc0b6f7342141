package licencefile_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/licencefile"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestLicenceFilePresent(t *testing.T) {
	checktest.Run(t, licencefile.Evaluate, []checktest.Case{
		checktest.It("it is there", checktest.Repositories(fact.Repository{Files: map[fact.FileRole]string{fact.FileLicence: "docs/it.md"}}), checktest.Pass, "docs/it.md"),
		checktest.It("it is not", checktest.Repositories(fact.Repository{Repository: "github.com/example/shop", FilesListed: true}), checktest.Fail, "github.com/example/shop"),
		checktest.It("the tree was not listed", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
		checktest.It("rated", checktest.Scorecard("License", 9), checktest.Pass, ""),
		checktest.It("rated too low", checktest.Scorecard("License", 0), checktest.Fail, "0 of 10"),
	})
}
