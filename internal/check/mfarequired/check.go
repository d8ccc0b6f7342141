// Package mfarequired asks whether a password alone opens the source.
package mfarequired

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
		What: "A second factor is required",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.Flag(r.MFARequired, "A second factor is required to reach "+name+".", "No second factor is required to reach "+name+".")
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
