// Package signedcommits asks whether the author of a change is proved.
package signedcommits

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
		What: "Signed commits are required",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.Flag(r.SignedCommits, "Commits to "+name+" have to be signed.", "Commits to "+name+" need no signature.")
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
