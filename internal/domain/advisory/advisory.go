// Package advisory holds what is publicly said about vulnerabilities: advisories
// with the versions they affect, and the catalogues that rank them.
//
// It does not read formats (internal/format does) and does not compare versions
// (internal/match does). An alias is an assertion by the record that makes it;
// nothing here merges records.
package advisory

// RangeType says how the versions of a range are ordered (OSV schema,
// affected[].ranges[].type).
type RangeType string

// The types of range.
const (
	Semver    RangeType = "SEMVER"
	Ecosystem RangeType = "ECOSYSTEM"
	Git       RangeType = "GIT"
)

// EventKind is what happens at a version of a range.
type EventKind string

// The kinds of event (OSV schema, affected[].ranges[].events[]).
const (
	Introduced   EventKind = "introduced"
	Fixed        EventKind = "fixed"
	LastAffected EventKind = "last_affected"
	Limit        EventKind = "limit"
)

// Event is one turn of a range. Version is as written; "0" is before every version.
type Event struct {
	Kind    EventKind `json:"kind"`
	Version string    `json:"version"`
}

// Range is one range of affected versions. Events are as written: in any order.
type Range struct {
	Type   RangeType `json:"type"`
	Repo   string    `json:"repo,omitempty"`
	Events []Event   `json:"events"`
}

// Severity is one rating. Score is 0 to 10, or -1 when the vector cannot be read.
type Severity struct {
	Type   string  `json:"type"` // CVSS_V2, CVSS_V3, CVSS_V4, or another scheme's name
	Vector string  `json:"vector"`
	Score  float64 `json:"score"`
}

// Affected says which versions of one package are affected.
type Affected struct {
	Ecosystem  string     `json:"ecosystem"` // as written, release suffix included: "Debian:12"
	Name       string     `json:"name"`
	PURL       string     `json:"purl,omitempty"`
	Ranges     []Range    `json:"ranges,omitempty"`
	Versions   []string   `json:"versions,omitempty"` // named one by one
	Severities []Severity `json:"severities,omitempty"`
}

// Advisory is one revision of one record. Times are microseconds since 1970
// UTC; 0 = not said. A zero Modified occurs in real data and means nothing.
type Advisory struct {
	ID         string     `json:"id"`
	Aliases    []string   `json:"aliases,omitempty"` // asserted by this record
	Upstream   []string   `json:"upstream,omitempty"`
	Related    []string   `json:"related,omitempty"`
	Published  int64      `json:"published,omitempty"`
	Modified   int64      `json:"modified,omitempty"`
	Withdrawn  int64      `json:"withdrawn,omitempty"` // 0 = it stands
	Summary    string     `json:"summary,omitempty"`
	Details    string     `json:"details,omitempty"`
	Severities []Severity `json:"severities,omitempty"`
	CWEs       []string   `json:"cwes,omitempty"` // "CWE-79"
	References []string   `json:"references,omitempty"`
	Affected   []Affected `json:"affected"`
}

// Quarantined is a record that could not be understood. It is kept and shown,
// never dropped. Packages are those it names as far as that could be read.
type Quarantined struct {
	ID       string    `json:"id"` // or the name of its file
	Reason   string    `json:"reason"`
	Packages []Package `json:"-"`
}

// Package is an ecosystem and a name as an advisory writes them.
type Package struct{ Ecosystem, Name string }
