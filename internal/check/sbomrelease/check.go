// Package sbomrelease asks whether the bill of materials is of this release and not of another.
package sbomrelease

import (
	_ "embed"
	"fmt"
	"regexp"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate compares the version of the subject with the one in the name of the
// release. A digest or a commit in the place of a version says nothing.
func Evaluate(f check.Facts) check.Verdict {
	release := last(f.Release)
	return ground.EachSubject(f, "Subject", func(i check.InventoryFact) (ground.Answer, string, string) {
		value, doc := i.Subject, ground.Name(i.Document)
		words := strings.Fields(i.Subject)
		version := ""
		if len(words) > 1 {
			version = last(words[len(words)-1])
		}
		switch {
		case release == "":
			return ground.Unsaid, fmt.Sprintf("The name of the release, %q, has no version in it.", ground.Text(f.Release)), value
		case version == "":
			return ground.Unsaid, fmt.Sprintf("The %s does not name a version of what it describes.", doc), value
		case version != release:
			return ground.No, fmt.Sprintf("The %s describes version %s, and this release is %s.", doc, ground.Text(version), ground.Text(release)), value
		}
		return ground.Yes, fmt.Sprintf("The %s describes version %s.", doc, ground.Text(version)), value
	})
}

var version = regexp.MustCompile(`(?:^|[^0-9A-Za-z.])v?([0-9]+(?:\.[0-9A-Za-z]+)*(?:[-+~_][0-9A-Za-z.]+)*)$`)

// last is the version at the end of a text, in lower case and without a leading v.
func last(s string) string {
	if strings.Contains(s, ":") {
		return "" // sha256:…
	}
	m := version.FindStringSubmatch(strings.ToLower(strings.TrimSpace(s)))
	if m == nil {
		return ""
	}
	return m[1]
}
