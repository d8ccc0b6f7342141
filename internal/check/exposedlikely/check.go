// Package exposedlikely asks what is likely to be attacked where the public reaches.
package exposedlikely

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// likely is the probability of exploitation within 30 days, by EPSS, from which a
// finding counts.
const likely = 0.1

// Evaluate looks for likely findings of exposed systems. An EPSS score is a reason
// for hurry; that there is none is no proof of safety, which is why the bindings
// are to parts.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	if f.System.Exposure == "" {
		return g.Cannot("The register does not say whether the internet reaches this system. Enter its exposure.")
	}
	g.Computed("Exposure", f.System.Exposure)
	if f.System.Exposure != "public" {
		return g.Nothing("The internet does not reach this system, the register says.")
	}
	list := ground.Findings(f, func(x check.FindingFact) bool { return ground.Open(x) && x.EPSS >= likely })
	return g.None(f, list, func(x check.FindingFact, _ int) string {
		return fmt.Sprintf("%s is exploited with a probability of %.0f percent within 30 days, and the system is exposed.", ground.Called(x), x.EPSS*100)
	}, "No open finding of this exposed system is likely to be exploited.")
}
