// Package secretscanning asks whether new secrets are kept out.
package secretscanning

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks for both settings.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Secrets are searched for and refused",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			switch ground.All(r.SecretScanning, r.PushProtection) {
			case ground.Yes:
				return ground.Yes, "Pushes with secrets to " + name + " are refused."
			case ground.No:
				return ground.No, map[bool]string{true: "Secrets are found in " + name + ", and pushes with one are not refused.", false: "Nobody searches " + name + " for secrets."}[r.SecretScanning != nil && *r.SecretScanning]
			}
			return ground.Unsaid, ""
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
