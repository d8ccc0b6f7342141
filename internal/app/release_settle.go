package app

import (
	"context"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// RetireRelease takes a release out of use: it no longer speaks for the system, and
// nobody is affected by what is in it. Its documents stay on record, and it never
// comes back. It needs release.write on the system.
//
// The only release that somebody described cannot be retired away: a system that
// has described nothing looks as one that has nothing in it.
func (a *App) RetireRelease(ctx context.Context, who access.Actor, system, name string, version int64) (Receipt, error) {
	r, err := a.writing(ctx, who, access.ReleaseWrite, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, system)
		if err != nil {
			return err
		}
		rel, err := tx.ReleaseNamed(ctx, s, name)
		if err != nil {
			return err
		}
		if rel.RetiredAt != 0 {
			return fault.New(fault.Conflict, "This release was retired already.")
		}
		if err := a.leavesADescription(ctx, tx, s, rel); err != nil {
			return err
		}
		rel.Version, rel.RetiredAt = version, tx.Now()
		if err := tx.SaveRelease(ctx, rel); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.ReleaseRetired, TargetType: "release", Target: rel.ID, Fields: map[string]string{"name": rel.Name, "system": s.ID}})
		tx.Answer(map[string]any{"id": rel.ID, "version": version + 1})
		return a.enqueueSystem(ctx, tx, s.Organisation, s.ID)
	})
	return r, err
}

// leavesADescription refuses to retire the last release with a sound bill of
// materials.
func (a *App) leavesADescription(ctx context.Context, tx *store.Tx, s store.System, leaving store.Release) error {
	lanes, err := tx.LanesOf(ctx, s)
	if err != nil {
		return err
	}
	products, err := tx.ProductsOf(ctx, s)
	if err != nil {
		return err
	}
	releases, err := tx.ReleasesOf(ctx, s, 1000)
	if err != nil {
		return err
	}
	k := &knowledge{products: map[string]bool{}}
	for _, p := range products {
		k.products[p.Name] = true
	}
	described := func(id string) bool {
		return slices.ContainsFunc(lanes, func(l store.Lane) bool { return l.Release == id && l.Kind == string(check.Inventory) && k.sound(l) })
	}
	if !described(leaving.ID) || slices.ContainsFunc(releases, func(r store.Release) bool { return r.ID != leaving.ID && r.RetiredAt == 0 && described(r.ID) }) {
		return nil
	}
	return fault.New(fault.Conflict, "This is the only release in use that a bill of materials describes. Deliver the next one first, then retire this.")
}

// ConfirmProduct says that a product belongs to a system, so that its bills of
// materials count from now on. It needs product.confirm on the system.
//
// It fails with fault.NotFound when no document of the system describes it.
func (a *App) ConfirmProduct(ctx context.Context, who access.Actor, system, key string) (Receipt, error) {
	return a.writing(ctx, who, access.ProductConfirm, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, system)
		if err != nil {
			return err
		}
		lanes, err := tx.LanesOf(ctx, s)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(lanes, func(l store.Lane) bool { return l.Kind == string(check.Inventory) && l.Product == key }) {
			return errNotFound
		}
		if err := tx.AddProduct(ctx, store.Product{Organisation: s.Organisation, System: s.ID, Name: key, Title: textOfKey(key), AddedAt: tx.Now(), AddedBy: who.ID}); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.ProductConfirmed, TargetType: "system", Target: s.ID, Fields: map[string]string{"product": textOfKey(key)}})
		return a.enqueueSystem(ctx, tx, s.Organisation, s.ID)
	})
}
