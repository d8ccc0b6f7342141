package app

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/inventory"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// DocumentView is one delivered document with what was understood of it.
type DocumentView struct {
	System   System
	Release  ReleaseLine
	Document DocumentLine
	Facts    Facts
	Quality  []inventory.Score        // of a bill of materials
	Licences inventory.LicenceSummary // of a bill of materials
	Names    []string                 // of its components, by the index that Quality and Licences use
	Unread   string                   // why quality and licences are not there
}

// Document reads one delivered document. It needs release.read.
func (a *App) Document(ctx context.Context, who access.Actor, system, release, document string) (DocumentView, error) {
	var v DocumentView
	var org store.Organisation
	var file bill
	err := a.reading(ctx, who, access.ReleaseRead, func(tx *store.Tx, scope access.Scope) error {
		s, r, err := releaseIn(ctx, tx, scope, system, release)
		if err != nil {
			return err
		}
		v.System = s
		list, err := tx.DocumentsNamed(ctx, s, []string{document})
		if err != nil {
			return err
		}
		if len(list) == 0 || list[0].Release != r.ID {
			return errNotFound
		}
		d := list[0]
		var u Understood
		if err := json.Unmarshal([]byte(d.Facts), &u); err != nil {
			return fmt.Errorf("facts of %s: %w", d.ID, err)
		}
		v.Facts = u.Facts
		k := &knowledge{system: s, only: r.ID}
		if k, err = a.lookAt(ctx, tx, k); err != nil {
			return err
		}
		org = k.org
		v.Release = releaseLines([]store.Release{r}, k.lanes, "")[0]
		lines, err := a.documentLines(ctx, tx, k, list)
		if err != nil {
			return err
		}
		v.Document = lines[0]
		e, err := tx.EvidenceRecord(ctx, scope, d.Evidence)
		if err != nil {
			return err
		}
		file = bill{title: or(d.Subject, "a product without a name"), file: e.File, digest: d.Digest, size: e.FileSize}
		return nil
	})
	if err != nil || v.Document.Kind != check.Inventory {
		return v, err
	}
	if file.file == "" {
		v.Unread = "The file was removed, so its quality cannot be shown."
		return v, nil
	}
	if file.size > largestComparison {
		v.Unread = fmt.Sprintf("The file has more than %d MB, which is too large to be scored on a page.", largestComparison>>20)
		return v, nil
	}
	d, err := a.readBill(ctx, org, file)
	if err != nil {
		return v, err
	}
	v.Quality, v.Licences = inventory.Quality(d), inventory.Licences(d)
	for _, c := range d.Components {
		v.Names = append(v.Names, componentName(c))
	}
	return v, nil
}

func componentName(c inventory.Component) string {
	name := c.Name
	if c.Group != "" {
		name = c.Group + "/" + c.Name
	}
	if c.Version != "" {
		name += " " + c.Version
	}
	return or(name, unnamed)
}
