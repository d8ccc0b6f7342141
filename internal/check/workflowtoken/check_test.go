package workflowtoken_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/workflowtoken"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestWorkflowTokenReadOnly(t *testing.T) {
	checktest.Run(t, workflowtoken.Evaluate, []checktest.Case{
		checktest.It("read-only", checktest.Repositories(fact.Repository{WorkflowTokenRead: new(true)}), checktest.Pass, ""),
		checktest.It("may write", checktest.Repositories(fact.Repository{WorkflowTokenRead: new(false)}), checktest.Fail, "may write"),
		checktest.It("not said", checktest.Repositories(fact.Repository{}), checktest.Cannot, "Push"),
	})
}
