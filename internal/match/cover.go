package match

import (
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
)

// Feeds say for which ecosystems there are advisories, and how old they are. Keys
// are ecosystems without a release; times are microseconds since 1970 UTC.
type Feeds struct {
	AsOf   map[string]int64
	Now    int64
	MaxAge int64 // microseconds; 0 = however old
}

// state is why a feed cannot be relied on; "" when it can.
func (f Feeds) state(ecosystem string) finding.Reason {
	base, _ := purl.Split(ecosystem)
	asOf, have := f.AsOf[base]
	switch {
	case !have:
		return finding.FeedMissing
	case f.MaxAge > 0 && f.Now-asOf > f.MaxAge:
		return finding.FeedStale
	}
	return ""
}

// Coverage is what is known of one component before anybody's decisions.
type Coverage struct {
	Identity purl.Identity
	Verdict  finding.Verdict
	Reason   finding.Reason // of cannot_assess
	Matches
}

// Cover gives a component its verdict. An advisory that applies makes it affected,
// even where the feed is old or another advisory could not be read; nothing else
// outweighs doubt.
func (x *Index) Cover(c inventory.Component, f Feeds) Coverage {
	id, reason := purl.Identify(c)
	return x.CoverIdentity(id, reason, f)
}

// CoverIdentity is Cover for a component whose identity was settled before.
func (x *Index) CoverIdentity(id purl.Identity, reason finding.Reason, f Feeds) Coverage {
	out := Coverage{Identity: id, Verdict: finding.CannotAssess, Reason: reason}
	if reason != "" {
		return out
	}
	out.Matches = x.Match(id)
	switch {
	case len(out.Hits) > 0:
		out.Verdict = finding.Affected
	case len(out.Unsure) > 0:
		out.Reason = out.Unsure[0].Reason
	case len(out.Quarantined) > 0:
		out.Reason = finding.AdvisoryQuarantined
	default:
		if out.Reason = f.state(id.Ecosystem); out.Reason != "" {
			return out
		}
		out.Verdict = finding.NoKnown
		if out.Compared > 0 {
			out.Verdict = finding.NotAffected
		}
	}
	return out
}
