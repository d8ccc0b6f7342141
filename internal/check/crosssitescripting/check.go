// Package crosssitescripting asks for pages that let in scripts.
package crosssitescripting

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for text that becomes part of a page.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Weakness{Name: "cross-site scripting", CWEs: []string{"CWE-79", "CWE-80"}, Kinds: []fact.ScanKind{fact.Static, fact.Dynamic}}.Judge(f)
}
