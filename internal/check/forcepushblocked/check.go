// Package forcepushblocked asks whether history can be rewritten.
package forcepushblocked

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository. The lowest tier of Scorecard's Branch-Protection holds it.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Force pushes are blocked",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.Flag(r.ForcePushBlocked, "Force pushes to the main branch of "+name+" are blocked.", "Force pushes to the main branch of "+name+" are not blocked.")
		},
		Scorecard: "Branch-Protection", AtLeast: 3,
		Missing: ground.NoScorecard,
	}.Judge(f)
}
