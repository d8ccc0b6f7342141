// Package staticscan asks whether the code of a release was analysed.
package staticscan

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for a run that ended well with a security rule switched on.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Ran(f, fact.Static, "static analysis", true)
}
