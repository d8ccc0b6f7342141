// Package licencefile asks for a licence beside the source.
package licencefile

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository. Scorecard gives nine points for a file at the top.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Licence file",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.File(r, fact.FileLicence, name, "The licence of %s is in %s.", "%s has no licence file.")
		},
		Scorecard: "License", AtLeast: 9,
		Missing: ground.NoScorecard,
	}.Judge(f)
}
