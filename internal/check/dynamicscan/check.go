// Package dynamicscan asks whether the running program was tested.
package dynamicscan

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for a run that ended well. Every rule of such a scanner is about
// security.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Ran(f, fact.Dynamic, "dynamic scan", false)
}
