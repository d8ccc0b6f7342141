package memoryroadmap_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/memoryroadmap"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestMemorySafetyRoadmap(t *testing.T) {
	checktest.Run(t, memoryroadmap.Evaluate, []checktest.Case{
		checktest.It("it is there", checktest.Repositories(fact.Repository{Files: map[fact.FileRole]string{fact.FileMemoryRoadmap: "MEMORY.md"}}), checktest.Pass, "MEMORY.md"),
		checktest.It("nothing needs it", checktest.Repositories(fact.Repository{Languages: map[string]int64{"Rust": 9}}), checktest.Pass, "needs"),
		checktest.It("it is not there", checktest.Repositories(fact.Repository{FilesListed: true, Languages: map[string]int64{"C": 9}}), checktest.Fail, "no roadmap"),
		checktest.It("languages not known", checktest.Repositories(fact.Repository{FilesListed: true}), checktest.Cannot, ""),
		checktest.It("the tree was not listed", checktest.Repositories(fact.Repository{Languages: map[string]int64{"C": 9}}), checktest.Cannot, "Push"),
	})
}
