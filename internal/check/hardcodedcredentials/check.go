// Package hardcodedcredentials asks for passwords and keys in the code.
package hardcodedcredentials

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for credentials that are in the code or the same for everybody.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Weakness{Name: "hard-coded or default credentials", CWEs: []string{"CWE-798", "CWE-259", "CWE-321", "CWE-1392", "CWE-1393", "CWE-1394", "CWE-521"}, Kinds: []fact.ScanKind{fact.Static, fact.Secrets}}.Judge(f)
}
