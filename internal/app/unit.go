package app

import (
	"context"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Unit is a part of an organisation.
type Unit = store.Unit

// maxUnits keeps the tree small enough to be read whole.
const maxUnits = 5_000

// UnitInput is what a person enters about a unit.
type UnitInput struct {
	Name   string
	Kind   string // one of portfolio.UnitKinds, "" = other
	Parent string // the unit above, "" = top
}

// Units lists the units of the organisation by name.
func (a *App) Units(ctx context.Context, who access.Actor) ([]Unit, error) {
	var out []Unit
	err := a.reading(ctx, who, access.OrganisationRead, func(tx *store.Tx, scope access.Scope) error {
		var err error
		out, err = tx.Units(ctx, scope)
		return err
	})
	return out, err
}

// CreateUnit adds a unit. It needs unit.write.
func (a *App) CreateUnit(ctx context.Context, who access.Actor, in UnitInput) (Created, Receipt, error) {
	var out Created
	r, err := a.writing(ctx, who, access.UnitWrite, func(tx *store.Tx, scope access.Scope) error {
		units, err := lockedUnits(ctx, tx, scope)
		if err != nil {
			return err
		}
		if len(units) >= maxUnits {
			return fault.Newf(fault.Conflict, "An organisation can have up to %d units.", maxUnits)
		}
		u := store.Unit{Organisation: scope.Organisation()}
		if err := fillUnit(units, &u, in); err != nil {
			return err
		}
		if u.ID, err = a.newID(tx, ident.Unit); err != nil {
			return err
		}
		if err := tx.CreateUnit(ctx, u); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.UnitCreated, TargetType: "unit", Target: u.ID, Fields: map[string]string{"name": u.Name, "parent": u.Parent}})
		out = Created{ID: u.ID}
		tx.Answer(out)
		return nil
	})
	return out, r, err
}

// ChangeUnit renames or moves a unit. version is the one that the person saw. A
// unit cannot be placed below itself (fault.Invalid). Moving one changes who
// reaches what is in it, from the next request on.
func (a *App) ChangeUnit(ctx context.Context, who access.Actor, id string, version int64, in UnitInput) (Unit, Receipt, error) {
	var out Unit
	r, err := a.writing(ctx, who, access.UnitWrite, func(tx *store.Tx, scope access.Scope) error {
		units, err := lockedUnits(ctx, tx, scope)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(units, func(u store.Unit) bool { return u.ID == id })
		if i < 0 {
			return errNotFound
		}
		before, after := units[i], units[i]
		after.Version = version
		if err := fillUnit(units, &after, in); err != nil {
			return err
		}
		if err := tx.SaveUnit(ctx, after); err != nil {
			return err
		}
		if before.Parent != after.Parent {
			tx.Record(store.Record{Action: audit.UnitMoved, TargetType: "unit", Target: id, Fields: map[string]string{"before": before.Parent, "after": after.Parent}})
		}
		if before.Parent == after.Parent || before.Name != after.Name || before.Kind != after.Kind {
			what := changed([3]string{"name", before.Name, after.Name}, [3]string{"kind", before.Kind, after.Kind})
			tx.Record(store.Record{Action: audit.UnitChanged, TargetType: "unit", Target: id, Fields: map[string]string{"name": after.Name, "before": before.Name, "after": what}})
		}
		after.Version++
		out = after
		tx.Answer(map[string]any{"id": id, "version": after.Version})
		return nil
	})
	return out, r, err
}

// lockedUnits reads the tree while nobody else can change it.
func lockedUnits(ctx context.Context, tx *store.Tx, scope access.Scope) ([]store.Unit, error) {
	if err := tx.LockOrganisation(ctx, scope.Organisation()); err != nil {
		return nil, err
	}
	return tx.Units(ctx, scope)
}

func fillUnit(units []store.Unit, u *store.Unit, in UnitInput) error {
	v, p := portfolio.ValidateUnit(portfolio.Unit{ID: u.ID, Parent: in.Parent, Name: in.Name, Kind: in.Kind})
	p = append(p, problemsOf(portfolio.MoveUnit(tree(units), u.ID, in.Parent))...)
	u.Name, u.Kind, u.Parent = v.Name, v.Kind, in.Parent
	return p.Err()
}
