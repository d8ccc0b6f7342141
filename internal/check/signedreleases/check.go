// Package signedreleases asks whether releases on the forge carry signatures.
package signedreleases

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate asks Scorecard, which looks at the names of files. Whether a signature holds is
// what release-files-signed asks.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		Scorecard: "Signed-Releases", AtLeast: 8,
		Missing: ground.NoRating,
	}.Judge(f)
}
