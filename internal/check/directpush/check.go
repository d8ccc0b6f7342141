// Package directpush asks whether anybody can go round the rules of the main branch.
package directpush

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository. An approval or a check that is required cannot be had by a
// direct push; from its second tier on Scorecard's Branch-Protection holds it.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Changes have to be proposed",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			proposed := r.ReviewsRequired != nil && *r.ReviewsRequired > 0 || r.ChecksRequired != nil && *r.ChecksRequired
			switch {
			case r.AdminsBound != nil && !*r.AdminsBound:
				return ground.No, "The rules for the main branch of " + name + " do not bind administrators."
			case proposed && r.AdminsBound != nil:
				return ground.Yes, "Every change to the main branch of " + name + " has to be proposed first, by administrators too."
			case r.ReviewsRequired != nil && r.ChecksRequired != nil && !proposed:
				return ground.No, "The main branch of " + name + " can be changed without an approval or a check."
			}
			return ground.Unsaid, ""
		},
		Scorecard: "Branch-Protection", AtLeast: 6,
		Missing: ground.NoScorecard,
	}.Judge(f)
}
