// Package sourcerecorded asks from which source a release was built.
package sourcerecorded

import (
	"cmp"
	_ "embed"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate compares the source that provenance names with the repositories that
// are known of the system. Without any the name alone counts.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	covering, why := g.Provenance(f)
	if why != nil {
		return *why
	}
	ours := map[string]bool{}
	for _, r := range f.Repositories {
		if name := ground.RepositoryName(r.Fact.Repository); name != "" {
			ours[name] = true
			g.Beside(r.Document, "Repository of the system", name)
		}
	}
	for _, a := range covering {
		source := ground.RepositoryName(a.Fact.Source)
		g.Saw(a.Document, "Source", cmp.Or(source, "not named")+" "+cmp.Or(a.Fact.Commit, "without a commit"))
		switch {
		case source == "" || a.Fact.Commit == "":
			return g.Fail("The provenance by %s does not name the source and its commit.", ground.Signer(a.Fact))
		case len(ours) > 0 && !ours[source]:
			return g.Fail("The release was built from %s, which is no repository of this system.", ground.Text(source))
		}
	}
	return g.Pass("The release was built from commit %s of %s.", ground.Text(covering[0].Fact.Commit), ground.Text(ground.RepositoryName(covering[0].Fact.Source)))
}
