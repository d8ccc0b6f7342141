// Package memorysafeshare asks how much of the source can have memory errors.
package memorysafeshare

import (
	_ "embed"
	"fmt"
	"math"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate compares sizes. Old and new code are not told apart, which is why the bindings are
// to parts.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Languages",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			bad, total := ground.UnsafeBytes(r.Languages)
			if total == 0 {
				return ground.Unsaid, ""
			}
			words := fmt.Sprintf("%.0f percent of the source of %s can have memory errors (%s).", math.Ceil(float64(bad)*100/float64(total)), name, ground.Text(ground.Largest(r.Languages)))
			if bad > total/10 {
				return ground.No, words
			}
			return ground.Yes, words
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
