// Package reviewrequired asks whether a second person has to approve.
package reviewrequired

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository. The second tier of Scorecard's Branch-Protection holds it.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Approvals required",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			if r.ReviewsRequired == nil {
				return ground.Unsaid, ""
			}
			if *r.ReviewsRequired < 1 {
				return ground.No, "Changes to " + name + " need no approval."
			}
			return ground.Yes, fmt.Sprintf("Changes to %s need %s.", name, ground.Count(*r.ReviewsRequired, "approval", "approvals"))
		},
		Scorecard: "Branch-Protection", AtLeast: 6,
		Missing: ground.NoScorecard,
	}.Judge(f)
}
