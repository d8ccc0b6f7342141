// Package privatereporting asks for a private way to report.
package privatereporting

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Private reporting",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.Flag(r.PrivateReporting, "Weaknesses of "+name+" can be reported in private.", "Private reporting is off in "+name+".")
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
