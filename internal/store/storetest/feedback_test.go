package storetest

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestFeedback(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		note := func(id, state string, at int64) store.Feedback {
			return sample(func(f *store.Feedback) {
				f.Organisation, f.ID, f.State, f.SentAt, f.Version = w.ours.org.ID, id, state, at, 1
			})
		}
		open, done := note("fbk_1", "open", 1), note("fbk_2", "done", 2)
		w.write(func(tx *store.Tx) error { return first(tx.CreateFeedback(ctx, open), tx.CreateFeedback(ctx, done)) })
		w.read(func(tx *store.Tx) error {
			got, err := tx.FeedbackNote(ctx, w.ours.all, "fbk_1")
			same(t, "note", got, open)
			_, gone := tx.FeedbackNote(ctx, w.other.all, "fbk_1")
			missing(t, "a foreign note", gone)
			list, err2 := tx.FeedbackNotes(ctx, w.ours.all, "", 10)
			same(t, "all, newest first", list, []store.Feedback{done, open})
			list, err3 := tx.FeedbackNotes(ctx, w.ours.all, "open", 10)
			same(t, "open", list, []store.Feedback{open})
			return first(err, err2, err3)
		})
		w.write(func(tx *store.Tx) error { open.State = "declined"; return tx.SaveFeedback(ctx, open) })
		w.refuse(fault.Stale, "read before the change", func(tx *store.Tx) error { return tx.SaveFeedback(ctx, open) })
	})
}

func TestLooseningsAndThresholds(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		loose := sample(func(l *store.Loosening) { l.Name = "option" })
		band := sample(func(b *store.BandThreshold) {
			b.Organisation, b.Framework, b.Band, b.AtLeast = w.ours.org.ID, "fw", "high", 30
		})
		low := sample(func(b *store.BandThreshold) {
			b.Organisation, b.Framework, b.Band, b.AtLeast = w.ours.org.ID, "fw", "low", 1
		})
		w.write(func(tx *store.Tx) error {
			return first(tx.AcknowledgeLoosening(ctx, loose), tx.SetBandThreshold(ctx, band), tx.SetBandThreshold(ctx, low))
		})
		loose.ExpiresAt, band.AtLeast = 77, 31
		w.write(func(tx *store.Tx) error {
			return first(tx.AcknowledgeLoosening(ctx, loose), tx.SetBandThreshold(ctx, band))
		})
		w.read(func(tx *store.Tx) error {
			got, err := tx.Loosenings(ctx)
			same(t, "renewed, not repeated", got, []store.Loosening{loose})
			bands, err2 := tx.BandThresholds(ctx, w.ours.all, "fw")
			same(t, "thresholds, lowest first", bands, []store.BandThreshold{low, band})
			none, err3 := tx.BandThresholds(ctx, w.other.all, "fw")
			same(t, "the other's", none, []store.BandThreshold(nil))
			return first(err, err2, err3)
		})
	})
}
