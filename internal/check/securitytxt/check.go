// Package securitytxt asks whether finders of a weakness reach somebody.
package securitytxt

import (
	_ "embed"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// year is how far ahead the file may expire, in days: "less than a year" is
// recommended, and a file is renewed before it runs out.
const year = 398

// fresh is fresh_days of the definition.
const fresh = 30

// Evaluate looks at the two fields that the standard requires, and at what reading
// the file found against the rest of the standard.
func Evaluate(f check.Facts) check.Verdict {
	return ground.EachFile(f, "Expires", func(g *ground.Ground, s fact.SecurityTxt) (ground.Answer, string) {
		usable := slices.ContainsFunc(s.Contacts, func(c string) bool {
			c = strings.ToLower(c)
			return strings.HasPrefix(c, "mailto:") || strings.HasPrefix(c, "https://") || strings.HasPrefix(c, "tel:")
		})
		switch {
		case !usable:
			return ground.No, "The security.txt names no contact by mailto:, https: or tel:."
		case s.ExpiresAt <= 0:
			return ground.No, "The security.txt does not say when it expires."
		case s.ExpiresAt <= f.Now:
			return ground.No, "The security.txt expired on " + ground.Day(s.ExpiresAt) + "."
		case s.ExpiresAt > f.Now+ground.Days(year):
			return ground.No, "The security.txt expires on " + ground.Day(s.ExpiresAt) + ", more than a year from now, so nobody will notice when it is out of date."
		}
		if len(s.Broken) > 0 {
			return ground.No, "The security.txt breaks rules of RFC 9116 (" + ground.Text(strings.Join(slices.Sorted(slices.Values(s.Broken)), ", ")) + "); its faults name the lines."
		}
		g.Until(s.ExpiresAt, fresh)
		return ground.Yes, "The security.txt names a contact and expires on " + ground.Day(s.ExpiresAt) + "."
	})
}
