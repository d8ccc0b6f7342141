// Package securitypolicy asks for a policy beside the source.
package securitypolicy

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository. What the policy says is for a person to read.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Security policy",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.File(r, fact.FileSecurity, name, "The security policy of %s is %s.", "%s has no security policy.")
		},
		Scorecard: "Security-Policy", AtLeast: 6,
		Missing: ground.NoScorecard,
	}.Judge(f)
}
