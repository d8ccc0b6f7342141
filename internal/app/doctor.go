package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Counts are the numbers of things in an installation.
type Counts = store.Counts

// Health is what the doctor finds.
type Health struct {
	OK         bool
	Counts     Counts
	Complaints []string
}

// Doctor counts what there is, asks the engine to check itself, and looks for
// attachments that no record names and records whose attachment is missing. It is
// for the operator's command and changes nothing.
func (a *App) Doctor(ctx context.Context) (Health, error) {
	var h Health
	err := a.DB.Read(ctx, func(tx *store.Tx) error {
		var err error
		if h.Counts, err = tx.Counts(ctx); err != nil {
			return err
		}
		if h.Complaints, err = tx.IntegrityCheck(ctx); err != nil {
			return err
		}
		files, err := tx.Attachments(ctx)
		if err != nil {
			return err
		}
		h.Complaints = append(h.Complaints, a.strayFiles(files)...)
		return nil
	})
	h.OK = err == nil && len(h.Complaints) == 0
	if h.Complaints == nil {
		h.Complaints = []string{}
	}
	return h, err
}

func (a *App) strayFiles(files []store.Attachment) []string {
	var out []string
	named := map[string]bool{}
	for _, f := range files {
		named[a.filePath(f.File)] = true
		if _, err := os.Stat(a.filePath(f.File)); err != nil {
			out = append(out, "The file of evidence "+f.Evidence+" is missing.")
		}
	}
	found, err := filepath.Glob(filepath.Join(a.Files, "*", "*.age"))
	if err != nil {
		return out
	}
	stray := 0
	for _, f := range found {
		if !named[f] && strings.HasSuffix(f, ".age") {
			stray++
		}
	}
	if stray > 0 {
		out = append(out, "There are attachments that no record names; an upload was cut short. They do no harm and can be deleted.")
	}
	return out
}
