package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/decision"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/match/purl"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// DecisionInput is what somebody decides about a vulnerability. Empty parts of the
// scope mean every: every release, every system of the organisation.
type DecisionInput struct {
	Vulnerability string // any of its ids
	Component     string // package URL, or the name of a component of the system; "" = the product as a whole
	AnyVersion    bool   // every version of the component, whatever version the package URL names
	System        string
	Release       string // its identifier or name
	Status        string
	Justification string
	Statement     string     // the impact: why, in words
	Action        string     // what users should do
	Condition     string     // what must stay true for it to hold
	ExpiresOn     civil.Date // last day on which it holds; "" = until it is withdrawn
}

// Decided says what became of a decision.
type Decided struct {
	ID       string   `json:"id"`
	Warnings []string `json:"warnings"` // what whoever decided may not have meant
}

// MakeDecision records what somebody decided, and has the systems concerned looked
// at again. It needs decision.write on the system; a decision for every system
// needs a role that reaches all of them.
//
// It fails with fault.Invalid, naming the fields, for what breaks a rule of VEX or
// cannot be matched, and with fault.NotFound for a system or release that the actor
// cannot see.
func (a *App) MakeDecision(ctx context.Context, who access.Actor, in DecisionInput) (Decided, Receipt, error) {
	if _, err := a.Decide(ctx, who, access.DecisionWrite); err != nil {
		return Decided{}, Receipt{}, err
	}
	var candidates []ComponentLine
	if named := strings.TrimSpace(in.Component); named != "" && in.System != "" && !strings.HasPrefix(named, "pkg:") {
		var err error
		if candidates, err = a.componentsNamed(ctx, who, in); err != nil {
			return Decided{}, Receipt{}, err
		}
	}
	var out Decided
	r, err := a.writing(ctx, who, access.DecisionWrite, func(tx *store.Tx, scope access.Scope) error {
		out = Decided{Warnings: []string{}}
		d := store.Decision{Organisation: scope.Organisation(), Source: string(decision.Person), Author: who.ID, MadeAt: tx.Now()}
		if err := scopeDecision(ctx, tx, scope, &d, in); err != nil {
			return err
		}
		org, err := tx.Organisation(ctx, scope)
		if err != nil {
			return err
		}
		if err := fillDecision(&d, in, org, today(tx, org), candidates); err != nil {
			return err
		}
		have, err := tx.Decisions(ctx, scope, in.System, a.namesOf(d.Vulnerability))
		if err != nil {
			return err
		}
		out.Warnings = append(out.Warnings, a.warningsOf(d, have, tx.Now())...)
		if err := a.record(ctx, tx, &d); err != nil {
			return err
		}
		out.ID = d.ID
		tx.Answer(out)
		return a.lookAgain(ctx, tx, d)
	})
	return out, r, err
}

// scopeDecision settles where a decision holds: a system and a release inside the
// scope, or everywhere for whoever reaches everything.
func scopeDecision(ctx context.Context, tx *store.Tx, scope access.Scope, d *store.Decision, in DecisionInput) error {
	if in.System == "" {
		var p fault.Problems
		if in.Release != "" {
			p.Add("/release", "A release belongs to a system, so name the system too.")
		}
		if err := p.Err(); err != nil {
			return err
		}
		return reachesAll(scope)
	}
	if in.Release == "" {
		s, err := tx.System(ctx, scope, in.System)
		d.System = s.ID
		return errOr(err, changes(s))
	}
	s, r, err := releaseIn(ctx, tx, scope, in.System, in.Release)
	d.System, d.Release = s.ID, r.ID
	return errOr(err, changes(s))
}

func reachesAll(scope access.Scope) error {
	if scope.All() {
		return nil
	}
	return fault.New(fault.Forbidden, "Your role covers some systems only, so the decision must be about one of them.")
}

// changes refuses a system that can no longer change.
func changes(s store.System) error {
	if portfolio.State(s.State).ReadOnly() {
		return fault.Newf(fault.Conflict, "This system is %s, so nothing can be decided about it any more.", s.State)
	}
	return nil
}

// errOr is the first of two errors.
func errOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// fillDecision takes over what was entered, by the rules of VEX.
func fillDecision(d *store.Decision, in DecisionInput, org store.Organisation, today civil.Date, candidates []ComponentLine) error {
	var p fault.Problems
	d.Vulnerability = canonicalID(text.Need(&p, "/vulnerability", "the identifier of the vulnerability, such as its CVE number", in.Vulnerability, text.Name))
	if strings.ContainsAny(d.Vulnerability, " <>\"") {
		p.Add("/vulnerability", "An identifier has no spaces, quotation marks or angle brackets. An example is CVE-2021-44228.")
	}
	componentOf(&p, d, in, candidates)
	s := decision.Statement{Status: decision.Status(in.Status), Justification: decision.Justification(in.Justification),
		Impact: text.Clean(&p, "/statement", in.Statement, text.Long), Action: text.Clean(&p, "/action", in.Action, text.Long), Condition: text.Clean(&p, "/condition", in.Condition, text.Short)}
	if !s.Status.Valid() {
		p.Add("/status", "Choose affected, under_investigation, fixed or not_affected.")
	}
	if s.Justification != "" && !s.Justification.Valid() {
		p.Add("/justification", "Choose one of the justifications of VEX.")
	} else if s.Status.Valid() {
		for _, broken := range s.Check() {
			at, words := ruleWords(broken.Rule)
			p.Add(at, "%s", words)
		}
	}
	if in.ExpiresOn != "" {
		switch {
		case !in.ExpiresOn.Valid():
			p.Add("/expires_on", "Enter a day that exists, as YYYY-MM-DD.")
		case in.ExpiresOn < today:
			p.Add("/expires_on", "The last day must be today or later. Today is %s.", today.Words())
		default:
			d.ExpiresAt = in.ExpiresOn.EndMicro(zoneOf(org))
		}
	}
	d.Status, d.Justification, d.Statement, d.Action, d.Condition = in.Status, in.Justification, s.Impact, s.Action, s.Condition
	return p.Err()
}

// ruleWords says to whoever decides where a rule of VEX is broken, and what to do.
func ruleWords(rule string) (pointer, words string) {
	switch rule {
	case "justification-or-impact":
		return "/justification", "Choose why it is not affected, or describe the impact in your own words."
	case "action":
		return "/action", "Enter what users should do about it."
	}
	return "/justification", "A justification belongs to not_affected only. Leave it out."
}

// componentOf settles which package a decision is about.
func componentOf(p *fault.Problems, d *store.Decision, in DecisionInput, candidates []ComponentLine) {
	const longest = 1000
	before := len(*p)
	given := text.Line(p, "/component", in.Component, longest)
	switch {
	case len(*p) > before:
		return
	case given == "" && in.System == "":
		p.Add("/component", "Give the component. A decision about a product as a whole needs a system.")
		return
	case given == "":
		return
	case !strings.HasPrefix(given, "pkg:") && in.System == "":
		p.Add("/component", "Give the package URL of the component, such as pkg:npm/lodash@4.17.20. A name alone needs a system in which it is looked up.")
		return
	case !strings.HasPrefix(given, "pkg:"):
		if given = pick(p, given, in.AnyVersion, candidates); given == "" {
			return
		}
	}
	if in.AnyVersion {
		given = withoutVersion(given)
	}
	id, known := purl.Parse(given)
	switch {
	case !known && id.Name == "":
		p.Add("/component", "This is not a package URL. An example is pkg:npm/lodash@4.17.20.")
		return
	case !known:
		p.Add("/component", "No advisories speak of packages of this kind, so a decision about one would be about nothing.")
		return
	}
	d.Ecosystem, d.Key, d.Versions, d.Component = id.Ecosystem, id.Key, id.Version, given
	if in.AnyVersion {
		d.Versions = ""
	}
}

// pick finds the one component that a name can mean.
func pick(p *fault.Problems, name string, anyVersion bool, candidates []ComponentLine) string {
	var urls []string
	packages := map[[2]string]bool{}
	for _, c := range candidates {
		id, known := purl.Parse(c.PURL)
		if known && !slices.Contains(urls, c.PURL) {
			urls = append(urls, c.PURL)
			packages[[2]string{id.Ecosystem, id.Key}] = true
		}
	}
	const most = 5
	shown := strings.Join(urls[:min(len(urls), most)], ", ")
	if more := len(urls) - most; more > 0 {
		shown += fmt.Sprintf(" and %d more", more)
	}
	switch {
	case len(urls) == 0:
		p.Add("/component", "The release has no component of this name that can be matched. Give its package URL.")
	case len(packages) > 1:
		p.Add("/component", "Several components have this name: %s. Give the package URL of one.", shown)
	case len(urls) > 1 && !anyVersion:
		p.Add("/component", "Several versions are in the release: %s. Give the package URL of one, or decide about every version.", shown)
	default:
		return urls[0]
	}
	return ""
}

// componentsNamed lists the components of the release in question that have a name,
// with or without the version behind it.
func (a *App) componentsNamed(ctx context.Context, who access.Actor, in DecisionInput) ([]ComponentLine, error) {
	var out []ComponentLine
	name := a.folded(in.Component)
	err := a.looking(ctx, who, in.System, in.Release, func(k *knowledge) error {
		for _, c := range k.components {
			if n := a.folded(c.Name); name == n || name == n+"@"+a.folded(c.Version) || name == n+" "+a.folded(c.Version) {
				out = append(out, c)
			}
		}
		return nil
	})
	return out, err
}

// withoutVersion takes the version out of a package URL, and that of a source
// package out of its qualifiers, and leaves every other letter as it is.
func withoutVersion(url string) string {
	rest, fragment, fragmented := strings.Cut(url, "#")
	path, query, queried := strings.Cut(rest, "?")
	if at := strings.LastIndexByte(path, '@'); at > strings.LastIndexByte(path, '/') {
		path = path[:at]
	}
	if queried {
		parts := strings.Split(query, "&")
		for i, part := range parts {
			name, value, _ := strings.Cut(part, "=")
			if name == "upstream" || name == "source" {
				value, _, _ = strings.Cut(strings.ReplaceAll(value, "%40", "@"), "@")
				parts[i] = name + "=" + value
			}
		}
		path += "?" + strings.Join(parts, "&")
	}
	if fragmented {
		path += "#" + fragment
	}
	return path
}

// warningsOf says what whoever decided may not have meant, or not know.
func (a *App) warningsOf(d store.Decision, have []store.Decision, now int64) []string {
	var out []string
	made := domainDecision(d)
	clears := made.Status == decision.NotAffected || made.Status == decision.Fixed
	if made.Status == decision.NotAffected && d.ExpiresAt == 0 {
		out = append(out, "The decision has no last day. It holds until somebody withdraws it, and nobody is asked to look again.")
	}
	if clears && a.exploited(d.Vulnerability) {
		out = append(out, "The vulnerability is known to be exploited. Check that the reason holds for everybody who can reach the system.")
	}
	n := 0
	for _, h := range have {
		if o := domainDecision(h); o.InForce(now) && sameMatter(o, made) && o.Status != made.Status && (o.Author != made.Author || o.Source != made.Source) {
			n++
		}
	}
	if n > 0 {
		out = append(out, plural(n, "1 other decision about the same says something else.", "%d other decisions about the same say something else.")+" The most cautious one is followed until they agree.")
	}
	return out
}

// WithdrawDecision ends a decision; it stays on record with the reason. version is
// the version that was read. It needs decision.write.
func (a *App) WithdrawDecision(ctx context.Context, who access.Actor, id string, version int64, reason string) (Receipt, error) {
	return a.writing(ctx, who, access.DecisionWrite, func(tx *store.Tx, scope access.Scope) error {
		d, err := tx.Decision(ctx, scope, id)
		if err != nil {
			return err
		}
		if d.System == "" {
			if err := reachesAll(scope); err != nil {
				return err
			}
		}
		var p fault.Problems
		reason = text.Need(&p, "/reason", "why it is withdrawn", reason, text.Short)
		if err := p.Err(); err != nil {
			return err
		}
		if d.WithdrawnAt > 0 {
			return fault.New(fault.Conflict, "This decision was withdrawn already.")
		}
		d.Version, d.WithdrawnAt, d.WithdrawnBy, d.WithdrawnWhy = version, tx.Now(), who.ID, reason
		if err := tx.SaveDecision(ctx, d); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.DecisionWithdrawn, Organisation: d.Organisation, TargetType: "decision", Target: d.ID,
			Fields: map[string]string{"vulnerability": d.Vulnerability, "component": d.Component, "reason": reason}})
		tx.Answer(map[string]any{"id": d.ID, "version": version + 1})
		return a.lookAgain(ctx, tx, d)
	})
}

// lookAgain queues what a decision may change: its system, or the job that looks
// for the systems that hold the component.
func (a *App) lookAgain(ctx context.Context, tx *store.Tx, d store.Decision) error {
	if d.System != "" {
		return a.enqueueSystem(ctx, tx, d.Organisation, d.System)
	}
	_, err := a.enqueue(ctx, tx, jobDecision, d.Organisation+" "+d.ID, task{Organisation: d.Organisation, Decision: d.ID})
	return err
}

// decided finds the systems that hold the component of a decision for every system,
// and queues each of them.
func (a *App) decided(ctx context.Context, j store.Job, t task) error {
	if err := a.Follow(ctx); err != nil {
		return err
	}
	var d store.Decision
	err := a.DB.Read(ctx, func(tx *store.Tx) (err error) {
		d, err = tx.DecisionForJob(ctx, t.Organisation, t.Decision)
		return err
	})
	if err != nil {
		return err
	}
	var versions []int64
	for _, v := range a.machine.where.Versions(d.Ecosystem, d.Key) {
		if d.Versions == "" || d.Versions == v.Version {
			versions = append(versions, v.ID)
		}
	}
	slices.Sort(versions)
	var systems []systemKey
	seen := map[systemKey]bool{}
	a.machine.where.Everywhere(slices.Compact(versions), func(organisation, system string) {
		if k := (systemKey{organisation, system}); organisation == t.Organisation && !seen[k] {
			seen[k] = true
			systems = append(systems, k)
		}
	})
	return a.enqueueAll(ctx, j, t, systems)
}

// enqueueAll queues many systems, some at a time, and then ends the job that found
// them.
func (a *App) enqueueAll(ctx context.Context, j store.Job, t task, systems []systemKey) error {
	const atOnce = 500
	for part := range slices.Chunk(systems, atOnce) {
		err := a.keepJob(ctx, func(tx *store.Tx) error {
			for _, s := range part {
				if err := a.enqueueSystem(ctx, tx, s.organisation, s.system); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return a.keepJob(ctx, func(tx *store.Tx) error { return a.done(ctx, tx, j, t) })
}
