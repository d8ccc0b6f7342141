// Package severetriaged asks for severe results that nobody dealt with.
package severetriaged

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for runs over code without a severe open result.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Clean(f, "a code scan", fact.Static, fact.Dynamic)
}
