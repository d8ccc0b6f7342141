// Package format is the list of formats that documents of machines may have:
// which one a document is in, and what it says.
//
// Reading is bounded (internal/format/budget) and never fetches anything. A document
// is accepted, accepted with faults, or refused with the reason and the place. Each
// format has a package of its own below this one; a folder that is not in the list
// fails a test. A new format: docs/add-a-format.md.
package format

import (
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
)

// Parsed is what a document says. Which of the parts are set depends on the
// format; a CycloneDX document may hold an inventory and statements.
type Parsed struct {
	Format     string     // "cyclonedx-json", "sarif", "openvex", …
	Kind       check.Kind // what it speaks of mainly
	Tool       string     // that made it, with its version
	Subject    string     // what it describes, "name version"
	ProducedAt int64      // what the document says, microseconds since 1970 UTC; 0 = nothing
	Items      int64      // components, results, statements, tests
	Faults     []fact.Fault

	Inventory    *inventory.Document
	VEX          *decision.Document
	Scans        []fact.Scan
	Tests        *fact.Tests
	Scorecard    *fact.Scorecard
	Repository   *fact.Repository
	Artifacts    *fact.Artifacts
	Attestations []fact.Attestation
	SecurityTxt  *fact.SecurityTxt
	CVE          *advisory.CVE
	Publication  *fact.Publication
	Advisory     *advisory.Advisory // an OSV record, which is not evidence about a release
}
