// Package buildpinned asks whether what builds the release can change unseen.
package buildpinned

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository, or takes nine of Scorecard's ten points: it also counts
// downloads in scripts, some of which have no digest to pin.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Steps are pinned",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.Flag(r.ActionsPinned, "Third-party steps of "+name+" are pinned by digest.", "Third-party steps of "+name+" are not pinned by digest.")
		},
		Scorecard: "Pinned-Dependencies", AtLeast: 9,
		Missing: ground.NoScorecard,
	}.Judge(f)
}
