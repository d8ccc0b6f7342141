// Package memoryweakness asks for errors of memory in code that can have them.
package memoryweakness

import (
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks for memory errors. Where nothing looked for them the question does
// not arise if every repository lists its languages and none is unsafe.
func Evaluate(f check.Facts) check.Verdict {
	v := ground.Weakness{Name: "memory errors", CWEs: []string{"CWE-119", "CWE-120", "CWE-121", "CWE-122", "CWE-125", "CWE-131", "CWE-190", "CWE-415", "CWE-416",
		"CWE-476", "CWE-787", "CWE-788"}, Kinds: []fact.ScanKind{fact.Static, fact.Dynamic}}.Judge(f)
	if v.Outcome != "cannot_assess" || len(f.Repositories) == 0 {
		return v
	}
	g := ground.New(f)
	for _, r := range f.Repositories {
		unsafe, total := ground.UnsafeBytes(r.Fact.Languages)
		if total == 0 || unsafe > 0 {
			return v
		}
		g.Saw(r.Document, "Languages", ground.Largest(r.Fact.Languages))
	}
	return g.Nothing("No source is in a language without memory safety.")
}
