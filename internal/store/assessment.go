package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
)

// Assessment is one self-assessment of one system against one framework version.
type Assessment struct {
	Organisation     string
	ID               string
	System           string
	Framework        string
	FrameworkVersion string
	Set              string
	SetReason        string // why the set differs from the one suggested
	Stage            string // of the system when the questions were chosen
	Size             string
	State            string
	Reason           string // why it is due: schedule, or the trigger with its words
	Previous         string // assessment whose answers were carried over
	Marking          string
	DueOn            civil.Date
	CreatedAt        int64
	SubmittedAt      int64
	SubmittedBy      string
	ReturnReason     string
	ApprovedAt       int64
	ApprovedBy       string
	OnBehalfOf       string
	Declaration      string
	ContentDigest    string
	NextDueOn        civil.Date
	SupersededAt     int64
	Version          int64
}

var assessmentTable = table{name: "assessment", key: 2, cols: cols(`organisation_id id system_id framework_id framework_version set_id set_reason stage size state
	reason previous_id marking due_on created_at submitted_at submitted_by return_reason approved_at approved_by on_behalf_of declaration
	content_digest next_due_on superseded_at version`)}

func (a *Assessment) fields() []any {
	return []any{&a.Organisation, &a.ID, &a.System, &a.Framework, &a.FrameworkVersion, &a.Set, &a.SetReason, &a.Stage, &a.Size, &a.State,
		&a.Reason, &a.Previous, &a.Marking, &a.DueOn, &a.CreatedAt, &a.SubmittedAt, &a.SubmittedBy, &a.ReturnReason, &a.ApprovedAt, &a.ApprovedBy,
		&a.OnBehalfOf, &a.Declaration, &a.ContentDigest, &a.NextDueOn, &a.SupersededAt, &a.Version}
}

// CreateAssessment adds an assessment of a system that was read in scope.
func (tx *Tx) CreateAssessment(ctx context.Context, a Assessment) error {
	a.Version = 1
	if err := tx.insert(ctx, assessmentTable, a.fields()); err != nil {
		return err
	}
	return tx.count(ctx, a.Organisation, "assessments", 1)
}

// SaveAssessment replaces an assessment; a.Version is the version that was read.
func (tx *Tx) SaveAssessment(ctx context.Context, a Assessment) error {
	was := a.Version
	a.Version++
	return tx.update(ctx, assessmentTable, a.fields(), was)
}

const assessmentJoin = " FROM assessment a JOIN system s ON s.organisation_id = a.organisation_id AND s.id = a.system_id"

// Assessment reads one assessment whose system is inside the scope.
func (tx *Tx) Assessment(ctx context.Context, scope access.Scope, id string) (Assessment, error) {
	w := &where{}
	if err := reach(w, scope, "s"); err != nil {
		return Assessment{}, err
	}
	w.add("a.organisation_id = s.organisation_id")
	w.add("a.id = ?", id)
	var a Assessment
	err := tx.one(ctx, "SELECT "+assessmentTable.prefixed("a")+assessmentJoin+w.sql(), w.args, a.fields())
	return a, err
}

// AssessmentsOf lists the assessments of a system that was read in scope, newest
// first.
func (tx *Tx) AssessmentsOf(ctx context.Context, s System, limit int) ([]Assessment, error) {
	return all(ctx, tx, "SELECT "+assessmentTable.list()+" FROM assessment"+perSystem+" ORDER BY created_at DESC, id DESC LIMIT $3",
		[]any{s.Organisation, s.ID, int64(limit)}, (*Assessment).fields)
}

// AssessmentLine is an assessment with the name of its system.
type AssessmentLine struct {
	Assessment Assessment
	SystemName string
}

// AssessmentFilter narrows a list of assessments over systems.
type AssessmentFilter struct {
	States    []string   // none = every state
	DueBefore civil.Date // "" = any
	Limit     int
	AfterAt   int64 // keyset: newest first by creation time and id
	AfterID   string
}

// where limits to the scope, a state ("" = any) and the day.
func (f AssessmentFilter) where(scope access.Scope, state string) (*where, error) {
	w := &where{}
	if err := reach(w, scope, "s"); err != nil {
		return nil, err
	}
	w.add("a.organisation_id = ?", scope.Organisation()) // again, so that indexes of both tables can be used
	w.add("s.organisation_id = a.organisation_id AND s.id = a.system_id")
	if state != "" {
		w.add("a.state = ?", state)
	}
	if f.DueBefore != "" {
		w.add("a.due_on <> '' AND a.due_on < ?", string(f.DueBefore))
	}
	return w, nil
}

// assessmentFrom says where to begin: at the assessments in their order when the
// scope reaches all systems, else at the systems that it reaches.
func assessmentFrom(scope access.Scope) string {
	if scope.All() {
		return " FROM assessment a CROSS JOIN system s"
	}
	return " FROM system s CROSS JOIN assessment a"
}

// Assessments lists assessments of the scope's systems, newest first, with the
// number that match. Each state is asked for by itself, since an index gives one
// state in order and not several; there are as many statements as states.
func (tx *Tx) Assessments(ctx context.Context, scope access.Scope, f AssessmentFilter) ([]AssessmentLine, int64, error) {
	var lines []AssessmentLine
	var total int64
	for _, state := range eachState(f.States) {
		n, err := tx.countAssessments(ctx, scope, f, state)
		if err != nil {
			return nil, 0, err
		}
		total += n
		w, err := f.where(scope, state)
		if err != nil {
			return nil, 0, err
		}
		if f.AfterID != "" {
			w.add("(a.created_at, a.id) < (?, ?)", f.AfterAt, f.AfterID)
		}
		part, err := tx.assessmentLines(ctx, assessmentFrom(scope)+w.sql()+" ORDER BY a.created_at DESC, a.id DESC"+w.limit(f.Limit), w.args)
		if err != nil {
			return nil, 0, err
		}
		lines = append(lines, part...)
	}
	slices.SortFunc(lines, func(x, y AssessmentLine) int {
		return cmp.Or(cmp.Compare(y.Assessment.CreatedAt, x.Assessment.CreatedAt), cmp.Compare(y.Assessment.ID, x.Assessment.ID))
	})
	return lines[:min(len(lines), f.Limit)], total, nil
}

func eachState(states []string) []string {
	if len(states) == 0 {
		return []string{""}
	}
	return slices.Compact(slices.Sorted(slices.Values(states)))
}

func (tx *Tx) assessmentLines(ctx context.Context, from string, args []any) ([]AssessmentLine, error) {
	return all(ctx, tx, "SELECT "+assessmentTable.prefixed("a")+", s.name"+from, args,
		func(l *AssessmentLine) []any { return append(l.Assessment.fields(), &l.SystemName) })
}

func (tx *Tx) countAssessments(ctx context.Context, scope access.Scope, f AssessmentFilter, state string) (n int64, err error) {
	if !scope.All() || scope.Ceiling() < access.MaxCeiling {
		w, err := f.where(scope, state)
		if err != nil {
			return 0, err
		}
		err = tx.one(ctx, "SELECT count(*)"+assessmentFrom(scope)+w.sql(), w.args, []any{&n})
		return n, err
	}
	if state == "" && f.DueBefore == "" {
		return tx.Tally(ctx, scope, "assessments")
	}
	w := &where{}
	w.add("organisation_id = ?", scope.Organisation())
	if state != "" {
		w.add("state = ?", state)
	}
	if f.DueBefore != "" {
		w.add("due_on <> '' AND due_on < ?", string(f.DueBefore))
	}
	err = tx.one(ctx, "SELECT count(*) FROM assessment"+w.sql(), w.args, []any{&n})
	return n, err
}

// AssessmentsDue lists the assessments of the scope's systems that are in one of
// the states and due before the day, most urgent first.
func (tx *Tx) AssessmentsDue(ctx context.Context, scope access.Scope, states []string, before civil.Date, limit int) ([]AssessmentLine, error) {
	var lines []AssessmentLine
	for _, state := range eachState(states) {
		w, err := AssessmentFilter{DueBefore: before}.where(scope, state)
		if err != nil {
			return nil, err
		}
		part, err := tx.assessmentLines(ctx, assessmentFrom(scope)+w.sql()+" ORDER BY a.due_on, a.id"+w.limit(limit), w.args)
		if err != nil {
			return nil, err
		}
		lines = append(lines, part...)
	}
	slices.SortFunc(lines, func(x, y AssessmentLine) int {
		return cmp.Or(cmp.Compare(x.Assessment.DueOn, y.Assessment.DueOn), cmp.Compare(x.Assessment.ID, y.Assessment.ID))
	})
	return lines[:min(len(lines), limit)], nil
}

// AssessmentsInState lists assessments in a state that fell due before the time,
// in every organisation: for jobs.
func (tx *Tx) AssessmentsInState(ctx context.Context, state string, dueBefore civil.Date, limit int) ([]Assessment, error) {
	return all(ctx, tx, "SELECT "+assessmentTable.list()+" FROM assessment WHERE state = $1 AND due_on <> '' AND due_on < $2 ORDER BY due_on, id LIMIT $3",
		[]any{state, string(dueBefore), int64(limit)}, (*Assessment).fields)
}

// AssessmentsDueNext lists approved assessments that nothing has followed and
// whose next one falls due before the time: for jobs.
func (tx *Tx) AssessmentsDueNext(ctx context.Context, before civil.Date, limit int) ([]Assessment, error) {
	return all(ctx, tx, "SELECT "+assessmentTable.prefixed("a")+` FROM assessment a WHERE a.state IN ('approved', 'shared') AND a.next_due_on <> '' AND a.next_due_on < $1
		AND NOT EXISTS (SELECT 1 FROM assessment b WHERE b.organisation_id = a.organisation_id AND b.system_id = a.system_id
			AND b.framework_id = a.framework_id AND b.created_at > a.created_at) ORDER BY a.next_due_on, a.id LIMIT $2`, []any{string(before), int64(limit)}, (*Assessment).fields)
}

// Frozen is what was approved, for good.
type Frozen struct {
	Organisation string
	Assessment   string
	Digest       string
	Body         []byte
	PurgedAt     int64  // when content was last removed from the body, which then no longer has the digest; 0 = never
	Checkpoint   []byte // signed right after the commit; not part of the record
}

var frozenTable = table{name: "frozen", key: 2, volatile: 1, cols: cols("organisation_id assessment_id digest body purged_at checkpoint")}

func (f *Frozen) fields() []any {
	return []any{&f.Organisation, &f.Assessment, &f.Digest, &f.Body, &f.PurgedAt, &f.Checkpoint}
}

// Freeze keeps what was approved.
func (tx *Tx) Freeze(ctx context.Context, f Frozen) error {
	return tx.insert(ctx, frozenTable, f.fields())
}

// Frozen reads what was approved in an assessment that was read in scope.
func (tx *Tx) Frozen(ctx context.Context, a Assessment) (Frozen, error) {
	var f Frozen
	err := tx.one(ctx, "SELECT "+frozenTable.list()+" FROM frozen WHERE organisation_id = $1 AND assessment_id = $2", []any{a.Organisation, a.ID}, f.fields())
	return f, err
}

// AttachCheckpoint adds the checkpoint that was signed after an approval.
func (tx *Tx) AttachCheckpoint(ctx context.Context, a Assessment, note []byte) error {
	return tx.exec(ctx, "UPDATE frozen SET checkpoint = $1 WHERE organisation_id = $2 AND assessment_id = $3", note, a.Organisation, a.ID)
}

// Response is the answer to one requirement in one assessment.
type Response struct {
	Organisation string
	Assessment   string
	Requirement  string
	ClaimKind    string // level, not_applicable, dont_know
	Level        string
	Rationale    string
	Reason       string // why it does not apply
	FindOutBy    civil.Date
	Delegate     string
	Prior        bool // carried over; not yet confirmed for this assessment
	Confirmed    bool
	Attention    string // why a carried-over answer should be looked at first
	Author       string
	At           int64
	Version      int64
}

var responseTable = table{name: "response", key: 3, cols: cols(`organisation_id assessment_id requirement_id claim_kind level rationale reason find_out_by
	delegate_id prior confirmed attention author_id at version`)}

func (r *Response) fields() []any {
	return []any{&r.Organisation, &r.Assessment, &r.Requirement, &r.ClaimKind, &r.Level, &r.Rationale, &r.Reason, &r.FindOutBy,
		&r.Delegate, &r.Prior, &r.Confirmed, &r.Attention, &r.Author, &r.At, &r.Version}
}

// Revision is a response that was replaced.
type Revision struct {
	Response
	ReplacedAt int64
}

var revisionTable = table{name: "response_revision", key: 4, cols: cols(`organisation_id assessment_id requirement_id version claim_kind level rationale reason
	find_out_by delegate_id prior confirmed attention author_id at replaced_at`)}

func (r *Revision) fields() []any {
	return []any{&r.Organisation, &r.Assessment, &r.Requirement, &r.Version, &r.ClaimKind, &r.Level, &r.Rationale, &r.Reason, &r.FindOutBy,
		&r.Delegate, &r.Prior, &r.Confirmed, &r.Attention, &r.Author, &r.At, &r.ReplacedAt}
}

// SaveResponse writes an answer and keeps the one it replaces. r.Version is the
// version that was read, 0 when there was none; otherwise the fault is Stale.
func (tx *Tx) SaveResponse(ctx context.Context, r Response) (Response, error) {
	was := r.Version
	r.Version++
	if was == 0 {
		err := tx.insert(ctx, responseTable, r.fields())
		if err != nil && tx.db.engine.unique(err) {
			return r, errStale.Because(err)
		}
		return r, err
	}
	old, err := tx.response(ctx, r.Organisation, r.Assessment, r.Requirement)
	if err != nil {
		return r, err
	}
	if old.Version != was {
		return r, errStale
	}
	rev := Revision{Response: old, ReplacedAt: tx.now}
	if err := tx.insert(ctx, revisionTable, rev.fields()); err != nil {
		if tx.db.engine.unique(err) {
			return r, errStale.Because(err)
		}
		return r, err
	}
	return r, tx.update(ctx, responseTable, r.fields(), was)
}

func (tx *Tx) response(ctx context.Context, org, assessment, requirement string) (Response, error) {
	var r Response
	err := tx.one(ctx, "SELECT "+responseTable.list()+" FROM response WHERE organisation_id = $1 AND assessment_id = $2 AND requirement_id = $3",
		[]any{org, assessment, requirement}, r.fields())
	return r, err
}

// Response reads the answer to one requirement; ErrNotFound when there is none.
func (tx *Tx) Response(ctx context.Context, a Assessment, requirement string) (Response, error) {
	return tx.response(ctx, a.Organisation, a.ID, requirement)
}

const perAssessment = " WHERE organisation_id = $1 AND assessment_id = $2"

// Responses lists the answers of an assessment that was read in scope.
func (tx *Tx) Responses(ctx context.Context, a Assessment) ([]Response, error) {
	return all(ctx, tx, "SELECT "+responseTable.list()+" FROM response"+perAssessment+" ORDER BY requirement_id LIMIT 5000", []any{a.Organisation, a.ID}, (*Response).fields)
}

// Revisions lists the replaced answers to one requirement, newest first.
func (tx *Tx) Revisions(ctx context.Context, a Assessment, requirement string) ([]Revision, error) {
	return all(ctx, tx, "SELECT "+revisionTable.list()+" FROM response_revision"+perAssessment+" AND requirement_id = $3 ORDER BY version DESC LIMIT 500",
		[]any{a.Organisation, a.ID, requirement}, (*Revision).fields)
}

// Draft is text that somebody has typed and not yet saved as an answer.
type Draft struct {
	Organisation string
	Assessment   string
	Requirement  string
	Person       string
	Body         string // the form's values, JSON
	BaseVersion  int64  // version of the answer it was typed over
	At           int64
}

var draftTable = table{name: "draft", key: 4, silent: true, cols: cols("organisation_id assessment_id requirement_id person_id body base_version at")}

func (d *Draft) fields() []any {
	return []any{&d.Organisation, &d.Assessment, &d.Requirement, &d.Person, &d.Body, &d.BaseVersion, &d.At}
}

// SaveDraft keeps a draft; it is not part of the record.
func (tx *Tx) SaveDraft(ctx context.Context, d Draft) error {
	d.At = tx.now
	vals := values(d.fields())
	res, err := tx.stmt(ctx, draftTable.updateSQL(false), vals)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return tx.execArgs(ctx, draftTable.insertSQL(), vals)
}

// Draft reads a person's draft; ErrNotFound when there is none.
func (tx *Tx) Draft(ctx context.Context, a Assessment, requirement, person string) (Draft, error) {
	var d Draft
	err := tx.one(ctx, "SELECT "+draftTable.list()+" FROM draft"+perAssessment+" AND requirement_id = $3 AND person_id = $4",
		[]any{a.Organisation, a.ID, requirement, person}, d.fields())
	return d, err
}

// DropDraft removes a draft after its text became an answer.
func (tx *Tx) DropDraft(ctx context.Context, a Assessment, requirement, person string) error {
	return tx.exec(ctx, "DELETE FROM draft"+perAssessment+" AND requirement_id = $3 AND person_id = $4", a.Organisation, a.ID, requirement, person)
}

// DelegatedLine is an unknown handed to somebody, with where it was asked.
type DelegatedLine struct {
	Response         Response
	Framework        string
	FrameworkVersion string
	System           string
	SystemName       string
}

// Delegated lists unknowns in open assessments of the scope's systems that were
// handed to a person, soonest first.
func (tx *Tx) Delegated(ctx context.Context, scope access.Scope, person string, limit int) ([]DelegatedLine, error) {
	w := &where{}
	if err := reach(w, scope, "s"); err != nil {
		return nil, err
	}
	w.add("r.organisation_id = ?", scope.Organisation())
	w.add("r.delegate_id = ?", person)
	w.add("r.claim_kind = 'dont_know' AND a.state IN ('draft', 'confirmed')")
	return all(ctx, tx, "SELECT "+responseTable.prefixed("r")+`, a.framework_id, a.framework_version, s.id, s.name FROM response r
		JOIN assessment a ON a.organisation_id = r.organisation_id AND a.id = r.assessment_id
		JOIN system s ON s.organisation_id = a.organisation_id AND s.id = a.system_id`+w.sql()+" ORDER BY r.find_out_by, r.requirement_id, r.assessment_id"+w.limit(limit), w.args,
		func(l *DelegatedLine) []any {
			return append(l.Response.fields(), &l.Framework, &l.FrameworkVersion, &l.System, &l.SystemName)
		})
}

// Share records who was given a report, at which marking.
type Share struct {
	Organisation string
	ID           string
	Assessment   string
	Recipient    string
	Marking      string
	At           int64
	By           string
}

var shareTable = table{name: "share", key: 2, cols: cols("organisation_id id assessment_id recipient marking shared_at shared_by")}

func (s *Share) fields() []any {
	return []any{&s.Organisation, &s.ID, &s.Assessment, &s.Recipient, &s.Marking, &s.At, &s.By}
}

// CreateShare records a share.
func (tx *Tx) CreateShare(ctx context.Context, s Share) error {
	return tx.insert(ctx, shareTable, s.fields())
}

// Shares lists the shares of an assessment that was read in scope.
func (tx *Tx) Shares(ctx context.Context, a Assessment) ([]Share, error) {
	return all(ctx, tx, "SELECT "+shareTable.list()+" FROM share"+perAssessment+" ORDER BY shared_at, id LIMIT 500", []any{a.Organisation, a.ID}, (*Share).fields)
}

// LiveAssessments lists the assessments of a system that was read in scope that
// are open or speak for it: everything but what is superseded or lapsed.
func (tx *Tx) LiveAssessments(ctx context.Context, s System) ([]Assessment, error) {
	return all(ctx, tx, "SELECT "+assessmentTable.list()+" FROM assessment"+perSystem+" AND state NOT IN ('superseded', 'lapsed') ORDER BY created_at, id LIMIT 500",
		[]any{s.Organisation, s.ID}, (*Assessment).fields)
}

// CountAnswered counts the answers of an assessment that need nobody any more.
func (tx *Tx) CountAnswered(ctx context.Context, a Assessment) (int, error) {
	var n int64
	err := tx.one(ctx, "SELECT count(*) FROM response"+perAssessment+" AND claim_kind <> 'unanswered' AND (NOT prior OR confirmed)", []any{a.Organisation, a.ID}, []any{&n})
	return int(n), err
}
