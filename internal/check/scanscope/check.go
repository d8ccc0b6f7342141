// Package scanscope asks whether what was scanned is what was released.
package scanscope

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

// Evaluate compares commits. Every commit that provenance names has to be analysed.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	var released, analysed []string
	for _, a := range f.Attestations {
		if c := strings.ToLower(a.Fact.Commit); a.Fact.Counts && len(c) >= 7 {
			released = append(released, c)
			g.Saw(a.Document, "Commit released", c)
		}
	}
	sound, _ := ground.Runs(f, fact.Static)
	for _, s := range sound {
		if c := strings.ToLower(s.Fact.Revision); len(c) >= 7 {
			analysed = append(analysed, c)
			g.Saw(s.Document, "Commit analysed", c)
		}
	}
	slices.Sort(released)
	switch {
	case len(released) == 0:
		return g.Cannot("No provenance that counts names the commit of this release. Push its attestation.")
	case len(analysed) == 0:
		return g.Cannot("No static analysis that ended well and has a list of results names the commit that it looked at. Push a SARIF log with versionControlProvenance.")
	}
	for _, c := range released {
		if !slices.ContainsFunc(analysed, func(a string) bool { return same(a, c) }) {
			return g.Fail("The release was built from commit %s, and no static analysis names that commit.", ground.Text(c))
		}
	}
	return g.Pass("The release was built from commit %s, which was analysed.", ground.Text(released[0]))
}

// same compares commits, one of which may be cut short.
func same(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }
