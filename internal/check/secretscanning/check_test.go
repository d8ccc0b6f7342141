package secretscanning_test

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/checktest"
	"github.com/touchstone-assurance/touchstone/internal/check/secretscanning"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

func TestSecretScanningOn(t *testing.T) {
	checktest.Run(t, secretscanning.Evaluate, []checktest.Case{
		checktest.It("both on", checktest.Repositories(fact.Repository{SecretScanning: new(true), PushProtection: new(true)}), checktest.Pass, "are refused"),
		checktest.It("no push protection", checktest.Repositories(fact.Repository{SecretScanning: new(true), PushProtection: new(false)}), checktest.Fail, "are not refused"),
		checktest.It("both off", checktest.Repositories(fact.Repository{SecretScanning: new(false), PushProtection: new(false)}), checktest.Fail, "Nobody searches"),
		checktest.It("push protection not said", checktest.Repositories(fact.Repository{SecretScanning: new(true)}), checktest.Cannot, "Push"),
	})
}
