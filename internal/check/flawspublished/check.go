// Package flawspublished asks whether customers are told of every flaw.
package flawspublished

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/check/internal/ground"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

//go:embed check.yaml
var Definition string

// Evaluate counts. Too few advisories cannot cover the records; that there are
// enough does not show that they do.
func Evaluate(f check.Facts) check.Verdict {
	g := ground.New(f)
	records := map[string]bool{}
	for _, c := range f.CVEs {
		if c.Fact.State != "REJECTED" {
			records[c.Fact.ID] = true
			g.Saw(c.Document, "CVE record", c.Fact.ID)
		}
	}
	told := 0
	for _, p := range f.Publications {
		if strings.HasSuffix(p.Fact.Category, "security_advisory") && strings.ToLower(p.Fact.Status) != "draft" {
			told += max(p.Fact.Vulnerabilities, 0)
			g.Saw(p.Document, "Advisory", fmt.Sprintf("%s, vulnerabilities %d", p.Fact.ID, p.Fact.Vulnerabilities))
		}
	}
	words := fmt.Sprintf("%s for %s", ground.Count(told, "vulnerability in advisories", "vulnerabilities in advisories"), ground.Count(len(records), "CVE record", "CVE records"))
	switch {
	case len(f.CVEs) == 0:
		return g.Cannot("%s", ground.NoCVEs)
	case len(f.Publications) == 0:
		return g.Cannot("%s", ground.NoPublications)
	case len(records) == 0:
		return g.Nothing("Every CVE record was rejected.")
	case told < len(records):
		return g.Fail("%s.", words)
	}
	return g.Pass("%s.", words)
}
