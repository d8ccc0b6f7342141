package advisory

import (
	"slices"
	"strings"
)

// KnownExploited is one entry of CISA's catalogue of known exploited
// vulnerabilities (KEV). Days are microseconds since 1970 at 00:00 UTC; 0 = not said.
type KnownExploited struct {
	CVE        string   `json:"cve"`
	Vendor     string   `json:"vendor"`
	Product    string   `json:"product"`
	Name       string   `json:"name"`
	Added      int64    `json:"added"`
	Due        int64    `json:"due,omitempty"` // for US agencies under BOD 22-01, which BOD 26-04 replaced
	Action     string   `json:"action,omitempty"`
	Summary    string   `json:"summary,omitempty"`
	Ransomware bool     `json:"ransomware"` // known to be used in ransomware campaigns
	CWEs       []string `json:"cwes,omitempty"`
	Notes      string   `json:"notes,omitempty"`
}

// Catalogue is one edition of KEV.
type Catalogue struct {
	Version  string
	Released int64            // microseconds since 1970 UTC; 0 = not said, as in the CSV form
	Entries  []KnownExploited // by CVE
	// Faults are entries that could not be read. The others hold.
	Faults []string
}

// Find gives the entry of a CVE identifier.
func (c *Catalogue) Find(cve string) (KnownExploited, bool) {
	i, found := slices.BinarySearchFunc(c.Entries, cve, func(e KnownExploited, id string) int { return strings.Compare(e.CVE, id) })
	if !found {
		return KnownExploited{}, false
	}
	return c.Entries[i], true
}

// Exploited gives the entry of the first of several ids that has one: an advisory
// is known exploited when its id or an alias is.
func (c *Catalogue) Exploited(a *Advisory) (KnownExploited, bool) {
	for _, id := range append([]string{a.ID}, a.Aliases...) {
		if e, found := c.Find(id); found {
			return e, true
		}
	}
	return KnownExploited{}, false
}

// Prediction is one row of EPSS: how likely a vulnerability is to be exploited in
// the next 30 days. It breaks ties and shows trends; it never proves safety.
type Prediction struct {
	CVE         string
	Probability float64 // 0 to 1
	Percentile  float64 // 0 to 1
}

// Predictions is one day's edition of EPSS.
type Predictions struct {
	Model  string // version of the model; empty = not said
	Scored int64  // microseconds since 1970 UTC; 0 = not said
	Rows   []Prediction
	Faults []string // rows that could not be read, the first of them
	Broken int      // how many could not be read
}

// Find gives the row of a CVE identifier.
func (p *Predictions) Find(cve string) (Prediction, bool) {
	i, found := slices.BinarySearchFunc(p.Rows, cve, func(r Prediction, id string) int { return strings.Compare(r.CVE, id) })
	if !found {
		return Prediction{}, false
	}
	return p.Rows[i], true
}
