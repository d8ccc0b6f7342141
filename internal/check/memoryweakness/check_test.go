package memoryweakness_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/memoryweakness"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestMemorySafetyWeaknessesAbsent(t *testing.T) {
	run := func(open int) check.Facts {
		return checktest.Scans(fact.Scan{Tool: "clang-tidy", Kind: fact.Static, Rules: []fact.Rule{{ID: "overflow", CWEs: []string{"CWE-787"}}}, RulesTotal: 1, ByRule: map[string]int{"overflow": open}})
	}
	written := func(languages map[string]int64) check.Facts {
		return checktest.Repositories(fact.Repository{Languages: languages})
	}
	checktest.Run(t, memoryweakness.Evaluate, []checktest.Case{
		checktest.It("the rule found nothing", run(0), checktest.Pass, "rule overflow of clang-tidy ran"),
		checktest.It("one result", run(1), checktest.Fail, "1 open result"),
		checktest.It("no rule, and only safe languages", written(map[string]int64{"Go": 100, "TypeScript": 5}), checktest.Nothing, ""),
		checktest.It("no rule, and some C", written(map[string]int64{"Go": 100, "C": 5}), checktest.Cannot, ""),
		checktest.It("no rule, and languages not known", written(nil), checktest.Cannot, "Push"),
	})
}
