package advisory

import "fmt"

const day = 24 * 60 * 60 * 1_000_000 // microseconds

// FeedState is one reading of a feed.
type FeedState struct {
	Ecosystem   string
	Records     int
	Quarantined int
	AsOf        int64 // microseconds since 1970 UTC
	Digest      string
}

// FeedPolicy says what is no longer normal.
type FeedPolicy struct {
	StaleAfter  int64 // microseconds since AsOf; 0 = never
	ShrinkRatio int   // percent of records that may go from one reading to the next
}

// DefaultFeedPolicy expects a feed to move every two days, and not to lose more
// than 1 record in 50 at once: records are withdrawn, they do not vanish.
func DefaultFeedPolicy() FeedPolicy { return FeedPolicy{StaleAfter: 2 * day, ShrinkRatio: 2} }

// FeedAlert is a way in which a feed is not well.
type FeedAlert struct {
	Kind   string // stale, shrank, went-back, quarantine
	Detail string
}

// FeedHealth compares a reading with the one before it; previous is the zero value
// at the first. A feed that is well gives nothing.
func FeedHealth(previous, current FeedState, now int64, p FeedPolicy) []FeedAlert {
	var out []FeedAlert
	alert := func(kind, format string, args ...any) {
		out = append(out, FeedAlert{kind, fmt.Sprintf(format, args...)})
	}
	if age := now - current.AsOf; p.StaleAfter > 0 && age > p.StaleAfter {
		alert("stale", "The advisories of %s are %d days old. New vulnerabilities are not seen until the feed moves again.", current.Ecosystem, age/day)
	}
	if current.Quarantined > previous.Quarantined {
		alert("quarantine", "%d records of %s could not be understood; before it was %d. Components of the packages they name cannot be assessed.", current.Quarantined, current.Ecosystem, previous.Quarantined)
	}
	if previous.Digest == "" {
		return out
	}
	if current.AsOf < previous.AsOf {
		alert("went-back", "The advisories of %s are older than those that were read before.", current.Ecosystem)
	}
	if lost := previous.Records - current.Records; lost*100 > previous.Records*p.ShrinkRatio {
		alert("shrank", "%d of %d advisories of %s are gone. Records are withdrawn, they do not vanish: look at where the feed comes from.", lost, previous.Records, current.Ecosystem)
	}
	return out
}
