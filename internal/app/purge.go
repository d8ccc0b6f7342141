package app

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Purge is a request to remove content, and its tombstone once that was done.
type Purge = store.Purge

// The kinds of thing that can be purged.
const (
	PurgeEvidence = "evidence" // a record with its file
	PurgeResponse = "response" // an answer with all that it replaced
)

// The states of a purge.
const (
	PurgeRequested = "requested"
	PurgeDone      = "done"
	PurgeRefused   = "refused"
)

// PurgeInput names what holds content that must not be here.
type PurgeInput struct {
	TargetType  string // PurgeEvidence or PurgeResponse
	Evidence    string
	Assessment  string
	Requirement string
	Reason      string // stays on record, so it must not repeat the content
}

// RequestPurge asks for the removal of content that is marked too high for this
// place or personal. Nothing is removed before another person approves. It needs
// purge.request on the system.
//
// It fails with fault.Conflict when the same removal is asked for already.
func (a *App) RequestPurge(ctx context.Context, who access.Actor, in PurgeInput) (Created, Receipt, error) {
	var out Created
	r, err := a.writing(ctx, who, access.PurgeRequest, func(tx *store.Tx, scope access.Scope) error {
		target, err := a.purgeTarget(ctx, tx, scope, in)
		if err != nil {
			return err
		}
		var problems fault.Problems
		reason := text.Need(&problems, "/reason", "why it must go", in.Reason, text.Short)
		if err := problems.Err(); err != nil {
			return err
		}
		open, err := tx.Purges(ctx, scope, MaxLimit)
		if err != nil {
			return err
		}
		for _, p := range open {
			if p.State == PurgeRequested && p.TargetType == in.TargetType && p.TargetID == target {
				return fault.New(fault.Conflict, "The removal of this is asked for already. An administrator has to decide.")
			}
		}
		id, err := a.newID(tx, ident.Purge)
		if err != nil {
			return err
		}
		out = Created{ID: id}
		tx.Answer(out)
		tx.Record(store.Record{Action: audit.PurgeRequested, TargetType: "purge", Target: id,
			Fields: map[string]string{"targets": in.TargetType + " " + target, "reason": reason}})
		return tx.CreatePurge(ctx, store.Purge{Organisation: scope.Organisation(), ID: id, TargetType: in.TargetType, TargetID: target, Reason: reason,
			State: PurgeRequested, RequestedBy: who.ID, RequestedAt: tx.Now()})
	})
	return out, r, err
}

// purgeTarget checks that the actor may see the target and returns its id.
func (a *App) purgeTarget(ctx context.Context, tx *store.Tx, scope access.Scope, in PurgeInput) (string, error) {
	switch in.TargetType {
	case PurgeEvidence:
		e, err := tx.EvidenceRecord(ctx, scope, in.Evidence)
		return e.ID, err
	case PurgeResponse:
		sub, err := a.subjectIn(ctx, tx, scope, in.Assessment)
		if err != nil {
			return "", err
		}
		if !inScope(sub, in.Requirement) {
			return "", errNotFound
		}
		return sub.as.ID + "/" + in.Requirement, nil
	}
	var p fault.Problems
	p.Add("/target_type", "Choose evidence or response.")
	return "", p.Err()
}

// Purged answers for content that was removed.
type Purged struct {
	ID     string `json:"id"`
	Digest string `json:"digest"`
	// Salt opens the digest. It is answered once and kept nowhere: with it,
	// whoever holds the content can prove that this is what was removed; without
	// it, nobody can try out from the digest what it may have been.
	Salt  string `json:"-"`
	files []string
}

// ApprovePurge removes what a purge is about, for good: from rows, earlier
// versions, drafts, reports, the log's openings and the folder of files. What
// stays is the request as a tombstone with a salted digest, and a log that is
// sound. It needs purge.approve with a fresh step-up.
//
// It fails with fault.Conflict for whoever asked for it, and when it was decided
// already. fault.Unavailable after the content was removed from the database says
// that a file could not be deleted.
func (a *App) ApprovePurge(ctx context.Context, who access.Actor, id string) (Purged, Receipt, error) {
	var out Purged
	r, err := a.writing(ctx, who, access.PurgeApprove, func(tx *store.Tx, scope access.Scope) error {
		p, err := undecidedPurge(ctx, tx, scope, id)
		if err != nil {
			return err
		}
		asked, err := personBehind(ctx, tx, scope, p.RequestedBy)
		if err != nil {
			return err
		}
		approves, err := personBehind(ctx, tx, scope, who.ID)
		if err != nil {
			return err
		}
		if asked == approves {
			return fault.New(fault.Conflict, "You asked for this removal, so somebody else has to approve it.")
		}
		tx.Record(store.Record{Action: audit.PurgeApproved, TargetType: "purge", Target: p.ID})
		p.ApprovedBy, p.ApprovedAt = who.ID, tx.Now()
		out, err = a.carryOut(ctx, tx, p)
		tx.Answer(out)
		return err
	})
	if err != nil {
		return out, r, err
	}
	return out, r, a.settlePurge(ctx, out.files, strayAge)
}

// carryOut removes the content and keeps the tombstones: one for what was asked
// for, and one for each copy of an answer that was carried over.
func (a *App) carryOut(ctx context.Context, tx *store.Tx, p store.Purge) (Purged, error) {
	salt := make([]byte, audit.SaltSize)
	if _, err := io.ReadFull(a.Random, salt); err != nil {
		return Purged{}, fmt.Errorf("salt of a purge: %w", err)
	}
	taken := newRemoval(tx, p.Organisation)
	if err := a.remove(ctx, taken, p); err != nil {
		return Purged{}, err
	}
	copies, err := taken.copies(ctx, p)
	if err != nil {
		return Purged{}, err
	}
	for i := range copies {
		if copies[i].ID, err = a.newID(tx, ident.Purge); err != nil {
			return Purged{}, err
		}
		if err := a.remove(ctx, taken, copies[i]); err != nil {
			return Purged{}, err
		}
	}
	p.State, p.Digest = PurgeDone, taken.digest(salt)
	if err := tx.SavePurge(ctx, p); err != nil {
		return Purged{}, err
	}
	for _, c := range copies {
		c.State, c.Digest = p.State, p.Digest
		if err := tx.CreatePurge(ctx, c); err != nil {
			return Purged{}, err
		}
	}
	return Purged{ID: p.ID, Digest: p.Digest, Salt: hex.EncodeToString(salt), files: taken.files}, taken.record(ctx, p)
}

// RejectPurge turns a request down, with the reason. It needs purge.approve with
// a fresh step-up; whoever asked may take their own request back so.
func (a *App) RejectPurge(ctx context.Context, who access.Actor, id, reason string) (Receipt, error) {
	return a.writing(ctx, who, access.PurgeApprove, func(tx *store.Tx, scope access.Scope) error {
		p, err := undecidedPurge(ctx, tx, scope, id)
		if err != nil {
			return err
		}
		var problems fault.Problems
		reason = text.Need(&problems, "/reason", "why it stays", reason, text.Short)
		if err := problems.Err(); err != nil {
			return err
		}
		p.State, p.ApprovedBy, p.ApprovedAt = PurgeRefused, who.ID, tx.Now()
		tx.Record(store.Record{Action: audit.PurgeRejected, TargetType: "purge", Target: p.ID, Fields: map[string]string{"reason": reason}})
		tx.Answer(map[string]any{"id": p.ID, "state": p.State})
		return tx.SavePurge(ctx, p)
	})
}

func undecidedPurge(ctx context.Context, tx *store.Tx, scope access.Scope, id string) (store.Purge, error) {
	p, err := tx.PurgeRequest(ctx, scope, id)
	if err == nil && p.State != PurgeRequested {
		err = fault.New(fault.Conflict, "This removal was decided already.")
	}
	return p, err
}

// personBehind is who answers for an actor: a token for whoever made it, so that
// nobody approves their own request through one.
func personBehind(ctx context.Context, tx *store.Tx, scope access.Scope, actor string) (string, error) {
	if !strings.HasPrefix(actor, ident.Token+"_") {
		return actor, nil
	}
	t, err := tx.Token(ctx, scope, actor)
	return t.CreatedBy, err
}

// PurgeLine is a purge as people read it.
type PurgeLine struct {
	Purge       Purge
	Target      string // the title of the record, or the requirement
	Assessment  string // id, of an answer
	Requirement string
	Marking     string // of the record or the assessment
	RequestedBy string
	DecidedBy   string
}

// Purges lists the requests and tombstones whose target the actor may see, newest
// first. It needs purge.request.
func (a *App) Purges(ctx context.Context, who access.Actor) ([]PurgeLine, error) {
	var out []PurgeLine
	err := a.reading(ctx, who, access.PurgeRequest, func(tx *store.Tx, scope access.Scope) error {
		list, err := tx.Purges(ctx, scope, MaxLimit)
		if err != nil {
			return err
		}
		var ids []string
		for _, p := range list {
			ids = append(ids, p.RequestedBy, p.ApprovedBy)
		}
		names, err := a.actorNames(ctx, tx, ids)
		if err != nil {
			return err
		}
		for _, p := range list {
			line := PurgeLine{Purge: p, RequestedBy: names[p.RequestedBy], DecidedBy: names[p.ApprovedBy]}
			seen, err := line.describe(ctx, tx, scope)
			if err != nil {
				return err
			}
			if seen || scope.All() {
				out = append(out, line)
			}
		}
		return nil
	})
	return out, err
}

// describe names the target and reports whether the scope reaches it.
func (l *PurgeLine) describe(ctx context.Context, tx *store.Tx, scope access.Scope) (bool, error) {
	if l.Purge.TargetType == PurgeEvidence {
		e, err := tx.EvidenceRecord(ctx, scope, l.Purge.TargetID)
		l.Target, l.Marking = e.Title, e.Marking
		return err == nil, ignoreNotFound(err)
	}
	l.Assessment, l.Requirement, _ = strings.Cut(l.Purge.TargetID, "/")
	l.Target = l.Requirement
	as, err := tx.Assessment(ctx, scope, l.Assessment)
	l.Marking = as.Marking
	return err == nil, ignoreNotFound(err)
}
