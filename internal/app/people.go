package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Member is a person as their organisation sees them. Address and state are
// given to administrators only.
type Member struct {
	ID            string
	Name          string
	Email         string
	Status        string
	InstanceAdmin bool
	Roles         []RoleHeld
}

// RoleHeld is a role of a person, over the whole organisation when System and
// Unit are empty.
type RoleHeld struct {
	ID       string
	Role     access.Role
	System   string
	Unit     string
	StartsAt time.Time
	EndsAt   time.Time // zero = open
	InForce  bool
}

// Members lists the people of the organisation by name, with the roles they hold
// or are yet to hold.
func (a *App) Members(ctx context.Context, who access.Actor, page Page) (ListOf[Member], error) {
	var out ListOf[Member]
	limit, err := page.size()
	if err != nil {
		return out, err
	}
	after, err := page.parts(2)
	if err != nil {
		return out, err
	}
	err = a.reading(ctx, who, access.PeopleRead, func(tx *store.Tx, scope access.Scope) error {
		people, err := tx.Members(ctx, scope, after[0], after[1], limit+1)
		if err != nil {
			return err
		}
		if out.Total, err = tx.MemberCount(ctx, scope); err != nil {
			return err
		}
		if len(people) > limit {
			people = people[:limit]
			last := people[limit-1]
			out.Next = cursor(last.Name, last.ID)
		}
		out.Items, err = members(ctx, tx, who, scope, people)
		return err
	})
	return out, err
}

// MemberOf reads one person of the organisation; anybody else is not found.
func (a *App) MemberOf(ctx context.Context, who access.Actor, id string) (Member, error) {
	var out Member
	err := a.reading(ctx, who, access.PeopleRead, func(tx *store.Tx, scope access.Scope) error {
		p, err := a.memberNamed(ctx, tx, scope, id)
		if err != nil {
			return err
		}
		ms, err := members(ctx, tx, who, scope, []store.Person{p})
		if err == nil {
			out = ms[0]
		}
		return err
	})
	return out, err
}

func members(ctx context.Context, tx *store.Tx, who access.Actor, scope access.Scope, people []store.Person) ([]Member, error) {
	ids := make([]string, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	grants, err := tx.GrantsIn(ctx, scope, ids)
	if err != nil {
		return nil, err
	}
	held := map[string][]RoleHeld{}
	for _, g := range grants {
		if g.EndsAt != 0 && g.EndsAt <= tx.Now() {
			continue
		}
		held[g.Person] = append(held[g.Person], RoleHeld{ID: g.ID, Role: g.Role, System: g.System, Unit: g.Unit,
			StartsAt: micro(g.StartsAt), EndsAt: micro(g.EndsAt), InForce: g.InForce(tx.Now())})
	}
	out := make([]Member, len(people))
	admin := access.May(who, access.PeopleWrite)
	for i, p := range people {
		out[i] = Member{ID: p.ID, Name: p.Name, Roles: held[p.ID]}
		if admin || p.ID == who.ID {
			out[i].Email, out[i].Status, out[i].InstanceAdmin = p.Email, p.Status, p.InstanceAdmin
		}
	}
	return out, nil
}

// readingPeople is reading for lists that only administrators of people see. It
// asks for no fresh confirmation: nothing changes.
func (a *App) readingPeople(ctx context.Context, who access.Actor, fn func(tx *store.Tx, scope access.Scope) error) error {
	who.SteppedUp = true
	return a.reading(ctx, who, access.PeopleWrite, fn)
}

// GrantInput gives a role to a person.
type GrantInput struct {
	Person string
	Role   access.Role
	System string     // the one system, "" = all
	Unit   string     // the unit with all below it, "" = all
	From   civil.Date // first day, "" = now
	Until  civil.Date // last day, "" = open
}

// GrantRole gives a member of the organisation a role. Their other sessions end,
// so that the new role is used from a fresh sign-in. It needs people.write.
func (a *App) GrantRole(ctx context.Context, who access.Actor, in GrantInput) (Created, Receipt, error) {
	var out Created
	r, err := a.writing(ctx, who, access.PeopleWrite, func(tx *store.Tx, scope access.Scope) error {
		p, err := a.memberNamed(ctx, tx, scope, in.Person)
		if err != nil {
			return err
		}
		g := store.RoleGrant{Organisation: scope.Organisation(), Person: p.ID, Role: in.Role, System: in.System, Unit: in.Unit, StartsAt: tx.Now()}
		var problems fault.Problems
		if err := a.checkReach(ctx, tx, scope, &problems, in.Role, in.System, in.Unit); err != nil {
			return err
		}
		if err := a.checkSpan(ctx, tx, scope, &problems, &g, in); err != nil {
			return err
		}
		if err := problems.Err(); err != nil {
			return err
		}
		id, err := a.grant(ctx, tx, g)
		if err != nil {
			return err
		}
		out = Created{ID: id}
		tx.Answer(out)
		return endSessions(ctx, tx, p.ID, keep(who, p.ID), "a role was given")
	})
	return out, r, err
}

// keep is the session of the asker when they act on themselves, else none.
func keep(who access.Actor, person string) string {
	if who.ID == person {
		return who.Session
	}
	return ""
}

// checkReach checks a role and the one system or unit that it is limited to.
func (a *App) checkReach(ctx context.Context, tx *store.Tx, scope access.Scope, p *fault.Problems, role access.Role, system, unit string) error {
	if !role.Valid() {
		p.Add("/role", "Select one of the roles that are listed.")
	}
	if system != "" && unit != "" {
		p.Add("/unit", "Choose a system or a unit, not both.")
	}
	if system != "" {
		if _, err := tx.System(ctx, scope, system); fault.Is(err, fault.NotFound) {
			p.Add("/system", "Choose one of the systems of your organisation.")
		} else if err != nil {
			return err
		}
	}
	if unit != "" {
		units, err := tx.Units(ctx, scope)
		if err != nil {
			return err
		}
		if !hasUnit(units, unit) {
			p.Add("/unit", "Choose one of the units of your organisation.")
		}
	}
	return nil
}

// checkSpan puts the days of a grant into it, as moments of the organisation.
func (a *App) checkSpan(ctx context.Context, tx *store.Tx, scope access.Scope, p *fault.Problems, g *store.RoleGrant, in GrantInput) error {
	org, err := tx.Organisation(ctx, scope)
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(org.Zone)
	if err != nil {
		return fmt.Errorf("time zone of %s: %w", org.ID, err)
	}
	today := civil.OfMicro(tx.Now(), zone)
	if in.From != "" {
		if !in.From.Valid() {
			p.Add("/from", "Enter a day like 2026-03-31.")
		} else if in.From > today {
			g.StartsAt = in.From.Start(zone).UnixMicro()
		}
	}
	if in.Until != "" {
		if !in.Until.Valid() {
			p.Add("/until", "Enter a day like 2026-03-31.")
		} else if in.Until < today || in.Until < in.From {
			p.Add("/until", "The last day must not be before the first or in the past.")
		} else {
			g.EndsAt = in.Until.EndMicro(zone)
		}
	}
	return nil
}

// grant adds a role grant unless the person holds the very same.
func (a *App) grant(ctx context.Context, tx *store.Tx, g store.RoleGrant) (string, error) {
	have, err := tx.GrantsOf(ctx, g.Person)
	if err != nil {
		return "", err
	}
	for _, h := range have {
		if h.Organisation == g.Organisation && h.Role == g.Role && h.System == g.System && h.Unit == g.Unit && (h.EndsAt == 0 || h.EndsAt > g.StartsAt) {
			return "", fault.New(fault.Conflict, "This person holds this role already. End it first to change its dates.")
		}
	}
	if g.ID, err = a.newID(tx, "grt"); err != nil {
		return "", err
	}
	if err := tx.CreateGrant(ctx, g); err != nil {
		return "", err
	}
	fields := map[string]string{"role": string(g.Role), "scope": reachOf(g)}
	if g.EndsAt != 0 {
		fields["until"] = micro(g.EndsAt).UTC().Format(time.RFC3339)
	}
	tx.Record(store.Record{Action: audit.UserRoleGranted, Organisation: g.Organisation, TargetType: "user", Target: g.Person, Fields: fields})
	return g.ID, nil
}

func reachOf(g store.RoleGrant) string {
	switch {
	case g.System != "":
		return g.System
	case g.Unit != "":
		return g.Unit
	}
	return g.Organisation
}

// EndRole takes a role away at once and ends the person's sessions. The last
// administrator of an organisation stays (fault.Conflict). It needs people.write.
func (a *App) EndRole(ctx context.Context, who access.Actor, grant string) (Receipt, error) {
	return a.writing(ctx, who, access.PeopleWrite, func(tx *store.Tx, scope access.Scope) error {
		if err := tx.LockOrganisation(ctx, scope.Organisation()); err != nil {
			return err
		}
		g, err := tx.Grant(ctx, scope, grant)
		if err != nil {
			return err
		}
		if g.EndsAt != 0 && g.EndsAt <= tx.Now() {
			return fault.New(fault.Conflict, "This role has ended already.")
		}
		whole := g.Role == access.Administrator && g.System == "" && g.Unit == "" && g.EndsAt == 0
		if whole {
			if err := othersAdminister(ctx, tx, g.Organisation, g.Person); err != nil {
				return err
			}
		}
		g.StartsAt, g.EndsAt = min(g.StartsAt, tx.Now()), tx.Now()
		if err := tx.SaveGrant(ctx, g); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.UserRoleRemoved, TargetType: "user", Target: g.Person,
			Fields: map[string]string{"role": string(g.Role), "scope": reachOf(g)}})
		return endSessions(ctx, tx, g.Person, keep(who, g.Person), "a role was taken away")
	})
}

// othersAdminister fails when nobody but the person administers the organisation.
func othersAdminister(ctx context.Context, tx *store.Tx, organisation, person string) error {
	admins, err := tx.Administrators(ctx, organisation)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(admins, func(id string) bool { return id != person }) {
		return fault.New(fault.Conflict, "This is the last administrator of the organisation. Make somebody else an administrator, without an end date, first.")
	}
	return nil
}

// DisablePerson stops a person at once: their sessions end, and the tokens that
// act as them or that they made are revoked. It needs people.write, and reaches
// only people whose roles are all in the asker's organisation; an administrator
// of the instance reaches everybody in it. The last administrator stays.
func (a *App) DisablePerson(ctx context.Context, who access.Actor, id string) (Receipt, error) {
	return a.writing(ctx, who, access.PeopleWrite, func(tx *store.Tx, scope access.Scope) error {
		p, err := a.reachable(ctx, tx, who, scope, id)
		if err != nil {
			return err
		}
		if p.ID == who.ID {
			return fault.New(fault.Conflict, "You cannot disable your own account. Ask another administrator.")
		}
		if err := a.dispensable(ctx, tx, p); err != nil {
			return err
		}
		if err := a.setStatus(ctx, tx, p, identity.Disabled, audit.UserDisabled); err != nil {
			return err
		}
		if err := revokeTokensOf(ctx, tx, p.ID); err != nil {
			return err
		}
		return endSessions(ctx, tx, p.ID, "", "the account was disabled")
	})
}

// EnablePerson lets a disabled or locked person in again. Nothing that stopped
// comes back: they sign in anew.
func (a *App) EnablePerson(ctx context.Context, who access.Actor, id string) (Receipt, error) {
	var p store.Person
	r, err := a.writing(ctx, who, access.PeopleWrite, func(tx *store.Tx, scope access.Scope) error {
		var err error
		if p, err = a.reachable(ctx, tx, who, scope, id); err != nil {
			return err
		}
		if err := a.setStatus(ctx, tx, p, identity.Active, audit.UserEnabled); err != nil {
			return err
		}
		return endSessions(ctx, tx, p.ID, "", "the account was enabled again")
	})
	if err == nil {
		for _, door := range []string{"passphrase:", "recovery:"} {
			a.clearGuess(ctx, door+identity.FoldEmail(p.Email))
		}
		a.clearGuess(ctx, "code:"+p.ID)
	}
	return r, err
}

// reachable finds a member whose account the asker may stop or start.
func (a *App) reachable(ctx context.Context, tx *store.Tx, who access.Actor, scope access.Scope, id string) (store.Person, error) {
	p, err := a.memberNamed(ctx, tx, scope, id)
	if err != nil || who.InstanceAdmin {
		return p, err
	}
	if p.InstanceAdmin {
		return p, fault.New(fault.Forbidden, "This person administers the instance. Only another administrator of the instance can do this.")
	}
	grants, err := tx.GrantsOf(ctx, id)
	for _, g := range grants {
		if g.Organisation != scope.Organisation() && (g.EndsAt == 0 || g.EndsAt > tx.Now()) {
			return p, fault.New(fault.Forbidden, "This person also works elsewhere on this instance. End their roles here, or ask an administrator of the instance.")
		}
	}
	return p, err
}

// dispensable fails for the last administrator of anything.
func (a *App) dispensable(ctx context.Context, tx *store.Tx, p store.Person) error {
	c, err := a.account(ctx, tx, p)
	if err != nil {
		return err
	}
	orgs := c.organisations()
	slices.Sort(orgs) // one order everywhere, so that two such transactions wait and do not deadlock
	for _, org := range orgs {
		if !c.administers(org) {
			continue
		}
		if err := tx.LockOrganisation(ctx, org); err != nil {
			return err
		}
		if err := othersAdminister(ctx, tx, org, p.ID); err != nil {
			return err
		}
	}
	if p.InstanceAdmin {
		return othersRun(ctx, tx, p.ID)
	}
	return nil
}

func othersRun(ctx context.Context, tx *store.Tx, person string) error {
	admins, err := tx.InstanceAdministrators(ctx)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(admins, func(id string) bool { return id != person }) {
		return fault.New(fault.Conflict, "This is the last administrator of the instance. Make somebody else one first.")
	}
	return nil
}

func (a *App) setStatus(ctx context.Context, tx *store.Tx, p store.Person, to identity.Status, action audit.Action) error {
	u, err := account{person: p}.user().SetStatus(to)
	if err != nil {
		return err
	}
	p.Status = string(u.Status)
	if err := tx.SavePerson(ctx, p); err != nil {
		return err
	}
	tx.Record(store.Record{Action: action, TargetType: "user", Target: p.ID})
	return nil
}

// SetInstanceAdministrator makes somebody an administrator of the instance, or
// takes that away. It needs instance.write; the last one stays.
func (a *App) SetInstanceAdministrator(ctx context.Context, who access.Actor, person string, on bool) (Receipt, error) {
	return a.writing(ctx, who, access.InstanceWrite, func(tx *store.Tx, _ access.Scope) error {
		p, err := tx.Person(ctx, person)
		if err != nil {
			return err
		}
		if p.InstanceAdmin == on {
			return fault.New(fault.Conflict, "Nothing would change.")
		}
		action := audit.UserRoleGranted
		if !on {
			action = audit.UserRoleRemoved
			if err := othersRun(ctx, tx, person); err != nil {
				return err
			}
		}
		p.InstanceAdmin = on
		if err := tx.SavePerson(ctx, p); err != nil {
			return err
		}
		tx.Record(store.Record{Action: action, TargetType: "user", Target: p.ID, Fields: map[string]string{"role": "instance_administrator", "scope": "instance"}})
		return endSessions(ctx, tx, p.ID, keep(who, p.ID), "a role was changed")
	})
}

// ChangeOwnName changes the name under which the asker is shown.
func (a *App) ChangeOwnName(ctx context.Context, who access.Actor, name string) (Receipt, error) {
	var p fault.Problems
	name = text.Need(&p, "/name", "your name", name, identity.MaxName)
	if err := p.Err(); err != nil {
		return Receipt{}, err
	}
	return a.writing(ctx, who, access.SelfWrite, func(tx *store.Tx, _ access.Scope) error {
		if !ident.Valid(ident.User, who.ID) {
			return identity.Verdict{Reason: identity.WrongDoor}.Err()
		}
		person, err := tx.Person(ctx, who.ID)
		if err != nil {
			return err
		}
		before := person.Name
		person.Name = name
		if err := tx.SavePerson(ctx, person); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.UserChanged, TargetType: "user", Target: who.ID, Fields: map[string]string{"name": name, "before": before}})
		return nil
	})
}
