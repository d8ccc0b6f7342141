package csaf

import "github.com/touchstone-assurance/touchstone/internal/domain/fact"

// Document is an advisory as its author wrote it. The types below are the schema:
// a tag names the member, "!" behind it says that it is required, and the words
// that follow are rules of kinds.go and decode.go. Texts and lists that are there
// are never empty; that goes without saying.
//
// Members of 2.0 and of 2.1 stand side by side, since a reader has to understand
// both; version.go finds fault with those that a document's own version has not.
type Document struct {
	Meta            Meta            `csaf:"document!"`
	Tree            *Tree           `csaf:"product_tree"`
	Vulnerabilities []Vulnerability `csaf:"vulnerabilities"` // nil = the member is not there
	Extensions      []Object        `csaf:"x_extensions"`    // 2.1

	// Faults are the broken rules of the schema.
	Faults []fact.Fault

	oddTimes []oddTime
	products map[string]*product
	groups   map[string][]string
}

// Meta is the member "document".
type Meta struct {
	Category         string           `csaf:"category! category"`
	Version          string           `csaf:"csaf_version!"`
	Title            string           `csaf:"title!"`
	Lang             string           `csaf:"lang lang"`
	SourceLang       string           `csaf:"source_lang lang"`
	Publisher        *Publisher       `csaf:"publisher!"`
	Tracking         *Tracking        `csaf:"tracking!"`
	Distribution     *Distribution    `csaf:"distribution"`
	Acknowledgements []Acknowledgment `csaf:"acknowledgments"`
	Severity         *Severity        `csaf:"aggregate_severity"`
	Notes            []Note           `csaf:"notes"`
	References       []Reference      `csaf:"references"`
	Licence          string           `csaf:"license_expression"` // 2.1
}

// Publisher is who issues the document.
type Publisher struct {
	Category  string `csaf:"category! publisher"`
	Name      string `csaf:"name!"`
	Namespace string `csaf:"namespace! uri"`
	Contact   string `csaf:"contact_details"`
	Authority string `csaf:"issuing_authority"`
}

// Tracking says which edition of which advisory the document is.
type Tracking struct {
	ID        string     `csaf:"id! id"`
	Status    string     `csaf:"status! status"`
	Version   string     `csaf:"version! version"`
	Current   string     `csaf:"current_release_date! time"`
	Initial   string     `csaf:"initial_release_date! time"`
	History   []Revision `csaf:"revision_history!"`
	Aliases   []string   `csaf:"aliases unique"`
	Generator *Generator `csaf:"generator"`
}

// Revision is an item of the revision history.
type Revision struct {
	Date    string `csaf:"date! time"`
	Number  string `csaf:"number! version"`
	Summary string `csaf:"summary!"`
	Legacy  string `csaf:"legacy_version"`
}

// Generator is the program that made the document.
type Generator struct {
	Date   string  `csaf:"date time"`
	Engine *Engine `csaf:"engine!"`
}

// Engine names a generator.
type Engine struct {
	Name    string `csaf:"name!"`
	Version string `csaf:"version"`
}

// Distribution says who may read the document.
type Distribution struct {
	Text  string        `csaf:"text"`
	TLP   *TLP          `csaf:"tlp"`
	Group *SharingGroup `csaf:"sharing_group"` // 2.1
}

// TLP is a label of the traffic light protocol.
type TLP struct {
	Label string `csaf:"label!"`
	URL   string `csaf:"url uri"`
}

// SharingGroup is the circle that a document is for.
type SharingGroup struct {
	ID   string `csaf:"id! uuid"`
	Name string `csaf:"name"`
}

// Acknowledgment thanks somebody.
type Acknowledgment struct {
	Names        []string `csaf:"names"`
	Organization string   `csaf:"organization"`
	Summary      string   `csaf:"summary"`
	URLs         []string `csaf:"urls uri"`
}

// Severity is the author's own word for the urgency of the whole.
type Severity struct {
	Text      string `csaf:"text!"`
	Namespace string `csaf:"namespace uri"`
}

// Note is a text about the document or a vulnerability. Products and groups came
// with 2.1.
type Note struct {
	Category string `csaf:"category! note"`
	Text     string `csaf:"text!"`
	Title    string `csaf:"title"`
	Audience string `csaf:"audience"`
	Scope
}

// Reference points to another document.
type Reference struct {
	Category string `csaf:"category reference"`
	Summary  string `csaf:"summary!"`
	URL      string `csaf:"url! uri"`
}

// Scope is the products that something is about, by name or by group.
type Scope struct {
	Products []string `csaf:"product_ids unique"`
	Groups   []string `csaf:"group_ids unique"`
}

// Tree is the product tree.
type Tree struct {
	Branches      []Branch       `csaf:"branches"`
	Names         []Product      `csaf:"full_product_names"`
	Groups        []Group        `csaf:"product_groups"`
	Relationships []Relationship `csaf:"relationships"` // 2.0
	Paths         []Path         `csaf:"product_paths"` // 2.1
}

// Branch has either branches or a product.
type Branch struct {
	Category string   `csaf:"category! branch"`
	Name     string   `csaf:"name!"`
	Branches []Branch `csaf:"branches"`
	Product  *Product `csaf:"product"`
}

// Product is a full product name.
type Product struct {
	ID     string  `csaf:"product_id!"`
	Name   string  `csaf:"name!"`
	Helper *Helper `csaf:"product_identification_helper"`
}

// Helper identifies a product outside the document.
type Helper struct {
	CPE     string       `csaf:"cpe cpe"`
	PURL    string       `csaf:"purl purl"`         // 2.0
	PURLs   []string     `csaf:"purls purl unique"` // 2.1
	Hashes  []FileHashes `csaf:"hashes"`
	Models  []string     `csaf:"model_numbers unique"`
	Serials []string     `csaf:"serial_numbers unique"`
	SKUs    []string     `csaf:"skus"`
	SBOMs   []string     `csaf:"sbom_urls uri"`
	URIs    []GenericURI `csaf:"x_generic_uris"`
}

// FileHashes are the digests of one file.
type FileHashes struct {
	Filename string `csaf:"filename!"`
	Hashes   []Hash `csaf:"file_hashes!"`
}

// Hash is a digest.
type Hash struct {
	Algorithm string `csaf:"algorithm!"`
	Value     string `csaf:"value! hash"`
}

// GenericURI is an identifier of a scheme that the standard does not know.
type GenericURI struct {
	Namespace string `csaf:"namespace! uri"`
	URI       string `csaf:"uri! uri"`
}

// Group is a product group.
type Group struct {
	ID       string   `csaf:"group_id!"`
	Products []string `csaf:"product_ids! unique"`
	Summary  string   `csaf:"summary"`
}

// Relationship makes a product of two others (2.0).
type Relationship struct {
	Category  string   `csaf:"category! relationship"`
	Reference string   `csaf:"product_reference!"`
	RelatesTo string   `csaf:"relates_to_product_reference!"`
	Product   *Product `csaf:"full_product_name!"`
}

// Path makes a product of a chain of others (2.1).
type Path struct {
	Beginning string    `csaf:"beginning_product_reference!"`
	Product   *Product  `csaf:"full_product_name!"`
	Subpaths  []Subpath `csaf:"subpaths!"`
}

// Subpath is a link of the chain.
type Subpath struct {
	Category string `csaf:"category! relationship"`
	Next     string `csaf:"next_product_reference!"`
}

// Vulnerability is an item of "vulnerabilities".
type Vulnerability struct {
	CVE              string           `csaf:"cve cve"`
	IDs              []ID             `csaf:"ids"`
	Title            string           `csaf:"title"`
	CWE              *CWE             `csaf:"cwe"`  // 2.0
	CWEs             []CWE            `csaf:"cwes"` // 2.1
	Discovered       string           `csaf:"discovery_date time"`
	Released         string           `csaf:"release_date time"`              // 2.0
	Disclosed        string           `csaf:"disclosure_date time"`           // 2.1
	Exploited        []Exploitation   `csaf:"first_known_exploitation_dates"` // 2.1
	Acknowledgements []Acknowledgment `csaf:"acknowledgments"`
	Notes            []Note           `csaf:"notes"`
	References       []Reference      `csaf:"references"`
	Involvements     []Involvement    `csaf:"involvements"`
	Status           *Status          `csaf:"product_status"`
	Flags            []Flag           `csaf:"flags"`
	Threats          []Threat         `csaf:"threats"`
	Remediations     []Remediation    `csaf:"remediations"`
	Scores           []Score          `csaf:"scores"`  // 2.0
	Metrics          []Metric         `csaf:"metrics"` // 2.1
}

// ID is an identifier of a vulnerability besides its CVE.
type ID struct {
	System string `csaf:"system_name!"`
	Text   string `csaf:"text!"`
	Scope         // 2.1
}

// CWE is a weakness. The version came with 2.1.
type CWE struct {
	ID      string `csaf:"id! cwe"`
	Name    string `csaf:"name!"`
	Version string `csaf:"version"`
}

// Exploitation says since when a vulnerability is exploited (2.1).
type Exploitation struct {
	Date      string `csaf:"date! time"`
	Exploited string `csaf:"exploitation_date! time"`
	Scope
}

// Involvement is a party's part in handling the vulnerability.
type Involvement struct {
	Date    string `csaf:"date time"`
	Party   string `csaf:"party! party"`
	Status  string `csaf:"status! involvement"`
	Summary string `csaf:"summary"`
	Contact string `csaf:"contact"`
	Scope
}

// Status lists the products of a vulnerability by how it touches them.
type Status struct {
	FirstAffected      []string `csaf:"first_affected unique"`
	FirstFixed         []string `csaf:"first_fixed unique"`
	Fixed              []string `csaf:"fixed unique"`
	KnownAffected      []string `csaf:"known_affected unique"`
	KnownNotAffected   []string `csaf:"known_not_affected unique"`
	LastAffected       []string `csaf:"last_affected unique"`
	Recommended        []string `csaf:"recommended unique"`
	UnderInvestigation []string `csaf:"under_investigation unique"`
	Unknown            []string `csaf:"unknown unique"` // 2.1
}

// Flag says in one word why products are not affected.
type Flag struct {
	Label string `csaf:"label! flag"`
	Date  string `csaf:"date time"`
	Scope
}

// Threat is the exploit status, the impact or the target set.
type Threat struct {
	Category string `csaf:"category! threat"`
	Details  string `csaf:"details!"`
	Date     string `csaf:"date time"`
	Scope
}

// Remediation is what to do.
type Remediation struct {
	Category     string   `csaf:"category! remediation"`
	Details      string   `csaf:"details!"`
	Date         string   `csaf:"date time"`
	URL          string   `csaf:"url uri"`
	Entitlements []string `csaf:"entitlements"`
	Restart      *Restart `csaf:"restart_required"`
	Scope
}

// Restart says what has to be restarted.
type Restart struct {
	Category string `csaf:"category! restart"`
	Details  string `csaf:"details"`
}

// Score rates a vulnerability in products (2.0).
type Score struct {
	Products []string `csaf:"products! unique"`
	CVSS2    Object   `csaf:"cvss_v2"`
	CVSS3    Object   `csaf:"cvss_v3"`
}

// Metric does the same in 2.1.
type Metric struct {
	Products []string `csaf:"products unique"`
	Groups   []string `csaf:"groups unique"`
	Source   string   `csaf:"source uri"`
	Content  *Content `csaf:"content!"`
}

// Content is what a metric says.
type Content struct {
	CVSS2     Object `csaf:"cvss_v2"`
	CVSS3     Object `csaf:"cvss_v3"`
	CVSS4     Object `csaf:"cvss_v4"`
	EPSS      *EPSS  `csaf:"epss"`
	SSVC      *SSVC  `csaf:"ssvc_v2"`
	Qualitive string `csaf:"qualitative_severity_rating"`
}

// EPSS is a prediction with the time that it is of.
type EPSS struct {
	Timestamp   string `csaf:"timestamp! time"`
	Probability string `csaf:"probability!"`
	Percentile  string `csaf:"percentile!"`
}

// SSVC is a set of decisions.
type SSVC struct {
	Timestamp  string      `csaf:"timestamp! time"`
	Targets    []string    `csaf:"target_ids unique"`
	Selections []Selection `csaf:"selections!"`
}

// Selection is one decision.
type Selection struct {
	Key       string        `csaf:"key!"`
	Namespace string        `csaf:"namespace!"`
	Version   string        `csaf:"version!"`
	Name      string        `csaf:"name"`
	Values    []SelectedKey `csaf:"values!"`
}

// SelectedKey is one value of a decision.
type SelectedKey struct {
	Key  string `csaf:"key!"`
	Name string `csaf:"name"`
}

// Object is a flat object of another standard (CVSS), by member.
type Object map[string]Scalar

// Scalar is a value as it is written; Kind is '"', '0', 't' or 'f', 'n', or '{' and
// '[' for what has no place there.
type Scalar struct {
	Kind byte
	Text string
}

// Status groups as they contradict each other (6.1.6): the names of CSAF, and what
// they come to.
func (s *Status) affected() []string {
	return concat(s.FirstAffected, s.KnownAffected, s.LastAffected)
}

func (s *Status) fixed() []string { return concat(s.FirstFixed, s.Fixed) }

func concat(lists ...[]string) []string {
	var out []string
	for _, l := range lists {
		out = append(out, l...)
	}
	return out
}

// broken says what is wrong with the object beyond its members.
func (b *Branch) broken() string {
	if (b.Product == nil) == (b.Branches == nil) {
		return "A branch has either branches or a product."
	}
	return ""
}

func (s *Score) broken() string {
	if s.CVSS2 == nil && s.CVSS3 == nil {
		return "A score has a CVSS object."
	}
	return ""
}
