package app

import (
	"context"
	"fmt"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/authn"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Instance is this installation.
type Instance = store.Instance

// Initialise starts the log and records the instance as its entry 0, or returns
// what is there. Being a demo is fixed by the first call: it fails with
// fault.Conflict when the folder is of the other sort. version is the program's.
func (a *App) Initialise(ctx context.Context, demo bool, version string) (Instance, error) {
	i, err := a.Instance(ctx)
	if fault.Is(err, fault.NotFound) {
		i, err = a.createInstance(ctx, demo, version)
		if fault.Is(err, fault.Conflict) { // another server was first
			i, err = a.Instance(ctx)
		}
	}
	if err != nil {
		return Instance{}, err
	}
	if i.Demo != demo {
		if demo {
			return i, fault.New(fault.Conflict, "This folder was made for real use, so it cannot become a demo. Choose an empty folder.")
		}
		return i, fault.New(fault.Conflict, "This folder holds a demo with sample data, so it cannot be used for real. Choose an empty folder, or start it with touchstone demo.")
	}
	return i, nil
}

// Instance reads the installation; fault.NotFound before Initialise.
func (a *App) Instance(ctx context.Context) (Instance, error) {
	var i Instance
	err := a.DB.Read(ctx, func(tx *store.Tx) error {
		var err error
		i, err = tx.Instance(ctx)
		return err
	})
	return i, err
}

func (a *App) createInstance(ctx context.Context, demo bool, version string) (Instance, error) {
	var i Instance
	_, err := a.DB.Write(ctx, access.Operator(), func(tx *store.Tx) error {
		id, err := a.newID(tx, ident.Instance)
		if err != nil {
			return err
		}
		i = Instance{ID: id, Demo: demo, CreatedAt: tx.Now()}
		if err := tx.CreateLog(ctx, id); err != nil {
			return err
		}
		if err := tx.CreateInstance(ctx, i); err != nil {
			return err
		}
		action := audit.InstanceCreated
		if demo {
			action = audit.InstanceCreatedDemo
		}
		tx.Record(store.Record{Action: action, TargetType: "instance", Target: id, Fields: map[string]string{"version": version}})
		return nil
	})
	return i, err
}

// Link is a single-use address that was just made. URL holds its secret and is
// given out this once.
type Link struct {
	ID        string
	URL       string
	ExpiresAt time.Time
}

// NewSetupLink makes the link with which the first administrator is made, good
// for 15 minutes, and revokes the ones before. It fails with fault.Conflict once
// anybody exists.
func (a *App) NewSetupLink(ctx context.Context) (Link, Receipt, error) {
	var out Link
	r, err := a.DB.Write(ctx, access.Operator(), func(tx *store.Tx) error {
		if err := nobodyYet(ctx, tx); err != nil {
			return err
		}
		i, err := tx.Instance(ctx)
		if err != nil {
			return err
		}
		if err := revokeOpen(ctx, tx, identity.SetupLink, "", func(store.Link) bool { return true }); err != nil {
			return err
		}
		out, err = a.newLink(ctx, tx, identity.Link{Kind: identity.SetupLink, Role: access.Administrator}, store.Link{CreatedBy: tx.By().ID})
		if err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.SetupLinkCreated, TargetType: "instance", Target: i.ID,
			Fields: map[string]string{"expires": out.ExpiresAt.UTC().Format(time.RFC3339)}})
		return nil
	})
	return out, r, err
}

func nobodyYet(ctx context.Context, tx *store.Tx) error {
	any, err := tx.AnyPerson(ctx)
	if err == nil && any {
		err = fault.New(fault.Conflict, "This instance is set up already. Sign in, or ask an administrator for an invitation.")
	}
	return err
}

// newLink checks and stores a link. row carries what the rules of identity do
// not need: name, system, unit, creator.
func (a *App) newLink(ctx context.Context, tx *store.Tx, l identity.Link, row store.Link) (Link, error) {
	secret, err := authn.NewSecret(a.Random)
	if err != nil {
		return Link{}, err
	}
	if l, err = identity.NewLink(l, secret, time.UnixMicro(tx.Now())); err != nil {
		return Link{}, err
	}
	return a.storeLink(ctx, tx, l, row, secret)
}

func (a *App) storeLink(ctx context.Context, tx *store.Tx, l identity.Link, row store.Link, secret identity.Secret) (Link, error) {
	id, err := a.newID(tx, ident.Invitation)
	if err != nil {
		return Link{}, err
	}
	row.ID, row.Kind, row.TokenHash = id, string(l.Kind), secret.Digest().String()
	row.Person, row.Email, row.Organisation, row.Role = l.UserID, l.Email, l.OrganisationID, string(l.Role)
	row.CreatedAt, row.ExpiresAt = tx.Now(), l.ExpiresAt.UnixMicro()
	if err := tx.CreateLink(ctx, row); err != nil {
		return Link{}, err
	}
	return Link{ID: id, URL: a.PublicURL + "/" + string(l.Kind) + "/" + secret.Reveal(), ExpiresAt: l.ExpiresAt}, nil
}

func revokeOpen(ctx context.Context, tx *store.Tx, kind identity.LinkKind, organisation string, which func(store.Link) bool) error {
	links, err := tx.OpenLinks(ctx, string(kind), organisation)
	if err != nil {
		return err
	}
	for _, l := range links {
		if !which(l) {
			continue
		}
		if err := tx.RevokeLink(ctx, l); err != nil && !fault.Is(err, fault.Stale) {
			return err
		}
	}
	return nil
}

var errLink = fault.New(fault.Unauthorised, "This link cannot be used. It may have been used, withdrawn or run out. Ask for a new one.")

// linkFor finds a link of a kind by its secret.
func linkFor(ctx context.Context, tx *store.Tx, kind identity.LinkKind, secret string) (store.Link, error) {
	digest, ok := identity.ReadSecret(secret)
	if !ok {
		return store.Link{}, errLink
	}
	l, err := tx.LinkByToken(ctx, digest.String())
	if fault.Is(err, fault.NotFound) || err == nil && l.Kind != string(kind) {
		return store.Link{}, errLink
	}
	return l, err
}

// askLink asks the door about a link; proved are factors besides the secret.
func askLink(row store.Link, status identity.Status, roles []access.Role, now int64, proved ...identity.Factor) identity.Verdict {
	f := identity.OfLink(identity.Link{Kind: identity.LinkKind(row.Kind), Role: access.Role(row.Role), ExpiresAt: micro(row.ExpiresAt),
		UsedAt: micro(row.UsedAt), RevokedAt: micro(row.RevokedAt)}, status, roles)
	f.Proved = append(f.Proved, proved...)
	return identity.MayActNow(f, time.UnixMicro(now))
}

// linkErr is what a person reads at a door of a link.
func linkErr(v identity.Verdict) error {
	if v.OK {
		return nil
	}
	return errLink.Because(fmt.Errorf("door: %s", v.Reason))
}

// OpenSetup reports whether the setup link can be used now. It does not use it:
// programs that look at addresses would.
func (a *App) OpenSetup(ctx context.Context, secret string) error {
	return a.DB.Read(ctx, func(tx *store.Tx) error {
		_, _, err := a.openSetup(ctx, tx, secret)
		return err
	})
}

func (a *App) openSetup(ctx context.Context, tx *store.Tx, secret string) (store.Link, identity.Verdict, error) {
	l, err := linkFor(ctx, tx, identity.SetupLink, secret)
	if err != nil {
		return l, identity.Verdict{}, err
	}
	// The role is on offer for as long as nobody has it.
	roles := []access.Role{access.Administrator}
	if err := nobodyYet(ctx, tx); err != nil {
		if !fault.Is(err, fault.Conflict) {
			return l, identity.Verdict{}, err
		}
		roles = nil
	}
	v := askLink(l, "", roles, tx.Now())
	return l, v, linkErr(v)
}

// FirstAdministratorInput is what the setup page asks.
type FirstAdministratorInput struct {
	Name         string
	Email        string
	Organisation string // name of the first organisation
}

// CreateFirstAdministrator uses the setup link up: it makes the person, who
// administers the instance, and the first organisation, and opens a session in
// which a passkey has to be added first.
func (a *App) CreateFirstAdministrator(ctx context.Context, secret string, in FirstAdministratorInput, meta RequestMeta) (Opened, Receipt, error) {
	var out Opened
	by := access.Actor{ID: "setup", Kind: access.SetupActor, Strength: string(identity.ByLink), RequestID: meta.RequestID, Address: meta.Address}
	r, err := a.DB.Write(ctx, by, func(tx *store.Tx) error {
		l, v, err := a.openSetup(ctx, tx, secret)
		if err != nil {
			return err
		}
		var p fault.Problems
		user, err := identity.NewUser("", in.Name, in.Email, time.UnixMicro(tx.Now()))
		p = append(p, problemsOf(err)...)
		org, err := a.newOrganisation(ctx, tx, &p, "/organisation", in.Organisation)
		if err != nil {
			return err
		}
		if err := p.Err(); err != nil {
			return err
		}
		if err := useLink(ctx, tx, l); err != nil {
			return err
		}
		i, err := tx.Instance(ctx)
		if err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.SetupLinkUsed, TargetType: "instance", Target: i.ID})
		person, err := a.createPerson(ctx, tx, user, true)
		if err != nil {
			return err
		}
		if err := a.createOrganisation(ctx, tx, org); err != nil {
			return err
		}
		if _, err := a.grant(ctx, tx, store.RoleGrant{Organisation: org.ID, Person: person.ID, Role: access.Administrator, StartsAt: tx.Now()}); err != nil {
			return err
		}
		c, err := a.account(ctx, tx, person)
		if err != nil {
			return err
		}
		out, err = a.open(ctx, tx, opening{account: c, by: identity.ByLink, door: identity.SetupDoor, verdict: v, organisation: org.ID, meta: meta})
		return err
	})
	return out, r, err
}

func useLink(ctx context.Context, tx *store.Tx, l store.Link) error {
	err := tx.UseLink(ctx, l)
	if fault.Is(err, fault.Stale) {
		return errLink.Because(err)
	}
	return err
}

// createPerson adds a person whose address is new; fault.Invalid otherwise.
func (a *App) createPerson(ctx context.Context, tx *store.Tx, u identity.User, instanceAdmin bool) (store.Person, error) {
	id, err := a.newID(tx, ident.User)
	if err != nil {
		return store.Person{}, err
	}
	p := store.Person{ID: id, Name: u.Name, Email: u.Email, EmailFolded: identity.FoldEmail(u.Email), Status: string(u.Status),
		InstanceAdmin: instanceAdmin, CreatedAt: tx.Now()}
	if err := tx.CreatePerson(ctx, p); err != nil {
		return p, err
	}
	p.Version = 1
	tx.Record(store.Record{Action: audit.UserCreated, TargetType: "user", Target: id, Fields: map[string]string{"name": p.Name, "email": p.Email}})
	return p, nil
}

// problemsOf returns the problems of an Invalid fault, so that several checks
// answer together.
func problemsOf(err error) []fault.Problem {
	if err == nil {
		return nil
	}
	_, problems := fault.Public(err)
	return problems
}
