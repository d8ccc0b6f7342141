// Package nobinaries asks for programs in the source that nobody can read.
package nobinaries

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository whose tree was listed.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Executable files in the tree",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			switch {
			case len(r.Binaries) > 0:
				return ground.No, fmt.Sprintf("%s has %s in its tree, one of them %s.", name, ground.Count(len(r.Binaries), "executable file", "executable files"), ground.Least(r.Binaries))
			case r.FilesListed:
				return ground.Yes, "No executable file is in the tree of " + name + "."
			}
			return ground.Unsaid, ""
		},
		Scorecard: "Binary-Artifacts", AtLeast: 10,
		Missing: ground.NoScorecard,
	}.Judge(f)
}
