package app

import (
	"context"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// CertificateIssued puts on record that the instance obtained a certificate: its
// names, its last moment and the SHA-256 of its encoding. It is called by the
// server itself, so the actor is the scheduler.
func (a *App) CertificateIssued(ctx context.Context, names []string, expires time.Time, fingerprint string) (Receipt, error) {
	return a.DB.Write(ctx, access.Scheduler(), func(tx *store.Tx) error {
		instance, err := tx.Instance(ctx)
		if err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.InstanceCertificateIssued, TargetType: "instance", Target: instance.ID,
			Fields: map[string]string{"names": strings.Join(names, ", "), "expires": expires.UTC().Format(time.RFC3339), "fingerprint": fingerprint}})
		return nil
	})
}
