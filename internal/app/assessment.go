package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Rows of assessments, as callers see them.
type (
	Assessment     = store.Assessment
	AssessmentLine = store.AssessmentLine
	Share          = store.Share
)

// StartInput says which assessment to start.
type StartInput struct {
	Framework string
	Version   string // "" = the newest shipped
	Set       string // "" = the suggested one
	SetReason string // needed when the set is not the suggested one
}

// StartAssessment starts the self-assessment of a system against a framework:
// the one that is due, or a new one. Answers of the approved assessment before it
// are carried over as prior. It needs assessment.start on the system.
//
// It fails with fault.Conflict when one is open already.
func (a *App) StartAssessment(ctx context.Context, who access.Actor, system string, in StartInput) (Created, Receipt, error) {
	var out Created
	r, err := a.writing(ctx, who, access.AssessmentStart, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, system)
		if err != nil {
			return err
		}
		f, set, err := a.chooseQuestions(s, in)
		if err != nil {
			return err
		}
		as, err := a.openAssessment(ctx, tx, s, f)
		if err != nil {
			return err
		}
		state, err := assessment.Move(assessment.State(as.State), assessment.Start)
		if err != nil {
			return err
		}
		as.State, as.FrameworkVersion, as.Set, as.SetReason, as.Stage, as.Size, as.Marking = string(state), f.Version, set, in.SetReason, s.Stage, s.Size, s.Marking
		if as.Version == 0 {
			if as.ID, err = a.newID(tx, ident.Assessment); err != nil {
				return err
			}
			err = tx.CreateAssessment(ctx, as)
		} else {
			err = tx.SaveAssessment(ctx, as)
		}
		if err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.AssessmentStarted, TargetType: "assessment", Target: as.ID,
			Fields: withReason(map[string]string{"framework": f.Key(), "due": string(as.DueOn)}, in.SetReason)})
		if err := a.fillAssessment(ctx, tx, s, as, f); err != nil {
			return err
		}
		out = Created{ID: as.ID}
		tx.Answer(out)
		return a.summarise(ctx, tx, s)
	})
	return out, r, err
}

// chooseQuestions resolves the framework version and the question set.
func (a *App) chooseQuestions(s store.System, in StartInput) (*framework.Framework, string, error) {
	var p fault.Problems
	version := in.Version
	if version == "" {
		version = a.newest(in.Framework)
	}
	f, err := a.Frameworks.Get(in.Framework, version)
	if err != nil {
		p.Add("/framework", "Choose one of the frameworks that are listed.")
		return nil, "", p.Err()
	}
	if !slices.Contains(f.Subjects, "system") {
		p.Add("/framework", "%s is answered by an organisation, not by a system.", f.Short)
	}
	if portfolio.State(s.State).ReadOnly() {
		return nil, "", fault.Newf(fault.Conflict, "This system is %s, so it can no longer be assessed.", s.State)
	}
	suggested, _ := framework.SuggestSet(f, s.Stage)
	set := in.Set
	if set == "" {
		set = suggested.ID
	}
	if set != "" && !slices.ContainsFunc(f.Sets, func(x framework.Set) bool { return x.ID == set }) {
		p.Add("/set", "Choose one of the question sets that are listed.")
	}
	if set != suggested.ID && strings.TrimSpace(in.SetReason) == "" {
		p.Add("/set_reason", "Say why these questions suit the system better than the suggested ones.")
	}
	text.Clean(&p, "/set_reason", in.SetReason, text.Short)
	return f, set, p.Err()
}

// newest returns the last current version of a framework in the library's order.
func (a *App) newest(id string) string {
	version := ""
	for _, h := range a.Frameworks.Heads() {
		if h.ID == id && h.Status != "withdrawn" {
			version = h.Version
		}
	}
	return version
}

// openAssessment returns the assessment that is due or has lapsed, or a new one.
func (a *App) openAssessment(ctx context.Context, tx *store.Tx, s store.System, f *framework.Framework) (store.Assessment, error) {
	list, err := tx.AssessmentsOf(ctx, s, 200)
	if err != nil {
		return store.Assessment{}, err
	}
	for _, as := range list { // newest first
		if as.Framework != f.ID {
			continue
		}
		switch state := assessment.State(as.State); {
		case state == assessment.Due || state == assessment.Lapsed:
			return as, nil
		case !state.Frozen():
			return as, fault.New(fault.Conflict, "An assessment of this system with this framework is open already. Finish that one first.")
		}
		break
	}
	org, err := tx.OrganisationByID(ctx, s.Organisation)
	if err != nil {
		return store.Assessment{}, err
	}
	due := assessment.NextDue(lastApproved(list, f.ID).ApprovedAt, tx.Now(), f.Cadence.Months, nil, zoneOf(org))
	return store.Assessment{Organisation: s.Organisation, System: s.ID, Framework: f.ID, FrameworkVersion: f.Version, State: string(assessment.Due),
		Reason: due.Reason, DueOn: due.On, CreatedAt: tx.Now(), Previous: lastApproved(list, f.ID).ID}, nil
}

// lastApproved returns the newest assessment of the framework that was approved.
func lastApproved(list []store.Assessment, frameworkID string) store.Assessment {
	var best store.Assessment
	for _, as := range list {
		if as.Framework == frameworkID && as.ApprovedAt > best.ApprovedAt {
			best = as
		}
	}
	return best
}

// fillAssessment writes a standing for every question in scope and carries the
// previous answers over.
func (a *App) fillAssessment(ctx context.Context, tx *store.Tx, s store.System, as store.Assessment, f *framework.Framework) error {
	sub, err := a.subjectOf(ctx, tx, as, s)
	if err != nil {
		return err
	}
	carried, err := a.carriedOver(ctx, tx, sub)
	if err != nil {
		return err
	}
	linked, err := tx.LinkedTo(ctx, s, f.ID, "")
	if err != nil {
		return err
	}
	byRequirement := map[string]store.Response{}
	for _, r := range carried {
		row := responseRow(as, r)
		if !inScope(sub, r.Requirement) {
			continue
		}
		if row, err = tx.SaveResponse(ctx, row); err != nil {
			return err
		}
		byRequirement[r.Requirement] = row
	}
	for _, r := range scopeOf(sub) {
		st := assessment.Evaluate(sub.input(r, byRequirement[r.ID], linked), tx.Now(), nil)
		row, err := standingRow(as, r.ID, st)
		if err != nil {
			return err
		}
		if err := tx.SaveStanding(ctx, row); err != nil {
			return err
		}
	}
	return nil
}

func scopeOf(sub subject) []*framework.Requirement {
	return assessment.InScope(sub.framework, assessment.Scope{Set: sub.as.Set, Stage: sub.as.Stage, Larger: sub.as.Size == framework.SizeLarger})
}

func inScope(sub subject, requirement string) bool {
	return slices.ContainsFunc(scopeOf(sub), func(r *framework.Requirement) bool { return r.ID == requirement })
}

func (a *App) carriedOver(ctx context.Context, tx *store.Tx, sub subject) ([]assessment.Response, error) {
	if sub.as.Previous == "" {
		return nil, nil
	}
	before, _, err := tx.AssessmentForJob(ctx, sub.as.Organisation, sub.as.Previous)
	if err != nil {
		return nil, err
	}
	old, err := a.Frameworks.Get(before.Framework, before.FrameworkVersion)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Responses(ctx, before)
	if err != nil {
		return nil, err
	}
	standings, err := a.standingsNow(ctx, tx, before)
	if err != nil {
		return nil, err
	}
	return assessment.CarryOver(domainResponses(rows), standings, old, sub.framework, today(tx, sub.org)), nil
}

// standingsNow reads the standings of an assessment and takes those whose time
// has come to now.
func (a *App) standingsNow(ctx context.Context, tx *store.Tx, as store.Assessment) (map[string]assessment.Standing, error) {
	rows, err := tx.Standings(ctx, as)
	if err != nil {
		return nil, err
	}
	out := make(map[string]assessment.Standing, len(rows))
	var late []store.Standing
	for _, row := range rows {
		if out[row.Requirement], err = readStanding(row); err != nil {
			return nil, err
		}
		if row.NextChangeAt > 0 && row.NextChangeAt <= tx.Now() {
			late = append(late, row)
		}
	}
	if len(late) == 0 {
		return out, nil
	}
	_, s, err := tx.AssessmentForJob(ctx, as.Organisation, as.ID)
	if err != nil {
		return nil, err
	}
	sub, err := a.subjectOf(ctx, tx, as, s)
	if err != nil {
		return nil, err
	}
	linked, err := tx.LinkedTo(ctx, s, as.Framework, "")
	if err != nil {
		return nil, err
	}
	for _, row := range late {
		resp, err := tx.Response(ctx, as, row.Requirement)
		if ignoreNotFound(err) != nil {
			return nil, err
		}
		if r, known := sub.framework.Requirement(row.Requirement); known {
			prev := out[row.Requirement]
			out[row.Requirement] = assessment.Evaluate(sub.input(r, resp, linked), tx.Now(), &prev)
		}
	}
	return out, nil
}

func domainResponse(r store.Response) assessment.Response {
	return assessment.Response{Requirement: r.Requirement, Claim: claimOf(r), Rationale: r.Rationale, FindOutBy: r.FindOutBy, Delegate: r.Delegate,
		NAReason: r.Reason, Author: r.Author, At: r.At, Version: r.Version, Prior: r.Prior, Confirmed: r.Confirmed, Attention: assessment.Attention(r.Attention)}
}

func domainResponses(rows []store.Response) []assessment.Response {
	out := make([]assessment.Response, len(rows))
	for i, r := range rows {
		out[i] = domainResponse(r)
	}
	return out
}

func responseRow(as store.Assessment, r assessment.Response) store.Response {
	return store.Response{Organisation: as.Organisation, Assessment: as.ID, Requirement: r.Requirement, ClaimKind: string(r.Claim.Kind), Level: r.Claim.Level,
		Rationale: r.Rationale, Reason: r.NAReason, FindOutBy: r.FindOutBy, Delegate: r.Delegate, Prior: r.Prior, Confirmed: r.Confirmed,
		Attention: string(r.Attention), Author: r.Author, At: r.At, Version: r.Version}
}

// RespondInput is an answer to one requirement.
type RespondInput struct {
	Claim     string // a level id, not_applicable or dont_know
	Rationale string
	NAReason  string
	FindOutBy civil.Date
	Delegate  string
	Version   int64 // of the answer that the person saw; 0 = there was none
	// KeptOver is set when the person chose between two versions: whose they kept.
	KeptOver string
}

// Responded answers for a saved answer.
type Responded struct {
	Requirement string              `json:"requirement"`
	Version     int64               `json:"version"`
	Standing    assessment.Standing `json:"standing"`
}

// Respond answers one requirement. It needs response.write on the system.
//
// It fails with fault.Stale when somebody else answered since the caller read it
// (nothing of either is lost: QuestionView shows both), fault.Invalid for an
// answer that lacks what it needs, and fault.Conflict when the assessment is not
// open for answers.
func (a *App) Respond(ctx context.Context, who access.Actor, id, requirement string, in RespondInput) (Responded, Receipt, error) {
	var out Responded
	r, err := a.answering(ctx, who, id, func(tx *store.Tx, scope access.Scope, sub subject) error {
		if !inScope(sub, requirement) {
			return errNotFound
		}
		if in.Delegate != "" {
			if _, err := a.memberNamed(ctx, tx, scope, in.Delegate); err != nil {
				return err
			}
		}
		draft := assessment.Response{Claim: assessment.ParseClaim(in.Claim), Rationale: in.Rationale, NAReason: in.NAReason, FindOutBy: in.FindOutBy,
			Delegate: in.Delegate, Author: who.ID, At: tx.Now(), Version: in.Version, Confirmed: true}
		v, problems := assessment.ValidateResponse(sub.framework, requirement, draft, today(tx, sub.org))
		if err := problems.Err(); err != nil {
			return err
		}
		before, err := tx.Response(ctx, sub.as, requirement)
		if ignoreNotFound(err) != nil {
			return err
		}
		saved, err := tx.SaveResponse(ctx, responseRow(sub.as, v))
		if err != nil {
			return err
		}
		recordAnswer(tx, sub.as, before, saved, in.KeptOver)
		if err := tx.DropDraft(ctx, sub.as, requirement, who.ID); err != nil {
			return err
		}
		st, err := a.restandOne(ctx, tx, sub, requirement, tx.Now(), false)
		out = Responded{Requirement: requirement, Version: saved.Version, Standing: st}
		tx.Answer(out)
		return err
	})
	return out, r, err
}

func recordAnswer(tx *store.Tx, as store.Assessment, before, after store.Response, keptOver string) {
	fields := map[string]string{"requirement": after.Requirement, "before": claimOf(before).String(), "after": claimOf(after).String()}
	tx.Record(store.Record{Action: audit.AssessmentResponded, TargetType: "assessment", Target: as.ID, Fields: fields})
	if keptOver != "" {
		tx.Record(store.Record{Action: audit.ResponseConflictResolved, TargetType: "assessment", Target: as.ID,
			Fields: map[string]string{"requirement": after.Requirement, "kept": keptOver}})
	}
	if after.Delegate != "" && after.Delegate != before.Delegate {
		tx.Record(store.Record{Action: audit.AssessmentDelegated, TargetType: "assessment", Target: as.ID,
			Fields: map[string]string{"requirement": after.Requirement, "person": after.Delegate, "due": string(after.FindOutBy)}})
	}
}

// answering runs a write on an assessment that is open for answers.
func (a *App) answering(ctx context.Context, who access.Actor, id string, fn func(tx *store.Tx, scope access.Scope, sub subject) error) (Receipt, error) {
	return a.writing(ctx, who, access.ResponseWrite, func(tx *store.Tx, scope access.Scope) error {
		sub, err := a.subjectIn(ctx, tx, scope, id)
		if err != nil {
			return err
		}
		if !assessment.State(sub.as.State).Answerable() {
			return fault.Newf(fault.Conflict, "This assessment is not open for answers: it is %s.", strings.ToLower(assessment.State(sub.as.State).Label()))
		}
		if err := fn(tx, scope, sub); err != nil {
			return err
		}
		return a.summarise(ctx, tx, sub.system)
	})
}

func (a *App) subjectIn(ctx context.Context, tx *store.Tx, scope access.Scope, id string) (subject, error) {
	as, err := tx.Assessment(ctx, scope, id)
	if err != nil {
		return subject{}, err
	}
	s, err := tx.System(ctx, scope, as.System)
	if err != nil {
		return subject{}, err
	}
	return a.subjectOf(ctx, tx, as, s)
}

// ConfirmAnswers confirms carried-over answers as still true, for one section or
// one question. It changes no claim. It needs response.write.
//
// It fails with fault.Invalid naming every requirement that has no answer yet.
func (a *App) ConfirmAnswers(ctx context.Context, who access.Actor, id string, requirements []string) (Receipt, error) {
	return a.answering(ctx, who, id, func(tx *store.Tx, _ access.Scope, sub subject) error {
		rows, err := tx.Responses(ctx, sub.as)
		if err != nil {
			return err
		}
		for _, id := range requirements {
			if !inScope(sub, id) {
				return errNotFound
			}
		}
		confirmed, unanswered := assessment.ConfirmSection(domainResponses(rows), requirements)
		var p fault.Problems
		for _, id := range unanswered {
			p.Add("/responses/"+id, "This question has no answer yet. If you do not know, say so.")
		}
		if err := p.Err(); err != nil {
			return err
		}
		for _, r := range confirmed {
			r.Author, r.At = who.ID, tx.Now()
			if _, err := tx.SaveResponse(ctx, responseRow(sub.as, r)); err != nil {
				return err
			}
			if _, err := a.restandOne(ctx, tx, sub, r.Requirement, tx.Now(), false); err != nil {
				return err
			}
		}
		tx.Answer(map[string]any{"confirmed": len(confirmed)})
		tx.Record(store.Record{Action: audit.AssessmentSectionConfirmed, TargetType: "assessment", Target: sub.as.ID,
			Fields: map[string]string{"section": strings.Join(requirements, ", ")}})
		return nil
	})
}

// SaveDraft keeps what a person has typed and not yet saved. It is theirs alone
// and not part of the record. It needs response.write on the system.
func (a *App) SaveDraft(ctx context.Context, who access.Actor, id, requirement, body string, baseVersion int64) error {
	if len(body) > 256<<10 {
		return fault.New(fault.TooLarge, "The draft is too long to keep.")
	}
	var p fault.Problems
	text.Clean(&p, "/body", body, 256<<10)
	if err := p.Err(); err != nil {
		return err
	}
	var as store.Assessment
	err := a.reading(ctx, who, access.ResponseWrite, func(tx *store.Tx, scope access.Scope) error {
		sub, err := a.subjectIn(ctx, tx, scope, id)
		if err != nil {
			return err
		}
		if !inScope(sub, requirement) {
			return errNotFound
		}
		as = sub.as
		return nil
	})
	if err != nil {
		return err
	}
	return a.DB.WriteUnaudited(ctx, "a draft is a person's own, until it becomes an answer", func(tx *store.Tx) error {
		return tx.SaveDraft(ctx, store.Draft{Organisation: as.Organisation, Assessment: as.ID, Requirement: requirement, Person: who.ID, Body: body, BaseVersion: baseVersion})
	})
}

// Submit sends an assessment to the SRO. It needs assessment.submit.
//
// It fails with fault.Invalid listing every question in scope that still needs an
// answer, and fault.Stale when the assessment changed since the caller read it
// (version 0 means the caller does not mind).
func (a *App) Submit(ctx context.Context, who access.Actor, id string, version int64) (Assessment, Receipt, error) {
	return a.moving(ctx, who, access.AssessmentSubmit, id, version, assessment.Submit, func(tx *store.Tx, _ access.Scope, sub *subject) error {
		rows, err := tx.Responses(ctx, sub.as)
		if err != nil {
			return err
		}
		if err := assessment.Complete(scopeOf(*sub), domainResponses(rows)); err != nil {
			return err
		}
		sub.as.SubmittedAt, sub.as.SubmittedBy, sub.as.ReturnReason = tx.Now(), who.ID, ""
		tx.Record(store.Record{Action: audit.AssessmentSubmitted, TargetType: "assessment", Target: sub.as.ID, Fields: map[string]string{"version": fmt.Sprint(sub.as.Version + 1)}})
		return nil
	})
}

// Return sends an assessment back to the team with a reason. It needs
// assessment.return.
func (a *App) Return(ctx context.Context, who access.Actor, id string, version int64, reason string) (Assessment, Receipt, error) {
	return a.moving(ctx, who, access.AssessmentReturn, id, version, assessment.Return, func(tx *store.Tx, _ access.Scope, sub *subject) error {
		var p fault.Problems
		reason = text.Clean(&p, "/reason", reason, text.Long)
		if reason == "" {
			p.Add("/reason", "Say what has to change.")
		}
		if err := p.Err(); err != nil {
			return err
		}
		sub.as.ReturnReason = reason
		tx.Record(store.Record{Action: audit.AssessmentReturned, TargetType: "assessment", Target: sub.as.ID,
			Fields: map[string]string{"version": fmt.Sprint(sub.as.Version), "reason": reason}})
		return nil
	})
}

// moving performs one move of an assessment's state.
func (a *App) moving(ctx context.Context, who access.Actor, op access.Operation, id string, version int64, action assessment.Action,
	fn func(tx *store.Tx, scope access.Scope, sub *subject) error) (Assessment, Receipt, error) {
	var out Assessment
	r, err := a.writing(ctx, who, op, func(tx *store.Tx, scope access.Scope) error {
		sub, err := a.subjectIn(ctx, tx, scope, id)
		if err != nil {
			return err
		}
		to, err := assessment.Move(assessment.State(sub.as.State), action)
		if err != nil {
			return err
		}
		if version != 0 && version != sub.as.Version {
			return fault.New(fault.Stale, "Somebody changed this assessment after you opened it. Read it again before you decide.")
		}
		if err := fn(tx, scope, &sub); err != nil {
			return err
		}
		sub.as.State = string(to)
		if err := tx.SaveAssessment(ctx, sub.as); err != nil {
			return err
		}
		sub.as.Version++
		out = sub.as
		answer := map[string]any{"id": out.ID, "state": out.State, "version": out.Version}
		if sub.share != "" {
			answer = map[string]any{"id": sub.share, "state": out.State}
		}
		tx.Answer(answer)
		return a.summarise(ctx, tx, sub.system)
	})
	return out, r, err
}

// TriggerInput says what happened that asks for a new look.
type TriggerInput struct {
	Framework string
	Kind      string // trigger id of the framework
	Reason    string
}

// Trigger makes an assessment due now because of a change, a new threat, a breach
// or changed evidence. It needs assessment.trigger.
//
// It fails with fault.Conflict when one is open already.
func (a *App) Trigger(ctx context.Context, who access.Actor, system string, in TriggerInput) (Created, Receipt, error) {
	var out Created
	r, err := a.writing(ctx, who, access.AssessmentTrigger, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, system)
		if err != nil {
			return err
		}
		f, err := a.Frameworks.Get(in.Framework, a.newest(in.Framework))
		var p fault.Problems
		if err != nil {
			p.Add("/framework", "Choose one of the frameworks that are listed.")
		} else if !slices.ContainsFunc(f.Triggers, func(t framework.Trigger) bool { return t.ID == in.Kind }) {
			p.Add("/kind", "Choose what happened from the list.")
		}
		reason := text.Need(&p, "/reason", "what happened", in.Reason, text.Short)
		if err := p.Err(); err != nil {
			return err
		}
		as, err := a.openAssessment(ctx, tx, s, f)
		if err != nil {
			return err
		}
		org, err := tx.OrganisationByID(ctx, s.Organisation)
		if err != nil {
			return err
		}
		as.DueOn, as.Reason, as.State = today(tx, org), reason, string(assessment.Due)
		tx.Record(store.Record{Action: audit.SystemTriggered, TargetType: "system", Target: s.ID, Fields: map[string]string{"trigger": in.Kind, "detail": reason}})
		if as.Version == 0 {
			if as.ID, err = a.newID(tx, ident.Assessment); err != nil {
				return err
			}
			err = tx.CreateAssessment(ctx, as)
		} else {
			err = tx.SaveAssessment(ctx, as)
		}
		if err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.AssessmentDue, TargetType: "assessment", Target: as.ID, Fields: map[string]string{"due": string(as.DueOn), "trigger": in.Kind}})
		out = Created{ID: as.ID}
		tx.Answer(out)
		return a.summarise(ctx, tx, s)
	})
	return out, r, err
}
