// Package dependencieslisted asks whether the source says what it needs.
package dependencieslisted

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
		What: "Manifests",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			switch {
			case len(r.Manifests) > 0:
				return ground.Yes, fmt.Sprintf("%s lists its dependencies in %s.", name, ground.Least(r.Manifests))
			case r.FilesListed:
				return ground.No, name + " has no file that lists its dependencies."
			}
			return ground.Unsaid, ""
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
