// Package deserialisation asks for data that becomes objects unseen.
package deserialisation

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for data from outside that chooses its own type.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Weakness{Name: "unsafe deserialisation", CWEs: []string{"CWE-502"}, Kinds: []fact.ScanKind{fact.Static, fact.Dynamic}}.Judge(f)
}
