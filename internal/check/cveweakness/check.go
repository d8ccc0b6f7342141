// Package cveweakness asks whether records name the kind of mistake.
package cveweakness

import (
	_ "embed"
	"regexp"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

var named = regexp.MustCompile(`^CWE-[1-9][0-9]*$`)

// Evaluate asks for a numbered weakness. NVD-CWE-Other and NVD-CWE-noinfo are not one.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachCVE(f, "Weakness", func(c fact.CVERecord) (bool, string, string) {
		cwes := slices.Sorted(slices.Values(c.CWEs))
		for _, cwe := range cwes {
			if named.MatchString(ground.CWE(cwe)) {
				return true, "names " + ground.CWE(cwe), ground.CWE(cwe)
			}
		}
		return false, "names no weakness", "none"
	})
}
