package advisory

import "strings"

// CVE is a record of the CVE list (CVE JSON record format 5.x). Times are
// microseconds since 1970 UTC; 0 = not said.
type CVE struct {
	ID        string
	Version   string // of the format
	State     string // PUBLISHED, REJECTED, or empty in what a CNA hands in
	Assigner  string
	Reserved  int64
	Published int64
	Updated   int64
	CNA       CVEContainer   // what the authority that assigned the id says
	ADP       []CVEContainer // what others add, such as CISA's Vulnrichment
}

// CVEContainer is what one party says about a CVE.
type CVEContainer struct {
	Provider      string
	Title         string
	Description   string // the first in English
	CWEs          []string
	Severities    []Severity
	Affected      []CVEProduct
	Applicability bool // CPE match criteria beside the products
	References    []CVEReference
	Solution      bool
	Workaround    bool
	Timeline      bool
	Credits       bool
	Impacts       bool
	SSVC          *CVESSVC
}

// CVESSVC are decision points of SSVC that the container gives; empty = not said.
type CVESSVC struct {
	Exploitation Exploitation
	Automatable  string // yes, no
	Impact       Impact
}

// CVEProduct is one entry of affected.
type CVEProduct struct {
	Vendor, Product            string
	CollectionURL, PackageName string
	PackageURL                 string
	CPEs                       []string
	DefaultStatus              string
	Versions                   []CVEVersion
}

// CVEVersion is a version or a range of versions.
type CVEVersion struct {
	Version, Status, Type     string
	LessThan, LessThanOrEqual string
	Changes                   int
}

// CVEReference is a reference with its tags ("patch", "vendor-advisory", …).
type CVEReference struct {
	URL  string
	Tags []string
}

// CompletenessItem is one thing that makes a record usable by machines.
type CompletenessItem struct {
	Name    string
	Path    string // below containers.cna
	Points  int
	Present bool
}

// Completeness scores what the assigning authority says, out of 100. The schema
// requires neither a weakness nor a severity, so a valid record can lack both. The
// weights are ours. What others added does not count: it is not the supplier's work.
func (c *CVE) Completeness() (score int, items []CompletenessItem) {
	a := &c.CNA
	items = []CompletenessItem{
		{"Root cause (CWE)", "problemTypes[].descriptions[].cweId", 25, len(a.CWEs) > 0},
		{"Severity (CVSS 3.1 or 4.0)", "metrics[].cvssV4_0 or cvssV3_1", 20, a.rated()},
		{"Affected products that a machine can identify", "affected[]", 25, a.identified()},
		{"Fixed version", "versions[].lessThan, lessThanOrEqual or changes", 10, a.bounded()},
		{"Reference to a patch or to the supplier's advisory", "references[].tags", 10, a.referenced()},
		{"Solution or workaround", "solutions, workarounds", 5, a.Solution || a.Workaround},
		{"Timeline, credits and impacts", "timeline, credits, impacts", 5, a.Timeline && a.Credits && a.Impacts},
	}
	for _, i := range items {
		if i.Present {
			score += i.Points
		}
	}
	return score, items
}

// PledgeShare is what goal 6 of CISA's Secure by Design pledge asks of a record,
// in percent: half for a CWE, half for a CPE.
func (c *CVE) PledgeShare() int {
	share := 0
	if len(c.CNA.CWEs) > 0 {
		share += 50
	}
	if c.CNA.Applicability || c.CNA.any(func(p CVEProduct) bool { return len(p.CPEs) > 0 }) {
		share += 50
	}
	return share
}

func (a *CVEContainer) rated() bool {
	for _, s := range a.Severities {
		if s.Score >= 0 && (s.Type == "CVSS_V4" || strings.HasPrefix(s.Vector, "CVSS:3.1/")) {
			return true
		}
	}
	return false
}

func (a *CVEContainer) any(is func(CVEProduct) bool) bool {
	for _, p := range a.Affected {
		if is(p) {
			return true
		}
	}
	return false
}

func (a *CVEContainer) identified() bool {
	return a.any(func(p CVEProduct) bool {
		named := p.Vendor != "" && p.Product != "" && len(p.Versions) > 0
		return p.CollectionURL != "" && p.PackageName != "" ||
			named && (len(p.CPEs) > 0 || a.Applicability || p.purl())
	})
}

// purl looks for a package URL in its own member, which later 5.x releases have,
// and where 5.1 left room for one.
func (p CVEProduct) purl() bool {
	if strings.HasPrefix(p.PackageURL, "pkg:") {
		return true
	}
	for _, v := range p.Versions {
		if v.Type == "purl" || strings.HasPrefix(v.Version, "pkg:") {
			return true
		}
	}
	return false
}

func (a *CVEContainer) bounded() bool {
	return a.any(func(p CVEProduct) bool {
		for _, v := range p.Versions {
			// "*" is every version: it states no fix.
			if v.LessThan != "" && v.LessThan != "*" || v.LessThanOrEqual != "" && v.LessThanOrEqual != "*" || v.Changes > 0 {
				return true
			}
		}
		return false
	})
}

func (a *CVEContainer) referenced() bool {
	for _, r := range a.References {
		for _, t := range r.Tags {
			if t == "patch" || t == "vendor-advisory" {
				return true
			}
		}
	}
	return false
}
