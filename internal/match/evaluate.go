package match

import (
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/match/version"
)

// answer is what an entry of an advisory says of one version.
type answer int8

const (
	no answer = iota
	yes
	unsure // a version that decides cannot be compared
)

// event is an event whose version was read once.
type event struct {
	kind  advisory.EventKind
	start bool // version “0”: before every version
	end   bool // limit “*”: after every version
	at    version.Version
	read  bool
	text  string
}

// span is one range, its events in order.
type span struct {
	ecosystem string // by whose rules it is ordered
	events    []event
	limits    []event
	sortable  bool // every event could be put in order
}

// compiled is an entry of an advisory made ready for comparing.
type compiled struct {
	ecosystem string
	versions  []version.Version
	texts     []string
	spans     []span
	gitOnly   bool // nothing but ranges of commits
}

// compile reads the versions of an entry. Ranges of commits say nothing about
// versions and are left out; an entry that has nothing else cannot be decided.
func compile(a *advisory.Affected) *compiled {
	c := &compiled{ecosystem: a.Ecosystem, texts: a.Versions}
	for _, text := range a.Versions {
		if v, ok := version.Parse(a.Ecosystem, text); ok {
			c.versions = append(c.versions, v)
		}
	}
	for _, r := range a.Ranges {
		if r.Type == advisory.Git {
			continue
		}
		c.spans = append(c.spans, compileRange(a.Ecosystem, r))
	}
	c.gitOnly = len(c.spans) == 0 && len(a.Versions) == 0 && len(a.Ranges) > 0
	return c
}

// semverOrder is the ecosystem by whose rules ranges of type SEMVER are ordered,
// whatever the ecosystem of the package (OSV schema, affected[].ranges[].type).
const semverOrder = "npm"

func compileRange(ecosystem string, r advisory.Range) span {
	s := span{ecosystem: ecosystem, sortable: true}
	if r.Type == advisory.Semver {
		s.ecosystem = semverOrder
	}
	for _, e := range r.Events {
		ev := event{kind: e.Kind, text: e.Version}
		switch {
		case e.Version == "0" && e.Kind == advisory.Introduced:
			ev.start, ev.read = true, true
		case e.Version == "*" && e.Kind == advisory.Limit:
			ev.end, ev.read = true, true
		default:
			ev.at, ev.read = version.Parse(s.ecosystem, e.Version)
		}
		if e.Kind == advisory.Limit {
			s.limits = append(s.limits, ev)
			continue
		}
		s.events = append(s.events, ev)
		s.sortable = s.sortable && ev.read
	}
	if s.sortable {
		// As they are written where two stand at one version: “introduced 1, fixed 1”
		// is empty, “fixed 1, introduced 1” goes on.
		slices.SortStableFunc(s.events, func(a, b event) int {
			switch {
			case a.start && b.start:
				return 0
			case a.start:
				return -1
			case b.start:
				return 1
			}
			switch a.at.Compare(b.at) {
			case version.Less:
				return -1
			case version.Greater:
				return 1
			}
			return 0
		})
	}
	return s
}

// says evaluates an entry for a version by the rules of the OSV schema
// (Evaluation): a version is affected when it is named, or when a range includes
// it. It returns the ranges that include it, as people read them.
func (c *compiled) says(ecosystem, text string) (answer, []string) {
	v, ok := version.Parse(ecosystem, text)
	if slices.Contains(c.texts, text) {
		return yes, []string{"= " + text}
	}
	if !ok {
		return unsure, nil
	}
	for _, named := range c.versions {
		if named.Compare(v) == version.Equal {
			return yes, []string{"= " + named.String()}
		}
	}
	if c.gitOnly {
		return unsure, nil
	}
	out := no
	var ranges []string
	for i := range c.spans {
		a, words := c.spans[i].includes(v, text)
		if a == yes {
			out = yes
			ranges = append(ranges, words)
		} else if a == unsure && out == no {
			out = unsure
		}
	}
	return out, ranges
}

func (s *span) includes(v version.Version, text string) (answer, string) {
	if s.ecosystem == semverOrder {
		var ok bool
		if v, ok = version.Parse(semverOrder, text); !ok {
			return unsure, ""
		}
	}
	if !s.sortable {
		return unsure, ""
	}
	switch s.beforeLimits(v) {
	case no:
		return no, ""
	case unsure:
		return unsure, ""
	}
	affected := false
	from := ""
	var words string
	for _, e := range s.events {
		order := version.Greater
		if !e.start {
			if order = v.Compare(e.at); order == version.Incomparable {
				return unsure, ""
			}
		}
		switch e.kind {
		case advisory.Introduced:
			if order != version.Less {
				affected, from = true, e.text
				words = ">= " + from
			}
		case advisory.Fixed:
			if order != version.Less {
				affected = false
			} else if affected && !strings.Contains(words, "<") {
				words += ", < " + e.text
			}
		case advisory.LastAffected:
			if order == version.Greater {
				affected = false
			} else if affected && !strings.Contains(words, "<") {
				words += ", <= " + e.text
			}
		}
	}
	if !affected {
		return no, ""
	}
	return yes, strings.TrimPrefix(words, ">= 0, ")
}

// beforeLimits: a range with limits includes only what is before one of them.
func (s *span) beforeLimits(v version.Version) answer {
	if len(s.limits) == 0 {
		return yes
	}
	out := no
	for _, l := range s.limits {
		if l.end {
			return yes
		}
		switch v.Compare(l.at) {
		case version.Less:
			return yes
		case version.Incomparable:
			out = unsure
		}
	}
	return out
}

// fixes lists the versions of the ranges that put the vulnerability right and come
// after v, lowest first, without duplicates.
func (c *compiled) fixes(text string) []string {
	var out []version.Version
	for i := range c.spans {
		s := &c.spans[i]
		v, ok := version.Parse(s.ecosystem, text)
		if !ok {
			continue
		}
		for _, e := range s.events {
			if e.kind == advisory.Fixed && e.read && v.Compare(e.at) == version.Less {
				out = append(out, e.at)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b version.Version) int {
		switch a.Compare(b) {
		case version.Less:
			return -1
		case version.Greater:
			return 1
		}
		return strings.Compare(a.String(), b.String())
	})
	texts := make([]string, len(out))
	for i, v := range out {
		texts[i] = v.String()
	}
	return slices.Compact(texts)
}
