package app

import (
	"context"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Decision is a row of what was decided about a vulnerability, as callers see it.
type Decision = store.Decision

// DecisionFilter narrows a list of decisions.
type DecisionFilter struct {
	System        string // decisions that may speak for it, those for the whole organisation included
	Vulnerability string // by any of its ids
	State         string // one of DecisionStates; "" = all
}

// DecisionStates are the states by which decisions are narrowed.
func DecisionStates() []string {
	return []string{store.DecisionInForce, store.DecisionConflict, store.DecisionExpired, store.DecisionWithdrawn}
}

// DecisionLine is a decision with what has become of it.
type DecisionLine struct {
	Decision
	SystemName      string // "" = every system
	ReleaseName     string // "" = every release
	AuthorName      string // of a person, or as the document says
	WithdrawnByName string
	State           string            // in_force, expired or withdrawn
	Followed        bool              // findings are judged by it
	ReplacedBy      string            // id of a newer one of the same author about the same
	Conflicts       []ConflictingLine // in force, about the same and saying something else
	Refused         string            // why it clears nothing though it is in force
}

// ConflictingLine is a decision that says something else.
type ConflictingLine struct {
	ID         string
	Status     string
	AuthorName string
}

// DecisionList is a page of decisions, newest first.
type DecisionList struct {
	ListOf[DecisionLine]
	Counts map[string]int64 // by state, whatever state the list is narrowed to; "" is all
	System System           // when the list is narrowed to one
}

// Decisions lists the decisions that the actor may see, newest first. A system
// that the actor cannot see has none. It needs decision.read.
func (a *App) Decisions(ctx context.Context, who access.Actor, f DecisionFilter, page Page) (DecisionList, error) {
	out := DecisionList{Counts: map[string]int64{}}
	limit, err := page.size()
	if err != nil {
		return out, err
	}
	after, err := page.parts(1)
	if err != nil {
		return out, err
	}
	if f.State != "" && !slices.Contains(DecisionStates(), f.State) {
		var p fault.Problems
		p.Add("/state", "Choose %s.", strings.Join(DecisionStates(), ", "))
		return out, p.Err()
	}
	err = a.reading(ctx, who, access.DecisionRead, func(tx *store.Tx, scope access.Scope) error {
		if f.System != "" {
			var err error
			if out.System, err = tx.System(ctx, scope, f.System); err != nil {
				return ignoreNotFound(err)
			}
		}
		narrow := store.DecisionFilter{System: f.System, State: f.State, BeforeID: after[0], Limit: limit + 1}
		if f.Vulnerability != "" {
			narrow.Vulnerabilities = a.namesOf(canonicalID(f.Vulnerability))
		}
		rows, err := tx.DecisionsIn(ctx, scope, narrow)
		if err != nil {
			return err
		}
		if len(rows) > limit {
			rows = rows[:limit]
			out.Next = cursor(rows[limit-1].ID)
		}
		if out.Counts, err = tx.CountDecisions(ctx, scope, narrow); err != nil {
			return err
		}
		out.Total = out.Counts[f.State]
		out.Items, err = a.decisionLines(ctx, tx, scope, rows)
		return err
	})
	return out, err
}

// DecisionView is one decision with the others about the same matter.
type DecisionView struct {
	DecisionLine
	Aliases   []string       // other ids of the vulnerability
	Others    []DecisionLine // about the same vulnerability in the same component, whatever became of them; newest first
	Exploited bool           // the vulnerability is known to be exploited
}

// mostOthers bounds the other decisions that a page shows.
const mostOthers = 100

// DecisionView reads one decision. It needs decision.read.
func (a *App) DecisionView(ctx context.Context, who access.Actor, id string) (DecisionView, error) {
	var v DecisionView
	err := a.reading(ctx, who, access.DecisionRead, func(tx *store.Tx, scope access.Scope) error {
		d, err := tx.Decision(ctx, scope, id)
		if err != nil {
			return err
		}
		lines, err := a.decisionLines(ctx, tx, scope, []store.Decision{d})
		if err != nil {
			return err
		}
		v.DecisionLine = lines[0]
		v.Aliases = slices.DeleteFunc(a.namesOf(d.Vulnerability), func(id string) bool { return id == d.Vulnerability })
		v.Exploited = a.exploited(d.Vulnerability)
		v.Others, err = a.othersAbout(ctx, tx, scope, d.Vulnerability, d.System, func(o store.Decision) bool {
			return o.ID != d.ID && (o.Key == "" || d.Key == "" || o.Ecosystem == d.Ecosystem && o.Key == d.Key)
		})
		return err
	})
	return v, err
}

// othersAbout lists the decisions about a vulnerability that may speak for a
// system, newest first.
func (a *App) othersAbout(ctx context.Context, tx *store.Tx, scope access.Scope, vulnerability, system string, keep func(store.Decision) bool) ([]DecisionLine, error) {
	rows, err := tx.DecisionsIn(ctx, scope, store.DecisionFilter{System: system, Vulnerabilities: a.namesOf(vulnerability), Limit: 1000})
	if err != nil {
		return nil, err
	}
	rows = slices.DeleteFunc(rows, func(d store.Decision) bool { return !keep(d) })
	return a.decisionLines(ctx, tx, scope, rows[:min(len(rows), mostOthers)])
}

// Deciding is what somebody needs to see before they decide.
type Deciding struct {
	System        System // empty = for every system
	Vulnerability string
	Aliases       []string
	Component     string
	Release       string    // name of the release that the findings are of
	Releases      []string  // names, newest first
	Findings      []Finding // of the vulnerability in the component
	Others        []DecisionLine
	Exploited     bool
	Everywhere    bool // the actor may decide for the whole organisation
	Today         civil.Date
	Ready         bool // the index is made, so that findings are known
}

// Deciding reads what is known of a vulnerability in a component of a system, and
// what was decided about it. It needs decision.write, and release.read for the
// findings.
func (a *App) Deciding(ctx context.Context, who access.Actor, system, vulnerability, component string) (Deciding, error) {
	v := Deciding{Vulnerability: canonicalID(vulnerability), Component: component, Ready: a.Ready()}
	if _, err := a.Decide(ctx, who, access.ReleaseRead); err != nil {
		return v, err
	}
	err := a.reading(ctx, who, access.DecisionWrite, func(tx *store.Tx, scope access.Scope) error {
		org, err := tx.Organisation(ctx, scope)
		if err != nil {
			return err
		}
		v.Everywhere, v.Today = scope.All(), today(tx, org)
		if system != "" {
			if v.System, err = tx.System(ctx, scope, system); err != nil {
				return err
			}
			if err := a.findingsFor(ctx, tx, &v); err != nil {
				return err
			}
		}
		if v.Vulnerability == "" {
			return nil
		}
		v.Aliases = slices.DeleteFunc(a.namesOf(v.Vulnerability), func(id string) bool { return id == v.Vulnerability })
		v.Exploited = a.exploited(v.Vulnerability)
		id, _ := purl.Parse(component)
		v.Others, err = a.othersAbout(ctx, tx, scope, v.Vulnerability, system, func(d store.Decision) bool {
			return d.Key == "" || component == "" || d.Ecosystem == id.Ecosystem && d.Key == id.Key
		})
		return err
	})
	return v, err
}

// findingsFor looks at the system now.
func (a *App) findingsFor(ctx context.Context, tx *store.Tx, v *Deciding) error {
	releases, err := tx.ReleasesOf(ctx, v.System, maxReleases)
	if err != nil {
		return err
	}
	for _, r := range releases {
		v.Releases = append(v.Releases, r.Name)
	}
	if !v.Ready || v.Vulnerability == "" {
		return nil
	}
	k, err := a.look(ctx, tx, v.System)
	if err != nil {
		return err
	}
	ids := a.namesOf(v.Vulnerability)
	for _, r := range releases {
		if r.ID == k.described {
			v.Release = r.Name
		}
	}
	for _, f := range k.findings {
		if slices.Contains(ids, f.ID) && (v.Component == "" || f.PURL == v.Component || f.Component == v.Component || f.Package == v.Component) {
			v.Findings = append(v.Findings, f)
		}
	}
	return nil
}

// decisionLines says of decisions what has become of them, in as many statements
// for one as for all.
func (a *App) decisionLines(ctx context.Context, tx *store.Tx, scope access.Scope, rows []store.Decision) ([]DecisionLine, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	var systems, releases, ids, people []string
	for _, d := range rows {
		systems, releases, people = append(systems, d.System), append(releases, d.Release), append(people, d.WithdrawnBy)
		ids = append(ids, a.namesOf(d.Vulnerability)...)
	}
	var all []store.Decision
	for some := range slices.Chunk(compacted(ids), 5000) {
		more, err := tx.Decisions(ctx, scope, "", some)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	for _, d := range all {
		if d.Source == string(decision.Person) {
			people = append(people, d.Author)
		}
	}
	names, err := a.actorNames(ctx, tx, people)
	if err != nil {
		return nil, err
	}
	named, err := tx.SystemsNamed(ctx, scope, compacted(systems))
	if err != nil {
		return nil, err
	}
	systemNames := map[string]string{}
	for _, s := range named {
		systemNames[s.ID] = s.Name
	}
	releaseNames, err := tx.ReleasesNamed(ctx, scope, compacted(releases))
	if err != nil {
		return nil, err
	}
	out := make([]DecisionLine, len(rows))
	for i, d := range rows {
		out[i] = DecisionLine{Decision: d, SystemName: systemNames[d.System], ReleaseName: releaseNames[d.Release], AuthorName: authorOf(d, names), WithdrawnByName: names[d.WithdrawnBy]}
		a.become(&out[i], all, names, tx.Now())
	}
	return out, nil
}

// become says what has become of a decision among all about its vulnerability.
func (a *App) become(l *DecisionLine, all []store.Decision, names map[string]string, now int64) {
	d := domainDecision(l.Decision)
	switch {
	case d.WithdrawnAt != 0:
		l.State = store.DecisionWithdrawn
		return
	case !d.InForce(now):
		l.State = store.DecisionExpired
		return
	}
	l.State = store.DecisionInForce
	ids := a.namesOf(d.Vulnerability)
	var list []decision.Decision
	rows := map[string]store.Decision{}
	for _, o := range all {
		if !slices.Contains(ids, o.Vulnerability) {
			continue
		}
		other := domainDecision(o)
		list = append(list, other)
		rows[o.ID] = o
		if other.InForce(now) && sameMatter(other, d) && other.Author == d.Author && other.Source == d.Source &&
			(other.MadeAt > d.MadeAt || other.MadeAt == d.MadeAt && other.ID > d.ID) && l.ReplacedBy == "" {
			l.ReplacedBy = o.ID
		}
	}
	if l.ReplacedBy != "" {
		return
	}
	exploited := a.exploited(d.Vulnerability)
	if exploited && d.Source != decision.Person && (d.Status == decision.NotAffected || d.Status == decision.Fixed) {
		l.Refused = decision.Resolve([]decision.Decision{d}, ownSubject(d), now, true).Refused
		return
	}
	o := decision.Resolve(list, ownSubject(d), now, exploited)
	l.Followed = o.Decided && o.Status == d.Status
	for _, c := range append([]decision.Decision{o.By}, o.Conflicting...) {
		if c.ID != d.ID && c.Status != d.Status {
			l.Conflicts = append(l.Conflicts, ConflictingLine{ID: c.ID, Status: string(c.Status), AuthorName: authorOf(rows[c.ID], names)})
		}
	}
}

// ownSubject is what a decision is about, as a subject: of those that speak to it
// none is nearer.
func ownSubject(d decision.Decision) decision.Subject {
	return decision.Subject{Ecosystem: d.Ecosystem, Key: d.Key, Version: d.Versions, System: d.System, Release: d.Release}
}

func sameMatter(a, b decision.Decision) bool { return ownSubject(a) == ownSubject(b) }

// authorOf names whoever decided.
func authorOf(d store.Decision, names map[string]string) string {
	if d.Source == string(decision.Person) {
		return or(names[d.Author], "somebody who is not known here")
	}
	return or(d.Author, "an author without a name")
}

// authorsOf names whoever decided, by decision.
func (a *App) authorsOf(ctx context.Context, tx *store.Tx, rows []store.Decision) (map[string]string, error) {
	var people []string
	for _, d := range rows {
		if d.Source == string(decision.Person) {
			people = append(people, d.Author)
		}
	}
	names, err := a.actorNames(ctx, tx, people)
	out := make(map[string]string, len(rows))
	for _, d := range rows {
		out[d.ID] = authorOf(d, names)
	}
	return out, err
}

// nameAuthors puts names in place of the identifiers of people who decided about
// findings, once everything was resolved by identifier.
func (a *App) nameAuthors(ctx context.Context, tx *store.Tx, findings []Finding) error {
	var people []string
	each := func(fn func(*decision.Decision)) {
		for i := range findings {
			if d := findings[i].Decided; d != nil && d.Source == decision.Person {
				fn(d)
			}
			for j := range findings[i].Conflicts {
				if d := &findings[i].Conflicts[j]; d.Source == decision.Person {
					fn(d)
				}
			}
		}
	}
	each(func(d *decision.Decision) { people = append(people, d.Author) })
	if len(people) == 0 {
		return nil
	}
	names, err := a.actorNames(ctx, tx, people)
	each(func(d *decision.Decision) { d.Author = or(names[d.Author], d.Author) })
	return err
}

// namesOf lists every id of a vulnerability, as far as is known now.
func (a *App) namesOf(id string) []string {
	all := a.machine.advisories.Group(id).All()
	if !slices.Contains(all, id) {
		all = append(slices.Clone(all), id)
	}
	return all
}

// exploited reports whether a vulnerability is known to be exploited, by any of
// its ids.
func (a *App) exploited(id string) bool {
	ids := a.namesOf(id)
	a.machine.mu.RLock()
	defer a.machine.mu.RUnlock()
	return slices.ContainsFunc(ids, func(id string) bool { _, known := a.machine.exploited.Find(id); return known })
}

// canonicalID is an id in the letters in which it is given out, where that is
// known, so that a decision about cve-2026-1 is not about nothing.
func canonicalID(id string) string {
	id = strings.TrimSpace(id)
	switch {
	case len(id) > 4 && strings.EqualFold(id[:4], "CVE-"):
		return strings.ToUpper(id)
	case len(id) > 5 && strings.EqualFold(id[:5], "GHSA-"):
		return "GHSA-" + strings.ToLower(id[5:])
	}
	return id
}

// compacted is a list without repeats and without "".
func compacted(list []string) []string {
	list = slices.Compact(slices.Sorted(slices.Values(list)))
	return slices.DeleteFunc(list, func(s string) bool { return s == "" })
}
