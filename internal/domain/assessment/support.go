// Package assessment is what people claim about a system and what holds those
// claims up: the standing of each requirement, the states of an assessment, the
// rules for answers, what is carried over, what is frozen on approval, and when
// the next one is due.
//
// It is pure: it reads no clock, no store and no network. It never alters a
// claim, has no pass mark, and blends claim and support into no score.
// Times are microseconds since 1970 in UTC; 0 is "none".
package assessment

import (
	"slices"
	"strings"
)

// Support says what holds a claim up.
type Support string

// The kinds of support. Order, low to high: Supports.
const (
	Contradicted Support = "contradicted" // the claim exceeds what something permits
	Unassessed   Support = "unassessed"   // a check that decides the whole could not
	Asserted     Support = "asserted"     // words only
	Stale        Support = "stale"        // there was support; all of it has run out
	Documented   Support = "documented"   // evidence within its validity
	Verified     Support = "verified"     // a check that decides the whole passes on fresh facts
	Confirmed    Support = "confirmed"    // a final independent answer at or above the claim
)

// Supports lists every kind of support, lowest first.
func Supports() []Support {
	return []Support{Contradicted, Unassessed, Asserted, Stale, Documented, Verified, Confirmed}
}

// Rank returns the place in the order, 0 for contradicted; -1 if unknown.
func (s Support) Rank() int { return slices.Index(Supports(), s) }

// Below reports whether s is lower than other.
func (s Support) Below(other Support) bool { return s.Rank() < other.Rank() }

// Carries reports whether s is enough to carry a claim above the lowest level.
func (s Support) Carries() bool { return !s.Below(Documented) }

// Label returns the word that people read.
func (s Support) Label() string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(string(s[:1])) + string(s[1:])
}

// Meaning returns one sentence that says what the support means.
func (s Support) Meaning() string {
	switch s {
	case Contradicted:
		return "Something on record does not permit this claim."
	case Unassessed:
		return "A check that decides the whole requirement could not decide it."
	case Asserted:
		return "Nothing but the written answer supports this."
	case Stale:
		return "There was support, but all of it has run out."
	case Documented:
		return "Evidence within its validity is linked."
	case Verified:
		return "A check that decides the whole requirement passes on fresh facts."
	case Confirmed:
		return "An independent answer agrees and is within its validity."
	}
	return ""
}

// Remedy returns one sentence that says what would restore or raise support;
// "" when nothing needs doing.
func (s Support) Remedy() string {
	switch s {
	case Contradicted:
		return "Put right what contradicts the claim, or change the claim."
	case Unassessed:
		return "Supply what the check needs in order to decide."
	case Asserted:
		return "Link evidence that shows it."
	case Stale:
		return "Link a current version of the evidence, or run the check again."
	}
	return ""
}

// ClaimKind tells claims at a level from the other answers.
type ClaimKind string

// The kinds of claim. Only a claim at a level can count as met.
const (
	AtLevel       ClaimKind = "level"
	NotApplicable ClaimKind = "not_applicable"
	DontKnow      ClaimKind = "dont_know"
	Unanswered    ClaimKind = "unanswered"
)

// Claim is what a person says about one requirement. The zero value is
// unanswered.
type Claim struct {
	Kind  ClaimKind `json:"kind"`
	Level string    `json:"level,omitempty"` // a level id when Kind is AtLevel, else ""
}

// ParseClaim reads the written form of a claim: a level id, "not_applicable",
// "dont_know", or "" and "unanswered" for no answer. Whether the level exists is
// ValidateResponse's to say.
func ParseClaim(s string) Claim {
	switch k := ClaimKind(s); k {
	case NotApplicable, DontKnow, Unanswered:
		return Claim{Kind: k}
	case "":
		return Claim{Kind: Unanswered}
	}
	return Claim{Kind: AtLevel, Level: s}
}

// String is the written form that ParseClaim reads.
func (c Claim) String() string {
	switch c.Kind {
	case AtLevel:
		return c.Level
	case NotApplicable, DontKnow:
		return string(c.Kind)
	}
	return string(Unanswered)
}

// Answered reports whether a person has said anything; "I don't know" is an
// answer.
func (c Claim) Answered() bool { return c.String() != string(Unanswered) }

// CountsAsMet reports whether the claim is at least at the level want, on levels
// listed lowest first. Not applicable and don't know never are.
func (c Claim) CountsAsMet(levels []string, want string) bool {
	if c.Kind != AtLevel {
		return false
	}
	have, need := slices.Index(levels, c.Level), slices.Index(levels, want)
	return have >= 0 && need >= 0 && have >= need
}
