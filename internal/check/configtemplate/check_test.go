package configtemplate_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/configtemplate"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestSecureConfigurationTemplate(t *testing.T) {
	checktest.Run(t, configtemplate.Evaluate, []checktest.Case{
		checktest.It("it is there", checktest.Repositories(fact.Repository{Files: map[fact.FileRole]string{fact.FileConfigTemplate: "docs/it.md"}}), checktest.Pass, "docs/it.md"),
		checktest.It("it is not", checktest.Repositories(fact.Repository{Repository: "github.com/example/shop", FilesListed: true}), checktest.Fail, "github.com/example/shop"),
		checktest.It("the tree was not listed", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
	})
}
