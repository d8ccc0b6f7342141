// Package cveproducts asks whether programs can tell which product is meant.
package cveproducts

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for an identifier that programs compare.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachCVE(f, "Identified by", func(c fact.CVERecord) (bool, string, string) {
		switch {
		case c.CPE && c.PURL:
			return true, "has a CPE and a package URL", "CPE and package URL"
		case c.CPE:
			return true, "has a CPE", "CPE"
		case c.PURL:
			return true, "has a package URL", "package URL"
		}
		return false, "has neither a CPE nor a package URL", "words only"
	})
}
