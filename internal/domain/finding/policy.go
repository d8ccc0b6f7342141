// Package finding holds what follows when an advisory applies to a component: the
// verdict on each component, and by when a finding is to be remedied.
//
// Findings are never rows (docs/adr/0008-findings-are-computed.md); the matching
// itself is in internal/match.
package finding

import (
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
)

// Policy says by when a finding is to be remedied. It is data: rules are tried in
// order and the first that applies decides. A finding that no rule applies to has
// no due date.
type Policy struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Source string `json:"source"`
	Rules  []Rule `json:"rules"`
}

// Rule is one line of a policy. Empty conditions apply to everything.
type Rule struct {
	Bands       []advisory.Band `json:"bands,omitempty"`
	Exploited   *bool           `json:"exploited,omitempty"`   // in a catalogue of known exploitation
	Exposed     *bool           `json:"exposed,omitempty"`     // the system is publicly exposed
	Automatable *bool           `json:"automatable,omitempty"` // an attack can be automated
	Total       *bool           `json:"total,omitempty"`       // it gives total control
	Days        int             `json:"days"`                  // whole days from FirstSeen; 0 = no due date
	Forensics   bool            `json:"forensics,omitempty"`   // look for an intrusion before the remedy
}

// Rated is what a policy looks at. Automatable and Total are nil when nobody has
// said; a rule that asks then takes the worse for granted.
type Rated struct {
	Band        advisory.Band
	Exploited   bool
	Exposed     bool
	Automatable *bool
	Total       *bool
	FirstSeen   int64 // microseconds since 1970 UTC
	FixedKnown  bool  // a version that puts it right exists
}

// Due is what a policy says of a finding.
type Due struct {
	At        int64 // first instant at which it is overdue; 0 = no due date
	Days      int   // from FirstSeen
	Forensics bool
	Why       string // which rule decided, in words
}

const day = 24 * 3600 * 1_000_000

// Due applies the policy.
func (p Policy) Due(r Rated) Due {
	for _, rule := range p.Rules {
		if !rule.applies(r) {
			continue
		}
		d := Due{Days: rule.Days, Forensics: rule.Forensics, Why: p.Title + ": " + rule.words()}
		if rule.Days > 0 {
			d.At = r.FirstSeen + int64(rule.Days)*day
		}
		return d
	}
	return Due{Why: p.Title + ": no rule applies"}
}

func (rule Rule) applies(r Rated) bool {
	unless := func(want *bool, have bool) bool { return want == nil || *want == have }
	worse := func(b *bool) bool { return b == nil || *b }
	return (len(rule.Bands) == 0 || slices.Contains(rule.Bands, r.Band)) && unless(rule.Exploited, r.Exploited) && unless(rule.Exposed, r.Exposed) &&
		unless(rule.Automatable, worse(r.Automatable)) && unless(rule.Total, worse(r.Total))
}

func (rule Rule) words() string {
	var when []string
	for _, b := range rule.Bands {
		when = append(when, string(b))
	}
	say := func(b *bool, yes, no string) {
		if b != nil && *b {
			when = append(when, yes)
		} else if b != nil {
			when = append(when, no)
		}
	}
	say(rule.Exploited, "known to be exploited", "not known to be exploited")
	say(rule.Exposed, "publicly exposed", "not publicly exposed")
	say(rule.Automatable, "automatable", "not automatable")
	say(rule.Total, "total impact", "partial impact")
	text := "everything"
	if len(when) > 0 {
		text = strings.Join(when, ", ")
	}
	if rule.Days == 0 {
		return text + ": at the next upgrade"
	}
	out := fmt.Sprintf("%s: %d days", text, rule.Days)
	if rule.Forensics {
		out += ", after looking for an intrusion"
	}
	return out
}

// CyberEssentials is the default policy: updates for vulnerabilities rated high or
// critical within 14 days. Source: Cyber Essentials, Requirements for IT
// Infrastructure v3.2 (NCSC, April 2025), Security update management. The scheme
// counts from the release of the update; where that day is not known, days count
// from when the finding was first seen. An unrated one counts as high, because
// nothing says that it is not.
func CyberEssentials() Policy {
	return Policy{ID: "cyber-essentials", Title: "Cyber Essentials", Source: "https://www.ncsc.gov.uk/cyberessentials/overview",
		Rules: []Rule{{Bands: []advisory.Band{advisory.BandCritical, advisory.BandHigh, advisory.Unrated}, Days: 14}, {Exploited: new(true), Days: 14}}}
}

// BOD2604 is the table of CISA's Binding Operational Directive 26-04 (10 June
// 2026), version 1.0.0. It binds US federal civilian agencies; others may choose
// it.
func BOD2604() Policy {
	p := Policy{ID: "bod-26-04", Title: "CISA BOD 26-04", Source: "https://www.cisa.gov/directives"}
	row := func(exploited, exposed, automatable bool, partial, total int, forensics bool) {
		at := func(isTotal bool, days int) Rule {
			return Rule{Exploited: &exploited, Exposed: &exposed, Automatable: &automatable, Total: &isTotal, Days: days, Forensics: forensics && isTotal}
		}
		p.Rules = append(p.Rules, at(false, partial), at(true, total))
	}
	row(false, false, false, 0, 0, false)
	row(false, false, true, 60, 60, false)
	row(false, true, false, 60, 14, false)
	row(false, true, true, 14, 3, false)
	row(true, false, false, 14, 14, false)
	row(true, false, true, 14, 3, true)
	row(true, true, false, 14, 3, true)
	row(true, true, true, 3, 3, true)
	return p
}

// Policies lists the policies that ship.
func Policies() []Policy { return []Policy{CyberEssentials(), BOD2604()} }
