package osv

import (
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/format/cvss"
)

func (r *Reader) affected() advisory.Affected {
	var a advisory.Affected
	named := false
	if !r.object(func(name string) {
		switch name {
		case "package":
			named = r.pkg(&a)
		case "ranges":
			r.array(func() { a.Ranges = append(a.Ranges, r.rangeOf()) })
		case "versions":
			a.Versions = r.texts()
		case "severity":
			a.Severities = r.severities()
		default:
			r.skip()
		}
	}) {
		return a
	}
	if !named && !onlyGit(a.Ranges) {
		r.fault("The entry names no package, and not every range of it is of a repository, so nobody can tell what is affected.")
	}
	return a
}

// pkg reports whether there was one: null stands for nothing.
func (r *Reader) pkg(a *advisory.Affected) bool {
	if r.dec.PeekKind() == 'n' {
		r.skip()
		return false
	}
	if !r.object(func(name string) {
		switch name {
		case "ecosystem":
			a.Ecosystem = r.text()
		case "name":
			a.Name = r.text()
		case "purl":
			a.PURL = r.text()
		default:
			r.skip()
		}
	}) {
		return true
	}
	if a.Ecosystem == "" {
		r.fault("The package has no ecosystem.")
	}
	if a.Name == "" {
		r.fault("The package has no name.")
	}
	return true
}

func onlyGit(ranges []advisory.Range) bool {
	for _, g := range ranges {
		if g.Type != advisory.Git || g.Repo == "" {
			return false
		}
	}
	return len(ranges) > 0
}

func (r *Reader) rangeOf() advisory.Range {
	var g advisory.Range
	typed, begins := false, false
	if !r.object(func(name string) {
		switch name {
		case "type":
			g.Type, typed = advisory.RangeType(r.text()), true
			switch g.Type {
			case advisory.Semver, advisory.Ecosystem, advisory.Git:
			default:
				r.fault("The type of range is none of SEMVER, ECOSYSTEM and GIT.")
			}
		case "repo":
			g.Repo = r.text()
		case "events":
			r.array(func() {
				e := r.event()
				begins = begins || e.Kind == advisory.Introduced
				g.Events = append(g.Events, e)
			})
		default:
			r.skip()
		}
	}) {
		return g
	}
	if !typed {
		r.fault("The range has no type.")
	}
	if !begins {
		r.fault("The range has no event that introduces it.")
	}
	return g
}

func (r *Reader) event() advisory.Event {
	var e advisory.Event
	kinds := 0
	if !r.object(func(name string) {
		switch name {
		case "introduced", "fixed", "last_affected", "limit":
			kinds++
			e = advisory.Event{Kind: advisory.EventKind(name), Version: r.text()}
			if e.Version == "" {
				r.fault("The event has no version.")
			}
		default:
			r.skip()
		}
	}) {
		return e
	}
	if kinds != 1 {
		r.fault("An event is exactly one of introduced, fixed, last_affected and limit; this is %d of them.", kinds)
	}
	return e
}

// severities keeps ratings of any scheme. A vector that cannot be read is kept
// with a score of -1: a bad rating says nothing about which versions are affected.
func (r *Reader) severities() []advisory.Severity {
	var out []advisory.Severity
	r.array(func() {
		var s advisory.Severity
		if r.object(func(name string) {
			switch name {
			case "type":
				s.Type = r.text()
			case "score":
				s.Vector = r.text()
			default:
				r.skip()
			}
		}) {
			s.Score = r.score(s.Type, s.Vector)
			out = append(out, s)
		}
	})
	return out
}

// keptScores bounds what the reader remembers of ratings that it worked out.
const keptScores = 4096

func (r *Reader) score(scheme, vector string) float64 {
	key := [2]string{scheme, vector}
	if s, seen := r.scores[key]; seen {
		return s
	}
	s := cvss.Score(scheme, vector)
	if len(r.scores) < keptScores && len(vector) < 256 {
		r.scores[key] = s
	}
	return s
}
