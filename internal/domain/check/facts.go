package check

import (
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
)

// Document is where a fact comes from.
type Document struct {
	Digest     string // SHA-256, hex
	Format     string
	Tool       string
	ProducedAt int64 // what the document says, or when it was received if it says nothing
	ReceivedAt int64
}

// InventoryFact is one bill of materials in force.
type InventoryFact struct {
	Document
	Subject      string // the product it describes, "name version"
	Components   int
	Identified   int // with a package URL that can be matched
	Versioned    int
	Licensed     int
	Hashed       int
	Supplied     int // with a supplier
	Dependencies int
	Authors      int
	Faults       int
	Types        map[string]int // components by type, such as machine-learning-model or firmware
	Ecosystems   map[string]int
	Licences     map[string]int
}

// FindingFact is one vulnerability in one component of the release, as decided.
type FindingFact struct {
	ID        string
	Aliases   []string
	Component string // purl or name and version
	Verdict   finding.Verdict
	Band      advisory.Band
	CWEs      []string
	Exploited bool
	EPSS      float64
	Fixed     []string // versions that put it right
	FirstSeen int64
	DueAt     int64 // 0 = no due date
	DecidedBy string
}

// CoverageFact counts the components of the release by verdict.
type CoverageFact struct {
	Verdicts  map[finding.Verdict]int
	Reasons   map[string]int // why components cannot be assessed
	FeedsAsOf int64          // of the oldest feed that was used; 0 = none
}

// SystemFact is what the register says.
type SystemFact struct {
	Exposed  bool
	Exposure string // as the register has it (portfolio.Exposures); "" = not yet known
	Stage    string
	Kind     string
	Personal bool
}

// Facts are what is known of one release at one instant. Slices hold the newest
// document of each lane; nothing that a newer delivery replaced.
type Facts struct {
	Now         int64
	Release     string
	ReleasedAt  int64
	System      SystemFact
	Inventories []InventoryFact
	Coverage    CoverageFact
	Findings    []FindingFact // not those without any known vulnerability

	Scans        []Of[fact.Scan] // one for each run
	Tests        []Of[fact.Tests]
	Scorecards   []Of[fact.Scorecard]
	Repositories []Of[fact.Repository]
	Artifacts    []Of[fact.Artifacts]
	Attestations []Of[fact.Attestation] // one for each statement
	SecurityTxts []Of[fact.SecurityTxt]
	Statements   []Of[fact.Statements]
	CVEs         []Of[fact.CVERecord]
	Publications []Of[fact.Publication]
}

// Of is a fact with the document that it comes from.
type Of[T any] struct {
	Document
	Fact T
}
