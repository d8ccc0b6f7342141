// Package cvecomplete scores how much a record tells programs.
package cvecomplete

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// enough points: a record with a weakness, a severity, an identified product and a
// fixed version has as many.
const enough = 80

// Evaluate compares the score of each record.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachCVE(f, "Completeness", func(c fact.CVERecord) (bool, string, string) {
		value := fmt.Sprintf("%d of 100", c.Completeness)
		if c.Completeness >= enough {
			return true, "has " + value + " points", value
		}
		if len(c.Missing) > 0 {
			return false, "has " + value + " points and lacks: " + ground.Least(c.Missing), value
		}
		return false, "has " + value + " points", value
	})
}
