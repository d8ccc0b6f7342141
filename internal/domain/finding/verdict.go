package finding

import "slices"

// Verdict is what is known of one component, or of one component and one
// vulnerability. Silence is never a clean bill of health.
type Verdict string

// The verdicts.
const (
	Affected              Verdict = "affected"
	NotAffected           Verdict = "not_affected"             // ranges were compared
	NotAffectedByDecision Verdict = "not_affected_by_decision" // somebody decided so
	Fixed                 Verdict = "fixed"                    // somebody decided so
	UnderInvestigation    Verdict = "under_investigation"
	NoKnown               Verdict = "no_known"      // identity and version understood, feed present and fresh, nothing matches
	CannotAssess          Verdict = "cannot_assess" // with a Reason
)

// Verdicts lists every verdict, the one that needs most attention first.
func Verdicts() []Verdict {
	return []Verdict{Affected, CannotAssess, UnderInvestigation, NotAffectedByDecision, Fixed, NotAffected, NoKnown}
}

// Valid reports whether v is a known verdict.
func (v Verdict) Valid() bool { return slices.Contains(Verdicts(), v) }

// Worse returns the verdict of the two that needs more attention.
func (v Verdict) Worse(o Verdict) Verdict {
	if slices.Index(Verdicts(), o) < slices.Index(Verdicts(), v) {
		return o
	}
	return v
}

// Reason says why a component cannot be assessed.
type Reason string

// The reasons.
const (
	NoIdentity           Reason = "no_identity" // neither a package URL nor anything else that can be matched
	NoVersion            Reason = "no_version"
	UnknownEcosystem     Reason = "unknown_ecosystem"
	IdentityConflict     Reason = "identity_conflict"
	NoRelease            Reason = "no_release" // of a distribution whose releases differ
	FeedMissing          Reason = "feed_missing"
	FeedStale            Reason = "feed_stale"
	VersionNotComparable Reason = "version_not_comparable"
	AdvisoryQuarantined  Reason = "advisory_quarantined"
)

// Reasons lists every reason.
func Reasons() []Reason {
	return []Reason{NoIdentity, NoVersion, UnknownEcosystem, IdentityConflict, NoRelease, FeedMissing, FeedStale, VersionNotComparable, AdvisoryQuarantined}
}

// Meaning is one sentence that says what the reason means and what helps.
func (r Reason) Meaning() string {
	switch r {
	case NoIdentity:
		return "The document gives no package URL for it, so nothing can be looked up. Have the SBOM tool add package URLs."
	case NoVersion:
		return "The document gives no version for it."
	case UnknownEcosystem:
		return "Its package URL is of a type for which there are no advisories in the OSV format."
	case IdentityConflict:
		return "The document contradicts itself about its name or version."
	case NoRelease:
		return "The document does not say for which release of its distribution it was made, and the releases differ."
	case FeedMissing:
		return "No advisories for its ecosystem are loaded."
	case FeedStale:
		return "The advisories for its ecosystem are older than allowed."
	case VersionNotComparable:
		return "Its version cannot be put in order with those that advisories name."
	case AdvisoryQuarantined:
		return "An advisory that names it could not be read."
	}
	return string(r)
}
