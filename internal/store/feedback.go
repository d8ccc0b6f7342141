package store

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// Feedback is a "tell us what is missing" note on a guidance page; it is work for
// whoever keeps the framework.
type Feedback struct {
	Organisation string
	ID           string
	Framework    string
	Place        string // requirement or activity id
	Words        string
	SentBy       string
	SentAt       int64
	State        string // open, done, declined
	Outcome      string
	HandledBy    string
	HandledAt    int64
	Version      int64
}

var feedbackTable = table{name: "feedback", key: 2,
	cols: cols("organisation_id id framework_id place words sent_by sent_at state outcome handled_by handled_at version")}

func (f *Feedback) fields() []any {
	return []any{&f.Organisation, &f.ID, &f.Framework, &f.Place, &f.Words, &f.SentBy, &f.SentAt, &f.State, &f.Outcome, &f.HandledBy, &f.HandledAt, &f.Version}
}

// CreateFeedback adds a note.
func (tx *Tx) CreateFeedback(ctx context.Context, f Feedback) error {
	f.Version = 1
	return tx.insert(ctx, feedbackTable, f.fields())
}

// SaveFeedback replaces a note; f.Version is the version that was read.
func (tx *Tx) SaveFeedback(ctx context.Context, f Feedback) error {
	was := f.Version
	f.Version++
	return tx.update(ctx, feedbackTable, f.fields(), was)
}

// FeedbackNote reads one note of the organisation.
func (tx *Tx) FeedbackNote(ctx context.Context, scope access.Scope, id string) (Feedback, error) {
	org, err := need(scope)
	if err != nil {
		return Feedback{}, err
	}
	var f Feedback
	err = tx.one(ctx, "SELECT "+feedbackTable.list()+" FROM feedback WHERE organisation_id = $1 AND id = $2", []any{org, id}, f.fields())
	return f, err
}

// FeedbackNotes lists notes of the organisation in a state ("" = all), newest
// first.
func (tx *Tx) FeedbackNotes(ctx context.Context, scope access.Scope, state string, limit int) ([]Feedback, error) {
	org, err := need(scope)
	if err != nil {
		return nil, err
	}
	w := &where{}
	w.add("organisation_id = ?", org)
	if state != "" {
		w.add("state = ?", state)
	}
	return all(ctx, tx, "SELECT "+feedbackTable.list()+" FROM feedback"+w.sql()+" ORDER BY sent_at DESC, id"+w.limit(limit), w.args, (*Feedback).fields)
}

// Loosening is a setting that lowers security, acknowledged by a named person
// until a date.
type Loosening struct {
	Name           string
	Risk           string
	AcknowledgedBy string
	AcknowledgedAt int64
	ExpiresAt      int64
}

var looseningTable = table{name: "loosening", key: 1, cols: cols("name risk acknowledged_by acknowledged_at expires_at")}

func (l *Loosening) fields() []any {
	return []any{&l.Name, &l.Risk, &l.AcknowledgedBy, &l.AcknowledgedAt, &l.ExpiresAt}
}

// AcknowledgeLoosening records or renews the acknowledgement.
func (tx *Tx) AcknowledgeLoosening(ctx context.Context, l Loosening) error {
	var n int64
	if err := tx.one(ctx, "SELECT count(*) FROM loosening WHERE name = $1", []any{l.Name}, []any{&n}); err != nil {
		return err
	}
	if n == 0 {
		return tx.insert(ctx, looseningTable, l.fields())
	}
	return tx.update(ctx, looseningTable, l.fields(), 0)
}

// Loosenings lists every acknowledgement.
func (tx *Tx) Loosenings(ctx context.Context) ([]Loosening, error) {
	return all(ctx, tx, "SELECT "+looseningTable.list()+" FROM loosening ORDER BY name", nil, (*Loosening).fields)
}

// BandThreshold is a threshold that an organisation entered for a framework's
// bands, with where it comes from.
type BandThreshold struct {
	Organisation string
	Framework    string
	Band         string
	AtLeast      int // answers met
	Source       string
	SetBy        string
}

var thresholdTable = table{name: "band_threshold", key: 3, cols: cols("organisation_id framework_id band at_least source set_by")}

func (b *BandThreshold) fields() []any {
	return []any{&b.Organisation, &b.Framework, &b.Band, &b.AtLeast, &b.Source, &b.SetBy}
}

// SetBandThreshold adds or replaces a threshold.
func (tx *Tx) SetBandThreshold(ctx context.Context, b BandThreshold) error {
	var n int64
	if err := tx.one(ctx, "SELECT count(*) FROM band_threshold WHERE "+thresholdTable.keyClause(1), values(b.fields())[:3], []any{&n}); err != nil {
		return err
	}
	if n == 0 {
		return tx.insert(ctx, thresholdTable, b.fields())
	}
	return tx.update(ctx, thresholdTable, b.fields(), 0)
}

// BandThresholds lists the organisation's thresholds for a framework.
func (tx *Tx) BandThresholds(ctx context.Context, scope access.Scope, framework string) ([]BandThreshold, error) {
	org, err := need(scope)
	if err != nil {
		return nil, err
	}
	return all(ctx, tx, "SELECT "+thresholdTable.list()+" FROM band_threshold WHERE organisation_id = $1 AND framework_id = $2 ORDER BY at_least", []any{org, framework}, (*BandThreshold).fields)
}
