package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// CloseUnit takes a unit out of the tree. version is the one that the person saw.
// Units and systems under it go to the unit into; roles and invitations that were
// limited to it end and are not carried over, since that would give people more
// than somebody decided. It needs unit.write.
//
// It fails with fault.Conflict when something is under it and into is "", and
// with fault.Invalid when into is not a unit outside of it.
func (a *App) CloseUnit(ctx context.Context, who access.Actor, id string, version int64, into string) (Receipt, error) {
	return a.writing(ctx, who, access.UnitWrite, func(tx *store.Tx, scope access.Scope) error {
		units, err := lockedUnits(ctx, tx, scope)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(units, func(u store.Unit) bool { return u.ID == id })
		if i < 0 {
			return errNotFound
		}
		closing := units[i]
		systems, err := tx.SystemsOfUnit(ctx, scope, id)
		if err != nil {
			return err
		}
		below := slices.DeleteFunc(slices.Clone(units), func(u store.Unit) bool { return u.Parent != id })
		if err := checkTaker(units, closing, into, len(below), len(systems)); err != nil {
			return err
		}
		if version != 0 && version != closing.Version {
			return fault.New(fault.Stale, "Somebody changed this unit after you opened it. Look at it again before you close it.")
		}
		if err := moveInto(ctx, tx, below, systems, into); err != nil {
			return err
		}
		if err := a.endReach(ctx, tx, who, scope, id); err != nil {
			return err
		}
		if err := tx.RemoveUnit(ctx, closing); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.UnitClosed, TargetType: "unit", Target: id, Fields: map[string]string{"name": closing.Name}})
		tx.Answer(map[string]any{"id": id})
		return nil
	})
}

// checkTaker judges the unit that is to take over what is under the closing one.
func checkTaker(units []store.Unit, closing store.Unit, into string, below, systems int) error {
	if into == "" {
		if below+systems == 0 {
			return nil
		}
		return fault.Newf(fault.Conflict, "%s has %s under it. Say which unit takes them over, or move them first.", closing.Name, under(below, systems))
	}
	var p fault.Problems
	if !hasUnit(units, into) {
		p.Add("/into", "Choose one of the units of your organisation.")
		return p.Err()
	}
	for at := into; at != ""; {
		if at == closing.ID {
			p.Add("/into", "Choose a unit that is not %s and not under it.", closing.Name)
			return p.Err()
		}
		i := slices.IndexFunc(units, func(u store.Unit) bool { return u.ID == at })
		if i < 0 {
			break
		}
		at = units[i].Parent
	}
	return nil
}

func under(units, systems int) string {
	var parts []string
	for _, c := range []struct {
		n         int
		one, many string
	}{{units, "unit", "units"}, {systems, "system", "systems"}} {
		switch {
		case c.n == 1:
			parts = append(parts, "1 "+c.one)
		case c.n > 1:
			parts = append(parts, fmt.Sprintf("%d %s", c.n, c.many))
		}
	}
	return strings.Join(parts, " and ")
}

func moveInto(ctx context.Context, tx *store.Tx, below []store.Unit, systems []store.System, into string) error {
	for _, u := range below {
		before := u.Parent
		u.Parent = into
		if err := tx.SaveUnit(ctx, u); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.UnitMoved, TargetType: "unit", Target: u.ID, Fields: map[string]string{"before": before, "after": into}})
	}
	for _, s := range systems {
		s.Unit = into
		if err := tx.SaveSystem(ctx, s); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.SystemChanged, TargetType: "system", Target: s.ID, Fields: map[string]string{"name": s.Name, "after": "unit"}})
	}
	return nil
}

// endReach ends the roles and invitations that were limited to the unit.
func (a *App) endReach(ctx context.Context, tx *store.Tx, who access.Actor, scope access.Scope, unit string) error {
	grants, err := tx.GrantsOfUnit(ctx, scope, unit)
	if err != nil {
		return err
	}
	for _, g := range grants {
		g.StartsAt, g.EndsAt = min(g.StartsAt, tx.Now()), tx.Now()
		if err := tx.SaveGrant(ctx, g); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.UserRoleRemoved, TargetType: "user", Target: g.Person, Fields: map[string]string{"role": string(g.Role), "scope": unit}})
		if err := endSessions(ctx, tx, g.Person, keep(who, g.Person), "a role was taken away"); err != nil {
			return err
		}
	}
	links, err := tx.OpenLinks(ctx, string(identity.InvitationLink), scope.Organisation())
	if err != nil {
		return err
	}
	for _, l := range links {
		if l.Unit != unit {
			continue
		}
		if err := tx.RevokeLink(ctx, l); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.InvitationRevoked, TargetType: "invitation", Target: l.ID, Fields: map[string]string{"email": l.Email}})
	}
	return nil
}
