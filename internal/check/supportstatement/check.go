// Package supportstatement asks how long there will be fixes.
package supportstatement

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Statement of support",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			return ground.File(r, fact.FileSupport, name, "The statement of support of %s is %s.", "%s has no statement of support.")
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
