// Package sqlinjection asks for queries that are put together from text.
package sqlinjection

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for CWE-89, and for the kind of it that comes through an object mapper.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Weakness{Name: "SQL injection", CWEs: []string{"CWE-89", "CWE-564"}, Kinds: []fact.ScanKind{fact.Static, fact.Dynamic}}.Judge(f)
}
