// Package memoryroadmap asks for a plan to leave memory errors behind.
package memoryroadmap

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate asks every repository for the file, and forgives its absence where nothing is unsafe.
func Evaluate(f check.Facts) check.Verdict {
	return ground.Question{
		What: "Memory-safety roadmap",
		Ask: func(name string, r fact.Repository) (ground.Answer, string) {
			answer, words := ground.File(r, fact.FileMemoryRoadmap, name, "The memory-safety roadmap of %s is %s.", "%s has source without memory safety and no roadmap.")
			if answer == ground.Yes {
				return answer, words
			}
			switch bad, total := ground.UnsafeBytes(r.Languages); {
			case total == 0:
				return ground.Unsaid, ""
			case bad == 0:
				return ground.Yes, "No source of " + name + " needs a memory-safety roadmap."
			}
			return answer, words
		},
		Missing: ground.NoRepository,
	}.Judge(f)
}
