// Package commandinjection asks for commands that are put together from text.
package commandinjection

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for text that becomes a command, or one of its arguments.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Weakness{Name: "command injection", CWEs: []string{"CWE-78", "CWE-77", "CWE-88"}, Kinds: []fact.ScanKind{fact.Static, fact.Dynamic}}.Judge(f)
}
