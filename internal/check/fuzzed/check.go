// Package fuzzed asks whether the code is fuzzed.
package fuzzed

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Fuzz tests",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.File(r, fact.FileFuzz, name, "Fuzz tests of %s are in %s.", "%s has no fuzz test.")
		},
		Scorecard: "Fuzzing", AtLeast: 10, Lenient: true,
		Missing: ground.NoScorecard,
	}.Judge(f)
}
