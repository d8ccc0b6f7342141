package scan

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/match"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
)

// task is a component that is to be looked up.
type task struct{ document, component int32 } // component -1 = the subject

func (t task) of(docs []*opened) (*opened, *Component, *identified) {
	d := docs[t.document]
	if t.component < 0 {
		return d, d.Subject, &d.subject
	}
	return d, &d.Components[t.component], &d.identities[t.component]
}

// assess gives every component of every document its verdict, package by package, so
// that the advisories of a package are read once however often it occurs.
func (k *known) assess(ctx context.Context, docs []*opened, said *said) error {
	var tasks []task
	for i, d := range docs {
		if d.Subject != nil && d.subjectIndex < 0 {
			tasks = append(tasks, task{int32(i), -1})
		}
		for n := range d.Components {
			tasks = append(tasks, task{int32(i), int32(n)})
		}
	}
	slices.SortFunc(tasks, func(a, b task) int {
		_, _, x := a.of(docs)
		_, _, y := b.of(docs)
		return cmp.Or(strings.Compare(x.base(), y.base()), strings.Compare(x.Key, y.Key))
	})
	var have lot
	var key string
	for _, t := range tasks {
		d, c, id := t.of(docs)
		if id.reason != "" {
			c.Verdict, c.Reason = finding.CannotAssess, id.reason
			k.hear(nil, d, c, id, said)
			c.settle()
			continue
		}
		if next := keyOf(id.Ecosystem, id.Key); next != key {
			var err error
			if have, err = k.about(ctx, next, id.Key); err != nil {
				return err
			}
			key = next
		}
		k.assessOne(have, d, c, id, said)
	}
	for _, d := range docs {
		for i := range d.Components {
			d.Verdicts[d.Components[i].Verdict]++
		}
		d.identities = nil
	}
	return nil
}

func (id *identified) base() string {
	base, _ := purl.Split(id.Ecosystem)
	return base
}

// assessOne: what applies and is not decided away comes first, then doubt, then
// what was decided, then that nothing applies. It is match.Cover with decisions.
func (k *known) assessOne(have lot, d *opened, c *Component, id *identified, said *said) {
	c.Verdict = finding.NoKnown
	if have.index != nil {
		k.compare(have.index, d, c, id, said)
	}
	k.hear(have.index, d, c, id, said)
	c.Quarantined = have.broken
	if len(have.broken) > 0 {
		c.doubt(finding.AdvisoryQuarantined)
	}
	if reason := k.feedDoubt(id.Ecosystem); reason != "" {
		c.doubt(reason)
	}
	c.settle()
}

// hear adds what statements say is wrong and no advisory speaks of.
func (k *known) hear(x *match.Index, d *opened, c *Component, id *identified, said *said) {
	if len(said.by) > 0 {
		has := map[string]bool{}
		for _, v := range c.Vulnerabilities {
			for _, known := range x.Group(v.Advisory.ID).All() {
				has[known] = true
			}
		}
		for _, v := range said.beyond(d, c, id, func(id string) bool { return has[id] }, k.now) {
			c.Vulnerabilities = append(c.Vulnerabilities, v)
			c.Verdict = c.Verdict.Worse(v.Verdict)
		}
	}
	slices.SortStableFunc(c.Vulnerabilities, worstFirst)
}

func (k *known) compare(x *match.Index, d *opened, c *Component, id *identified, said *said) {
	m := x.Match(purl.Identity{Ecosystem: id.Ecosystem, Key: id.Key, Version: id.Version})
	if m.Compared > 0 {
		c.Verdict = finding.NotAffected
	}
	for _, h := range m.Hits {
		v := k.vulnerability(x, h, id)
		said.decide(&v, func() []string { return x.Group(h.Record.ID).All() }, d, c, id, k.now)
		c.Vulnerabilities = append(c.Vulnerabilities, v)
		c.Verdict = c.Verdict.Worse(v.Verdict)
	}
	for _, h := range m.Unsure {
		v := k.vulnerability(x, h, id)
		v.Verdict = finding.CannotAssess
		said.decide(&v, func() []string { return x.Group(h.Record.ID).All() }, d, c, id, k.now)
		if v.Decision != nil {
			c.Vulnerabilities = append(c.Vulnerabilities, v)
		} else {
			c.Possible = append(c.Possible, Possible{v.Advisory, h.Reason})
			c.doubt(h.Reason)
		}
		c.Verdict = c.Verdict.Worse(v.Verdict)
	}
}

// doubt makes a component unassessable unless something worse is known of it. The
// first reason stays.
func (c *Component) doubt(r finding.Reason) {
	c.Verdict = c.Verdict.Worse(finding.CannotAssess)
	if c.Reason == "" {
		c.Reason = r
	}
}

// settle takes the reason away where it is not why the verdict is as it is.
func (c *Component) settle() {
	if c.Verdict != finding.CannotAssess {
		c.Reason = ""
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

func (k *known) vulnerability(x *match.Index, h match.Hit, id *identified) Vulnerability {
	a := &h.Record.Advisory
	v := Vulnerability{Advisory: k.keep(a), Ranges: h.Ranges, Fixed: h.Fixed, Verdict: finding.Affected, Band: advisory.Unrated}
	if s, rated := advisory.Preferred(ratings(a, id)); rated {
		v.Severity, v.Band = s, s.Band()
	}
	if len(k.exploited.Entries) == 0 && len(k.predicted.Rows) == 0 {
		return v
	}
	for _, other := range x.Group(a.ID).All() {
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
func ratings(a *advisory.Advisory, id *identified) []advisory.Severity {
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
