// Package testsskipped asks for tests that are there and do not run.
package testsskipped

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate adds up all results of the release.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	total, skipped := 0, 0
	for _, t := range f.Tests {
		n := max(t.Fact.Tests, 0)
		total += n
		skipped += min(max(t.Fact.Skipped, 0), n)
		g.Saw(t.Document, "Tests", fmt.Sprintf("%d, skipped %d", t.Fact.Tests, t.Fact.Skipped))
	}
	switch {
	case total == 0:
		return g.Cannot("No test results are known for this release. Push JUnit-style results.")
	case skipped*10 > total:
		return g.Fail("%d of %s were skipped.", skipped, ground.Count(total, "test", "tests"))
	}
	return g.Pass("%d of %s ran.", total-skipped, ground.Count(total, "test", "tests"))
}
