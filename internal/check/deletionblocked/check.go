// Package deletionblocked asks whether the main branch can be deleted.
package deletionblocked

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
		What: "Deletion of the main branch is blocked",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.Flag(r.DeletionBlocked, "The main branch of "+name+" cannot be deleted.", "The main branch of "+name+" can be deleted.")
		},
		Scorecard: "Branch-Protection", AtLeast: 3,
		Missing: ground.NoScorecard,
	}.Judge(f)
}
