package ground

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

// NoFindings says what to deliver when nothing was matched.
const NoFindings = "Push a software bill of materials for this release and load advisories for its ecosystems."

// Findings gives the findings that match, in a fixed order.
func Findings(f check.Facts, match func(check.FindingFact) bool) []check.FindingFact {
	var out []check.FindingFact
	for _, x := range f.Findings {
		if match(x) {
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b check.FindingFact) int {
		if c := cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Component, b.Component)); c != 0 {
			return c
		}
		return cmp.Compare(fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", b))
	})
	return out
}

// Matched reports whether components were compared with advisories at all, and
// records with which. Without that no finding means nothing.
func (g *Ground) Matched(f check.Facts) bool {
	n := 0
	for _, v := range finding.Verdicts() {
		n += max(f.Coverage.Verdicts[v], 0)
	}
	if n == 0 || f.Coverage.FeedsAsOf <= 0 {
		return false
	}
	g.Computed("Components compared with advisories", fmt.Sprintf("%d, %d of them could not be assessed", n, max(0, f.Coverage.Verdicts[finding.CannotAssess])))
	g.Since("Oldest advisories used", min(f.Coverage.FeedsAsOf, f.Now))
	return true
}

// Unassessed counts components that could not be assessed.
func Unassessed(f check.Facts) int { return max(0, f.Coverage.Verdicts[finding.CannotAssess]) }

// Open reports whether a finding still needs somebody: affected, or not yet known.
func Open(x check.FindingFact) bool {
	return x.Verdict == finding.Affected || x.Verdict == finding.UnderInvestigation
}

// Called names a finding: the vulnerability and the component.
func Called(x check.FindingFact) string {
	return fmt.Sprintf("%s in %s", cmp.Or(Text(x.ID), "a vulnerability without an id"), cmp.Or(Text(x.Component), "a component without a name"))
}

// None judges a check that asks for no finding of a sort. Findings that are there
// count however much could not be assessed; their absence counts only when
// everything could be.
func (g *Ground) None(f check.Facts, list []check.FindingFact, fail func(first check.FindingFact, n int) string, pass string) check.Verdict {
	matched := g.Matched(f)
	for _, x := range list {
		g.Computed("Finding", Called(x))
	}
	switch n := Unassessed(f); {
	case len(list) > 0:
		return g.Fail("%s%s", fail(list[0], len(list)), Others(len(list)-1))
	case !matched:
		return g.Cannot("No component of this release was compared with advisories. %s", NoFindings)
	case n > 0:
		return g.Cannot("Nothing was found, but %s could not be assessed, so this is not known. Look at the coverage of the release.", Count(n, "component", "components"))
	}
	return g.Pass("%s", pass)
}

// Least is the first of some versions by their text, so that the same one is named
// every time.
func Least(versions []string) string {
	if len(versions) == 0 {
		return "none"
	}
	return Text(slices.Min(versions))
}
