package scan

import (
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/match"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
)

// assess gives every component of a document its verdict.
func (k *known) assess(d *opened, said *said) {
	if d.Subject != nil && d.subjectIndex < 0 {
		k.assessOne(d, d.Subject, &d.subject, said)
	}
	for i := range d.Components {
		c := &d.Components[i]
		k.assessOne(d, c, &d.identities[i], said)
		d.Verdicts[c.Verdict]++
	}
	d.identities = nil
}

// assessOne: what applies and is not decided away comes first, then doubt, then
// what was decided, then that nothing applies. It is match.Cover with decisions.
func (k *known) assessOne(d *opened, c *Component, id *identified, said *said) {
	if id.reason != "" {
		c.Verdict, c.Reason = finding.CannotAssess, id.reason
		return
	}
	m := k.index.Match(id.Identity)
	c.Verdict = finding.NoKnown
	if m.Compared > 0 {
		c.Verdict = finding.NotAffected
	}
	for _, h := range m.Hits {
		v := k.vulnerability(h, id)
		said.decide(&v, k.ids(h.Record), d, c, id, k.now)
		c.Vulnerabilities = append(c.Vulnerabilities, v)
		c.Verdict = c.Verdict.Worse(v.Verdict)
	}
	for _, h := range m.Unsure {
		v := k.vulnerability(h, id)
		v.Verdict = finding.CannotAssess
		said.decide(&v, k.ids(h.Record), d, c, id, k.now)
		if v.Decision != nil {
			c.Vulnerabilities = append(c.Vulnerabilities, v)
		} else {
			c.Possible = append(c.Possible, Possible{&h.Record.Advisory, h.Reason})
			c.doubt(h.Reason)
		}
		c.Verdict = c.Verdict.Worse(v.Verdict)
	}
	for _, q := range m.Quarantined {
		name, _, _ := strings.Cut(q, "\x00")
		c.Quarantined = append(c.Quarantined, name)
		c.doubt(finding.AdvisoryQuarantined)
	}
	if reason := k.feedDoubt(id.Ecosystem); reason != "" {
		c.doubt(reason)
	}
	if c.Verdict != finding.CannotAssess {
		c.Reason = ""
	}
	slices.SortStableFunc(c.Vulnerabilities, worstFirst)
}

// doubt makes a component unassessable unless something worse is known of it. The
// first reason stays.
func (c *Component) doubt(r finding.Reason) {
	c.Verdict = c.Verdict.Worse(finding.CannotAssess)
	if c.Reason == "" {
		c.Reason = r
	}
}

// feedDoubt is why the advisories of an ecosystem cannot be relied on. An archive
// may hold a whole distribution, or one release of it (“Alpine:v3.20”).
func (k *known) feedDoubt(ecosystem string) finding.Reason {
	base, _ := purl.Split(ecosystem)
	reason := finding.FeedMissing
	for _, name := range slices.Compact([]string{base, ecosystem}) {
		f := k.have[name]
		if f == nil {
			continue
		}
		k.used[name] = true
		switch {
		case k.maxAge > 0 && k.now-f.AsOf > k.maxAge:
			reason = finding.FeedStale
		default:
			return ""
		}
	}
	if reason == finding.FeedMissing {
		k.missing[base]++
	}
	return reason
}

// ids is every id under which the vulnerability of a record goes here.
func (k *known) ids(r *match.Record) []string { return k.index.Group(r.ID).All() }

func (k *known) vulnerability(h match.Hit, id *identified) Vulnerability {
	a := &h.Record.Advisory
	v := Vulnerability{Advisory: a, Ranges: h.Ranges, Fixed: h.Fixed, Verdict: finding.Affected, Band: advisory.Unrated}
	if s, rated := advisory.Preferred(ratings(a, id.Identity)); rated {
		v.Severity, v.Band = s, s.Band()
	}
	if len(k.exploited.Entries) == 0 && len(k.predicted.Rows) == 0 {
		return v
	}
	for _, other := range k.ids(h.Record) {
		if e, found := k.exploited.Find(other); found && v.Exploited == nil {
			v.Exploited = &e
		}
		if p, found := k.predicted.Find(other); found && (v.EPSS == nil || p.Probability > v.EPSS.Probability) {
			v.EPSS = &p
		}
	}
	return v
}

// ratings are those of the record, and those of its entries for this package.
func ratings(a *advisory.Advisory, id purl.Identity) []advisory.Severity {
	out := a.Severities
	base, _ := purl.Split(id.Ecosystem)
	for i := range a.Affected {
		f := &a.Affected[i]
		if b, _ := purl.Split(f.Ecosystem); len(f.Severities) > 0 && b == base && purl.Key(b, f.Name) == id.Key {
			out = slices.Concat(out, f.Severities)
		}
	}
	return out
}

// worstFirst puts what is open before what is decided, what is exploited before
// what is not, then by severity, then by id.
func worstFirst(a, b Vulnerability) int {
	rank := func(v Vulnerability) float64 {
		n := float64(slices.Index(advisory.Bands(), v.Band)) * 100
		if v.Band == advisory.Unrated {
			n = 350 // between medium and high: nothing says that it is harmless
		}
		if v.Severity.Score > 0 {
			n += v.Severity.Score
		}
		if v.Exploited != nil {
			n += 10_000
		}
		if open(v.Verdict) {
			n += 100_000
		}
		return n
	}
	if x, y := rank(a), rank(b); x != y {
		if x > y {
			return -1
		}
		return 1
	}
	return strings.Compare(a.Advisory.ID, b.Advisory.ID)
}
