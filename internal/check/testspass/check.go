// Package testspass asks whether the tests of a release pass.
package testspass

import (
	_ "embed"
	"fmt"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate adds up all results of the release.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	ran, bad := 0, 0
	var names []string
	for _, t := range f.Tests {
		failed := max(t.Fact.Failures, 0) + max(t.Fact.Errors, 0)
		ran += max(t.Fact.Tests-max(t.Fact.Skipped, 0), 0)
		bad += failed
		if failed > 0 {
			names = append(names, t.Fact.Failed...)
		}
		g.Saw(t.Document, "Tests", fmt.Sprintf("%d, failed %d, skipped %d", t.Fact.Tests, failed, t.Fact.Skipped))
	}
	slices.Sort(names)
	switch {
	case bad > 0 && len(names) > 0:
		return g.Fail("%s, one of them %s.", ground.Count(bad, "test failed", "tests failed"), ground.Text(names[0]))
	case bad > 0:
		return g.Fail("%s.", ground.Count(bad, "test failed", "tests failed"))
	case ran == 0:
		return g.Cannot("No test is known to have run for this release. Push JUnit-style results.")
	}
	return g.Pass("%s ran and passed.", ground.Count(ran, "test", "tests"))
}
