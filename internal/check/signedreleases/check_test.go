package signedreleases_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/signedreleases"
)

func TestReleasesCarrySignatures(t *testing.T) {
	checktest.Run(t, signedreleases.Evaluate, []checktest.Case{
		checktest.It("each of them", checktest.Scorecard("Signed-Releases", 8), checktest.Pass, "8 of 10"),
		checktest.It("not all of them", checktest.Scorecard("Signed-Releases", 6), checktest.Fail, "6 of 10; 8 is asked"),
		checktest.It("no releases", checktest.Scorecard("Signed-Releases", -1), checktest.Cannot, "could not tell"),
	})
}
