package scan

import (
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/feed"
)

// Result is what a scan came to.
type Result struct {
	At         int64 // microseconds since 1970 UTC
	MaxFeedAge int64 // that was asked for; 0 = none
	Feeds      []feed.Info
	Catalogues []Catalogue
	Documents  []Document // in the order in which they were given
	Warnings   []string   // about the cache

	Used    map[string]bool // archives that a component was looked up in, by ecosystem
	Missing map[string]int  // components of ecosystems for which there is no archive
}

// Catalogue is what ranks advisories: KEV or EPSS.
type Catalogue struct {
	Name string // “KEV”, “EPSS”
	feed.Info
}

// Document is one document that was given.
type Document struct {
	Path     string
	SHA256   string // of its bytes; "" when it was refused
	Format   string // "" when it was refused
	Status   inventory.Status
	Problem  string // why it was refused
	Faults   []fact.Fault
	Tool     string // that made it
	About    string // what it describes, for people
	Subject  *Component
	Produced int64 // by its own account; 0 = it does not say

	Components   []Component
	Dependencies int
	Verdicts     map[finding.Verdict]int // of the components

	Statements int // of VEX in it
	Applied    int // that spoke to a finding of this scan

	subjectIndex int32 // of the subject among Components, or -1
}

// Component is one component with what is known of it. Fields are as the document
// has them.
type Component struct {
	Ref, Group, Name, Version, PURL string

	Verdict         finding.Verdict
	Reason          finding.Reason // of cannot_assess
	Vulnerabilities []Vulnerability
	Possible        []Possible // advisories of which it cannot be said
	Quarantined     []string   // unreadable advisories that name its package
}

// Vulnerability is an advisory whose ranges include a component.
type Vulnerability struct {
	Advisory  *advisory.Advisory
	Ranges    []string // that include the version
	Fixed     []string // versions that put it right, lowest first
	Severity  advisory.Severity
	Band      advisory.Band
	Verdict   finding.Verdict // affected, or what was decided
	Decision  *Decided
	Refused   string // why a statement that would have cleared it was not followed
	Exploited *advisory.KnownExploited
	EPSS      *advisory.Prediction
}

// Possible is an advisory that may apply.
type Possible struct {
	Advisory *advisory.Advisory
	Reason   finding.Reason
}

// Decided is what VEX statements said about a vulnerability in a component, and who.
type Decided struct {
	decision.Decision
	Path        string // of the document with the statement
	Conflicting []decision.Decision
}

// Tally is what a result comes to, for an exit code.
type Tally struct {
	Documents  int
	Refused    int // documents
	Components int
	Findings   int // components with a vulnerability that nobody decided away
	Unassessed int // components, those that documents are about aside
	Unreadable int // advisories in quarantine that may be about any package
}

// Tally counts. What a document is about is looked at too: a product may itself be
// affected. That it cannot be assessed counts for nothing, since hardly any product
// is a package.
func (r *Result) Tally() Tally {
	var t Tally
	for i := range r.Documents {
		d := &r.Documents[i]
		t.Documents++
		if d.Status == inventory.Refused {
			t.Refused++
		}
		t.Components += len(d.Components)
		t.Unassessed += d.Verdicts[finding.CannotAssess]
		if s := d.subjectIndex; s >= 0 && d.Components[s].Verdict == finding.CannotAssess {
			t.Unassessed--
		}
		d.each(func(c *Component) {
			if c.open() {
				t.Findings++
			}
		})
	}
	for _, f := range r.Feeds {
		for _, q := range f.Quarantined {
			if len(q.Packages) == 0 {
				t.Unreadable++
			}
		}
	}
	return t
}

// open reports whether a verdict asks for something to be done.
func open(v finding.Verdict) bool {
	return v == finding.Affected || v == finding.UnderInvestigation
}

// open reports whether a vulnerability of the component asks for something to be
// done. The verdict on the component as a whole may be another: doubt outweighs an
// investigation.
func (c *Component) open() bool {
	return slices.ContainsFunc(c.Vulnerabilities, func(v Vulnerability) bool { return open(v.Verdict) })
}

// each gives every component of a document, and its subject first where that is
// not one of them.
func (d *Document) each(give func(*Component)) {
	if d.Subject != nil && d.subjectIndex < 0 {
		give(d.Subject)
	}
	for i := range d.Components {
		give(&d.Components[i])
	}
}

// remedy is what helps against a vulnerability, in one sentence.
func remedy(v *Vulnerability) string {
	if len(v.Fixed) == 0 {
		return "The advisory names no fixed version."
	}
	return "Update to " + strings.Join(v.Fixed, " or ") + "."
}

// Holds reports whether nothing is affected and everything was assessed, as far as
// is asked: some components may be allowed to go unassessed. A refused document may
// hold anything.
func (r *Result) Holds(allowed int) bool {
	t := r.Tally()
	return t.Findings == 0 && t.Unassessed <= allowed && t.Unreadable == 0 && t.Refused == 0
}

// Headline is the outcome in one sentence.
func (r *Result) Headline(allowed int) string { return headline(r.Tally(), allowed) }

// Refusals says of each document that was refused why.
func (r *Result) Refusals() []string {
	var out []string
	for _, d := range r.Documents {
		if d.Status == inventory.Refused {
			out = append(out, refusal(pathWords(d.Path), clean(d.Problem)))
		}
	}
	return out
}
