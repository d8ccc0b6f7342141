package check

import (
	"github.com/touchstone-assurance/touchstone/internal/check/coveragecomplete"
	"github.com/touchstone-assurance/touchstone/internal/check/criticalfix"
	"github.com/touchstone-assurance/touchstone/internal/check/exposedlikely"
	"github.com/touchstone-assurance/touchstone/internal/check/exposurerecorded"
	"github.com/touchstone-assurance/touchstone/internal/check/feedsfresh"
	"github.com/touchstone-assurance/touchstone/internal/check/findingsdecided"
	"github.com/touchstone-assurance/touchstone/internal/check/findingsrated"
	"github.com/touchstone-assurance/touchstone/internal/check/fixnottaken"
	"github.com/touchstone-assurance/touchstone/internal/check/investigationsend"
	"github.com/touchstone-assurance/touchstone/internal/check/knownexploited"
	"github.com/touchstone-assurance/touchstone/internal/check/overduefindings"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomcisa"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomgraph"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomhashes"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomidentified"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomlicences"
	"github.com/touchstone-assurance/touchstone/internal/check/sbommaker"
	"github.com/touchstone-assurance/touchstone/internal/check/sbommodels"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomntia"
	"github.com/touchstone-assurance/touchstone/internal/check/sbompresent"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomrelease"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomsupplier"
	"github.com/touchstone-assurance/touchstone/internal/check/sbomvalid"
	"github.com/touchstone-assurance/touchstone/internal/check/vexcovers"
	"github.com/touchstone-assurance/touchstone/internal/check/vexjustified"
)

// entries is the explicit list of checks, in the order in which pages show them.
func entries() []entry {
	return []entry{
		// What is in the product.
		{sbompresent.Definition, sbompresent.Evaluate},
		{sbomrelease.Definition, sbomrelease.Evaluate},
		{sbomidentified.Definition, sbomidentified.Evaluate},
		{sbomntia.Definition, sbomntia.Evaluate},
		{sbomcisa.Definition, sbomcisa.Evaluate},
		{sbomsupplier.Definition, sbomsupplier.Evaluate},
		{sbomhashes.Definition, sbomhashes.Evaluate},
		{sbomlicences.Definition, sbomlicences.Evaluate},
		{sbomgraph.Definition, sbomgraph.Evaluate},
		{sbommaker.Definition, sbommaker.Evaluate},
		{sbomvalid.Definition, sbomvalid.Evaluate},
		{sbommodels.Definition, sbommodels.Evaluate},
		// What is known against it, and what was decided.
		{knownexploited.Definition, knownexploited.Evaluate},
		{overduefindings.Definition, overduefindings.Evaluate},
		{criticalfix.Definition, criticalfix.Evaluate},
		{exposedlikely.Definition, exposedlikely.Evaluate},
		{fixnottaken.Definition, fixnottaken.Evaluate},
		{findingsdecided.Definition, findingsdecided.Evaluate},
		{findingsrated.Definition, findingsrated.Evaluate},
		{investigationsend.Definition, investigationsend.Evaluate},
		{coveragecomplete.Definition, coveragecomplete.Evaluate},
		{feedsfresh.Definition, feedsfresh.Evaluate},
		{vexjustified.Definition, vexjustified.Evaluate},
		{vexcovers.Definition, vexcovers.Evaluate},
		{exposurerecorded.Definition, exposurerecorded.Evaluate},
	}
}
