package store

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
)

// Evidence is a record of something that holds an answer up.
type Evidence struct {
	Organisation    string
	ID              string
	Title           string
	TitleFolded     string
	Edition         string // its version
	Kind            string
	System          string // "" = for the whole organisation
	Location        string
	Place           string
	Owner           string
	Marking         string
	MarkingRank     int
	Digest          string // SHA-256 of an uploaded file, hex
	File            string // random name of the encrypted file
	FileName        string
	MediaType       string
	FileSize        int64
	HeldReference   string
	HeldMarking     string
	HeldCustodian   string
	HeldSeenBy      string
	HeldSeenOn      civil.Date
	ProducedOn      civil.Date
	ObservedAt      int64
	ReceivedAt      int64
	ValidUntil      civil.Date // last day
	WithdrawnAt     int64
	WithdrawnReason string
	CreatedBy       string
	Version         int64
}

var evidenceTable = table{name: "evidence", key: 2, cols: cols(`organisation_id id title title_folded edition kind system_id location place owner marking
	marking_rank digest file file_name media_type file_size held_reference held_marking held_custodian held_seen_by held_seen_on produced_on
	observed_at received_at valid_until withdrawn_at withdrawn_reason created_by version`)}

func (e *Evidence) fields() []any {
	return []any{&e.Organisation, &e.ID, &e.Title, &e.TitleFolded, &e.Edition, &e.Kind, &e.System, &e.Location, &e.Place, &e.Owner, &e.Marking,
		&e.MarkingRank, &e.Digest, &e.File, &e.FileName, &e.MediaType, &e.FileSize, &e.HeldReference, &e.HeldMarking, &e.HeldCustodian, &e.HeldSeenBy,
		&e.HeldSeenOn, &e.ProducedOn, &e.ObservedAt, &e.ReceivedAt, &e.ValidUntil, &e.WithdrawnAt, &e.WithdrawnReason, &e.CreatedBy, &e.Version}
}

// CreateEvidence adds a record.
func (tx *Tx) CreateEvidence(ctx context.Context, e Evidence) error {
	e.Version = 1
	if err := tx.insert(ctx, evidenceTable, e.fields()); err != nil {
		return err
	}
	return tx.count(ctx, e.Organisation, "evidence", 1)
}

// SaveEvidence replaces a record; e.Version is the version that was read.
func (tx *Tx) SaveEvidence(ctx context.Context, e Evidence) error {
	was := e.Version
	e.Version++
	return tx.update(ctx, evidenceTable, e.fields(), was)
}

// reachEvidence: a record for the whole organisation is seen by everybody in it, a
// record of a system by whoever sees the system; never above the ceiling.
func reachEvidence(w *where, scope access.Scope) error {
	org, err := need(scope)
	if err != nil {
		return err
	}
	w.add("e.organisation_id = ?", org)
	w.add("e.marking_rank <= ?", int64(scope.Ceiling()))
	if scope.All() {
		return nil
	}
	inner := &where{args: w.args}
	if err := reach(inner, scope, "s"); err != nil {
		return err
	}
	w.args = inner.args
	w.parts = append(w.parts, "(e.system_id = '' OR EXISTS (SELECT 1 FROM system s"+inner.sql()+" AND s.id = e.system_id))")
	return nil
}

// EvidenceRecord reads one record inside the scope.
func (tx *Tx) EvidenceRecord(ctx context.Context, scope access.Scope, id string) (Evidence, error) {
	w := &where{}
	if err := reachEvidence(w, scope); err != nil {
		return Evidence{}, err
	}
	w.add("e.id = ?", id)
	var e Evidence
	err := tx.one(ctx, "SELECT "+evidenceTable.prefixed("e")+" FROM evidence e"+w.sql(), w.args, e.fields())
	return e, err
}

// EvidenceFilter narrows a list of evidence.
type EvidenceFilter struct {
	Title      string // contained in the folded title
	System     string
	ExpiredOn  civil.Date // ran out before this day
	AfterTitle string
	AfterID    string
	Limit      int
}

// EvidenceRecords lists records of the scope by title, with the number that match.
func (tx *Tx) EvidenceRecords(ctx context.Context, scope access.Scope, f EvidenceFilter) ([]Evidence, int64, error) {
	w := &where{}
	if err := reachEvidence(w, scope); err != nil {
		return nil, 0, err
	}
	narrow := f.Title != "" || f.System != "" || f.ExpiredOn != "" || !scope.All() || scope.Ceiling() < access.MaxCeiling
	if f.Title != "" {
		w.add(`e.title_folded LIKE ? ESCAPE '\'`, "%"+escapeLike(f.Title)+"%")
	}
	if f.System != "" {
		w.add("e.system_id = ?", f.System)
	}
	if f.ExpiredOn != "" {
		w.add("e.valid_until <> '' AND e.valid_until < ?", string(f.ExpiredOn))
	}
	var total int64
	var err error
	if narrow {
		err = tx.one(ctx, "SELECT count(*) FROM evidence e"+w.sql(), w.args, []any{&total})
	} else {
		total, err = tx.Tally(ctx, scope, "evidence")
	}
	if err != nil {
		return nil, 0, err
	}
	if f.AfterID != "" {
		w.add("(e.title_folded, e.id) > (?, ?)", f.AfterTitle, f.AfterID)
	}
	list, err := all(ctx, tx, "SELECT "+evidenceTable.prefixed("e")+" FROM evidence e"+w.sql()+" ORDER BY e.title_folded, e.id"+w.limit(f.Limit), w.args, (*Evidence).fields)
	return list, total, err
}

// EvidenceWithDigest finds records that hold the same file.
func (tx *Tx) EvidenceWithDigest(ctx context.Context, scope access.Scope, digest string) ([]Evidence, error) {
	w := &where{}
	if err := reachEvidence(w, scope); err != nil {
		return nil, err
	}
	w.add("e.digest = ?", digest)
	return all(ctx, tx, "SELECT "+evidenceTable.prefixed("e")+" FROM evidence e"+w.sql()+" ORDER BY e.id LIMIT 100", w.args, (*Evidence).fields)
}

// EvidenceLink says that a record speaks to a requirement of a framework for a
// system. It outlives assessments; each freezes what it saw.
type EvidenceLink struct {
	Organisation string
	System       string
	Framework    string
	Requirement  string
	Evidence     string
	LinkedBy     string
	LinkedAt     int64
}

var linkedTable = table{name: "evidence_link", key: 5, cols: cols("organisation_id system_id framework_id requirement_id evidence_id linked_by linked_at")}

func (l *EvidenceLink) fields() []any {
	return []any{&l.Organisation, &l.System, &l.Framework, &l.Requirement, &l.Evidence, &l.LinkedBy, &l.LinkedAt}
}

// LinkEvidence links a record; linking twice is a fault.Conflict.
func (tx *Tx) LinkEvidence(ctx context.Context, l EvidenceLink) error {
	return tx.insert(ctx, linkedTable, l.fields())
}

// UnlinkEvidence removes a link.
func (tx *Tx) UnlinkEvidence(ctx context.Context, l EvidenceLink) error {
	var n int64
	if err := tx.one(ctx, "SELECT count(*) FROM evidence_link WHERE "+linkedTable.keyClause(1), values(l.fields())[:5], []any{&n}); err != nil {
		return err
	}
	if n == 0 {
		return ErrNotFound
	}
	return tx.remove(ctx, linkedTable, values(l.fields())[:5]...)
}

// LinkedEvidence is a link with its record.
type LinkedEvidence struct {
	Link     EvidenceLink
	Evidence Evidence
}

const linkedJoin = " FROM evidence_link l JOIN evidence e ON e.organisation_id = l.organisation_id AND e.id = l.evidence_id"

// LinkedTo lists the records linked to a framework's requirements for a system
// that was read in scope; requirement "" means all.
func (tx *Tx) LinkedTo(ctx context.Context, s System, framework, requirement string) ([]LinkedEvidence, error) {
	w := &where{}
	w.add("l.organisation_id = ?", s.Organisation)
	w.add("l.system_id = ?", s.ID)
	w.add("l.framework_id = ?", framework)
	if requirement != "" {
		w.add("l.requirement_id = ?", requirement)
	}
	return all(ctx, tx, "SELECT "+linkedTable.prefixed("l")+", "+evidenceTable.prefixed("e")+linkedJoin+w.sql()+" ORDER BY l.requirement_id, l.linked_at, l.evidence_id LIMIT 20000", w.args,
		func(l *LinkedEvidence) []any { return append(l.Link.fields(), l.Evidence.fields()...) })
}

// LinksOf lists where a record that was read in scope is used.
func (tx *Tx) LinksOf(ctx context.Context, e Evidence) ([]EvidenceLink, error) {
	return all(ctx, tx, "SELECT "+linkedTable.list()+" FROM evidence_link WHERE organisation_id = $1 AND evidence_id = $2 ORDER BY system_id, framework_id, requirement_id LIMIT 5000",
		[]any{e.Organisation, e.ID}, (*EvidenceLink).fields)
}

// Attachment names one stored file with the digest it must have.
type Attachment struct {
	Organisation string
	Evidence     string
	File         string
	Digest       string
}

// Attachments lists every stored file, for verify and backup.
func (tx *Tx) Attachments(ctx context.Context) ([]Attachment, error) {
	return all(ctx, tx, "SELECT organisation_id, id, file, digest FROM evidence WHERE file <> '' ORDER BY organisation_id, id", nil,
		func(a *Attachment) []any { return []any{&a.Organisation, &a.Evidence, &a.File, &a.Digest} })
}
