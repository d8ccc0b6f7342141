package app

import (
	"context"
	"slices"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// PrivilegedTOTP is the name of the setting that lets privileged roles sign in
// with a passphrase and a one-time code. Without an acknowledgement that has not
// run out it has no effect.
const PrivilegedTOTP = "privileged_totp"

// MaxLooseningMonths is the longest that a risk can be accepted at a time.
const MaxLooseningMonths = 12

// Alert is a setting in force that lowers security.
type Alert struct {
	Name           string
	Risk           string
	Acknowledged   bool // and not run out
	AcknowledgedBy string
	ExpiresAt      time.Time // zero when never acknowledged
}

// Alerts lists the settings in force that lower security, for administrators; it
// is empty for everybody else.
func (a *App) Alerts(ctx context.Context, who access.Actor) ([]Alert, error) {
	if len(a.Loosenings) == 0 || !access.May(who, access.InstanceRead) && !access.May(who, access.OrganisationWrite) {
		return nil, nil
	}
	var out []Alert
	err := a.reading(ctx, who, access.SelfRead, func(tx *store.Tx, _ access.Scope) error {
		rows, err := tx.Loosenings(ctx)
		for _, l := range a.Loosenings {
			alert := Alert{Name: l.Name, Risk: l.Risk}
			if i := slices.IndexFunc(rows, func(r store.Loosening) bool { return r.Name == l.Name }); i >= 0 {
				alert.AcknowledgedBy, alert.ExpiresAt = rows[i].AcknowledgedBy, micro(rows[i].ExpiresAt)
				alert.Acknowledged = tx.Now() < rows[i].ExpiresAt
			}
			out = append(out, alert)
		}
		return err
	})
	return out, err
}

// AcknowledgeLoosening accepts the risk of a setting in force for some months,
// in the asker's name. It needs instance.write.
func (a *App) AcknowledgeLoosening(ctx context.Context, who access.Actor, name string, months int) (Receipt, error) {
	return a.writing(ctx, who, access.InstanceWrite, func(tx *store.Tx, _ access.Scope) error {
		i := slices.IndexFunc(a.Loosenings, func(l Loosened) bool { return l.Name == name })
		if i < 0 {
			return errNotFound
		}
		if months < 1 || months > MaxLooseningMonths {
			var p fault.Problems
			p.Add("/months", "Enter a number of months from 1 to %d.", MaxLooseningMonths)
			return p.Err()
		}
		until := civil.OfMicro(tx.Now(), time.UTC).AddMonths(months).EndMicro(time.UTC)
		l := store.Loosening{Name: name, Risk: a.Loosenings[i].Risk, AcknowledgedBy: who.ID, AcknowledgedAt: tx.Now(), ExpiresAt: until}
		if err := tx.AcknowledgeLoosening(ctx, l); err != nil {
			return err
		}
		instance, err := tx.Instance(ctx)
		if err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.LooseningAcknowledged, TargetType: "instance", Target: instance.ID,
			Fields: map[string]string{"option": name, "risk": l.Risk, "expires": micro(until).UTC().Format(time.RFC3339)}})
		return nil
	})
}

// privilegedTOTP is the setting as identity asks for it; zero unless it is in
// force.
func (a *App) privilegedTOTP(ctx context.Context, tx *store.Tx) (identity.Loosening, error) {
	if !slices.ContainsFunc(a.Loosenings, func(l Loosened) bool { return l.Name == PrivilegedTOTP }) {
		return identity.Loosening{}, nil
	}
	rows, err := tx.Loosenings(ctx)
	for _, r := range rows {
		if r.Name == PrivilegedTOTP {
			return identity.Loosening{AcknowledgedBy: r.AcknowledgedBy, Until: micro(r.ExpiresAt)}, nil
		}
	}
	return identity.Loosening{}, err
}
