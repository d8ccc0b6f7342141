// Package inventory holds what a software bill of materials says, in one form
// for every format: the product it describes, its components, and how good the
// document is.
//
// It does not read formats (internal/format does) and does not decide which
// vulnerabilities apply (internal/match does). Values are kept as the document
// wrote them; keys for matching are derived elsewhere and never written back.
package inventory

import "github.com/touchstone-assurance/touchstone/internal/domain/fact"

// Format names the format of a document.
type Format string

// The formats of bills of materials.
const (
	CycloneDXJSON Format = "cyclonedx-json"
	CycloneDXXML  Format = "cyclonedx-xml"
	SPDXJSON      Format = "spdx-json"      // 2.2 and 2.3
	SPDXTagValue  Format = "spdx-tag-value" // 2.2 and 2.3
	SPDX3JSON     Format = "spdx-3-json"    // 3.0.1
)

// Status is how a document was received.
type Status string

// What becomes of a document. A refused document gives no components.
const (
	Accepted           Status = "accepted"
	AcceptedWithFaults Status = "accepted_with_faults"
	Refused            Status = "refused"
)

// Fault is a broken rule in a document.
type Fault = fact.Fault

// Hash is a digest of a component as the document gives it. Algorithm is in
// lower case without punctuation ("sha256"), Value in lower-case hexadecimal.
type Hash struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"value"`
}

// Component is one component of a document, nested ones included. Fields are as
// written; empty means that the document does not say.
type Component struct {
	Ref     string // bom-ref, SPDXID or spdxId; unique in a sound document
	Type    string // library, application, operating-system, file, …
	Group   string // CycloneDX group; empty for SPDX
	Name    string
	Version string
	PURL    string   // the first package URL
	PURLs   []string // further package URLs, when there are several
	CPE     string
	// Identifiers are further ones that name exactly this component: SWHID, OmniBOR
	// id, SWID tag id.
	Identifiers []string
	Supplier    string
	Licences    []string // SPDX expressions or names
	Hashes      []Hash
	Scope       string // required, optional, excluded; CycloneDX only
}

// Edge says that the component From depends on To; both are indexes into
// Components, and -1 is the subject of the document.
type Edge struct{ From, To int32 }

// Tool is a program that made the document.
type Tool struct{ Vendor, Name, Version string }

// Document is one bill of materials.
type Document struct {
	Format      Format
	SpecVersion string
	Serial      string // serial number or document namespace
	Version     string // version of the document, not of the product
	Name        string
	CreatedAt   int64 // microseconds since 1970 UTC; 0 = not said or not readable
	Authors     []string
	Tools       []Tool
	// Lifecycles say when in the life of the product the data was gathered: phases of
	// CycloneDX ("build"), sbomType of SPDX 3, or the document's own words.
	Lifecycles []string
	Subject    Component // what the document describes; not among Components
	Components []Component
	Edges      []Edge // only those whose both ends are in the document
	// Dependencies counts every dependency as written, also those whose ends are
	// not in the document: dependsOn entries, SPDX relationships of packages.
	Dependencies int
	Faults       []Fault
}

// Status says whether anything was wrong with an accepted document.
func (d *Document) Status() Status {
	if len(d.Faults) > 0 {
		return AcceptedWithFaults
	}
	return Accepted
}
