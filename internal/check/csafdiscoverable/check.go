// Package csafdiscoverable asks whether programs find the advisories.
package csafdiscoverable

import (
	_ "embed"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for the field.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachFile(f, "CSAF", func(g *ground.Ground, s fact.SecurityTxt) (ground.Answer, string) {
		first := ground.HTTPS(s.CSAF)
		switch {
		case first == "":
			return ground.No, "The security.txt has no CSAF field with an https address."
		case !strings.HasSuffix(first, "/provider-metadata.json"):
			return ground.No, "The CSAF field of security.txt leads to " + first + " and not to a provider-metadata.json."
		}
		return ground.Yes, "The security.txt leads to " + first + "."
	})
}
