package store

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// Instance is this installation.
type Instance struct {
	ID        string
	Demo      bool // fixed when the folder was created
	CreatedAt int64
	Epoch     int64 // counts restores
	Shift     int64 // microseconds by which a demo's clock has been moved forward
}

var instanceTable = table{name: "instance", key: 1, cols: cols("id demo created_at epoch shift")}

func (i *Instance) fields() []any { return []any{&i.ID, &i.Demo, &i.CreatedAt, &i.Epoch, &i.Shift} }

// CreateInstance records the installation; the caller makes sure it is the first.
func (tx *Tx) CreateInstance(ctx context.Context, i Instance) error {
	return tx.insert(ctx, instanceTable, i.fields())
}

// SaveInstance replaces it.
func (tx *Tx) SaveInstance(ctx context.Context, i Instance) error {
	return tx.update(ctx, instanceTable, i.fields(), 0)
}

// Instance reads it; ErrNotFound in an empty database.
func (tx *Tx) Instance(ctx context.Context) (Instance, error) {
	var i Instance
	err := tx.one(ctx, "SELECT "+instanceTable.list()+" FROM instance", nil, i.fields())
	return i, err
}

// Organisation is a body that runs systems.
type Organisation struct {
	ID         string
	Name       string
	NameFolded string
	Zone       string // IANA time zone of its due dates
	Ceiling    string // highest marking that may be saved
	SystemWord string // what its people call a system
	SROWord    string // what its people call the accountable person
	Key        []byte // wrapped key of its attachments
	CreatedAt  int64
	Version    int64
}

var organisationTable = table{name: "organisation", key: 1,
	cols: cols("id name name_folded zone ceiling system_word sro_word key created_at version")}

func (o *Organisation) fields() []any {
	return []any{&o.ID, &o.Name, &o.NameFolded, &o.Zone, &o.Ceiling, &o.SystemWord, &o.SROWord, &o.Key, &o.CreatedAt, &o.Version}
}

// CreateOrganisation adds an organisation.
func (tx *Tx) CreateOrganisation(ctx context.Context, o Organisation) error {
	o.Version = 1
	return tx.insert(ctx, organisationTable, o.fields())
}

// SaveOrganisation replaces one; o.Version is the version that was read.
func (tx *Tx) SaveOrganisation(ctx context.Context, o Organisation) error {
	was := o.Version
	o.Version++
	return tx.update(ctx, organisationTable, o.fields(), was)
}

// Organisation reads the organisation of the scope.
func (tx *Tx) Organisation(ctx context.Context, scope access.Scope) (Organisation, error) {
	org, err := need(scope)
	if err != nil {
		return Organisation{}, err
	}
	return tx.organisation(ctx, org)
}

func (tx *Tx) organisation(ctx context.Context, id string) (Organisation, error) {
	var o Organisation
	err := tx.one(ctx, "SELECT "+organisationTable.list()+" FROM organisation WHERE id = $1", []any{id}, o.fields())
	return o, err
}

// OrganisationNamed finds an organisation by its folded name. It is asked by the
// operator's commands only.
func (tx *Tx) OrganisationNamed(ctx context.Context, folded string) (Organisation, error) {
	var o Organisation
	err := tx.one(ctx, "SELECT "+organisationTable.list()+" FROM organisation WHERE name_folded = $1", []any{folded}, o.fields())
	return o, err
}

// OrganisationsOf lists the organisations with the ids, for somebody who holds a
// grant in each.
func (tx *Tx) OrganisationsOf(ctx context.Context, ids []string) ([]Organisation, error) {
	w := &where{}
	w.in("id", ids)
	return all(ctx, tx, "SELECT "+organisationTable.list()+" FROM organisation"+w.sql()+" ORDER BY name_folded", w.args, (*Organisation).fields)
}

// AllOrganisations lists every organisation, for jobs and the operator.
func (tx *Tx) AllOrganisations(ctx context.Context) ([]Organisation, error) {
	return all(ctx, tx, "SELECT "+organisationTable.list()+" FROM organisation ORDER BY name_folded LIMIT 10000", nil, (*Organisation).fields)
}

// LockOrganisation makes other transactions that lock it too wait until this one
// ends, for rules about several rows: the last administrator, the tree of units.
func (tx *Tx) LockOrganisation(ctx context.Context, id string) error {
	return tx.exec(ctx, "UPDATE organisation SET version = version WHERE id = $1", id)
}

// Unit is a part of an organisation: top level budget, arm's length body,
// directorate.
type Unit struct {
	Organisation string
	ID           string
	Parent       string
	Name         string
	Kind         string
	Version      int64
}

var unitTable = table{name: "unit", key: 2, cols: cols("organisation_id id parent_id name kind version")}

func (u *Unit) fields() []any {
	return []any{&u.Organisation, &u.ID, &u.Parent, &u.Name, &u.Kind, &u.Version}
}

// CreateUnit adds a unit.
func (tx *Tx) CreateUnit(ctx context.Context, u Unit) error {
	u.Version = 1
	return tx.insert(ctx, unitTable, u.fields())
}

// SaveUnit replaces a unit; u.Version is the version that was read.
func (tx *Tx) SaveUnit(ctx context.Context, u Unit) error {
	was := u.Version
	u.Version++
	return tx.update(ctx, unitTable, u.fields(), was)
}

// Units lists the units of the organisation, by name. The tree is small enough to
// be read whole (the limit is 5,000).
func (tx *Tx) Units(ctx context.Context, scope access.Scope) ([]Unit, error) {
	org, err := need(scope)
	if err != nil {
		return nil, err
	}
	return tx.unitsOf(ctx, org)
}

func (tx *Tx) unitsOf(ctx context.Context, org string) ([]Unit, error) {
	return all(ctx, tx, "SELECT "+unitTable.list()+" FROM unit WHERE organisation_id = $1 ORDER BY name, id LIMIT 5000", []any{org}, (*Unit).fields)
}

// UnitsForGrants lists an organisation's units before there is a scope, for the
// principal resolver, which expands a grant over a unit to its subtree.
func (tx *Tx) UnitsForGrants(ctx context.Context, organisation string) ([]Unit, error) {
	return tx.unitsOf(ctx, organisation)
}

// APIToken is a credential of a program.
type APIToken struct {
	Organisation string
	ID           string
	Name         string
	TokenHash    string
	Role         access.Role
	System       string
	Scopes       string // operations it is limited to, separated by spaces; "" = all of its role
	Person       string // demo personas only: the person it acts as
	CreatedBy    string
	CreatedAt    int64
	ExpiresAt    int64
	RevokedAt    int64
	UsedAt       int64
}

var tokenTable = table{name: "api_token", key: 2, volatile: 1,
	cols: cols("organisation_id id name token_hash role system_id scopes person_id created_by created_at expires_at revoked_at used_at")}

func (t *APIToken) fields() []any {
	return []any{&t.Organisation, &t.ID, &t.Name, &t.TokenHash, &t.Role, &t.System, &t.Scopes, &t.Person, &t.CreatedBy, &t.CreatedAt, &t.ExpiresAt, &t.RevokedAt, &t.UsedAt}
}

// CreateToken adds a token.
func (tx *Tx) CreateToken(ctx context.Context, t APIToken) error {
	return tx.insert(ctx, tokenTable, t.fields())
}

// SaveToken replaces a token (to revoke it).
func (tx *Tx) SaveToken(ctx context.Context, t APIToken) error {
	return tx.update(ctx, tokenTable, t.fields(), 0)
}

// TokenByHash finds a token for the principal resolver.
func (tx *Tx) TokenByHash(ctx context.Context, hash string) (APIToken, error) {
	var t APIToken
	err := tx.one(ctx, "SELECT "+tokenTable.list()+" FROM api_token WHERE token_hash = $1", []any{hash}, t.fields())
	return t, err
}

// Token reads one token of the organisation.
func (tx *Tx) Token(ctx context.Context, scope access.Scope, id string) (APIToken, error) {
	org, err := need(scope)
	if err != nil {
		return APIToken{}, err
	}
	var t APIToken
	err = tx.one(ctx, "SELECT "+tokenTable.list()+" FROM api_token WHERE organisation_id = $1 AND id = $2", []any{org, id}, t.fields())
	return t, err
}

// TokensOf lists the tokens that act as a person or were made by them and are
// not revoked, in all organisations: they stop with the person.
func (tx *Tx) TokensOf(ctx context.Context, person string) ([]APIToken, error) {
	return all(ctx, tx, "SELECT "+tokenTable.list()+" FROM api_token WHERE (person_id = $1 OR created_by = $1) AND revoked_at = 0 ORDER BY organisation_id, id LIMIT 10000", []any{person}, (*APIToken).fields)
}

// Tokens lists the tokens of the organisation, newest first.
func (tx *Tx) Tokens(ctx context.Context, scope access.Scope, limit int) ([]APIToken, error) {
	org, err := need(scope)
	if err != nil {
		return nil, err
	}
	return all(ctx, tx, "SELECT "+tokenTable.list()+" FROM api_token WHERE organisation_id = $1 ORDER BY created_at DESC, id LIMIT $2", []any{org, int64(limit)}, (*APIToken).fields)
}

// TouchToken notes when a token was last used.
func (tx *Tx) TouchToken(ctx context.Context, organisation, id string) error {
	return tx.exec(ctx, "UPDATE api_token SET used_at = $1 WHERE organisation_id = $2 AND id = $3", tx.now, organisation, id)
}
