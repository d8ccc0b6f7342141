// Package dependencyupdates asks whether somebody proposes updates.
package dependencyupdates

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate takes the file of such a tool, or the setting of the forge.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Updates are proposed",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			answer, words := ground.File(r, fact.FileDependencyBot, name, "Updates of %s are proposed as %s says.", "Nobody proposes updates of %s.")
			if answer != ground.Yes && r.DependencyUpdates != nil {
				return ground.Flag(r.DependencyUpdates, "A tool proposes updates of "+name+".", "Nobody proposes updates of "+name+".")
			}
			return answer, words
		},
		Scorecard: "Dependency-Update-Tool", AtLeast: 10, Lenient: true,
		Missing: ground.NoScorecard,
	}.Judge(f)
}
