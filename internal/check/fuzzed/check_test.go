package fuzzed_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/fuzzed"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestFuzzTestsExist(t *testing.T) {
	checktest.Run(t, fuzzed.Evaluate, []checktest.Case{
		checktest.It("they do", checktest.Repositories(fact.Repository{Files: map[fact.FileRole]string{fact.FileFuzz: "fuzz/parse_test.go"}}), checktest.Pass, "fuzz/parse_test.go"),
		checktest.It("they do not", checktest.Repositories(fact.Repository{FilesListed: true}), checktest.Fail, "no fuzz test"),
		checktest.It("rated", checktest.Scorecard("Fuzzing", 10), checktest.Pass, ""),
		checktest.It("a low rating says nothing", checktest.Scorecard("Fuzzing", 0), checktest.Cannot, ""),
	})
}
