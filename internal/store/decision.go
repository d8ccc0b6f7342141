package store

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// Decision is what somebody decided about a vulnerability in a component: a VEX
// statement or a triage. Empty fields of its scope mean every: every version,
// every system, every release.
type Decision struct {
	Organisation  string
	ID            string
	Vulnerability string // the id that the author used
	Ecosystem     string
	Key           string // match key of the package
	Component     string // purl or name as the author gave it
	Versions      string
	System        string
	Release       string
	Status        string
	Justification string
	Statement     string
	Action        string
	Condition     string
	Source        string // person, openvex, cyclonedx, csaf
	Document      string // the delivered document, when there is one
	Author        string
	MadeAt        int64 // what the author says
	RecordedAt    int64
	ExpiresAt     int64 // 0 = never
	WithdrawnAt   int64
	WithdrawnBy   string
	WithdrawnWhy  string
	Version       int64
}

var decisionTable = table{name: "decision", key: 2, cols: cols(`organisation_id id vulnerability ecosystem match_key component versions system_id release_id status
	justification statement action condition source document_id author made_at recorded_at expires_at withdrawn_at withdrawn_by withdrawn_why version`)}

func (d *Decision) fields() []any {
	return []any{&d.Organisation, &d.ID, &d.Vulnerability, &d.Ecosystem, &d.Key, &d.Component, &d.Versions, &d.System, &d.Release, &d.Status,
		&d.Justification, &d.Statement, &d.Action, &d.Condition, &d.Source, &d.Document, &d.Author, &d.MadeAt, &d.RecordedAt, &d.ExpiresAt,
		&d.WithdrawnAt, &d.WithdrawnBy, &d.WithdrawnWhy, &d.Version}
}

// CreateDecision adds a decision.
func (tx *Tx) CreateDecision(ctx context.Context, d Decision) error {
	d.Version = 1
	return tx.insert(ctx, decisionTable, d.fields())
}

// SaveDecision replaces a decision; d.Version is the version that was read.
func (tx *Tx) SaveDecision(ctx context.Context, d Decision) error {
	was := d.Version
	d.Version++
	return tx.update(ctx, decisionTable, d.fields(), was)
}

// reachDecision: a decision for the whole organisation is seen by everybody in
// it, one of a system by whoever sees the system.
func reachDecision(w *where, scope access.Scope) error {
	org, err := need(scope)
	if err != nil {
		return err
	}
	w.add("d.organisation_id = ?", org)
	inner := &where{args: w.args}
	if err := reach(inner, scope, "s"); err != nil {
		return err
	}
	w.args = inner.args
	w.parts = append(w.parts, "(d.system_id = '' OR EXISTS (SELECT 1 FROM system s"+inner.sql()+" AND s.id = d.system_id))")
	return nil
}

// Decision reads one decision inside the scope.
func (tx *Tx) Decision(ctx context.Context, scope access.Scope, id string) (Decision, error) {
	w := &where{}
	if err := reachDecision(w, scope); err != nil {
		return Decision{}, err
	}
	w.add("d.id = ?", id)
	var d Decision
	err := tx.one(ctx, "SELECT "+decisionTable.prefixed("d")+" FROM decision d"+w.sql(), w.args, d.fields())
	return d, err
}

// Decisions lists the decisions of the scope, oldest first, withdrawn ones
// included; with a system, those that may speak for it.
func (tx *Tx) Decisions(ctx context.Context, scope access.Scope, system string, vulnerabilities []string) ([]Decision, error) {
	w := &where{}
	if err := reachDecision(w, scope); err != nil {
		return nil, err
	}
	if system != "" {
		w.add("d.system_id IN ('', ?)", system)
	}
	if vulnerabilities != nil {
		w.in("d.vulnerability", vulnerabilities)
	}
	return all(ctx, tx, "SELECT "+decisionTable.prefixed("d")+" FROM decision d"+w.sql()+" ORDER BY d.id LIMIT 50000", w.args, (*Decision).fields)
}

// States of a decision, by which a list is narrowed.
const (
	DecisionInForce   = "in_force"
	DecisionConflict  = "conflict" // in force, and somebody else says otherwise of the same
	DecisionExpired   = "expired"
	DecisionWithdrawn = "withdrawn"
)

// DecisionFilter narrows a list of decisions.
type DecisionFilter struct {
	System          string   // those that may speak for it
	Vulnerabilities []string // any of these ids; nil = all
	State           string   // one of the states; "" = all
	BeforeID        string   // of the last one seen
	Limit           int
}

func (f DecisionFilter) where(scope access.Scope) (*where, error) {
	w := &where{}
	if err := reachDecision(w, scope); err != nil {
		return nil, err
	}
	if f.System != "" {
		w.add("d.system_id IN ('', ?)", f.System)
	}
	if f.Vulnerabilities != nil {
		w.in("d.vulnerability", f.Vulnerabilities)
	}
	return w, nil
}

// decisionState is the condition for a state at the time of the transaction.
func (tx *Tx) decisionState(w *where, state string) {
	const inForce = "d.withdrawn_at = 0 AND (d.expires_at = 0 OR d.expires_at > ?)"
	switch state {
	case DecisionInForce:
		w.add(inForce, tx.now)
	case DecisionExpired:
		w.add("d.withdrawn_at = 0 AND d.expires_at > 0 AND d.expires_at <= ?", tx.now)
	case DecisionWithdrawn:
		w.add("d.withdrawn_at > 0")
	case DecisionConflict:
		w.add(inForce, tx.now)
		w.add(`EXISTS (SELECT 1 FROM decision o WHERE o.organisation_id = d.organisation_id AND o.vulnerability = d.vulnerability AND o.ecosystem = d.ecosystem
			AND o.match_key = d.match_key AND o.versions = d.versions AND o.system_id = d.system_id AND o.release_id = d.release_id AND o.status <> d.status
			AND (o.author <> d.author OR o.source <> d.source) AND o.withdrawn_at = 0 AND (o.expires_at = 0 OR o.expires_at > ?))`, tx.now)
	}
}

// DecisionsIn lists decisions of the scope, newest first.
func (tx *Tx) DecisionsIn(ctx context.Context, scope access.Scope, f DecisionFilter) ([]Decision, error) {
	w, err := f.where(scope)
	if err != nil {
		return nil, err
	}
	tx.decisionState(w, f.State)
	if f.BeforeID != "" {
		w.add("d.id < ?", f.BeforeID)
	}
	return all(ctx, tx, "SELECT "+decisionTable.prefixed("d")+" FROM decision d"+w.sql()+" ORDER BY d.id DESC"+w.limit(f.Limit), w.args, (*Decision).fields)
}

// CountDecisions counts the decisions that a list without a state holds, by state;
// "" is all of them.
func (tx *Tx) CountDecisions(ctx context.Context, scope access.Scope, f DecisionFilter) (map[string]int64, error) {
	out := map[string]int64{}
	for _, state := range []string{"", DecisionInForce, DecisionConflict, DecisionExpired, DecisionWithdrawn} {
		w, err := f.where(scope)
		if err != nil {
			return nil, err
		}
		tx.decisionState(w, state)
		var n int64
		if err := tx.one(ctx, "SELECT count(*) FROM decision d"+w.sql(), w.args, []any{&n}); err != nil {
			return nil, err
		}
		out[state] = n
	}
	return out, nil
}

// DecisionsForJob lists the decisions in force that may speak for a system.
func (tx *Tx) DecisionsForJob(ctx context.Context, s System) ([]Decision, error) {
	return all(ctx, tx, "SELECT "+decisionTable.list()+" FROM decision WHERE organisation_id = $1 AND system_id IN ('', $2) AND withdrawn_at = 0 ORDER BY id LIMIT 50000",
		[]any{s.Organisation, s.ID}, (*Decision).fields)
}

// DecisionForJob reads one decision of an organisation.
func (tx *Tx) DecisionForJob(ctx context.Context, organisation, id string) (Decision, error) {
	var d Decision
	err := tx.one(ctx, "SELECT "+decisionTable.list()+" FROM decision WHERE organisation_id = $1 AND id = $2", []any{organisation, id}, d.fields())
	return d, err
}

// Verdict is what a check found when it last looked at a system.
type Verdict struct {
	Organisation string
	System       string
	Check        string
	Release      string
	Outcome      string
	Reason       string
	Facts        string // JSON: what it looked at
	At           int64
	FreshUntil   int64 // 0 = does not run out
}

var verdictTable = table{name: "verdict", key: 3, silent: true, cols: cols("organisation_id system_id check_id release_id outcome reason facts at fresh_until")}

func (v *Verdict) fields() []any {
	return []any{&v.Organisation, &v.System, &v.Check, &v.Release, &v.Outcome, &v.Reason, &v.Facts, &v.At, &v.FreshUntil}
}

// SaveVerdicts replaces the verdicts of the checks named.
func (tx *Tx) SaveVerdicts(ctx context.Context, vs []Verdict) error {
	for i := range vs {
		err := tx.execArgs(ctx, verdictTable.insertSQL()+` ON CONFLICT (organisation_id, system_id, check_id) DO UPDATE SET release_id = excluded.release_id,
			outcome = excluded.outcome, reason = excluded.reason, facts = excluded.facts, at = excluded.at, fresh_until = excluded.fresh_until`, values(vs[i].fields()))
		if err != nil {
			return err
		}
	}
	return nil
}

// VerdictsOf lists the verdicts of a system that was read in scope, by check.
func (tx *Tx) VerdictsOf(ctx context.Context, s System) ([]Verdict, error) {
	return all(ctx, tx, "SELECT "+verdictTable.list()+" FROM verdict WHERE organisation_id = $1 AND system_id = $2 ORDER BY check_id", []any{s.Organisation, s.ID}, (*Verdict).fields)
}
