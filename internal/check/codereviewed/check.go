// Package codereviewed asks whether changes were really reviewed.
package codereviewed

import (
	_ "embed"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// share of the changes, in percent, that has to be reviewed: reverts in the night
// happen.
const share = 95

// Evaluate compares two counts of the forge. Scorecard's Code-Review takes off more than three
// points as soon as a person's change went in unseen.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Changes reviewed",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			if r.Merged == nil || r.Reviewed == nil || *r.Merged <= 0 {
				return ground.Unsaid, ""
			}
			reviewed, merged := min(max(*r.Reviewed, 0), *r.Merged), *r.Merged
			words := fmt.Sprintf("%d of %s to %s had an approval by somebody else.", reviewed, ground.Count(merged, "change", "changes"), name)
			if reviewed*100 < share*merged {
				return ground.No, words
			}
			return ground.Yes, words
		},
		Scorecard: "Code-Review", AtLeast: 7,
		Missing: ground.NoScorecard,
	}.Judge(f)
}
