// Package workflowtoken asks with which rights a build begins.
package workflowtoken

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
		What: "The default token is read-only",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.Flag(r.WorkflowTokenRead, "Build jobs of "+name+" begin with the right to read only.", "Build jobs of "+name+" may write without stating it.")
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
