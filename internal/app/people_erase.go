package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// ChangeEmail changes the address by which a person signs in. Their own address
// everybody changes after a fresh confirmation; that of others needs
// people.write, and reaches whom DisablePerson reaches. Links to the old address
// stop working, and every session but the asker's own ends: whoever else was in
// must come in anew.
//
// It fails with fault.Invalid for an address that is none or that another
// account has.
func (a *App) ChangeEmail(ctx context.Context, who access.Actor, person, email string) (Receipt, error) {
	op := access.PeopleWrite
	if person == who.ID {
		op = access.SelfSecure
	}
	return a.writing(ctx, who, op, func(tx *store.Tx, scope access.Scope) error {
		p, err := a.whoseEmail(ctx, tx, who, scope, person)
		if err != nil {
			return err
		}
		u, err := identity.NewUser(p.ID, p.Name, email, time.UnixMicro(tx.Now()))
		if err != nil {
			return err
		}
		if u.Email == p.Email {
			return fault.New(fault.Conflict, "This is the address already. Nothing was changed.")
		}
		folded := identity.FoldEmail(u.Email)
		if other, err := tx.PersonByEmail(ctx, folded); err == nil && other.ID != p.ID {
			var problems fault.Problems
			problems.Add("/email", "This address cannot be used: another account has it.")
			return problems.Err()
		} else if ignoreNotFound(err) != nil {
			return err
		}
		if err := revokeLinksOf(ctx, tx, p); err != nil {
			return err
		}
		before := p.Email
		p.Email, p.EmailFolded = u.Email, folded
		if err := tx.SavePerson(ctx, p); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.UserChanged, TargetType: "user", Target: p.ID, Fields: map[string]string{"email": p.Email, "before": before}})
		return endSessions(ctx, tx, p.ID, keep(who, p.ID), "the address was changed")
	})
}

func (a *App) whoseEmail(ctx context.Context, tx *store.Tx, who access.Actor, scope access.Scope, person string) (store.Person, error) {
	if person != who.ID {
		return a.reachable(ctx, tx, who, scope, person)
	}
	if !ident.Valid(ident.User, who.ID) {
		return store.Person{}, identity.Verdict{Reason: identity.WrongDoor}.Err()
	}
	return tx.Person(ctx, who.ID)
}

// revokeLinksOf stops the links that were made for the present address.
func revokeLinksOf(ctx context.Context, tx *store.Tx, p store.Person) error {
	links, err := tx.SignInLinksOf(ctx, p.ID, p.EmailFolded)
	if err != nil {
		return err
	}
	for _, l := range links {
		if l.UsedAt != 0 || l.RevokedAt != 0 || l.ExpiresAt <= tx.Now() {
			continue
		}
		if err := tx.RevokeLink(ctx, l); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.InvitationRevoked, Organisation: l.Organisation, TargetType: "invitation", Target: l.ID, Fields: map[string]string{"email": l.Email}})
	}
	return nil
}

// ErasePerson removes the details of a person for good: name, address, ways of
// signing in, devices and network addresses, from rows, from what was approved
// and from the values behind the log. What they did and signed stays, under a
// pseudonym and the role that they had. The account must be disabled first, and
// can never be enabled again. It needs people.write.
//
// Words that people typed elsewhere (the owner of a record, a reason) are not
// searched: they are removed by a purge.
func (a *App) ErasePerson(ctx context.Context, who access.Actor, id string) (Receipt, error) {
	r, err := a.writing(ctx, who, access.PeopleWrite, func(tx *store.Tx, scope access.Scope) error {
		p, err := a.reachable(ctx, tx, who, scope, id)
		if err != nil {
			return err
		}
		switch identity.Status(p.Status) {
		case identity.Erased:
			return fault.New(fault.Conflict, "The details of this person were erased already.")
		case identity.Disabled:
		default:
			return fault.New(fault.Conflict, "Disable the account first. What is erased cannot be brought back.")
		}
		return erase(ctx, tx, p)
	})
	if err == nil {
		_, err = a.DB.DropJournal(context.WithoutCancel(ctx))
	}
	return r, err
}

// ErasedPeople lists the ids of everybody who was erased. It is for the
// operator's command.
func (a *App) ErasedPeople(ctx context.Context) ([]string, error) {
	var out []string
	err := a.DB.Read(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.PeopleInState(ctx, string(identity.Erased))
		return err
	})
	return out, err
}

// ReapplyErasures erases again, in a database restored from a backup, people who
// were erased after the backup was made, and returns how many they were.
func (a *App) ReapplyErasures(ctx context.Context, people []string) (int, error) {
	done := 0
	for _, id := range people {
		again := false
		_, err := a.DB.Write(ctx, access.Operator(), func(tx *store.Tx) error {
			p, err := tx.Person(ctx, id)
			if err != nil {
				return ignoreNotFound(err) // came after the backup
			}
			if again = p.Status != string(identity.Erased); !again {
				return nil
			}
			return erase(ctx, tx, p)
		})
		if err != nil {
			return done, fmt.Errorf("erase %s again: %w", id, err)
		}
		if again {
			done++
		}
	}
	return done, nil
}

// erasure is the removal of one person in one transaction.
type erasure struct {
	tx     *store.Tx
	person store.Person
	rows   map[string]bool // commitment names of the rows that held details
	words  map[string]bool // names and addresses that the person has had
	orgs   []string        // where they had a role
}

func erase(ctx context.Context, tx *store.Tx, p store.Person) error {
	grants, err := tx.GrantsOf(ctx, p.ID)
	if err != nil {
		return err
	}
	e := &erasure{tx: tx, person: p, rows: map[string]bool{}, words: map[string]bool{p.Name: true, identity.FoldEmail(p.Email): true}}
	for _, g := range grants {
		if !slices.Contains(e.orgs, g.Organisation) {
			e.orgs = append(e.orgs, g.Organisation)
		}
	}
	if err := revokeTokensOf(ctx, tx, p.ID); err != nil {
		return err
	}
	if err := endSessions(ctx, tx, p.ID, "", "the account was erased"); err != nil {
		return err
	}
	if err := e.endGrants(ctx, grants); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{e.account, e.links, e.record, e.approved} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	erased, err := e.openings(ctx)
	if err != nil {
		return err
	}
	tx.Record(store.Record{Action: audit.UserErased, TargetType: "user", Target: p.ID})
	tx.Record(store.Record{Action: audit.LogValuesErased, TargetType: "log", Target: p.ID,
		Fields: map[string]string{audit.ErasedField: audit.FormatErasures(erased), "rule": "a person was erased"}})
	return nil
}

// Pseudonym is the name under which an erased person stays on record.
func Pseudonym(person string) string {
	return "Erased person " + strings.ToUpper(person[max(0, len(person)-6):])
}

func (e *erasure) held(table string, key ...string) {
	e.rows[audit.RowName(table, strings.Join(key, "/"))] = true
}

func (e *erasure) endGrants(ctx context.Context, grants []store.RoleGrant) error {
	for _, g := range grants {
		if g.EndsAt != 0 && g.EndsAt <= e.tx.Now() {
			continue
		}
		g.StartsAt, g.EndsAt = min(g.StartsAt, e.tx.Now()), e.tx.Now()
		if err := e.tx.SaveGrant(ctx, g); err != nil {
			return err
		}
		e.tx.Record(store.Record{Action: audit.UserRoleRemoved, Organisation: g.Organisation, TargetType: "user", Target: g.Person,
			Fields: map[string]string{"role": string(g.Role), "scope": reachOf(g)}})
	}
	return nil
}

// account leaves the row of the person as a tombstone and blanks what proved who
// they were and from where.
func (e *erasure) account(ctx context.Context) error {
	p := e.person
	e.held("person", p.ID)
	p.Name, p.Email, p.Status, p.InstanceAdmin = Pseudonym(p.ID), p.ID+"@erased.invalid", string(identity.Erased), false
	p.EmailFolded = identity.FoldEmail(p.Email)
	if err := e.tx.SavePerson(ctx, p); err != nil {
		return err
	}
	credentials, err := e.tx.AllCredentialsOf(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, c := range credentials {
		e.held("credential", c.ID)
		c.Label, c.Handle, c.Secret, c.State = "", "", []byte{}, []byte{}
		if c.RemovedAt == 0 {
			c.RemovedAt = e.tx.Now()
		}
		if err := e.tx.SaveCredential(ctx, c); err != nil {
			return err
		}
	}
	sessions, err := e.tx.AllSessionsOf(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		e.held("session", s.ID)
		s.Address, s.Agent = "", ""
		if err := e.tx.BlankSession(ctx, s); err != nil {
			return err
		}
	}
	return e.tx.DropDraftsOf(ctx, p.ID)
}

func (e *erasure) links(ctx context.Context) error {
	links, err := e.tx.SignInLinksOf(ctx, e.person.ID, identity.FoldEmail(e.person.Email))
	if err != nil {
		return err
	}
	for _, l := range links {
		e.held("link", l.ID)
		l.Name, l.Email = "", ""
		if l.UsedAt == 0 && l.RevokedAt == 0 {
			l.RevokedAt = e.tx.Now()
		}
		if err := e.tx.BlankLink(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// record puts the pseudonym where appointments and training name the person.
func (e *erasure) record(ctx context.Context) error {
	appointments, err := e.tx.AppointmentsOf(ctx, e.person.ID)
	if err != nil {
		return err
	}
	for _, a := range appointments {
		e.held("appointment", a.Organisation, a.ID)
		if a.Name != "" {
			a.Name = Pseudonym(e.person.ID)
		}
		if err := e.tx.SaveAppointment(ctx, a); err != nil {
			return err
		}
	}
	training, err := e.tx.AllTrainingOf(ctx, e.person.ID)
	if err != nil {
		return err
	}
	for _, t := range training {
		e.held("training", t.Organisation, t.ID)
		t.Name, t.Reference = Pseudonym(e.person.ID), ""
		if err := e.tx.BlankTraining(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// approved puts the pseudonym into the roles of everything that was approved. The
// digest stays what was signed; the report says that content was removed.
func (e *erasure) approved(ctx context.Context) error {
	for _, org := range e.orgs {
		list, err := e.tx.FrozenNaming(ctx, org, e.person.ID)
		if err != nil {
			return err
		}
		taken := newRemoval(e.tx, org)
		for _, kept := range list {
			err := taken.report(ctx, kept, func(f *assessment.Frozen) {
				for i := range f.Roles {
					if f.Roles[i].User == e.person.ID {
						f.Roles[i].Name = Pseudonym(e.person.ID)
					}
				}
			})
			if err != nil {
				return err
			}
		}
		for row := range taken.rows {
			e.rows[row] = true
		}
	}
	return nil
}

// openings erases what the log held of the person. It goes twice through it: the
// first time to learn the names and addresses they had before.
func (e *erasure) openings(ctx context.Context) ([]audit.Erasure, error) {
	orgs := e.orgs
	if len(orgs) == 0 {
		orgs = []string{""}
	}
	var out []audit.Erasure
	for _, org := range orgs {
		if _, err := e.tx.EraseWhere(ctx, org, func(s store.StoredEntry) []string { e.learn(s); return nil }); err != nil {
			return nil, err
		}
	}
	for _, org := range orgs {
		erased, err := e.tx.EraseWhere(ctx, org, e.names)
		if err != nil {
			return nil, err
		}
		out = append(out, erased...)
	}
	return out, nil
}

func (e *erasure) learn(s store.StoredEntry) {
	if s.Entry.TargetType != "user" || s.Entry.Target != e.person.ID || s.Entry.Action == audit.UserRoleGranted || s.Entry.Action == audit.UserRoleRemoved {
		return
	}
	for _, o := range s.Openings {
		switch o.Name {
		case audit.FieldName("name"), audit.FieldName("email"), audit.FieldName("before"):
			e.words[o.Value], e.words[identity.FoldEmail(o.Value)] = true, true
		}
	}
}

// about are the types of targets whose entries may name a person in a value.
var about = []string{"user", "invitation", "appointment", "training", "instance", "session"}

// names says which openings of an entry are about the person: where they acted
// from, values that are their name or address, labels of their own devices, and
// the salts of rows that held any of it.
func (e *erasure) names(s store.StoredEntry) []string {
	own := s.Entry.TargetType == "user" && s.Entry.Target == e.person.ID
	session := s.Entry.TargetType == "session" && slices.ContainsFunc(s.Openings, func(o audit.Opening) bool {
		return o.Name == audit.FieldName("user") && o.Value == e.person.ID
	})
	var out []string
	for _, o := range s.Openings {
		var goes bool
		switch {
		case audit.IsRow(o.Name):
			goes = e.rows[o.Name]
		case o.Name == audit.FieldName("address"):
			goes = s.Entry.Actor == e.person.ID
		case o.Name == audit.FieldName("agent"):
			goes = session
		case o.Name == audit.FieldName("label"):
			goes = own
		case slices.Contains(about, s.Entry.TargetType):
			goes = o.Value != "" && (e.words[o.Value] || e.words[identity.FoldEmail(o.Value)])
		}
		if goes {
			out = append(out, o.Name)
		}
	}
	return out
}
