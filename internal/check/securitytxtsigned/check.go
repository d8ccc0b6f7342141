// Package securitytxtsigned asks whether the contact can be trusted.
package securitytxtsigned

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for the signature and the field that it should cover.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachFile(f, "Signed, Canonical", func(g *ground.Ground, s fact.SecurityTxt) (ground.Answer, string) {
		switch {
		case !s.Signed:
			return ground.No, "The security.txt carries no signature."
		case ground.HTTPS(s.Canonical) == "":
			return ground.No, "The security.txt is signed and does not name its own address by https."
		}
		return ground.Yes, "The security.txt carries a signature and belongs at " + ground.HTTPS(s.Canonical) + "."
	})
}
