package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/match"
	"github.com/touchstone-assurance/touchstone/internal/match/occurrence"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// AffectedItem is one version of one package in one release that a vulnerability
// affects.
type AffectedItem struct {
	System     string
	SystemName string
	Release    string // name
	ReleaseID  string
	Component  string // purl, or name and version
	Version    string
	Owner      string // senior responsible owner, or the security lead; "" when there is none
	Exposure   string // as the register has it; "" = not known
	Exposed    bool   // reached from the public internet, as far as is known
	Decision   string // status; "" when nobody decided
	DecidedBy  string
	Conflicts  int    // other decisions that say something else
	Refused    string // why a statement was not followed
	SSVC       advisory.Outcome
	SSVCPath   []string
	Fixed      []string
	Severity   advisory.Severity
	Band       advisory.Band
	EPSS       float64
	Exploited  bool
	Unsure     bool // whether it applies cannot be said
}

// AffectedView is who is affected by a vulnerability now.
type AffectedView struct {
	ID         string // as it was asked for
	Name       string // CVE where there is one
	Aliases    []string
	Held       bool // some record about it is held
	AsOf       int64
	List       ListOf[AffectedItem]
	Feeds      []FeedView
	Unassessed int64 // occurrences of which nothing can be said: no identity, no feed, not comparable
}

// Affected answers who is affected by an advisory or an alias of one, of the
// systems that the actor may see, ordered by system and release. An id that nobody
// has is an answer too: nobody, with what was asked and how old it is. It needs
// advisory.read.
func (a *App) Affected(ctx context.Context, who access.Actor, id string, page Page) (AffectedView, error) {
	v := AffectedView{ID: id, Name: id}
	limit, err := page.size()
	if err != nil {
		return v, err
	}
	after, err := page.parts(4)
	if err != nil {
		return v, err
	}
	if !a.Ready() {
		return v, errNotReady
	}
	err = a.reading(ctx, who, access.AdvisoryRead, func(tx *store.Tx, scope access.Scope) error {
		v.AsOf = tx.Now()
		s := a.machine.search(scope.Organisation(), id)
		v.Held = len(s.group.IDs) > 0
		if v.Held {
			v.Name, v.Aliases = nameOf(s.group), others(s.group, nameOf(s.group))
		}
		visible, err := s.narrow(ctx, tx, scope)
		if err != nil {
			return err
		}
		v.Unassessed = a.machine.unassessed(scope.Organisation(), visible) + s.unsure
		v.List.Total = int64(len(s.hits))
		first := s.from(after)
		rest := s.hits[first:]
		if len(rest) > limit {
			rest = rest[:limit]
			v.List.Next = cursor(rest[limit-1].at()...)
		}
		if v.List.Items, err = a.affectedItems(ctx, tx, scope, s, rest); err != nil {
			return err
		}
		v.Feeds, err = a.feedViews(ctx, tx)
		return err
	})
	return v, err
}

// search is what the index says of one vulnerability in one organisation.
type search struct {
	group    match.Group
	hits     []affectedHit
	unsure   int64
	versions map[int64]affectedVersion
}

// affectedVersion is a version in the dictionary that the vulnerability affects.
type affectedVersion struct {
	pkg occurrence.Package
	occurrence.Version
	hits []match.Hit
}

type affectedHit struct {
	occurrence.Hit
	component string
}

// at orders hits; the parts are the cursor.
func (h affectedHit) at() []string {
	return []string{h.Document.System, h.Document.Release, h.component, fmt.Sprintf("%019d", h.Version)}
}

func (h affectedHit) compare(o affectedHit) int {
	return cmp.Or(strings.Compare(h.Document.System, o.Document.System), strings.Compare(h.Document.Release, o.Document.Release), strings.Compare(h.component, o.component),
		cmp.Compare(h.Version, o.Version))
}

func (m *machine) search(organisation, id string) *search {
	s := &search{group: m.advisories.Group(id), versions: map[int64]affectedVersion{}}
	var affected, unsure []int64
	for _, r := range s.group.Records {
		if r.Withdrawn != 0 {
			continue
		}
		for _, p := range r.Packages() {
			m.mu.RLock()
			ecosystems := m.ecosystems[p.Ecosystem]
			m.mu.RUnlock()
			for _, e := range ecosystems {
				for _, v := range m.where.Versions(e, p.Key) {
					if _, done := s.versions[v.ID]; done || v.Problem != "" {
						continue
					}
					pkg := occurrence.Package{Ecosystem: e, Key: p.Key, Name: p.Name}
					said := m.advisories.MatchOnly(purl.Identity{Ecosystem: e, Key: p.Key, Version: v.Version}, s.group.Records)
					switch {
					case len(said.Hits) > 0:
						s.versions[v.ID] = affectedVersion{pkg, v, said.Hits}
						affected = append(affected, v.ID)
					case len(said.Unsure) > 0:
						s.versions[v.ID] = affectedVersion{pkg, v, said.Unsure}
						unsure = append(unsure, v.ID)
					}
				}
			}
		}
	}
	for _, h := range m.where.Where(organisation, affected) {
		v := s.versions[h.Version]
		s.hits = append(s.hits, affectedHit{h, strings.ReplaceAll(shown(identityOf(v.pkg, v.Version)), "\x1f", " ")})
	}
	s.unsure = int64(len(m.where.Where(organisation, unsure)))
	slices.SortFunc(s.hits, affectedHit.compare)
	s.hits = slices.CompactFunc(s.hits, func(x, y affectedHit) bool { return x.compare(y) == 0 })
	return s
}

// narrow leaves what the scope reaches, and returns its systems; nil means all of
// the organisation.
func (s *search) narrow(ctx context.Context, tx *store.Tx, scope access.Scope) ([]string, error) {
	if scope.All() && scope.Ceiling() >= access.MaxCeiling {
		return nil, nil
	}
	ids, err := tx.SystemIDs(ctx, scope)
	if err != nil {
		return nil, err
	}
	seen := make(map[string]bool, len(ids))
	for _, id := range ids {
		seen[id] = true
	}
	s.hits = slices.DeleteFunc(s.hits, func(h affectedHit) bool { return !seen[h.Document.System] })
	return append([]string{}, ids...), nil
}

// from is the place of the first hit behind a cursor.
func (s *search) from(after []string) int {
	if after[3] == "" {
		return 0
	}
	n, found := slices.BinarySearchFunc(s.hits, after, func(h affectedHit, at []string) int { return slices.Compare(h.at(), at) })
	if found {
		n++
	}
	return n
}

// unassessed counts what no advisory can speak of.
func (m *machine) unassessed(organisation string, systems []string) int64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.tallies.unassessed(organisation, systems, func(ecosystem string) bool { _, loaded := m.asOf[ecosystem]; return loaded })
}

// affectedItems adds to a page of hits what the register and the decisions say, in
// as many statements for one as for all.
func (a *App) affectedItems(ctx context.Context, tx *store.Tx, scope access.Scope, s *search, hits []affectedHit) ([]AffectedItem, error) {
	if len(hits) == 0 {
		return nil, nil
	}
	var ids []string
	for _, h := range hits {
		ids = append(ids, h.Document.System)
	}
	ids = slices.Compact(ids)
	systems, err := tx.SystemsNamed(ctx, scope, ids)
	if err != nil {
		return nil, err
	}
	byID := map[string]store.System{}
	for _, sys := range systems {
		byID[sys.ID] = sys
	}
	org, err := tx.Organisation(ctx, scope)
	if err != nil {
		return nil, err
	}
	owners, err := a.ownersOf(ctx, tx, scope, org, ids)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Decisions(ctx, scope, "", s.group.All())
	if err != nil {
		return nil, err
	}
	var decisions []decision.Decision
	for _, d := range rows {
		decisions = append(decisions, domainDecision(d))
	}
	authors, err := a.authorsOf(ctx, tx, rows)
	if err != nil {
		return nil, err
	}
	var out []AffectedItem
	for _, h := range hits {
		sys := byID[h.Document.System]
		out = append(out, a.affectedItem(tx.Now(), s, h, sys, owners[sys.ID], decisions, authors))
	}
	return out, nil
}

func (a *App) affectedItem(now int64, s *search, h affectedHit, sys store.System, owner string, decisions []decision.Decision, authors map[string]string) AffectedItem {
	v := s.versions[h.Version]
	rel, _ := a.machine.release(h.Document.Organisation, h.Document.Release)
	l := looker{app: a, k: &knowledge{system: sys}}
	f := Finding{ID: nameOf(s.group), Ecosystem: v.pkg.Ecosystem, key: v.pkg.Key}
	for _, hit := range v.hits {
		l.describe(&f, hit)
	}
	a.machine.rate(&f, s.group)
	f.rank(sys)
	out := AffectedItem{System: sys.ID, SystemName: sys.Name, Release: rel.Name, ReleaseID: rel.ID, Component: h.component, Version: v.Version.Version, Owner: owner,
		Exposure: sys.Exposure, Exposed: exposed(sys), SSVC: f.SSVC, SSVCPath: f.SSVCPath, Fixed: f.Fixed, Severity: f.Severity, Band: f.Band, EPSS: f.EPSS, Exploited: f.Exploited}
	o := decision.Resolve(decisions, decision.Subject{Ecosystem: v.pkg.Ecosystem, Key: v.pkg.Key, Version: v.Version.Version, System: sys.ID, Release: rel.ID}, now, f.Exploited)
	out.Refused, out.Conflicts = o.Refused, len(o.Conflicting)
	if o.Decided {
		out.Decision, out.DecidedBy = string(o.Status), authors[o.By.ID]
	}
	return out
}

// ownersOf names who answers for each system: the senior responsible owner, or the
// security lead where there is none, as appointed today.
func (a *App) ownersOf(ctx context.Context, tx *store.Tx, scope access.Scope, org store.Organisation, systems []string) (map[string]string, error) {
	rows, err := tx.AppointmentsAmong(ctx, scope, systems, []string{string(access.SRO), string(access.DTSL)}, today(tx, org))
	if err != nil {
		return nil, err
	}
	var people []string
	for _, r := range rows {
		if r.Person != "" {
			people = append(people, r.Person)
		}
	}
	names, err := a.actorNames(ctx, tx, people)
	if err != nil {
		return nil, err
	}
	out, by := map[string]string{}, map[string]string{}
	for _, r := range rows {
		name := r.Name
		if r.Person != "" {
			name = names[r.Person]
		}
		if out[r.System] == "" || by[r.System] != string(access.SRO) && r.Role == string(access.SRO) {
			out[r.System], by[r.System] = name, r.Role
		}
	}
	return out, nil
}
