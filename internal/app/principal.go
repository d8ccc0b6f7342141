package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// RequestMeta is what an edge knows of a request before it knows who asks.
type RequestMeta struct {
	RequestID string
	Address   string
	Agent     string
}

// OrganisationName is an organisation as a switcher shows it, and its own word for
// a system, which pages use.
type OrganisationName struct {
	ID         string
	Name       string
	SystemWord string
}

// Signed is what the frame of every page shows about the person signed in.
type Signed struct {
	PersonID       string
	Name           string
	Email          string
	SessionID      string
	Organisations  []OrganisationName
	Organisation   OrganisationName // the one acted in; empty without a role anywhere
	Roles          []access.Role    // held in it, in the order of access.Roles
	Strength       identity.Strength
	EnrolOnly      bool // nothing but adding a factor is possible
	PasskeyOnly    bool // the factor added has to be a passkey
	SteppedUpUntil time.Time
	ExpiresAt      time.Time // the end that use cannot postpone
	IdleAt         time.Time // the end unless the session is used again
	Demo           bool
}

// errNobody is said for every credential that does not work, whatever the cause.
var errNobody = identity.Verdict{Reason: identity.NoAccount}.Err()

// account is a person with all that decides about them, as it stands now.
type account struct {
	person  store.Person
	grants  []store.RoleGrant // in force, in every organisation
	lowered identity.Loosening
	demo    bool
}

func (a *App) account(ctx context.Context, tx *store.Tx, p store.Person) (account, error) {
	c := account{person: p}
	all, err := tx.GrantsOf(ctx, p.ID)
	if err != nil {
		return c, fmt.Errorf("grants of %s: %w", p.ID, err)
	}
	for _, g := range all {
		if g.InForce(tx.Now()) {
			c.grants = append(c.grants, g)
		}
	}
	instance, err := tx.Instance(ctx)
	if err != nil {
		return c, fmt.Errorf("instance: %w", err)
	}
	c.demo = instance.Demo
	if identity.Privileged(c.roles()) {
		if c.lowered, err = a.privilegedTOTP(ctx, tx); err != nil {
			return c, err
		}
	}
	// Sample people sign in by link, without any device; there is nothing of
	// value behind it, and a demo can never hold real data.
	if c.demo {
		c.lowered = identity.Loosening{AcknowledgedBy: "demo", Until: time.UnixMicro(tx.Now()).Add(time.Hour)}
	}
	return c, nil
}

// roles are those that decide how strong a factor must be: of all organisations,
// since one session reaches them all.
func (c account) roles() []access.Role {
	var out []access.Role
	for _, g := range c.grants {
		if !slices.Contains(out, g.Role) {
			out = append(out, g.Role)
		}
	}
	if c.person.InstanceAdmin && !slices.Contains(out, access.Administrator) {
		out = append(out, access.Administrator)
	}
	return out
}

func (c account) user() identity.User {
	return identity.User{ID: c.person.ID, Name: c.person.Name, Email: c.person.Email,
		Status: identity.Status(c.person.Status), CreatedAt: time.UnixMicro(c.person.CreatedAt)}
}

func (c account) organisations() []string {
	var ids []string
	for _, g := range c.grants {
		if !slices.Contains(ids, g.Organisation) {
			ids = append(ids, g.Organisation)
		}
	}
	return ids
}

// administers reports whether the person administers the whole organisation.
func (c account) administers(organisation string) bool {
	return slices.ContainsFunc(c.grants, func(g store.RoleGrant) bool {
		return g.Organisation == organisation && g.Role == access.Administrator && g.System == "" && g.Unit == ""
	})
}

// ActorFromSession resolves the text of a session cookie to who acts. It is asked
// on every request, so what an administrator changed counts from the next one.
//
// Whatever is wrong with the cookie or the account, the fault is Unauthorised
// with one and the same sentence.
func (a *App) ActorFromSession(ctx context.Context, cookie string, meta RequestMeta) (access.Actor, Signed, error) {
	digest, ok := identity.ReadSecret(cookie)
	if !ok {
		return access.Actor{}, Signed{}, errNobody
	}
	var who access.Actor
	var signed Signed
	touch := false
	err := a.DB.Read(ctx, func(tx *store.Tx) error {
		s, err := tx.SessionByToken(ctx, digest.String())
		if err != nil {
			return nobody(err)
		}
		p, err := tx.Person(ctx, s.Person)
		if err != nil {
			return nobody(err)
		}
		c, err := a.account(ctx, tx, p)
		if err != nil {
			return err
		}
		who, signed, err = a.signedIn(ctx, tx, s, c, meta)
		_, touch = sessionOf(s).Touch(time.UnixMicro(tx.Now()))
		return err
	})
	if err != nil {
		return access.Actor{}, Signed{}, err
	}
	if touch {
		a.touchSession(ctx, signed.SessionID)
	}
	return who, signed, nil
}

// nobody hides that a credential or its owner is unknown.
func nobody(err error) error {
	if fault.Is(err, fault.NotFound) {
		return errNobody
	}
	return err
}

func (a *App) signedIn(ctx context.Context, tx *store.Tx, row store.Session, c account, meta RequestMeta) (access.Actor, Signed, error) {
	now := time.UnixMicro(tx.Now())
	s := sessionOf(row)
	ask := func(act identity.Act) identity.Verdict { return identity.MayActNow(c.ofSession(s, act), now) }
	v := ask(identity.Use)
	if v.Reason == identity.EnrolmentNeeded {
		v = ask(identity.Enrol)
	}
	if !v.OK {
		return access.Actor{}, Signed{}, v.Err()
	}
	org, names, err := a.chosen(ctx, tx, c, row.Organisation)
	if err != nil {
		return access.Actor{}, Signed{}, err
	}
	who := access.Actor{ID: c.person.ID, Kind: access.UserActor, Name: c.person.Name, Organisation: org.ID,
		InstanceAdmin: c.person.InstanceAdmin, Strength: string(s.Strength), EnrolOnly: v.EnrolOnly,
		SteppedUp: ask(identity.Sign).OK, Ceiling: access.MaxCeiling, Session: s.ID, RequestID: meta.RequestID, Address: meta.Address}
	if who.Grants, err = a.grantsIn(ctx, tx, c, org.ID); err != nil {
		return access.Actor{}, Signed{}, err
	}
	signed := Signed{PersonID: c.person.ID, Name: c.person.Name, Email: c.person.Email, SessionID: s.ID, Organisations: names,
		Organisation: org, Strength: s.Strength, EnrolOnly: v.EnrolOnly, PasskeyOnly: v.PasskeyOnly, Demo: c.demo,
		ExpiresAt: s.ExpiresAt(identity.Privileged(c.roles())), IdleAt: s.IdleAt()}
	if who.SteppedUp {
		signed.SteppedUpUntil = s.StepUpAt.Add(identity.StepUpFresh)
	}
	for _, r := range access.Roles() {
		if slices.ContainsFunc(who.Grants, func(g access.Grant) bool { return g.Role == r }) {
			signed.Roles = append(signed.Roles, r)
		}
	}
	return who, signed, nil
}

func (c account) ofSession(s identity.Session, act identity.Act) identity.Facts {
	f := identity.OfSession(s, c.user(), c.roles(), act)
	f.PrivilegedTOTP = c.lowered
	return f
}

// chosen returns the organisation that the session is in: the one last chosen
// while a role is held there, else the first by name.
func (a *App) chosen(ctx context.Context, tx *store.Tx, c account, last string) (OrganisationName, []OrganisationName, error) {
	ids := c.organisations()
	if len(ids) == 0 {
		return OrganisationName{}, nil, nil
	}
	orgs, err := tx.OrganisationsOf(ctx, ids)
	if err != nil {
		return OrganisationName{}, nil, fmt.Errorf("organisations of %s: %w", c.person.ID, err)
	}
	var names []OrganisationName
	at := 0
	for i, o := range orgs {
		names = append(names, OrganisationName{o.ID, o.Name, o.SystemWord})
		if o.ID == last {
			at = i
		}
	}
	if len(names) == 0 {
		return OrganisationName{}, nil, nil
	}
	return names[at], names, nil
}

// grantsIn turns what the person holds in the organisation into grants, with the
// subtree of each unit.
func (a *App) grantsIn(ctx context.Context, tx *store.Tx, c account, org string) ([]access.Grant, error) {
	var units []store.Unit
	var out []access.Grant
	for _, g := range c.grants {
		if g.Organisation != org {
			continue
		}
		grant := access.Grant{Role: g.Role, System: g.System}
		if g.Unit != "" {
			if units == nil {
				var err error
				if units, err = tx.UnitsForGrants(ctx, org); err != nil {
					return nil, fmt.Errorf("units of %s: %w", org, err)
				}
			}
			// Never empty: a grant without units would reach everything.
			if grant.Units = Subtree(units, g.Unit); len(grant.Units) == 0 {
				grant.Units = []string{g.Unit}
			}
		}
		out = append(out, grant)
	}
	return out, nil
}

// Subtree returns the ids of a unit and of all below it, the unit first; none
// when it is unknown.
func Subtree(units []store.Unit, root string) []string { return portfolio.Subtree(tree(units), root) }

func tree(units []store.Unit) []portfolio.Unit {
	out := make([]portfolio.Unit, len(units))
	for i, u := range units {
		out[i] = portfolio.Unit{ID: u.ID, Parent: u.Parent, Name: u.Name, Kind: u.Kind}
	}
	return out
}

func (a *App) touchSession(ctx context.Context, id string) {
	err := a.DB.WriteUnaudited(ctx, "when a session was last seen", func(tx *store.Tx) error { return tx.TouchSession(ctx, id) })
	if err != nil {
		a.Log.WarnContext(ctx, "note that a session was seen", "session", id, "error", err)
	}
}

// ActorFromToken resolves an API token to who acts. A token that a person made
// works while that person may still make one: it stops with their account and
// with their role as administrator.
//
// Whatever is wrong, the fault is Unauthorised with one and the same sentence.
func (a *App) ActorFromToken(ctx context.Context, text string, meta RequestMeta) (access.Actor, error) {
	var who access.Actor
	var token store.APIToken
	err := errNobody
	if digest, ok := identity.ReadToken(text); ok {
		err = a.DB.Read(ctx, func(tx *store.Tx) error {
			var err error
			if token, err = tx.TokenByHash(ctx, digest.String()); err != nil {
				return nobody(err)
			}
			who, err = a.tokenActor(ctx, tx, token)
			return err
		})
	}
	if fault.Is(err, fault.Unauthorised) {
		a.noteRefusal(ctx, refusal{action: audit.TokenRefused, meta: meta})
	}
	if err != nil {
		return access.Actor{}, err
	}
	who.RequestID, who.Address = meta.RequestID, meta.Address
	if a.Now().Sub(micro(token.UsedAt)) >= identity.TokenTouch {
		a.touchToken(ctx, token)
	}
	return who, nil
}

func (a *App) touchToken(ctx context.Context, t store.APIToken) {
	err := a.DB.WriteUnaudited(ctx, "when a token was last used", func(tx *store.Tx) error { return tx.TouchToken(ctx, t.Organisation, t.ID) })
	if err != nil {
		a.Log.WarnContext(ctx, "note that a token was used", "token", t.ID, "error", err)
	}
}

func (a *App) tokenActor(ctx context.Context, tx *store.Tx, row store.APIToken) (access.Actor, error) {
	t := identity.Token{ID: row.ID, OrganisationID: row.Organisation, UserID: row.Person, Role: row.Role, Scopes: strings.Fields(row.Scopes),
		SystemID: row.System, ExpiresAt: micro(row.ExpiresAt), RevokedAt: micro(row.RevokedAt)}
	owner := row.Person
	if owner == "" && strings.HasPrefix(row.CreatedBy, "usr_") {
		owner = row.CreatedBy
	}
	user, roles := identity.User{Status: identity.Active}, []access.Role{row.Role}
	var c account
	if owner != "" {
		p, err := tx.Person(ctx, owner)
		if err != nil {
			return access.Actor{}, nobody(err)
		}
		if c, err = a.account(ctx, tx, p); err != nil {
			return access.Actor{}, err
		}
		user = c.user()
		roles = offered(c, row)
	}
	if v := identity.MayActNow(identity.OfToken(t, user, roles, ""), time.UnixMicro(tx.Now())); !v.OK {
		return access.Actor{}, v.Err()
	}
	if row.Person != "" {
		return a.persona(ctx, tx, c, row)
	}
	who := access.Actor{ID: row.ID, Kind: access.TokenActor, Name: row.Name, Organisation: row.Organisation,
		Grants: []access.Grant{{Role: row.Role, System: row.System}}, Strength: "token", Ceiling: access.MaxCeiling}
	for _, s := range t.Scopes {
		who.Scopes = append(who.Scopes, access.Operation(s))
	}
	return who, nil
}

// offered returns what the token's role still rests on: of a sample person, the
// roles they hold; of a service token, its own role while whoever made it
// administers the organisation.
func offered(c account, row store.APIToken) []access.Role {
	if row.Person != "" {
		if !c.demo {
			return nil
		}
		return c.roles()
	}
	if c.administers(row.Organisation) {
		return []access.Role{row.Role}
	}
	return nil
}

// persona is the actor of a token that speaks for a sample person. It counts as
// freshly confirmed, so that a demo can be tried by a program.
func (a *App) persona(ctx context.Context, tx *store.Tx, c account, row store.APIToken) (access.Actor, error) {
	grants, err := a.grantsIn(ctx, tx, c, row.Organisation)
	return access.Actor{ID: c.person.ID, Kind: access.UserActor, Name: c.person.Name, Organisation: row.Organisation, Grants: grants,
		InstanceAdmin: c.person.InstanceAdmin, Strength: "token", SteppedUp: true, Ceiling: access.MaxCeiling}, err
}

// micro reads microseconds since 1970; 0 is the zero time.
func micro(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us)
}
