// Package pathtraversal asks for file names that lead out of their folder.
package pathtraversal

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for names that lead elsewhere.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Weakness{Name: "path traversal", CWEs: []string{"CWE-22", "CWE-23", "CWE-36", "CWE-73"}, Kinds: []fact.ScanKind{fact.Static, fact.Dynamic}}.Judge(f)
}
