package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// strayAge is how long an upload has been at rest before a file that no record
// names counts as left over; a transaction that is about to name it takes
// moments.
const strayAge = 5 * time.Minute

var errLeftover = fault.New(fault.Unavailable, "The content was removed from the database, but not yet from the disk. An administrator of the server can see why in its log, and run touchstone doctor.")

// settlePurge removes from the disk what the rows no longer name: pages in the
// write-ahead log, the files of the purge, and all files that no record names,
// since a record does not tell which files it had before the present one.
func (a *App) settlePurge(ctx context.Context, files []string, age time.Duration) error {
	ctx = context.WithoutCancel(ctx) // the purge is on record; it is not left half done
	emptied, err := a.DB.DropJournal(ctx)
	if err == nil && !emptied {
		a.Log.Warn("the write-ahead log still holds pages from before a purge; it is overwritten as the server goes on")
	}
	for _, f := range files {
		if gone := os.Remove(a.filePath(f)); gone != nil && !errors.Is(gone, os.ErrNotExist) {
			err = errors.Join(err, fmt.Errorf("remove attachment: %w", gone))
		}
	}
	if err := errors.Join(err, a.removeStrays(ctx, age)); err != nil {
		return errLeftover.Because(err)
	}
	return nil
}

// removeStrays deletes files that no record names and that were last written at
// least age ago, by the clock of the file system.
func (a *App) removeStrays(ctx context.Context, age time.Duration) error {
	if _, err := os.Stat(a.Files); errors.Is(err, os.ErrNotExist) {
		return nil // nothing was ever uploaded
	}
	now, err := fileTime(a.Files)
	if err != nil {
		return err
	}
	// The files first: one that is there and rests is named already, or never.
	found, err := filepath.Glob(filepath.Join(a.Files, "*", "*.age"))
	if err != nil {
		return fmt.Errorf("list attachments: %w", err)
	}
	named := map[string]bool{}
	err = a.DB.Read(ctx, func(tx *store.Tx) error {
		files, err := tx.Attachments(ctx)
		for _, f := range files {
			named[a.filePath(f.File)] = true
		}
		return err
	})
	if err != nil {
		return err
	}
	var problems []error
	for _, path := range found {
		info, err := os.Stat(path)
		if named[path] || err == nil && now.Sub(info.ModTime()) < age {
			continue
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			problems = append(problems, fmt.Errorf("remove attachment: %w", err))
		}
	}
	return errors.Join(problems...)
}

// fileTime is the time that the file system gives to a new file.
func fileTime(folder string) (time.Time, error) {
	f, err := os.CreateTemp(folder, "now-")
	if err != nil {
		return time.Time{}, fmt.Errorf("attachments folder: %w", err)
	}
	info, err := f.Stat()
	if err := errors.Join(err, f.Close(), os.Remove(f.Name())); err != nil {
		return time.Time{}, fmt.Errorf("attachments folder: %w", err)
	}
	return info.ModTime(), nil
}

// DonePurges lists what was purged in every organisation, oldest first. It is for
// the operator's command.
func (a *App) DonePurges(ctx context.Context) ([]Purge, error) {
	var out []Purge
	err := a.DB.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.DonePurges(ctx)
		return err
	})
	return out, err
}

// ReapplyPurges does again, in a database restored from a backup, what was purged
// after the backup was made, and returns how many it did. Each is on record as
// purge.done once more, with its tombstone as it was. It is for the operator's
// command on a folder that nobody serves.
func (a *App) ReapplyPurges(ctx context.Context, purges []Purge) (int, error) {
	done := 0
	for _, p := range purges {
		again := false
		_, err := a.DB.Write(ctx, access.Operator(), func(tx *store.Tx) error {
			again = false
			if _, err := tx.OrganisationByID(ctx, p.Organisation); err != nil {
				return ignoreNotFound(err) // it came after the backup, with all that it has
			}
			var err error
			if again, err = tx.TakePurge(ctx, p); err != nil || !again {
				return err
			}
			taken := newRemoval(tx, p.Organisation)
			if err := a.remove(ctx, taken, p); err != nil {
				return err
			}
			return taken.record(ctx, p)
		})
		if err != nil {
			return done, fmt.Errorf("repeat purge %s: %w", p.ID, err)
		}
		if again {
			done++
		}
	}
	return done, a.settlePurge(ctx, nil, 0)
}
