// Package decision holds what people and their suppliers decided about a
// vulnerability in a component: one record for triage by hand and for VEX
// statements of every format, and the rule by which several of them speak with
// one voice.
//
// It follows the status and justification words of OpenVEX 0.2.0, which are those
// of the "Minimum Requirements for VEX" (CISA, 2023). Formats are read and written
// in internal/format; here is no text of any.
package decision

import (
	"cmp"
	"slices"
)

// Status is what was decided.
type Status string

// The statuses of a VEX statement.
const (
	Affected           Status = "affected"
	NotAffected        Status = "not_affected"
	Fixed              Status = "fixed"
	UnderInvestigation Status = "under_investigation"
)

// Statuses lists every status, the most cautious first.
func Statuses() []Status { return []Status{Affected, UnderInvestigation, Fixed, NotAffected} }

// Valid reports whether s is a known status.
func (s Status) Valid() bool { return slices.Contains(Statuses(), s) }

// clears reports whether the status takes a finding away.
func (s Status) clears() bool { return s == NotAffected || s == Fixed }

// Justification says why a component is not affected.
type Justification string

// The justifications of VEX.
const (
	ComponentNotPresent     Justification = "component_not_present"
	CodeNotPresent          Justification = "vulnerable_code_not_present"
	CodeNotInPath           Justification = "vulnerable_code_not_in_execute_path"
	NotControlledByAttacker Justification = "vulnerable_code_cannot_be_controlled_by_adversary"
	MitigationsExist        Justification = "inline_mitigations_already_exist"
)

// Justifications lists every justification in the order of the specification.
func Justifications() []Justification {
	return []Justification{ComponentNotPresent, CodeNotPresent, CodeNotInPath, NotControlledByAttacker, MitigationsExist}
}

// Valid reports whether j is a known justification.
func (j Justification) Valid() bool { return slices.Contains(Justifications(), j) }

// Source says how a decision came here.
type Source string

// The sources of a decision.
const (
	Person    Source = "person"
	OpenVEX   Source = "openvex"
	CycloneDX Source = "cyclonedx"
	CSAF      Source = "csaf"
)

// Decision is one record. Empty fields of its scope mean every: every version,
// every release, every system of the organisation.
type Decision struct {
	ID            string
	Vulnerability string // the id that the author used; aliases are resolved by the caller
	Ecosystem     string // with Key, the package; both empty = the product as a whole
	Key           string
	Component     string // purl or name as the author gave it
	Versions      string // one version; "" = every one
	System        string
	Release       string
	Status        Status
	Justification Justification
	Statement     string // impact: why, in words
	Action        string // what users should do
	Condition     string // what must stay true for it to hold
	Source        Source
	Author        string
	MadeAt        int64 // microseconds since 1970 UTC
	ExpiresAt     int64 // first instant at which it no longer holds; 0 = never
	WithdrawnAt   int64 // 0 = in force
}

// InForce reports whether the decision holds at an instant.
func (d Decision) InForce(at int64) bool {
	return d.WithdrawnAt == 0 && (d.ExpiresAt == 0 || at < d.ExpiresAt)
}

// Subject is the component that a decision is asked about.
type Subject struct {
	Ecosystem string
	Key       string
	Version   string
	System    string
	Release   string
}

// Speaks reports whether the decision is about the subject. Whether it is about
// the vulnerability is the caller's to know, who has the aliases.
func (d Decision) Speaks(s Subject) bool {
	return (d.Key == "" || d.Ecosystem == s.Ecosystem && d.Key == s.Key) &&
		(d.Versions == "" || d.Versions == s.Version) &&
		(d.System == "" || d.System == s.System) &&
		(d.Release == "" || d.Release == s.Release)
}

// narrowness orders decisions: one about a release is nearer to the matter than
// one about the system, and that than one about the organisation; then the one
// that names the version.
func (d Decision) narrowness() int {
	n := 0
	if d.Release != "" {
		n += 8
	}
	if d.System != "" {
		n += 4
	}
	if d.Key != "" {
		n += 2
	}
	if d.Versions != "" {
		n++
	}
	return n
}

// Outcome is what the decisions about one finding come to.
type Outcome struct {
	Decided     bool
	Status      Status
	By          Decision   // the one that decided
	Conflicting []Decision // others that are as near to the matter and say something else
	Refused     string     // why a decision that would have cleared the finding was not followed
}

// Resolve lets the decisions that are in force and speak to the subject decide.
// The narrowest win. Where several are as narrow, one author's newest replaces
// that author's older ones; authors who disagree are a conflict, and the most
// cautious of them decides. exploited says that the vulnerability is known to be
// exploited: only a person's decision may clear it then, so that a file in a
// delivery cannot.
//
// The result does not depend on the order of the list.
func Resolve(list []Decision, s Subject, at int64, exploited bool) Outcome {
	var out Outcome
	var speaking []Decision
	for _, d := range list {
		if d.InForce(at) && d.Speaks(s) {
			if exploited && d.Status.clears() && d.Source != Person {
				out.Refused = "The vulnerability is known to be exploited, so a statement in a document does not clear it. A person must decide."
				continue
			}
			speaking = append(speaking, d)
		}
	}
	if len(speaking) == 0 {
		return out
	}
	slices.SortFunc(speaking, func(a, b Decision) int {
		return cmp.Or(cmp.Compare(b.narrowness(), a.narrowness()), cmp.Compare(b.MadeAt, a.MadeAt), cmp.Compare(b.ID, a.ID))
	})
	nearest := speaking[0].narrowness()
	var voices []Decision // the newest of each author, among the nearest
	for _, d := range speaking {
		said := slices.ContainsFunc(voices, func(v Decision) bool { return v.Author == d.Author && v.Source == d.Source })
		if d.narrowness() == nearest && !said {
			voices = append(voices, d)
		}
	}
	caution := func(d Decision) int { return slices.Index(Statuses(), d.Status) }
	by := slices.MinFunc(voices, func(a, b Decision) int { return caution(a) - caution(b) })
	out.Decided, out.Status, out.By = true, by.Status, by
	for _, v := range voices {
		if v.Status != by.Status {
			out.Conflicting = append(out.Conflicting, v)
		}
	}
	return out
}
