package check

import (
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
	}
}
