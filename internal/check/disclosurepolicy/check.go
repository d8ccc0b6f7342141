// Package disclosurepolicy asks for the policy behind the contact.
package disclosurepolicy

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for the field.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachFile(f, "Policy", func(g *ground.Ground, s fact.SecurityTxt) (ground.Answer, string) {
		if first := ground.HTTPS(s.Policies); first != "" {
			return ground.Yes, "The security.txt leads to the policy at " + first + "."
		}
		return ground.No, "The security.txt does not link to a policy by https."
	})
}
