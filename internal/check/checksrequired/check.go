// Package checksrequired asks whether checks have to pass before a merge.
package checksrequired

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository. Scorecard's Branch-Protection holds it from its third tier on.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Checks are required",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.Flag(r.ChecksRequired, "Checks have to pass before a change to "+name+" is merged.", "A change to "+name+" can be merged whatever its checks say.")
		},
		Scorecard: "Branch-Protection", AtLeast: 8,
		Missing: ground.NoScorecard,
	}.Judge(f)
}
