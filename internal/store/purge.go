package store

import (
	"bytes"
	"context"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Purge is the removal of content that must not be here, asked for by one person
// and approved by another. It stays as the tombstone.
type Purge struct {
	Organisation string
	ID           string
	TargetType   string // evidence, response
	TargetID     string // of a response: assessment/requirement
	Reason       string
	State        string // requested, done, refused
	Digest       string // salted digest of what was removed
	RequestedBy  string
	RequestedAt  int64
	ApprovedBy   string // who decided, also when the decision was no
	ApprovedAt   int64
	Version      int64
}

var purgeTable = table{name: "purge", key: 2,
	cols: cols("organisation_id id target_type target_id reason state digest requested_by requested_at approved_by approved_at version")}

func (p *Purge) fields() []any {
	return []any{&p.Organisation, &p.ID, &p.TargetType, &p.TargetID, &p.Reason, &p.State, &p.Digest, &p.RequestedBy, &p.RequestedAt, &p.ApprovedBy, &p.ApprovedAt, &p.Version}
}

// CreatePurge adds a request.
func (tx *Tx) CreatePurge(ctx context.Context, p Purge) error {
	p.Version = 1
	return tx.insert(ctx, purgeTable, p.fields())
}

// SavePurge replaces a request; p.Version is the version that was read.
func (tx *Tx) SavePurge(ctx context.Context, p Purge) error {
	was := p.Version
	p.Version++
	return tx.update(ctx, purgeTable, p.fields(), was)
}

const onePurge = " FROM purge WHERE organisation_id = $1 AND id = $2"

// PurgeRequest reads one request of the organisation.
func (tx *Tx) PurgeRequest(ctx context.Context, scope access.Scope, id string) (Purge, error) {
	org, err := need(scope)
	if err != nil {
		return Purge{}, err
	}
	var p Purge
	err = tx.one(ctx, "SELECT "+purgeTable.list()+onePurge, []any{org, id}, p.fields())
	return p, err
}

// Purges lists the requests of the organisation, newest first.
func (tx *Tx) Purges(ctx context.Context, scope access.Scope, limit int) ([]Purge, error) {
	org, err := need(scope)
	if err != nil {
		return nil, err
	}
	return all(ctx, tx, "SELECT "+purgeTable.list()+" FROM purge WHERE organisation_id = $1 ORDER BY requested_at DESC, id LIMIT $2", []any{org, int64(limit)}, (*Purge).fields)
}

// DonePurges lists what was purged in every organisation, oldest first: it has to
// be purged again when a copy made earlier takes the place of this database.
func (tx *Tx) DonePurges(ctx context.Context) ([]Purge, error) {
	return all(ctx, tx, "SELECT "+purgeTable.list()+" FROM purge WHERE state = 'done' ORDER BY approved_at, id", nil, (*Purge).fields)
}

// TakePurge puts the tombstone of another copy of this database here. It reports
// false, and changes nothing, when it stands here as done.
func (tx *Tx) TakePurge(ctx context.Context, p Purge) (bool, error) {
	var have Purge
	err := tx.one(ctx, "SELECT "+purgeTable.list()+onePurge, []any{p.Organisation, p.ID}, have.fields())
	switch {
	case fault.Is(err, fault.NotFound):
		return true, tx.insert(ctx, purgeTable, p.fields())
	case err != nil || have.State == p.State:
		return false, err
	}
	p.Version = have.Version
	return true, tx.SavePurge(ctx, p)
}

// EvidenceByID reads a record without regard to its marking: one that is marked
// above what the organisation may hold is what a purge is for.
func (tx *Tx) EvidenceByID(ctx context.Context, organisation, id string) (Evidence, error) {
	var e Evidence
	err := tx.one(ctx, "SELECT "+evidenceTable.list()+" FROM evidence WHERE organisation_id = $1 AND id = $2", []any{organisation, id}, e.fields())
	return e, err
}

// Answers lists every answer of a system to a framework, over all assessments
// and with those that were replaced.
func (tx *Tx) Answers(ctx context.Context, s System, framework string) (standing []Response, replaced []Revision, err error) {
	const of = " r JOIN assessment a ON a.organisation_id = r.organisation_id AND a.id = r.assessment_id WHERE a.organisation_id = $1 AND a.system_id = $2 AND a.framework_id = $3 ORDER BY r.assessment_id, r.requirement_id"
	args := []any{s.Organisation, s.ID, framework}
	if standing, err = all(ctx, tx, "SELECT "+responseTable.prefixed("r")+" FROM response"+of, args, (*Response).fields); err != nil {
		return nil, nil, err
	}
	replaced, err = all(ctx, tx, "SELECT "+revisionTable.prefixed("r")+" FROM response_revision"+of+", r.version", args, (*Revision).fields)
	return standing, replaced, err
}

// BlankResponse replaces an answer and keeps nothing of the one before. Whoever
// has the old one open finds theirs stale.
func (tx *Tx) BlankResponse(ctx context.Context, r Response) error {
	was := r.Version
	r.Version++
	return tx.update(ctx, responseTable, r.fields(), was)
}

// BlankRevision replaces an answer that was replaced before.
func (tx *Tx) BlankRevision(ctx context.Context, r Revision) error {
	return tx.update(ctx, revisionTable, r.fields(), r.Version)
}

// DropDrafts removes what anybody has typed and not saved as the answer.
func (tx *Tx) DropDrafts(ctx context.Context, a Assessment, requirement string) error {
	return tx.exec(ctx, "DELETE FROM draft"+perAssessment+" AND requirement_id = $3", a.Organisation, a.ID, requirement)
}

// FrozenNaming lists what was approved in the organisation whose content has the
// identifier in it.
func (tx *Tx) FrozenNaming(ctx context.Context, organisation, id string) ([]Frozen, error) {
	rows, err := tx.query(ctx, "SELECT "+frozenTable.list()+" FROM frozen WHERE organisation_id = $1", []any{organisation})
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Frozen
	for rows.Next() {
		var f Frozen
		if err := rows.Scan(f.fields()...); err != nil {
			return nil, err
		}
		if bytes.Contains(f.Body, []byte(id)) {
			out = append(out, f)
		}
	}
	return out, rows.Err()
}

// BlankFrozen replaces the content of what was approved. The digest stays: it is
// what was signed.
func (tx *Tx) BlankFrozen(ctx context.Context, f Frozen) error {
	f.PurgedAt = tx.now
	return tx.update(ctx, frozenTable, f.fields(), 0)
}

// StandingsNaming lists standings of the organisation whose reasons have the
// identifier in them.
func (tx *Tx) StandingsNaming(ctx context.Context, organisation, id string) ([]Standing, error) {
	return all(ctx, tx, "SELECT "+standingTable.list()+` FROM standing WHERE organisation_id = $1 AND body LIKE $2 ESCAPE '\'`,
		[]any{organisation, "%" + escapeLike(id) + "%"}, (*Standing).fields)
}

// StandingEventsSaying lists moves of the organisation whose reason has the words
// in it; the engines may differ about upper and lower case.
func (tx *Tx) StandingEventsSaying(ctx context.Context, organisation, words string) ([]StandingEvent, error) {
	return all(ctx, tx, "SELECT "+standingEventTable.list()+` FROM standing_event WHERE organisation_id = $1 AND why LIKE $2 ESCAPE '\'`,
		[]any{organisation, "%" + escapeLike(words) + "%"}, (*StandingEvent).fields)
}

// BlankStandingEvent replaces the reason of a move.
func (tx *Tx) BlankStandingEvent(ctx context.Context, e StandingEvent) error {
	return tx.update(ctx, standingEventTable, e.fields(), 0)
}

// BlankAnswers lets fn replace what is kept for repeated requests.
func (tx *Tx) BlankAnswers(ctx context.Context, fn func(body []byte) (replaced []byte, changed bool)) error {
	kept, err := all(ctx, tx, "SELECT "+replayTable.list()+" FROM idempotency", nil, (*replay).fields)
	if err != nil {
		return err
	}
	for _, r := range kept {
		body, changed := fn(r.body)
		if !changed {
			continue
		}
		if err := tx.exec(ctx, "UPDATE idempotency SET body = $1 WHERE actor_id = $2 AND key = $3", body, r.actor, r.key); err != nil {
			return err
		}
	}
	return nil
}

// EraseWhere erases, in every entry of the organisation and of none, the openings
// that names gives for it. It returns the values among them, which a later entry
// has to name. Of the entry that names is shown only index, action, actor, target
// and openings are set; openings that are erased already are not shown.
func (tx *Tx) EraseWhere(ctx context.Context, organisation string, names func(StoredEntry) []string) ([]audit.Erasure, error) {
	found, err := tx.findOpenings(ctx, organisation, names)
	if err != nil {
		return nil, err
	}
	var values []audit.Erasure
	for _, f := range found {
		if err := tx.EraseOpenings(ctx, f.idx, f.names); err != nil {
			return nil, err
		}
		for _, name := range f.names {
			if !audit.IsRow(name) {
				values = append(values, audit.Erasure{Index: f.idx, Name: name})
			}
		}
	}
	return values, nil
}

type namedOpenings struct {
	idx   int64
	names []string
}

func (tx *Tx) findOpenings(ctx context.Context, organisation string, names func(StoredEntry) []string) ([]namedOpenings, error) {
	rows, err := tx.query(ctx, "SELECT idx, action, actor, target_type, target_id, openings FROM audit_entry WHERE organisation_id IN ('', $1) ORDER BY idx", []any{organisation})
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []namedOpenings
	for rows.Next() {
		var s StoredEntry
		var action, text string
		if err := rows.Scan(&s.Idx, &action, &s.Entry.Actor, &s.Entry.TargetType, &s.Entry.Target, &text); err != nil {
			return nil, err
		}
		s.Entry.Index, s.Entry.Action = s.Idx, audit.Action(action)
		all, err := parseOpenings(text)
		if err != nil {
			return nil, fmt.Errorf("openings of entry %d: %w", s.Idx, err)
		}
		for _, o := range all {
			if !o.Erased() {
				s.Openings = append(s.Openings, o)
			}
		}
		if picked := names(s); len(picked) > 0 {
			out = append(out, namedOpenings{s.Idx, picked})
		}
	}
	return out, rows.Err()
}

// DropJournal empties the write-ahead log of the embedded database, which holds
// pages as they were before they were overwritten. It reports whether it could: a
// reader that is at work keeps it. PostgreSQL keeps no such file of ours.
func (db *DB) DropJournal(ctx context.Context) (bool, error) {
	if db.Engine() != "sqlite" {
		return true, nil
	}
	var busy, frames, moved int64
	err := db.write.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
	return busy == 0, db.engine.wrap("empty the write-ahead log", err)
}
