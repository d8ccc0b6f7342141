package store

import (
	"context"
	"crypto/rand"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"testing"
	"time"
)

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	db, err := Open(ctx, Config{Path: t.TempDir() + "/t.db", Now: time.Now, Random: rand.Reader})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	r, err := db.Write(ctx, access.Operator(), func(tx *Tx) error {
		if err := tx.CreateLog(ctx, "ins_x"); err != nil {
			return err
		}
		if err := tx.CreateInstance(ctx, Instance{ID: "ins_x", CreatedAt: tx.Now()}); err != nil {
			return err
		}
		tx.Record(Record{Action: audit.InstanceCreated, TargetType: "instance", Target: "ins_x"})
		return nil
	})
	t.Log(r, err)
	if err != nil {
		t.Fatal(err)
	}
}
