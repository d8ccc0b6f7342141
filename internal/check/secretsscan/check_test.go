package secretsscan_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/secretsscan"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestNoSecretsInSource(t *testing.T) {
	run := func(open int, change func(*fact.Scan)) check.Facts {
		s := fact.Scan{Tool: "gitleaks", Kind: fact.Secrets, Rules: []fact.Rule{{ID: "private-key"}}, RulesTotal: 1, Open: map[string]int{"error": open}}
		if change != nil {
			change(&s)
		}
		return checktest.Scans(s)
	}
	counted := func(n int) check.Facts {
		return checktest.Repositories(fact.Repository{Repository: "https://github.com/example/shop", SecretsInRepository: &n})
	}
	checktest.Run(t, secretsscan.Evaluate, []checktest.Case{
		checktest.It("searched and clean", run(0, nil), checktest.Pass, "gitleaks found none"),
		checktest.It("one secret", run(1, func(s *fact.Scan) { s.First = []fact.Result{{Rule: "private-key", File: "deploy/key.pem", Line: 1}} }), checktest.Fail, "private-key in deploy/key.pem line 1"),
		checktest.It("a secret in a run that broke off", run(2, func(s *fact.Scan) { s.Failed = true }), checktest.Fail, "2 secrets"),
		checktest.It("the forge counts none", counted(0), checktest.Pass, "the forge counts none"),
		checktest.It("the forge counts some", counted(3), checktest.Fail, "3 secrets in github.com/example/shop"),
		checktest.It("a search that broke off", run(0, func(s *fact.Scan) { s.Failed = true }), checktest.Cannot, "gitleaks"),
		checktest.It("a search without a list of results", run(0, func(s *fact.Scan) { s.Unscanned = true }), checktest.Cannot, ""),
		checktest.It("a search without rules", run(0, func(s *fact.Scan) { s.Rules = nil }), checktest.Cannot, ""),
	})
}
