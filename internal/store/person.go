package store

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// Person is somebody who can sign in. People belong to the instance; what they
// may do in an organisation stands in its role grants.
type Person struct {
	ID            string
	Name          string
	Email         string
	EmailFolded   string
	Status        string // active, disabled, locked
	InstanceAdmin bool
	CreatedAt     int64
	Version       int64
}

var personTable = table{name: "person", key: 1, cols: cols("id name email email_folded status instance_admin created_at version")}

func (p *Person) fields() []any {
	return []any{&p.ID, &p.Name, &p.Email, &p.EmailFolded, &p.Status, &p.InstanceAdmin, &p.CreatedAt, &p.Version}
}

// CreatePerson adds a person.
func (tx *Tx) CreatePerson(ctx context.Context, p Person) error {
	p.Version = 1
	return tx.insert(ctx, personTable, p.fields())
}

// SavePerson replaces a person; p.Version is the version that was read.
func (tx *Tx) SavePerson(ctx context.Context, p Person) error {
	was := p.Version
	p.Version++
	return tx.update(ctx, personTable, p.fields(), was)
}

// Person reads one person. It takes no scope: callers hold a credential of this
// person or have found them through a grant in their own organisation.
func (tx *Tx) Person(ctx context.Context, id string) (Person, error) {
	var p Person
	err := tx.one(ctx, "SELECT "+personTable.list()+" FROM person WHERE id = $1", []any{id}, p.fields())
	return p, err
}

// PersonByEmail finds a person by the folded address.
func (tx *Tx) PersonByEmail(ctx context.Context, folded string) (Person, error) {
	var p Person
	err := tx.one(ctx, "SELECT "+personTable.list()+" FROM person WHERE email_folded = $1", []any{folded}, p.fields())
	return p, err
}

// AnyPerson reports whether anybody exists yet.
func (tx *Tx) AnyPerson(ctx context.Context) (bool, error) {
	var n int64
	err := tx.one(ctx, "SELECT count(*) FROM (SELECT id FROM person LIMIT 1) AS p", nil, []any{&n})
	return n > 0, err
}

// Member is a person as an organisation sees them.
type Member struct {
	Person
	Roles string // roles held now, comma-separated, for lists
}

// isMember asks for each person in turn: there are more grants than people.
const isMember = "EXISTS (SELECT 1 FROM role_grant g WHERE g.person_id = p.id AND g.organisation_id = ?)"

// Members lists the people with a grant in the organisation, by name, after the
// given id.
func (tx *Tx) Members(ctx context.Context, scope access.Scope, afterName, afterID string, limit int) ([]Person, error) {
	org, err := need(scope)
	if err != nil {
		return nil, err
	}
	w := &where{}
	w.add(isMember, org)
	if afterID != "" {
		w.add("(p.name, p.id) > (?, ?)", afterName, afterID)
	}
	return all(ctx, tx, "SELECT "+personTable.prefixed("p")+" FROM person p"+w.sql()+" ORDER BY p.name, p.id"+w.limit(limit), w.args, (*Person).fields)
}

// MemberCount counts the people with a grant in the organisation.
func (tx *Tx) MemberCount(ctx context.Context, scope access.Scope) (int64, error) {
	org, err := need(scope)
	if err != nil {
		return 0, err
	}
	var n int64
	w := &where{}
	w.add(isMember, org)
	err = tx.one(ctx, "SELECT count(*) FROM person p"+w.sql(), w.args, []any{&n})
	return n, err
}

// Names maps ids of people to names, for pages; unknown ids are left out.
func (tx *Tx) Names(ctx context.Context, ids []string) (map[string]string, error) {
	out := map[string]string{}
	const each = 500
	for len(ids) > 0 {
		part := ids[:min(each, len(ids))]
		ids = ids[len(part):]
		w := &where{}
		w.in("id", part)
		people, err := all(ctx, tx, "SELECT "+personTable.list()+" FROM person"+w.sql(), w.args, (*Person).fields)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			out[p.ID] = p.Name
		}
	}
	return out, nil
}

// RoleGrant gives a person a role in an organisation, over a system, a unit, or
// all of it.
type RoleGrant struct {
	Organisation string
	ID           string
	Person       string
	Role         access.Role
	System       string
	Unit         string
	StartsAt     int64
	EndsAt       int64 // first moment at which it no longer holds; 0 = open
}

var grantTable = table{name: "role_grant", key: 2, cols: cols("organisation_id id person_id role system_id unit_id starts_at ends_at")}

func (g *RoleGrant) fields() []any {
	return []any{&g.Organisation, &g.ID, &g.Person, &g.Role, &g.System, &g.Unit, &g.StartsAt, &g.EndsAt}
}

// InForce reports whether the grant holds at the moment.
func (g RoleGrant) InForce(now int64) bool {
	return g.StartsAt <= now && (g.EndsAt == 0 || now < g.EndsAt)
}

// CreateGrant adds a role grant.
func (tx *Tx) CreateGrant(ctx context.Context, g RoleGrant) error {
	return tx.insert(ctx, grantTable, g.fields())
}

// SaveGrant replaces a role grant (to end it).
func (tx *Tx) SaveGrant(ctx context.Context, g RoleGrant) error {
	return tx.update(ctx, grantTable, g.fields(), 0)
}

// Grant reads one role grant of the organisation.
func (tx *Tx) Grant(ctx context.Context, scope access.Scope, id string) (RoleGrant, error) {
	org, err := need(scope)
	if err != nil {
		return RoleGrant{}, err
	}
	var g RoleGrant
	err = tx.one(ctx, "SELECT "+grantTable.list()+" FROM role_grant WHERE organisation_id = $1 AND id = $2", []any{org, id}, g.fields())
	return g, err
}

// GrantsOf reads every grant of a person, in all organisations: it is what the
// principal resolver asks, before there is a scope.
func (tx *Tx) GrantsOf(ctx context.Context, person string) ([]RoleGrant, error) {
	return all(ctx, tx, "SELECT "+grantTable.list()+" FROM role_grant WHERE person_id = $1 ORDER BY organisation_id, id LIMIT 1000", []any{person}, (*RoleGrant).fields)
}

// GrantsIn lists the grants of people in the organisation.
func (tx *Tx) GrantsIn(ctx context.Context, scope access.Scope, people []string) ([]RoleGrant, error) {
	org, err := need(scope)
	if err != nil {
		return nil, err
	}
	w := &where{}
	w.add("organisation_id = ?", org)
	w.in("person_id", people)
	return all(ctx, tx, "SELECT "+grantTable.list()+" FROM role_grant"+w.sql()+" ORDER BY person_id, role, id", w.args, (*RoleGrant).fields)
}

// HoldersOf lists the grants of a role that reach a system, for example its SROs.
func (tx *Tx) HoldersOf(ctx context.Context, scope access.Scope, role access.Role, system string) ([]RoleGrant, error) {
	org, err := need(scope)
	if err != nil {
		return nil, err
	}
	return all(ctx, tx, "SELECT "+grantTable.list()+` FROM role_grant
		WHERE organisation_id = $1 AND role = $2 AND (system_id = $3 OR (system_id = '' AND unit_id = '')) ORDER BY system_id DESC, id LIMIT 100`,
		[]any{org, string(role), system}, (*RoleGrant).fields)
}

// Administrators lists the people who administer the whole organisation now,
// without an end in sight, and whose account can be used.
func (tx *Tx) Administrators(ctx context.Context, organisation string) ([]string, error) {
	return all(ctx, tx, `SELECT DISTINCT g.person_id FROM role_grant g JOIN person p ON p.id = g.person_id
		WHERE g.organisation_id = $1 AND g.role = $2 AND g.system_id = '' AND g.unit_id = ''
			AND g.starts_at <= $3 AND g.ends_at = 0 AND p.status = 'active' ORDER BY g.person_id LIMIT 1000`,
		[]any{organisation, string(access.Administrator), tx.now}, func(id *string) []any { return []any{id} })
}

// InstanceAdministrators lists the people who administer the instance and whose
// account can be used.
func (tx *Tx) InstanceAdministrators(ctx context.Context) ([]string, error) {
	return all(ctx, tx, "SELECT id FROM person WHERE instance_admin = $1 AND status = 'active' ORDER BY id LIMIT 1000",
		[]any{true}, func(id *string) []any { return []any{id} })
}
