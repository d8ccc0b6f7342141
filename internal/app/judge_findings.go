package app

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/match"
	"github.com/touchstone-assurance/touchstone/internal/match/occurrence"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Finding is one vulnerability in one component of a system, with what was
// decided and by when it is to be remedied. It is computed and never a row.
type Finding struct {
	ID        string   // CVE where there is one
	Aliases   []string // every other id
	Records   []string // advisories that apply
	Title     string
	Ecosystem string
	Package   string
	Version   string
	PURL      string
	Component string // as people read it
	Verdict   finding.Verdict
	Reason    finding.Reason // of cannot_assess
	Ranges    []string
	Fixed     []string
	Severity  advisory.Severity
	Band      advisory.Band
	CWEs      []string
	Exploited bool
	EPSS      float64 // 0 = not known
	SSVC      advisory.Outcome
	SSVCPath  []string
	FirstSeen int64
	DueAt     int64 // 0 = no due date
	Due       string
	Forensics bool // look for an intrusion before the remedy
	Decided   *decision.Decision
	Conflicts []decision.Decision // as near to the matter, and saying something else
	Refused   string              // why a statement that would have cleared it was not followed
	key       string              // match key
}

// open reports whether somebody still has to do something.
func (f Finding) open() bool {
	return f.Verdict == finding.Affected || f.Verdict == finding.UnderInvestigation
}

// Coverage says what is known of the components of a release.
type Coverage struct {
	Components int                     `json:"components"`
	Verdicts   map[finding.Verdict]int `json:"verdicts"`
	Reasons    map[finding.Reason]int  `json:"reasons"`
	FeedsAsOf  int64                   `json:"feeds_as_of"` // of the oldest feed that was used; 0 = none
	Missing    []string                `json:"missing"`     // ecosystems without advisories
}

// problems counts the components that said too little of themselves, or too much,
// whatever is loaded.
func (c Coverage) problems() int {
	n := 0
	for _, r := range []finding.Reason{finding.NoIdentity, finding.NoVersion, finding.UnknownEcosystem, finding.IdentityConflict, finding.NoRelease, finding.VersionNotComparable} {
		n += c.Reasons[r]
	}
	return n
}

// lookUp compares the components of bills of materials with what is known now.
func (a *App) lookUp(ctx context.Context, tx *store.Tx, k *knowledge, inventories []string) error {
	k.coverage = Coverage{Verdicts: map[finding.Verdict]int{}, Reasons: map[finding.Reason]int{}}
	if len(inventories) == 0 {
		return nil
	}
	rows, err := tx.OccurrencesIn(ctx, k.system)
	if err != nil {
		return err
	}
	decisions, err := tx.DecisionsForJob(ctx, k.system)
	if err != nil {
		return err
	}
	h := newHistory(k, rows)
	l := looker{app: a, k: k, history: h, feeds: a.machine.coverage(tx.Now(), a.feedMaxAge()), groups: map[string]match.Group{}, decisions: map[string][]decision.Decision{}}
	for _, d := range decisions {
		l.decisions[d.Vulnerability] = append(l.decisions[d.Vulnerability], domainDecision(d))
		if d.ExpiresAt > tx.Now() {
			k.next = sooner(k.next, d.ExpiresAt)
		}
	}
	for _, document := range inventories {
		ids, err := h.of(document)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := l.component(id); err != nil {
				return err
			}
		}
	}
	if err := a.nameAuthors(ctx, tx, k.findings); err != nil {
		return err
	}
	l.close()
	return nil
}

// DefaultFeedMaxAge is how old the advisories of an ecosystem may be, unless
// configured otherwise, to say that nothing is known of a component.
const DefaultFeedMaxAge = 7 * 24 * 3600 * 1_000_000

func (a *App) feedMaxAge() int64 {
	if a.FeedMaxAge == 0 {
		return DefaultFeedMaxAge
	}
	return a.FeedMaxAge.Microseconds()
}

// looker compares components one by one.
type looker struct {
	app       *App
	k         *knowledge
	history   *history
	feeds     match.Feeds
	groups    map[string]match.Group // by id of a record
	decisions map[string][]decision.Decision
	done      map[int64]bool
	found     map[string]int // finding to its place
	missing   map[string]bool
}

func (l *looker) component(id int64) error {
	if l.done[id] {
		return nil
	}
	if l.done == nil {
		l.done, l.found, l.missing = map[int64]bool{}, map[string]int{}, map[string]bool{}
	}
	l.done[id] = true
	p, v, known := l.app.machine.where.Lookup(id)
	if !known {
		return errBehind
	}
	c := l.app.machine.advisories.CoverIdentity(identityOf(p, v), finding.Reason(v.Problem), l.feeds)
	verdict := c.Verdict
	if len(c.Hits)+len(c.Unsure) > 0 {
		verdict = ""
		for _, h := range c.Hits {
			verdict = worse(verdict, l.finding(id, c.Identity, h))
		}
		for _, h := range c.Unsure {
			verdict = worse(verdict, l.finding(id, c.Identity, h))
		}
	}
	cov := &l.k.coverage
	cov.Components++
	cov.Verdicts[verdict]++
	reason := finding.Reason("")
	if verdict == finding.CannotAssess {
		if reason = c.Reason; reason == "" && len(c.Unsure) > 0 {
			reason = c.Unsure[0].Reason
		}
		cov.Reasons[reason]++
	}
	if l.k.list {
		l.k.components = append(l.k.components, ComponentLine{Name: p.Name, Version: v.Version, PURL: v.PURL, Ecosystem: p.Ecosystem, Verdict: verdict, Reason: reason,
			Vulnerabilities: len(c.Hits) + len(c.Unsure)})
	}
	base, _ := purl.Split(p.Ecosystem)
	if asOf, loaded := l.feeds.AsOf[base]; loaded && v.Problem == "" {
		if cov.FeedsAsOf == 0 || asOf < cov.FeedsAsOf {
			cov.FeedsAsOf = asOf
		}
		if ends := asOf + l.feeds.MaxAge; l.feeds.MaxAge > 0 && ends >= l.feeds.Now {
			l.k.next = sooner(l.k.next, ends+1)
		}
	} else if v.Problem == "" && !l.missing[base] {
		l.missing[base] = true
		cov.Missing = append(cov.Missing, base)
	}
	return nil
}

// worse is the verdict that needs more attention, where "" is none yet.
func worse(a, b finding.Verdict) finding.Verdict {
	if a == "" {
		return b
	}
	return a.Worse(b)
}

func (l *looker) group(record string) match.Group {
	g, have := l.groups[record]
	if !have {
		if g = l.app.machine.advisories.Group(record); len(g.IDs) == 0 {
			g.IDs = []string{record} // taken back a moment ago
		}
		l.groups[record] = g
	}
	return g
}

// finding adds a record that applies, or may, to the findings, and returns the
// verdict of the finding.
func (l *looker) finding(id int64, c purl.Identity, h match.Hit) finding.Verdict {
	g := l.group(h.Record.ID)
	name := nameOf(g)
	at := name + "\x00" + c.Ecosystem + "\x00" + c.Key + "\x00" + c.Version
	n, have := l.found[at]
	if !have {
		n = len(l.k.findings)
		l.found[at] = n
		l.k.findings = append(l.k.findings, Finding{ID: name, Aliases: others(g, name), Ecosystem: c.Ecosystem, Package: c.Name, Version: c.Version, PURL: c.PURL,
			Component: shown(c), key: c.Key})
	}
	f := &l.k.findings[n]
	if !slices.Contains(f.Records, h.Record.ID) {
		f.Records = append(f.Records, h.Record.ID)
		l.describe(f, h)
	}
	if first := max(h.Record.ReceivedAt, l.history.since(l.app, id, g)); f.FirstSeen == 0 || first < f.FirstSeen {
		f.FirstSeen = first
	}
	l.judge(f, g, h.Reason)
	return f.Verdict
}

// describe takes in what one record says.
func (l *looker) describe(f *Finding, h match.Hit) {
	if f.Title == "" {
		f.Title = cut(h.Record.Summary, 300)
	}
	for _, r := range h.Ranges {
		f.Ranges = appendNew(f.Ranges, r)
	}
	for _, v := range h.Fixed {
		f.Fixed = appendNew(f.Fixed, v)
	}
	for _, w := range h.Record.CWEs {
		f.CWEs = appendNew(f.CWEs, w)
	}
	ratings := slices.Clone(h.Record.Severities)
	for i := range h.Record.Affected {
		a := &h.Record.Affected[i]
		base, _ := purl.Split(a.Ecosystem)
		if own, _ := purl.Split(f.Ecosystem); own == base && purl.Key(base, a.Name) == f.key {
			ratings = append(ratings, a.Severities...)
		}
	}
	if f.Severity.Type != "" {
		ratings = append(ratings, f.Severity)
	}
	if best, rated := advisory.Preferred(ratings); rated {
		f.Severity = best
	}
	f.Band = f.Severity.Band()
	if f.Severity.Type == "" {
		f.Band = advisory.Unrated
	}
}

// judge lets decisions, catalogues and the policy say what the finding is worth.
func (l *looker) judge(f *Finding, g match.Group, unsure finding.Reason) {
	l.app.machine.rate(f, g)
	var list []decision.Decision
	for _, id := range g.All() {
		list = append(list, l.decisions[id]...)
	}
	s := decision.Subject{Ecosystem: f.Ecosystem, Key: f.key, Version: f.Version, System: l.k.system.ID, Release: l.history.release}
	out := decision.Resolve(list, s, l.feeds.Now, f.Exploited)
	f.Decided, f.Conflicts, f.Refused = nil, out.Conflicting, out.Refused
	switch {
	case out.Decided:
		by := out.By
		f.Decided = &by
		f.Verdict = map[decision.Status]finding.Verdict{decision.Affected: finding.Affected, decision.NotAffected: finding.NotAffectedByDecision,
			decision.Fixed: finding.Fixed, decision.UnderInvestigation: finding.UnderInvestigation}[out.Status]
	case unsure != "" && f.Verdict != finding.Affected:
		f.Verdict, f.Reason = finding.CannotAssess, unsure
	default:
		f.Verdict, f.Reason = finding.Affected, ""
	}
	f.rank(l.k.system)
	due := l.k.policy.Due(finding.Rated{Band: f.Band, Exploited: f.Exploited, Exposed: exposed(l.k.system), Automatable: automatable(f.Severity), Total: total(f.Severity),
		FirstSeen: f.FirstSeen, FixedKnown: len(f.Fixed) > 0})
	f.DueAt, f.Due, f.Forensics = 0, "", false
	if f.open() {
		f.DueAt, f.Due, f.Forensics = due.At, due.Why, due.Forensics
	}
}

// rate looks the ids of a vulnerability up in the catalogues.
func (m *machine) rate(f *Finding, g match.Group) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	for _, id := range g.All() {
		if _, known := m.exploited.Find(id); known {
			f.Exploited = true
		}
		if p, known := m.predicted.Find(id); known && p.Probability > f.EPSS {
			f.EPSS = p.Probability
		}
	}
}

// close puts the findings in order and hands them to the checks.
func (l *looker) close() {
	k := l.k
	slices.SortFunc(k.findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(slices.Index(finding.Verdicts(), a.Verdict), slices.Index(finding.Verdicts(), b.Verdict)),
			cmp.Compare(dueFirst(a.DueAt), dueFirst(b.DueAt)), cmp.Compare(b.Severity.Score, a.Severity.Score), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Component, b.Component))
	})
	slices.Sort(k.coverage.Missing)
	for _, f := range k.findings {
		by := ""
		if f.Decided != nil {
			by = f.Decided.Author
		}
		k.facts.Findings = append(k.facts.Findings, check.FindingFact{ID: f.ID, Aliases: f.Aliases, Component: f.Component, Verdict: f.Verdict, Band: f.Band, CWEs: f.CWEs,
			Exploited: f.Exploited, EPSS: f.EPSS, Fixed: f.Fixed, FirstSeen: f.FirstSeen, DueAt: f.DueAt, DecidedBy: by})
		if f.DueAt > l.feeds.Now {
			k.next = sooner(k.next, f.DueAt)
		}
	}
	if len(k.facts.Inventories) == 0 {
		return // nobody described this release, so nothing about it can pass
	}
	reasons := map[string]int{}
	for r, n := range k.coverage.Reasons {
		reasons[string(r)] = n
	}
	k.facts.Coverage = check.CoverageFact{Verdicts: k.coverage.Verdicts, Reasons: reasons, FeedsAsOf: k.coverage.FeedsAsOf}
}

func dueFirst(at int64) int64 {
	if at == 0 {
		return 1<<63 - 1
	}
	return at
}

// nameOf is the id by which people know a vulnerability: its CVE where there is
// one.
func nameOf(g match.Group) string {
	for _, id := range g.All() {
		if strings.HasPrefix(id, "CVE-") {
			return id
		}
	}
	return g.IDs[0]
}

func others(g match.Group, name string) []string {
	return slices.DeleteFunc(g.All(), func(id string) bool { return id == name })
}

func shown(c purl.Identity) string {
	if c.PURL != "" {
		return c.PURL
	}
	return strings.TrimSpace(c.Name + " " + c.Version)
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

func domainDecision(d store.Decision) decision.Decision {
	return decision.Decision{ID: d.ID, Vulnerability: d.Vulnerability, Ecosystem: d.Ecosystem, Key: d.Key, Component: d.Component, Versions: d.Versions, System: d.System,
		Release: d.Release, Status: decision.Status(d.Status), Justification: decision.Justification(d.Justification), Statement: d.Statement, Action: d.Action,
		Condition: d.Condition, Source: decision.Source(d.Source), Author: d.Author, MadeAt: d.MadeAt, ExpiresAt: d.ExpiresAt, WithdrawnAt: d.WithdrawnAt}
}

// due is a finding with a due date, as it is kept with a judgement: the standings
// of requirements that are bound to due dates fall when it comes.
type due struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	At    int64  `json:"at"`
}

// judgementBody is what is kept of a look at a system.
type judgementBody struct {
	Coverage Coverage `json:"coverage"`
	Open     int      `json:"open"`    // findings
	Overdue  int      `json:"overdue"` // of them
	Due      []due    `json:"due"`     // the earliest
}

const maxDue = 200

func (k *knowledge) judgement(next int64) store.Judgement {
	b := judgementBody{Coverage: k.coverage}
	for _, f := range k.findings {
		if !f.open() {
			continue
		}
		b.Open++
		if f.DueAt == 0 {
			continue
		}
		if f.DueAt <= k.facts.Now {
			b.Overdue++
		}
		b.Due = append(b.Due, due{f.ID, f.ID + " in " + f.Component, f.DueAt})
	}
	slices.SortFunc(b.Due, func(x, y due) int { return cmp.Or(cmp.Compare(x.At, y.At), cmp.Compare(x.Title, y.Title)) })
	b.Due = b.Due[:min(len(b.Due), maxDue)]
	body, err := json.Marshal(b)
	if err != nil {
		panic(fmt.Sprintf("encode a judgement: %v", err)) // plain values
	}
	return store.Judgement{Organisation: k.system.Organisation, System: k.system.ID, Release: k.release.ID, At: k.facts.Now, NextAt: sooner(next, k.next), Body: string(body)}
}

// history tells since when a component, or an earlier version of it with the same
// vulnerability, is in a product: a new release does not make a finding younger.
type history struct {
	release  string                  // that the bills of materials describe
	postings map[string][]byte       // by document
	ids      map[string][]int64      // of documents that were looked at
	lanes    map[string][]store.Lane // sound bills of materials by lane, the newest first
	holds    map[string]string       // document to its lane
	seen     map[string]int64        // answers given
}

func newHistory(k *knowledge, rows []store.Occurrences) *history {
	h := &history{release: k.described, postings: map[string][]byte{}, ids: map[string][]int64{}, lanes: map[string][]store.Lane{}, seen: map[string]int64{}}
	for _, o := range rows {
		h.postings[o.Document] = o.Postings
	}
	for _, l := range k.lanes { // the newest first
		if l.Kind == string(check.Inventory) && k.sound(l) {
			h.lanes[l.Name] = append(h.lanes[l.Name], l)
		}
	}
	return h
}

func (h *history) of(document string) ([]int64, error) {
	if ids, have := h.ids[document]; have {
		return ids, nil
	}
	ids, err := occurrence.Unpack(h.postings[document])
	if err != nil {
		return nil, fmt.Errorf("occurrences of %s: %w", document, err)
	}
	h.ids[document] = ids
	return ids, nil
}

// since is when the oldest document was received from which on every one of its
// lane held a version with the vulnerability.
func (h *history) since(a *App, id int64, g match.Group) int64 {
	p, _, _ := a.machine.where.Lookup(id)
	at := g.All()[0] + "\x00" + p.Ecosystem + "\x00" + p.Key
	if first, have := h.seen[at]; have {
		return first
	}
	affected := a.affectedVersions(p, g)
	first := int64(0)
	for _, lane := range h.lanes {
		for _, l := range lane {
			ids, err := h.of(l.Document)
			if err != nil || !slices.ContainsFunc(affected, func(v int64) bool { _, holds := slices.BinarySearch(ids, v); return holds }) {
				break
			}
			first = sooner(first, l.ReceivedAt)
		}
	}
	h.seen[at] = first
	return first
}

// affectedVersions lists the known versions of a package that a vulnerability
// affects, or may.
func (a *App) affectedVersions(p occurrence.Package, g match.Group) []int64 {
	var out []int64
	for _, v := range a.machine.where.Versions(p.Ecosystem, p.Key) {
		if v.Problem != "" {
			continue
		}
		m := a.machine.advisories.Match(identityOf(p, v))
		if slices.ContainsFunc(slices.Concat(m.Hits, m.Unsure), func(h match.Hit) bool { return g.Has(h.Record.ID) }) {
			out = append(out, v.ID)
		}
	}
	return out
}
