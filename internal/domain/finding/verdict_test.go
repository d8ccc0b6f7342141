package finding_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

func TestTheSetsAreClosedAndEveryReasonSaysWhatItMeans(t *testing.T) {
	if finding.Verdict("fine").Valid() || len(finding.Verdicts()) != 7 {
		t.Error("there are seven verdicts")
	}
	for _, r := range finding.Reasons() {
		if r.Meaning() == string(r) {
			t.Errorf("%s has no meaning", r)
		}
	}
	if finding.NoKnown.Worse(finding.CannotAssess) != finding.CannotAssess || finding.Affected.Worse(finding.CannotAssess) != finding.Affected {
		t.Error("what cannot be assessed comes before no known, and affected before both")
	}
}
