// Package weakcryptography asks for old or broken cryptography.
package weakcryptography

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for algorithms, keys, hashes of passwords, random numbers and certificate checks that are too weak.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Weakness{Name: "weak cryptography", CWEs: []string{"CWE-327", "CWE-326", "CWE-328", "CWE-295", "CWE-916", "CWE-338"}, Kinds: []fact.ScanKind{fact.Static, fact.Dynamic}}.Judge(f)
}
