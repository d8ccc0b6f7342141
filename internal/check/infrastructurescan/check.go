// Package infrastructurescan asks whether configuration as code is safe.
package infrastructurescan

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for a clean run of a scanner of configuration.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Clean(f, "a scan of configuration", fact.Infrastructure)
}
