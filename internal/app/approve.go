package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/evidence"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// freeze gathers what an approval would sign, as it stands in this transaction.
func (a *App) freeze(ctx context.Context, tx *store.Tx, sub subject) (assessment.Frozen, error) {
	digest, err := a.Frameworks.Digest(sub.as.Framework, sub.as.FrameworkVersion)
	if err != nil {
		return assessment.Frozen{}, err
	}
	f := assessment.Frozen{Assessment: sub.as.ID, Version: sub.as.Version, Organisation: sub.org.Name,
		Framework: assessment.FrozenFramework{Key: sub.framework.Key(), Title: sub.framework.Title, Publisher: sub.framework.Publisher, SHA256: digest},
		Scope:     assessment.FrozenScope{Set: sub.as.Set, Stage: sub.as.Stage, Larger: sub.as.Size == "larger", Reason: sub.as.SetReason}}
	s := portfolioSystem(sub.system)
	f.System = assessment.FrozenSystem{ID: s.ID, Name: s.Name, Kind: s.Kind, Scope: s.Scope, Stage: s.Stage, Phase: s.Phase, Gate: s.Gate,
		Classification: s.Classification, Exposure: s.Exposure, Personal: s.Personal, Special: s.Special}
	if err := freezeRoles(ctx, tx, sub, &f); err != nil {
		return f, err
	}
	return f, a.freezeAnswers(ctx, tx, sub, &f)
}

func freezeRoles(ctx context.Context, tx *store.Tx, sub subject, f *assessment.Frozen) error {
	list, err := tx.Appointments(ctx, sub.system)
	if err != nil {
		return err
	}
	day := today(tx, sub.org)
	for _, row := range list {
		if ap := portfolioAppointment(row); ap.On(day) {
			f.Roles = append(f.Roles, assessment.FrozenRole{Role: string(ap.Role), User: ap.User, Name: ap.Name, StandIn: ap.StandIn, OnBehalfOf: ap.OnBehalfOf, From: ap.From, To: ap.To})
		}
	}
	return nil
}

func (a *App) freezeAnswers(ctx context.Context, tx *store.Tx, sub subject, f *assessment.Frozen) error {
	rows, err := tx.Responses(ctx, sub.as)
	if err != nil {
		return err
	}
	standings, err := a.standingsNow(ctx, tx, sub.as)
	if err != nil {
		return err
	}
	linked, err := tx.LinkedTo(ctx, sub.system, sub.as.Framework, "")
	if err != nil {
		return err
	}
	answers := map[string]assessment.Response{}
	for _, r := range domainResponses(rows) {
		answers[r.Requirement] = r
	}
	marks := []portfolio.Marking{f.System.Classification}
	known := map[string]bool{}
	var items []assessment.Item
	for _, r := range scopeOf(sub) {
		f.Scope.Requirements = append(f.Scope.Requirements, r.ID)
		var ids []string
		for _, l := range linked {
			if l.Link.Requirement != r.ID {
				continue
			}
			ids = append(ids, l.Evidence.ID)
			if !known[l.Evidence.ID] {
				known[l.Evidence.ID] = true
				fe := frozenEvidence(record(l.Evidence))
				f.Evidence, marks = append(f.Evidence, fe), append(marks, fe.Marking)
			}
		}
		answer, answered := answers[r.ID]
		if !answered {
			answer = assessment.Response{Requirement: r.ID, Claim: assessment.Claim{Kind: assessment.Unanswered}}
		}
		f.Responses = append(f.Responses, assessment.FreezeResponse(answer, standings[r.ID], ids))
		items = append(items, assessment.Item{Requirement: r.ID, Levels: assessment.LevelIDs(sub.framework, r), Standing: standings[r.ID]})
	}
	f.Marking, f.Gap = portfolio.Highest(marks...), assessment.SupportGap(items)
	return nil
}

func frozenEvidence(r evidence.Record) assessment.FrozenEvidence {
	f := assessment.FrozenEvidence{ID: r.ID, Kind: string(r.Kind), Title: r.Title, Version: r.Version, ProducedOn: r.ProducedOn, ValidUntil: r.ValidUntil,
		Place: r.Place, Marking: r.Marking, Link: r.Link}
	if r.File != nil {
		f.FileSHA256 = r.File.SHA256
	}
	if h := r.Held; h != nil {
		f.Held = &assessment.FrozenHeld{Reference: h.Reference, Marking: h.Marking, Custodian: h.Custodian, SeenBy: h.SeenBy, SeenOn: h.SeenOn}
	}
	return f
}

// ApproveInput is the SRO's decision.
type ApproveInput struct {
	Version int64 // of the assessment as read; 0 = not checked
	// Digest is the content digest that the person was shown, and SeenAt when
	// (µs UTC). With a digest the approval fails when anything differs.
	Digest     string
	SeenAt     int64
	Statement  string // what is accepted, in the SRO's words
	OnBehalfOf string // name of the accountable person, when acting for them
}

// Approve signs an assessment: the version is frozen with its content digest,
// earlier ones are superseded and the next is scheduled. It needs
// assessment.approve with a fresh step-up.
//
// It fails with fault.Conflict when the content is not what was shown (listing
// what moved), when the approver is the one who sent it, or when it is not with
// the SRO.
func (a *App) Approve(ctx context.Context, who access.Actor, id string, in ApproveInput) (Assessment, Receipt, error) {
	out, r, err := a.moving(ctx, who, access.AssessmentApprove, id, in.Version, assessment.Approve, func(tx *store.Tx, _ access.Scope, sub *subject) error {
		if sub.as.SubmittedBy == who.ID {
			return fault.New(fault.Conflict, "You sent this assessment, so somebody else has to approve it.")
		}
		var p fault.Problems
		statement := text.Clean(&p, "/statement", in.Statement, text.Long)
		behalf := text.Line(&p, "/on_behalf_of", in.OnBehalfOf, text.Name)
		if err := p.Err(); err != nil {
			return err
		}
		frozen, err := a.freeze(ctx, tx, *sub)
		if err != nil {
			return err
		}
		body, digest, err := frozen.Digest()
		if err != nil {
			return err
		}
		if in.Digest != "" && in.Digest != digest {
			return a.movedSince(ctx, tx, *sub, in.SeenAt)
		}
		sub.as.ApprovedAt, sub.as.ApprovedBy, sub.as.OnBehalfOf, sub.as.Declaration = tx.Now(), who.ID, behalf, statement
		sub.as.ContentDigest, sub.as.Marking = digest, frozen.Marking.String()
		sub.as.NextDueOn = assessment.NextDue(tx.Now(), tx.Now(), sub.framework.Cadence.Months, nil, zoneOf(sub.org)).On
		if err := tx.Freeze(ctx, store.Frozen{Organisation: sub.as.Organisation, Assessment: sub.as.ID, Digest: digest, Body: body}); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.AssessmentApproved, TargetType: "assessment", Target: sub.as.ID, OnBehalfOf: "",
			Fields: withReason(map[string]string{"version": fmt.Sprint(sub.as.Version), "digest": digest, "statement": statement}, onBehalf(behalf))})
		return a.afterApproval(ctx, tx, *sub)
	})
	if err != nil {
		return out, r, err
	}
	return out, r, a.attachCheckpoint(ctx, out)
}

func onBehalf(name string) string {
	if name == "" {
		return ""
	}
	return "on behalf of " + name
}

// afterApproval puts the earlier approvals into history, brings the system under
// assurance and sends the report to the assurance pool.
func (a *App) afterApproval(ctx context.Context, tx *store.Tx, sub subject) error {
	list, err := tx.AssessmentsOf(ctx, sub.system, 200)
	if err != nil {
		return err
	}
	for _, old := range list {
		to, err := assessment.Move(assessment.State(old.State), assessment.Supersede)
		if err != nil || old.Framework != sub.as.Framework || old.ID == sub.as.ID {
			continue
		}
		old.State, old.SupersededAt = string(to), tx.Now()
		if err := tx.SaveAssessment(ctx, old); err != nil {
			return err
		}
		if err := tx.StillStandings(ctx, old); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.AssessmentSuperseded, TargetType: "assessment", Target: old.ID, Fields: map[string]string{"version": fmt.Sprint(old.Version + 1)}})
	}
	if to, err := portfolio.Move(portfolio.State(sub.system.State), portfolio.FirstApproval); err == nil {
		s := sub.system
		before := s.State
		s.State = string(to)
		if err := tx.SaveSystem(ctx, s); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.SystemStateChanged, TargetType: "system", Target: s.ID, Fields: map[string]string{"before": before, "after": s.State}})
	}
	id, err := a.newID(tx, ident.Share)
	if err != nil {
		return err
	}
	tx.Record(store.Record{Action: audit.AssessmentShared, TargetType: "assessment", Target: sub.as.ID,
		Fields: map[string]string{"recipient": assurancePool, "marking": sub.as.Marking, "version": fmt.Sprint(sub.as.Version)}})
	return tx.CreateShare(ctx, store.Share{Organisation: sub.as.Organisation, ID: id, Assessment: sub.as.ID, Recipient: assurancePool, Marking: sub.as.Marking, At: tx.Now(), By: sub.as.ApprovedBy})
}

const assurancePool = "Assurance pool"

// movedSince says what is different from what the person was shown.
func (a *App) movedSince(ctx context.Context, tx *store.Tx, sub subject, seenAt int64) error {
	var p fault.Problems
	linked, err := tx.LinkedTo(ctx, sub.system, sub.as.Framework, "")
	if err != nil {
		return err
	}
	told := map[string]bool{}
	for _, l := range linked {
		e := l.Evidence
		switch {
		case told[e.ID+l.Link.Requirement]:
		case l.Link.LinkedAt > seenAt:
			p.Add("/evidence/"+e.ID, "“%s” was linked to %s after you opened this page.", e.Title, l.Link.Requirement)
		case e.WithdrawnAt > seenAt:
			p.Add("/evidence/"+e.ID, "“%s” was withdrawn after you opened this page.", e.Title)
		case e.ObservedAt > seenAt:
			p.Add("/evidence/"+e.ID, "“%s” was changed after you opened this page. It is now version %s.", e.Title, e.Edition)
		}
		told[e.ID+l.Link.Requirement] = true
	}
	events, err := tx.StandingEvents(ctx, sub.system, 0, 100)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(events) {
		if e.At > seenAt && e.Assessment == sub.as.ID {
			p.Add("/responses/"+e.Requirement, "%s: %s", e.Requirement, e.Why)
		}
	}
	if len(p) == 0 {
		p.Add("/", "The system’s details, its roles or a link to evidence changed.")
	}
	return &fault.Error{Kind: fault.Conflict, Public: "This is not what you were shown. Something changed after you opened it, so nothing was approved. Look at it again, then decide.", Problems: p}
}

// attachCheckpoint signs the log right after an approval, so that the report
// carries a checkpoint that covers it. When the process dies before this, the
// next report makes one.
func (a *App) attachCheckpoint(ctx context.Context, as store.Assessment) error {
	note, err := a.SignCheckpoint(ctx)
	if err != nil {
		return err
	}
	return a.DB.WriteUnaudited(ctx, "a checkpoint speaks about the log from outside", func(tx *store.Tx) error {
		return tx.AttachCheckpoint(ctx, as, note)
	})
}

// ShareReport records that an approved report was given to somebody. It needs
// assessment.share with a fresh step-up.
func (a *App) ShareReport(ctx context.Context, who access.Actor, id, recipient, marking string) (Created, Receipt, error) {
	var out Created
	_, r, err := a.moving(ctx, who, access.AssessmentShare, id, 0, assessment.Share, func(tx *store.Tx, _ access.Scope, sub *subject) error {
		var p fault.Problems
		recipient = text.Need(&p, "/recipient", "who receives the report", recipient, text.Name)
		least := a.marking(&p, "/marking", sub.as.Marking, portfolio.Marking{})
		m := a.marking(&p, "/marking", marking, least)
		if m.Compare(least) < 0 {
			p.Add("/marking", "The report is marked %s. It cannot be shared at a lower marking.", strings.TrimSpace(least.String()))
		}
		if err := p.Err(); err != nil {
			return err
		}
		shareID, err := a.newID(tx, ident.Share)
		if err != nil {
			return err
		}
		out, sub.share = Created{ID: shareID}, shareID
		tx.Record(store.Record{Action: audit.AssessmentShared, TargetType: "assessment", Target: sub.as.ID,
			Fields: map[string]string{"recipient": recipient, "marking": m.String(), "version": fmt.Sprint(sub.as.Version)}})
		return tx.CreateShare(ctx, store.Share{Organisation: sub.as.Organisation, ID: shareID, Assessment: sub.as.ID, Recipient: recipient, Marking: m.String(), At: tx.Now(), By: who.ID})
	})
	return out, r, err
}
