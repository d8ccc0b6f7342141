package app

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Feedback is a reader's word on what guidance lacks.
type Feedback = store.Feedback

// SendFeedback tells whoever keeps a framework what is missing from a page. It
// needs feedback.send.
func (a *App) SendFeedback(ctx context.Context, who access.Actor, frameworkID, place, words string) (Created, Receipt, error) {
	var out Created
	r, err := a.writing(ctx, who, access.FeedbackSend, func(tx *store.Tx, scope access.Scope) error {
		if a.newest(frameworkID) == "" {
			return errNotFound
		}
		var p fault.Problems
		place = text.Line(&p, "/place", place, text.Name)
		if words = text.Clean(&p, "/words", words, text.Long); words == "" {
			p.Add("/words", "Tell us what is missing.")
		}
		if err := p.Err(); err != nil {
			return err
		}
		id, err := a.newID(tx, ident.Feedback)
		if err != nil {
			return err
		}
		out = Created{ID: id}
		tx.Answer(out)
		tx.Record(store.Record{Action: audit.FeedbackSent, TargetType: "feedback", Target: id, Fields: map[string]string{"page": frameworkID + " " + place, "text": words}})
		return tx.CreateFeedback(ctx, store.Feedback{Organisation: scope.Organisation(), ID: id, Framework: frameworkID, Place: place, Words: words,
			SentBy: who.ID, SentAt: tx.Now(), State: "open"})
	})
	return out, r, err
}

// HandleFeedback closes a note as done or declined, with what was done. It needs
// feedback.handle.
func (a *App) HandleFeedback(ctx context.Context, who access.Actor, id string, version int64, state, outcome string) (Receipt, error) {
	return a.writing(ctx, who, access.FeedbackHandle, func(tx *store.Tx, scope access.Scope) error {
		f, err := tx.FeedbackNote(ctx, scope, id)
		if err != nil {
			return err
		}
		var p fault.Problems
		if state != "done" && state != "declined" {
			p.Add("/state", "Choose done or declined.")
		}
		outcome = text.Need(&p, "/outcome", "what was done, or why not", outcome, text.Short)
		if err := p.Err(); err != nil {
			return err
		}
		f.State, f.Outcome, f.HandledBy, f.HandledAt, f.Version = state, outcome, who.ID, tx.Now(), version
		tx.Record(store.Record{Action: audit.FeedbackResolved, TargetType: "feedback", Target: id, Fields: map[string]string{"text": outcome}})
		tx.Answer(map[string]any{"id": id, "state": state})
		return tx.SaveFeedback(ctx, f)
	})
}

// FeedbackIn lists the notes of the organisation in a state ("" = all). It needs
// feedback.handle.
func (a *App) FeedbackIn(ctx context.Context, who access.Actor, state string) ([]Feedback, error) {
	var out []Feedback
	err := a.reading(ctx, who, access.FeedbackHandle, func(tx *store.Tx, scope access.Scope) (err error) {
		out, err = tx.FeedbackNotes(ctx, scope, state, MaxLimit)
		return err
	})
	return out, err
}
