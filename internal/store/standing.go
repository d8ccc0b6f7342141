package store

import (
	"context"
)

// Standing is the derived standing of one requirement as last computed. Readers
// evaluate again when NextChangeAt has passed.
type Standing struct {
	Organisation string
	Assessment   string
	Requirement  string
	ClaimKind    string
	Level        string
	Support      string
	Since        int64
	NextChangeAt int64
	Body         string // the whole standing, JSON
}

var standingTable = table{name: "standing", key: 3, silent: true, cols: cols("organisation_id assessment_id requirement_id claim_kind level support since next_change_at body")}

func (s *Standing) fields() []any {
	return []any{&s.Organisation, &s.Assessment, &s.Requirement, &s.ClaimKind, &s.Level, &s.Support, &s.Since, &s.NextChangeAt, &s.Body}
}

// SaveStanding inserts or replaces a standing.
func (tx *Tx) SaveStanding(ctx context.Context, s Standing) error {
	vals := values(s.fields())
	res, err := tx.stmt(ctx, standingTable.updateSQL(false), vals)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return tx.execArgs(ctx, standingTable.insertSQL(), vals)
}

// Standings lists the standings of an assessment that was read in scope.
func (tx *Tx) Standings(ctx context.Context, a Assessment) ([]Standing, error) {
	return all(ctx, tx, "SELECT "+standingTable.list()+" FROM standing"+perAssessment+" ORDER BY requirement_id LIMIT 5000", []any{a.Organisation, a.ID}, (*Standing).fields)
}

// Standing reads the standing of one requirement; ErrNotFound when there is none.
func (tx *Tx) Standing(ctx context.Context, a Assessment, requirement string) (Standing, error) {
	var s Standing
	err := tx.one(ctx, "SELECT "+standingTable.list()+" FROM standing"+perAssessment+" AND requirement_id = $3", []any{a.Organisation, a.ID, requirement}, s.fields())
	return s, err
}

// StandingsToMove lists standings whose next change has come, in every
// organisation: for the job that records it.
func (tx *Tx) StandingsToMove(ctx context.Context, limit int) ([]Standing, error) {
	return all(ctx, tx, "SELECT "+standingTable.list()+" FROM standing WHERE next_change_at > 0 AND next_change_at <= $1 ORDER BY next_change_at, assessment_id, requirement_id LIMIT $2",
		[]any{tx.now, int64(limit)}, (*Standing).fields)
}

// StandingEvent is one move of one standing.
type StandingEvent struct {
	Organisation  string
	System        string
	At            int64 // when it moved: an expiry is dated at the expiry
	Assessment    string
	Requirement   string
	BeforeLevel   string
	BeforeSupport string
	AfterLevel    string
	AfterSupport  string
	Why           string
}

var standingEventTable = table{name: "standing_event", key: 5,
	cols: cols("organisation_id system_id at assessment_id requirement_id before_level before_support after_level after_support why")}

func (e *StandingEvent) fields() []any {
	return []any{&e.Organisation, &e.System, &e.At, &e.Assessment, &e.Requirement, &e.BeforeLevel, &e.BeforeSupport, &e.AfterLevel, &e.AfterSupport, &e.Why}
}

// AddStandingEvent records a move. Two moves of one standing in one microsecond
// are set one microsecond apart.
func (tx *Tx) AddStandingEvent(ctx context.Context, e StandingEvent) error {
	var n int64
	for {
		if err := tx.one(ctx, "SELECT count(*) FROM standing_event WHERE "+standingEventTable.keyClause(1), values(e.fields())[:5], []any{&n}); err != nil {
			return err
		}
		if n == 0 {
			return tx.insert(ctx, standingEventTable, e.fields())
		}
		e.At++
	}
}

// StandingEvents lists the moves of a system that was read in scope, newest
// first, before the time (0 = now).
func (tx *Tx) StandingEvents(ctx context.Context, s System, before int64, limit int) ([]StandingEvent, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	return all(ctx, tx, "SELECT "+standingEventTable.list()+" FROM standing_event"+perSystem+" AND at < $3 ORDER BY at DESC, assessment_id DESC, requirement_id LIMIT $4",
		[]any{s.Organisation, s.ID, before, int64(limit)}, (*StandingEvent).fields)
}

// StandingEventsAfter lists the moves of a system that was read in scope in the
// same order, after the one given (nil = from the newest), and counts all.
func (tx *Tx) StandingEventsAfter(ctx context.Context, s System, last *StandingEvent, limit int) ([]StandingEvent, int64, error) {
	var total int64
	if err := tx.one(ctx, "SELECT count(*) FROM standing_event"+perSystem, []any{s.Organisation, s.ID}, []any{&total}); err != nil {
		return nil, 0, err
	}
	if last == nil {
		list, err := tx.StandingEvents(ctx, s, 0, limit)
		return list, total, err
	}
	list, err := all(ctx, tx, "SELECT "+standingEventTable.list()+" FROM standing_event"+perSystem+` AND at <= $3
			AND (at < $3 OR assessment_id < $4 OR assessment_id = $4 AND requirement_id > $5) ORDER BY at DESC, assessment_id DESC, requirement_id LIMIT $6`,
		[]any{s.Organisation, s.ID, last.At, last.Assessment, last.Requirement, int64(limit)}, (*StandingEvent).fields)
	return list, total, err
}

// SupportCount counts the standings of one assessment with one claim kind and
// support.
type SupportCount struct {
	ClaimKind string
	Support   string
	N         int64
}

// CountStandings counts the standings of an assessment by claim kind and support.
func (tx *Tx) CountStandings(ctx context.Context, a Assessment) ([]SupportCount, error) {
	return all(ctx, tx, "SELECT claim_kind, support, count(*) FROM standing"+perAssessment+" GROUP BY claim_kind, support", []any{a.Organisation, a.ID},
		func(c *SupportCount) []any { return []any{&c.ClaimKind, &c.Support, &c.N} })
}

// StillStandings stops the clock of an assessment's standings once it is history.
func (tx *Tx) StillStandings(ctx context.Context, a Assessment) error {
	return tx.exec(ctx, "UPDATE standing SET next_change_at = 0"+perAssessment, a.Organisation, a.ID)
}

// AssessmentForJob reads an assessment and its system for a job that has found it
// through a standing.
func (tx *Tx) AssessmentForJob(ctx context.Context, organisation, id string) (Assessment, System, error) {
	var a Assessment
	if err := tx.one(ctx, "SELECT "+assessmentTable.list()+" FROM assessment WHERE organisation_id = $1 AND id = $2", []any{organisation, id}, a.fields()); err != nil {
		return a, System{}, err
	}
	var s System
	err := tx.one(ctx, "SELECT "+systemTable.list()+" FROM system WHERE organisation_id = $1 AND id = $2", []any{organisation, a.System}, s.fields())
	return a, s, err
}

// SystemForJob reads a system that a link of a record in scope names.
func (tx *Tx) SystemForJob(ctx context.Context, organisation, id string) (System, error) {
	var s System
	err := tx.one(ctx, "SELECT "+systemTable.list()+" FROM system WHERE organisation_id = $1 AND id = $2", []any{organisation, id}, s.fields())
	return s, err
}

// OrganisationByID reads the organisation of a row that was read in scope or that
// a job found.
func (tx *Tx) OrganisationByID(ctx context.Context, id string) (Organisation, error) {
	return tx.organisation(ctx, id)
}
