package app

import (
	"context"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// LogState is where the log stands.
type LogState struct {
	LogID string
	Size  int64
	Root  string // hex
}

// LogState reads where the log stands.
func (a *App) LogState(ctx context.Context) (LogState, error) {
	var s LogState
	err := a.DB.Read(ctx, func(tx *store.Tx) error {
		head, err := tx.LogHead(ctx)
		if err != nil {
			return err
		}
		frontier, err := audit.UnmarshalFrontier(head.Frontier)
		if err != nil {
			return err
		}
		s = LogState{LogID: head.LogID, Size: head.Size, Root: fmt.Sprintf("%x", frontier.Root())}
		return nil
	})
	return s, err
}

// RecordBackup notes that a backup was made. It is for the operator's command.
func (a *App) RecordBackup(ctx context.Context, digest string, size int64) (Receipt, error) {
	return a.DB.Write(ctx, access.Operator(), func(tx *store.Tx) error {
		tx.Record(store.Record{Action: audit.BackupMade, TargetType: "backup", Target: digest[:16], Fields: map[string]string{"digest": digest, "size": fmt.Sprint(size)}})
		return nil
	})
}

// RecordRestore opens a new epoch in a restored database: whoever kept a
// checkpoint of what came after the backup can see that it was left behind. at is
// where the log had stood before, "" when that is not known.
func (a *App) RecordRestore(ctx context.Context, digest string, bytes int64, before *LogState) (Receipt, error) {
	return a.DB.Write(ctx, access.Operator(), func(tx *store.Tx) error {
		i, err := tx.Instance(ctx)
		if err != nil {
			return err
		}
		head, err := tx.LogHead(ctx)
		if err != nil {
			return err
		}
		i.Epoch++
		if err := tx.SaveInstance(ctx, i); err != nil {
			return err
		}
		fields := map[string]string{"backup": digest}
		if before != nil {
			fields["size"], fields["root"] = fmt.Sprint(before.Size), before.Root
		}
		tx.Record(store.Record{Action: audit.EpochOpened, TargetType: "log", Target: head.LogID, Fields: fields})
		tx.Record(store.Record{Action: audit.RestoreDone, TargetType: "backup", Target: digest[:16], Fields: map[string]string{"digest": digest, "size": fmt.Sprint(bytes)}})
		return nil
	})
}
