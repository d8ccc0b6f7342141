// Package codeowners asks whether those who answer for code have to see its changes.
package codeowners

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for the file and for the rule that gives it force.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Code owners",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			answer, words := ground.File(r, fact.FileCodeOwners, name, "Code owners of %s are named in %s.", "%s has no file of code owners.")
			if answer != ground.Yes {
				return answer, words
			}
			return ground.Flag(r.CodeOwnersRequired, "Code owners of "+name+" are named, and their approval is required.", "Code owners of "+name+" are named, and their approval is not required.")
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
