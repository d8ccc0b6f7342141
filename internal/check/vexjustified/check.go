// Package vexjustified asks whether every not affected is explained.
package vexjustified

import (
	"cmp"
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate compares how many statements say not affected with how many of them say
// why.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	if len(f.Statements) == 0 {
		return g.Cannot("There is no VEX document for this release. Push one (OpenVEX, CycloneDX VEX or CSAF VEX).")
	}
	claims, bad, worst := 0, 0, ""
	for _, s := range ground.Sorted(f.Statements) {
		n := max(s.Fact.ByStatus["not_affected"], 0)
		missing := max(n-max(s.Fact.Justified, 0), 0)
		g.Saw(s.Document, "Not affected", fmt.Sprintf("%d, with a reason %d, by %s", n, n-missing, cmp.Or(s.Fact.Author, "nobody")))
		claims += n
		bad += missing
		if missing > 0 && worst == "" {
			worst = ground.Name(s.Document)
		}
	}
	switch {
	case bad > 0:
		return g.Fail("%s in the %s %s no reason.", ground.Count(bad, "statement of not affected", "statements of not affected"), worst, map[bool]string{true: "gives", false: "give"}[bad == 1])
	case claims == 0:
		return g.Nothing("No VEX statement for this release says not affected.")
	}
	return g.Pass("%s, each with a reason.", ground.Count(claims, "statement says not affected", "statements say not affected"))
}
