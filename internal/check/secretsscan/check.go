// Package secretsscan asks for secrets that lie in the source.
package secretsscan

import (
	_ "embed"
	"fmt"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

//go:embed check.yaml
var Definition string

// Evaluate looks at runs that search for secrets and at what the forge counted.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	var found []string
	var by *search
	for _, s := range ground.Sorted(f.Scans) {
		if s.Fact.Kind != fact.Secrets {
			continue
		}
		open := 0
		for _, n := range s.Fact.Open {
			open += max(n, 0)
		}
		g.Beside(s.Document, "Secrets found", fmt.Sprintf("%d, %s", open, ground.Tool(s.Fact)))
		switch {
		case open > 0 && len(s.Fact.First) > 0:
			found = append(found, ground.Tool(s.Fact)+" found "+ground.Place(slices.MinFunc(s.Fact.First, ground.ByPlace)))
		case open > 0:
			found = append(found, fmt.Sprintf("%s found %s", ground.Tool(s.Fact), ground.Count(open, "secret", "secrets")))
		case !s.Fact.Failed && !s.Fact.Unscanned && len(s.Fact.Rules) > 0:
			by = by.or(search{s.Document, ground.Tool(s.Fact) + " found none"})
		}
	}
	for _, r := range f.Repositories {
		n := r.Fact.SecretsInRepository
		if n == nil {
			continue
		}
		g.Beside(r.Document, "Secrets found", fmt.Sprintf("%d, counted by the forge", *n))
		if *n > 0 {
			found = append(found, fmt.Sprintf("the forge counts %s in %s", ground.Count(*n, "secret", "secrets"), ground.Text(ground.RepositoryName(r.Fact.Repository))))
		} else {
			by = by.or(search{r.Document, "the forge counts none"})
		}
	}
	slices.Sort(found)
	switch {
	case len(found) > 0:
		return g.Fail("A secret is in the source: %s.", found[0])
	case by != nil:
		g.Rests(by.doc)
		return g.Pass("No secret was found in the source: %s.", by.words)
	}
	return g.Cannot("No search for secrets is known that ended well, says which rules it had and has a list of results. Push a SARIF log, for example of gitleaks.")
}

// search is a search that found nothing.
type search struct {
	doc   check.Document
	words string
}

// or keeps the newer of two searches.
func (s *search) or(o search) *search {
	if s == nil || ground.Newer(o.doc, s.doc) || !ground.Newer(s.doc, o.doc) && o.words < s.words {
		return &o
	}
	return s
}
