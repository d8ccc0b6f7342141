package match

import (
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
)

// Hit is an advisory that applies to a version, or that may.
type Hit struct {
	Record *Record
	Ranges []string       // that include the version, as people read them
	Fixed  []string       // versions that put it right, lowest first
	Reason finding.Reason // why it cannot be said whether it applies; "" when it does
}

// Matches is what the index says of one version of one package.
type Matches struct {
	Hits        []Hit    // that apply, by id
	Unsure      []Hit    // that may apply, by id
	Compared    int      // advisories whose ranges were compared
	Quarantined []string // ids of unreadable records that name the package
}

// Match evaluates every advisory that names the package.
func (x *Index) Match(id purl.Identity) Matches {
	base, release := purl.Split(id.Ecosystem)
	k := packageKey{base, id.Key}
	x.mu.RLock()
	entries := x.packages[k]
	var out Matches
	for q := range x.quarantined[k] {
		out.Quarantined = append(out.Quarantined, q)
	}
	x.mu.RUnlock()
	slices.Sort(out.Quarantined)
	for _, e := range entries {
		out.add(e, base, release, id.Version)
	}
	out.settle()
	return out
}

// settle puts what was found in order. An advisory that applies by one of its
// entries is not also unsure by another.
func (m *Matches) settle() {
	m.Unsure = slices.DeleteFunc(m.Unsure, func(h Hit) bool {
		return slices.ContainsFunc(m.Hits, func(o Hit) bool { return o.Record == h.Record })
	})
	slices.SortFunc(m.Hits, byID)
	slices.SortFunc(m.Unsure, byID)
}

// MatchOnly is Match by some records alone, for who asks about one vulnerability.
func (x *Index) MatchOnly(id purl.Identity, records []*Record) Matches {
	base, release := purl.Split(id.Ecosystem)
	x.mu.RLock()
	entries := x.packages[packageKey{base, id.Key}]
	x.mu.RUnlock()
	var out Matches
	for _, e := range entries {
		if slices.Contains(records, e.record) {
			out.add(e, base, release, id.Version)
		}
	}
	out.settle()
	return out
}

func byID(a, b Hit) int { return strings.Compare(a.Record.ID, b.Record.ID) }

// add evaluates one entry. An entry for another release of a distribution says
// nothing; where the component does not say its release, an entry of any release
// that would apply leaves it open.
func (m *Matches) add(e *entry, base, release, text string) {
	if e.release != "" && release != "" && e.release != release {
		return
	}
	m.Compared++
	c := e.compiled()
	a, ranges := c.says(base, text)
	switch {
	case a == no:
		return
	case a == unsure:
		m.Unsure = merge(m.Unsure, Hit{Record: e.record, Reason: finding.VersionNotComparable})
	case e.release != "" && release == "":
		m.Unsure = merge(m.Unsure, Hit{Record: e.record, Ranges: ranges, Reason: finding.NoRelease})
	default:
		m.Hits = merge(m.Hits, Hit{Record: e.record, Ranges: ranges, Fixed: c.fixes(text)})
	}
}

// merge joins the entries of one advisory.
func merge(list []Hit, h Hit) []Hit {
	for i := range list {
		if list[i].Record == h.Record {
			list[i].Ranges = compactSorted(append(list[i].Ranges, h.Ranges...))
			for _, f := range h.Fixed {
				if !slices.Contains(list[i].Fixed, f) {
					list[i].Fixed = append(list[i].Fixed, f)
				}
			}
			return list
		}
	}
	return append(list, h)
}

func compactSorted(s []string) []string {
	slices.Sort(s)
	return slices.Compact(s)
}

// Packages lists the packages that a record names, by ecosystem and key in our
// form, each once.
func (r *Record) Packages() []purl.Identity {
	var out []purl.Identity
	seen := map[packageKey]bool{}
	for i := range r.Affected {
		k, _ := keyOf(r.Affected[i].Ecosystem, r.Affected[i].Name)
		if !seen[k] {
			seen[k] = true
			out = append(out, purl.Identity{Ecosystem: k.ecosystem, Key: k.key, Name: r.Affected[i].Name})
		}
	}
	return out
}
