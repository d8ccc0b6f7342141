// Package check holds what an automated check is: a question that facts can
// answer, what it found, and what that means for the requirements it speaks to.
//
// A check is pure. It reads nothing and keeps nothing: the facts of one release
// at one instant come in, a verdict goes out. The library of checks is in
// internal/check; what a verdict does to a claim is decided in
// internal/domain/assessment.
package check

import (
	"fmt"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
)

// Kind names a kind of fact that a check needs.
type Kind string

// The kinds of fact.
const (
	Inventory  Kind = "inventory"  // software bills of materials
	Findings   Kind = "findings"   // what is affected, computed from inventory, advisories and decisions
	Scan       Kind = "scan"       // SARIF runs
	Tests      Kind = "tests"      // JUnit-style results
	Scorecard  Kind = "scorecard"  // OpenSSF Scorecard results
	Repository Kind = "repository" // settings and files of a source repository
	Provenance Kind = "provenance" // signed build statements
	Disclosure Kind = "disclosure" // security.txt
	VEX        Kind = "vex"        // statements of the maker
	CVE        Kind = "cve"        // the maker's own CVE records
	Advisories Kind = "advisories" // advisories that the maker published as CSAF
	Register   Kind = "register"   // what the register says of the system
)

// Kinds lists every kind in the order in which pages show them.
func Kinds() []Kind {
	return []Kind{Register, Inventory, Findings, VEX, Scan, Tests, Scorecard, Repository, Provenance, Disclosure, CVE, Advisories}
}

// Title is the kind as people read it.
func (k Kind) Title() string {
	switch k {
	case Inventory:
		return "Software bill of materials"
	case Findings:
		return "Known vulnerabilities"
	case Scan:
		return "Code scan (SARIF)"
	case Tests:
		return "Test results"
	case Scorecard:
		return "OpenSSF Scorecard"
	case Repository:
		return "Repository facts"
	case Provenance:
		return "Build provenance"
	case Disclosure:
		return "security.txt"
	case VEX:
		return "VEX statements"
	case CVE:
		return "CVE records"
	case Advisories:
		return "Published advisories (CSAF)"
	case Register:
		return "System register"
	}
	return string(k)
}

// Effort is how much work the remedy is likely to be.
type Effort string

// The sizes of a remedy.
const (
	Hours Effort = "hours"
	Days  Effort = "days"
	Weeks Effort = "weeks"
)

// Definition is what stands in check.yaml: everything about a check but the rule
// itself. Texts are for people.
type Definition struct {
	ID        string     `yaml:"id"`
	Title     string     `yaml:"title"`
	Question  string     `yaml:"question"`
	Clause    string     `yaml:"clause"` // of the document that asks, "NIST SP 800-218, PW.7.2"
	Source    string     `yaml:"source"` // where the clause can be read
	Effective civil.Date `yaml:"effective"`
	Needs     []Kind     `yaml:"needs"`
	FreshDays int        `yaml:"fresh_days"` // how long facts are good for; 0 = as long as the release
	Pass      string     `yaml:"pass"`       // what each outcome means
	Fail      string     `yaml:"fail"`
	Cannot    string     `yaml:"cannot_assess"`
	Remedy    string     `yaml:"remedy"`
	Effort    Effort     `yaml:"effort"`
	Bindings  []Binding  `yaml:"bindings"`
}

// Binding says what a check means for one requirement. Permits holds, for each
// outcome, the highest level of claim that it permits; a missing outcome permits
// every level, except that a fail permits the lowest only.
type Binding struct {
	Framework   string                        `yaml:"framework"`
	Requirement string                        `yaml:"requirement"`
	Decides     assessment.Decides            `yaml:"decides"`
	Permits     map[assessment.Outcome]string `yaml:"permits"`
}

// partOnly are the frameworks whose requirements no check decides whole: they ask
// for judgement, and a machine sees a part of it.
var partOnly = []string{"mod-sbd", "gov-sbd", "gov-sbd-adoption", "ncsc-caf", "touchstone-foundation", "touchstone-in-service"}

// Problems lists what is wrong with a definition, for people who write one.
func (d Definition) Problems() (out []string) {
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	for name, text := range map[string]string{"id": d.ID, "title": d.Title, "question": d.Question, "clause": d.Clause, "source": d.Source,
		"pass": d.Pass, "fail": d.Fail, "cannot_assess": d.Cannot, "remedy": d.Remedy} {
		if text == "" {
			add("%s is missing", name)
		}
	}
	if !slices.Contains([]Effort{Hours, Days, Weeks}, d.Effort) {
		add("effort %q is not hours, days or weeks", d.Effort)
	}
	if !d.Effective.Valid() {
		add("effective %q is not a day", d.Effective)
	}
	if len(d.Needs) == 0 {
		add("needs names no kind of fact")
	}
	for _, k := range d.Needs {
		if !slices.Contains(Kinds(), k) {
			add("needs: there is no kind %q", k)
		}
	}
	if len(d.Bindings) == 0 {
		add("bindings: a check that speaks to no requirement moves nothing")
	}
	seen := map[string]bool{}
	for _, b := range d.Bindings {
		where := b.Framework + " " + b.Requirement
		if seen[where] {
			add("bindings: %s stands twice", where)
		}
		seen[where] = true
		switch b.Decides {
		case assessment.Part:
		case assessment.Whole:
			if slices.Contains(partOnly, b.Framework) {
				add("bindings: %s asks for judgement, so a check decides a part of it", where)
			}
		default:
			add("bindings: %s: decides is %q, not whole or part", where, b.Decides)
		}
		for o := range b.Permits {
			if !slices.Contains([]assessment.Outcome{assessment.Pass, assessment.Fail, assessment.CannotAssess}, o) {
				add("bindings: %s: there is no outcome %q", where, o)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Used is one fact that a check looked at, as a page shows it.
type Used struct {
	What  string `json:"what"`            // "Components", "Rules that ran"
	Value string `json:"value"`           // "128", "go/sql-injection"
	At    int64  `json:"at,omitempty"`    // when it was produced; 0 = not known
	Where string `json:"where,omitempty"` // the document, or the place in it
}

// Verdict is what a check found. Reason is one sentence for people that names the
// deciding thing. At is when the facts were produced, not when they were judged; of
// several facts it is the newest, so that one new document can clear what an older
// one of its lane said. FreshFrom is the oldest of those that age, so that a new
// document does not make an old one fresh; 0 = At.
type Verdict struct {
	Outcome   assessment.Outcome `json:"outcome"`
	Reason    string             `json:"reason"`
	Facts     []Used             `json:"facts,omitempty"`
	At        int64              `json:"at"`
	FreshFrom int64              `json:"fresh_from,omitempty"`
}

// Passed, Failed, Undecided and NothingToDecide make verdicts.
func Passed(at int64, reason string, facts ...Used) Verdict {
	return Verdict{Outcome: assessment.Pass, Reason: reason, Facts: facts, At: at}
}

// Failed: see Passed.
func Failed(at int64, reason string, facts ...Used) Verdict {
	return Verdict{Outcome: assessment.Fail, Reason: reason, Facts: facts, At: at}
}

// Undecided: see Passed.
func Undecided(at int64, reason string, facts ...Used) Verdict {
	return Verdict{Outcome: assessment.CannotAssess, Reason: reason, Facts: facts, At: at}
}

// NothingToDecide: see Passed. The check looked, and the question does not arise.
func NothingToDecide(at int64, reason string, facts ...Used) Verdict {
	return Verdict{Outcome: assessment.OutcomeNotApplicable, Reason: reason, Facts: facts, At: at}
}

// FreshUntil is the first instant at which a pass on facts of v no longer holds; 0
// when it does not run out.
func (d Definition) FreshUntil(v Verdict) int64 {
	from := v.At
	if v.FreshFrom != 0 && v.FreshFrom < from {
		from = v.FreshFrom
	}
	if d.FreshDays == 0 || from == 0 {
		return 0
	}
	return from + int64(d.FreshDays)*24*3600*1_000_000
}

// Fact turns a verdict into what the standing of a bound requirement is worked
// out from.
func (d Definition) Fact(b Binding, v Verdict) assessment.CheckFact {
	return assessment.CheckFact{ID: d.ID, Title: d.Title, Decides: b.Decides, Outcome: v.Outcome, Permits: b.Permits[v.Outcome], At: v.At,
		FreshUntil: d.FreshUntil(v), Reason: v.Reason, Clause: d.Clause}
}

// After says which verdict stands when a check is evaluated again: an adverse one
// stays until facts that are as new as its own let the check pass, or have it find
// nothing to decide. That it could not be decided since does not clear it.
func (v Verdict) After(before Verdict) Verdict {
	clears := v.Outcome == assessment.Fail || v.Outcome != assessment.CannotAssess && v.At >= before.At
	if before.Outcome != assessment.Fail || clears {
		return v
	}
	return before
}
