// Package exposurerecorded asks whether the register knows who can reach the system.
package exposurerecorded

import (
	"cmp"
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate looks at the entry of the register. What is not yet known is treated as
// exposed elsewhere; here it is not known.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	s := f.System
	switch {
	case s.Exposure != "":
		g.Computed("Exposure", s.Exposure)
		return g.Pass("The register says that the exposure of the system is %s.", ground.Text(s.Exposure))
	case s.Stage == "" && s.Kind == "":
		return g.Cannot("The register says nothing of this system. Enter its kind, its stage and its exposure.")
	}
	g.Computed("Stage", cmp.Or(s.Stage, "not said"))
	return g.Fail("The register does not say whether the internet reaches this system.")
}
