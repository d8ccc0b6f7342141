package app

import (
	"context"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// InviteInput says who is invited and to what.
type InviteInput struct {
	Email  string
	Name   string // as a suggestion; the person may write another
	Role   access.Role
	System string // the one system, "" = all
	Unit   string // the unit with all below it, "" = all
}

// InvitationView is an open invitation.
type InvitationView struct {
	ID           string
	Name         string
	Email        string
	Organisation string // its name, when seen by the person invited
	Role         access.Role
	System       string
	Unit         string
	CreatedBy    string
	CreatedAt    time.Time
	ExpiresAt    time.Time
}

// Invite makes a single-use link, good for 24 hours and for one address and
// role, and revokes an earlier one for the same. It needs people.write. The link
// works while whoever made it may still invite.
func (a *App) Invite(ctx context.Context, who access.Actor, in InviteInput) (Link, Receipt, error) {
	var out Link
	r, err := a.writing(ctx, who, access.PeopleWrite, func(tx *store.Tx, scope access.Scope) error {
		var p fault.Problems
		name := text.Line(&p, "/name", in.Name, identity.MaxName)
		if err := a.checkReach(ctx, tx, scope, &p, in.Role, in.System, in.Unit); err != nil {
			return err
		}
		org := scope.Organisation()
		l := identity.Link{Kind: identity.InvitationLink, OrganisationID: org, Email: strings.TrimSpace(in.Email), Role: in.Role}
		made, err := a.newLink(ctx, tx, l, store.Link{Name: name, System: in.System, Unit: in.Unit, CreatedBy: who.ID})
		if err != nil && !fault.Is(err, fault.Invalid) {
			return err
		}
		for _, problem := range problemsOf(err) {
			if problem.Pointer != "/role" { // said above
				p = append(p, problem)
			}
		}
		if err := p.Err(); err != nil {
			return err
		}
		err = revokeOpen(ctx, tx, identity.InvitationLink, org, func(o store.Link) bool {
			return o.ID != made.ID && identity.FoldEmail(o.Email) == identity.FoldEmail(in.Email) && o.Role == string(in.Role) && o.System == in.System && o.Unit == in.Unit
		})
		if err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.InvitationCreated, TargetType: "invitation", Target: made.ID,
			Fields: map[string]string{"email": l.Email, "role": string(in.Role), "expires": made.ExpiresAt.UTC().Format(time.RFC3339)}})
		out = made
		tx.Answer(Created{ID: made.ID}) // never the link itself
		return nil
	})
	return out, r, err
}

// Invitations lists the organisation's invitations that can still be used,
// newest first. It needs people.write.
func (a *App) Invitations(ctx context.Context, who access.Actor) ([]InvitationView, error) {
	var out []InvitationView
	err := a.readingPeople(ctx, who, func(tx *store.Tx, scope access.Scope) error {
		links, err := tx.OpenLinks(ctx, string(identity.InvitationLink), scope.Organisation())
		for _, l := range links {
			out = append(out, viewOf(l))
		}
		return err
	})
	return out, err
}

func viewOf(l store.Link) InvitationView {
	return InvitationView{ID: l.ID, Name: l.Name, Email: l.Email, Role: access.Role(l.Role), System: l.System, Unit: l.Unit,
		CreatedBy: l.CreatedBy, CreatedAt: micro(l.CreatedAt), ExpiresAt: micro(l.ExpiresAt)}
}

// RevokeInvitation withdraws an open invitation of the organisation.
func (a *App) RevokeInvitation(ctx context.Context, who access.Actor, id string) (Receipt, error) {
	return a.writing(ctx, who, access.PeopleWrite, func(tx *store.Tx, scope access.Scope) error {
		links, err := tx.OpenLinks(ctx, string(identity.InvitationLink), scope.Organisation())
		if err != nil {
			return err
		}
		for _, l := range links {
			if l.ID != id {
				continue
			}
			if err := tx.RevokeLink(ctx, l); err != nil {
				return err
			}
			tx.Record(store.Record{Action: audit.InvitationRevoked, TargetType: "invitation", Target: l.ID, Fields: map[string]string{"email": l.Email}})
			return nil
		}
		return errNotFound
	})
}

// OpenInvitation returns what an invitation is to, without using it.
func (a *App) OpenInvitation(ctx context.Context, secret string) (InvitationView, error) {
	var out InvitationView
	err := a.DB.Read(ctx, func(tx *store.Tx) error {
		l, _, v, err := a.askInvitation(ctx, tx, secret, "", true)
		if err != nil {
			return err
		}
		if err := linkErr(v); err != nil {
			return err
		}
		orgs, err := tx.OrganisationsOf(ctx, []string{l.Organisation})
		if err != nil {
			return err
		}
		out = viewOf(l)
		for _, o := range orgs {
			out.Organisation = o.Name
		}
		return nil
	})
	return out, err
}

// askInvitation asks the door. The account with the invited address is returned
// when there is one; looking takes the address as given.
func (a *App) askInvitation(ctx context.Context, tx *store.Tx, secret, email string, looking bool) (store.Link, store.Person, identity.Verdict, error) {
	l, err := linkFor(ctx, tx, identity.InvitationLink, secret)
	if err != nil {
		return l, store.Person{}, identity.Verdict{}, err
	}
	p, err := tx.PersonByEmail(ctx, identity.FoldEmail(l.Email))
	if err := ignoreNotFound(err); err != nil {
		return l, p, identity.Verdict{}, err
	}
	roles, err := a.stillOffered(ctx, tx, l)
	if err != nil {
		return l, p, identity.Verdict{}, err
	}
	var proved []identity.Factor
	if looking || identity.FoldEmail(email) == identity.FoldEmail(l.Email) {
		proved = append(proved, identity.KnownAddress)
	}
	return l, p, askLink(l, identity.Status(p.Status), roles, tx.Now(), proved...), nil
}

// stillOffered returns the invitation's role while whoever made it may invite.
func (a *App) stillOffered(ctx context.Context, tx *store.Tx, l store.Link) ([]access.Role, error) {
	role := []access.Role{access.Role(l.Role)}
	if !strings.HasPrefix(l.CreatedBy, "usr_") {
		return role, nil
	}
	p, err := tx.Person(ctx, l.CreatedBy)
	if err != nil || p.Status != string(identity.Active) {
		return nil, ignoreNotFound(err)
	}
	c, err := a.account(ctx, tx, p)
	if err != nil || !c.administers(l.Organisation) {
		return nil, err
	}
	return role, nil
}

// AcceptInput is what the person invited enters.
type AcceptInput struct {
	Name  string
	Email string // has to be the address invited
}

// AcceptInvitation uses the invitation up: it makes the person with the role and
// opens a session in which a factor has to be added first. Somebody who has an
// account already gets fault.Conflict and signs in to use JoinByInvitation.
func (a *App) AcceptInvitation(ctx context.Context, secret string, in AcceptInput, meta RequestMeta) (Opened, Receipt, error) {
	var out Opened
	by := access.Actor{ID: "invitation", Kind: access.SetupActor, Strength: string(identity.ByLink), RequestID: meta.RequestID, Address: meta.Address}
	r, err := a.DB.Write(ctx, by, func(tx *store.Tx) error {
		l, existing, v, err := a.askInvitation(ctx, tx, secret, in.Email, false)
		if err != nil {
			return err
		}
		if v.Reason == identity.FactorMissing {
			var p fault.Problems
			p.Add("/email", "Enter the email address that the invitation was made for.")
			return p.Err()
		}
		if err := linkErr(v); err != nil {
			return err
		}
		if existing.ID != "" {
			return fault.New(fault.Conflict, "You have an account here already. Sign in, then open this link again.")
		}
		user, err := identity.NewUser("", in.Name, in.Email, time.UnixMicro(tx.Now()))
		if err != nil {
			return err
		}
		if err := a.useInvitation(ctx, tx, l); err != nil {
			return err
		}
		person, err := a.createPerson(ctx, tx, user, false)
		if err != nil {
			return err
		}
		if _, err := a.grant(ctx, tx, grantOf(l, person.ID, tx.Now())); err != nil {
			return err
		}
		c, err := a.account(ctx, tx, person)
		if err != nil {
			return err
		}
		out, err = a.open(ctx, tx, opening{account: c, by: identity.ByLink, door: identity.InvitationDoor, verdict: v, organisation: l.Organisation, meta: meta})
		return err
	})
	return out, r, err
}

func grantOf(l store.Link, person string, now int64) store.RoleGrant {
	return store.RoleGrant{Organisation: l.Organisation, Person: person, Role: access.Role(l.Role), System: l.System, Unit: l.Unit, StartsAt: now}
}

func (a *App) useInvitation(ctx context.Context, tx *store.Tx, l store.Link) error {
	if err := useLink(ctx, tx, l); err != nil {
		return err
	}
	tx.Record(store.Record{Action: audit.InvitationUsed, Organisation: l.Organisation, TargetType: "invitation", Target: l.ID, Fields: map[string]string{"email": l.Email}})
	return nil
}

// JoinByInvitation gives the role of an invitation to the person signed in, whose
// address has to be the one invited, and moves the session to the organisation.
func (a *App) JoinByInvitation(ctx context.Context, who access.Actor, secret string) (Receipt, error) {
	return a.writing(ctx, who, access.SelfWrite, func(tx *store.Tx, _ access.Scope) error {
		s, c, err := a.own(ctx, tx, who)
		if err != nil {
			return err
		}
		l, _, v, err := a.askInvitation(ctx, tx, secret, c.person.Email, false)
		if err != nil {
			return err
		}
		if err := linkErr(v); err != nil {
			return err
		}
		if err := a.useInvitation(ctx, tx, l); err != nil {
			return err
		}
		if _, err := a.grant(ctx, tx, grantOf(l, who.ID, tx.Now())); err != nil {
			return err
		}
		s.Organisation = l.Organisation
		if err := tx.SaveSession(ctx, s); err != nil {
			return err
		}
		return endSessions(ctx, tx, who.ID, who.Session, "a role was given")
	})
}
