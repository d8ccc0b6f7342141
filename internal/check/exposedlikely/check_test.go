package exposedlikely_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/exposedlikely"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestExposedAndLikelyExploited(t *testing.T) {
	facts := func(exposure string, epss float64) check.Facts {
		f := checktest.Matched(checktest.Finding(advisory.BandLow, 1, func(x *check.FindingFact) { x.EPSS = epss }))
		f.System = check.SystemFact{Exposure: exposure, Exposed: exposure != "none"}
		return f
	}
	checktest.Run(t, exposedlikely.Evaluate, []checktest.Case{
		checktest.It("exposed with an unlikely one", facts("public", 0.09), checktest.Pass, ""),
		checktest.It("exposed with a likely one", facts("public", 0.42), checktest.Fail, "probability of 42 percent"),
		checktest.It("not exposed", facts("none", 0.9), checktest.Nothing, ""),
		checktest.It("nobody has said", facts("", 0.9), checktest.Cannot, "Enter its exposure"),
		checktest.It("exposed and nothing compared", check.Facts{System: check.SystemFact{Exposure: "public"}}, checktest.Cannot, "Push"),
	})
}
