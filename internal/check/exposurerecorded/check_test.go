package exposurerecorded_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/exposurerecorded"
	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

func TestExposureRecorded(t *testing.T) {
	checktest.Run(t, exposurerecorded.Evaluate, []checktest.Case{
		checktest.It("public", check.Facts{System: check.SystemFact{Exposure: "public", Exposed: true}}, checktest.Pass, "is public"),
		checktest.It("not reachable", check.Facts{System: check.SystemFact{Exposure: "none"}}, checktest.Pass, "is none"),
		checktest.It("not yet known", check.Facts{System: check.SystemFact{Exposed: true, Stage: "in_service", Kind: "service"}}, checktest.Fail, "does not say"),
		checktest.It("not registered", check.Facts{}, checktest.Cannot, "Enter"),
	})
}
