package store

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// What stands here serves the erasure of a person, which goes through every
// organisation, and the closing of a unit.

// AllSessionsOf lists every session of a person, ended ones too.
func (tx *Tx) AllSessionsOf(ctx context.Context, person string) ([]Session, error) {
	return all(ctx, tx, "SELECT "+sessionTable.list()+" FROM session WHERE person_id = $1 ORDER BY id", []any{person}, (*Session).fields)
}

// BlankSession replaces a session whatever its state.
func (tx *Tx) BlankSession(ctx context.Context, s Session) error {
	return tx.update(ctx, sessionTable, s.fields(), 0)
}

// AllCredentialsOf lists every credential of a person, removed ones too.
func (tx *Tx) AllCredentialsOf(ctx context.Context, person string) ([]Credential, error) {
	return all(ctx, tx, "SELECT "+credentialTable.list()+" FROM credential WHERE person_id = $1 ORDER BY id", []any{person}, (*Credential).fields)
}

// SignInLinksOf lists every link for a person or for their address in lower case, used
// and revoked ones too.
func (tx *Tx) SignInLinksOf(ctx context.Context, person, email string) ([]Link, error) {
	return all(ctx, tx, "SELECT "+linkTable.list()+" FROM link WHERE person_id = $1 OR lower(email) = $2 ORDER BY id", []any{person, email}, (*Link).fields)
}

// BlankLink replaces a link whatever its state.
func (tx *Tx) BlankLink(ctx context.Context, l Link) error {
	return tx.update(ctx, linkTable, l.fields(), 0)
}

// AppointmentsOf lists the appointments of a person in every organisation.
func (tx *Tx) AppointmentsOf(ctx context.Context, person string) ([]Appointment, error) {
	return all(ctx, tx, "SELECT "+appointmentTable.list()+" FROM appointment WHERE person_id = $1 ORDER BY organisation_id, id", []any{person}, (*Appointment).fields)
}

// AllTrainingOf lists the training records of a person in every organisation.
func (tx *Tx) AllTrainingOf(ctx context.Context, person string) ([]Training, error) {
	return all(ctx, tx, "SELECT "+trainingTable.list()+" FROM training WHERE person_id = $1 ORDER BY organisation_id, id", []any{person}, (*Training).fields)
}

// BlankTraining replaces a training record.
func (tx *Tx) BlankTraining(ctx context.Context, t Training) error {
	return tx.update(ctx, trainingTable, t.fields(), 0)
}

// DropDraftsOf removes what a person has typed and not saved, everywhere.
func (tx *Tx) DropDraftsOf(ctx context.Context, person string) error {
	return tx.exec(ctx, "DELETE FROM draft WHERE person_id = $1", person)
}

// PeopleInState lists the ids of people with a status, of the whole instance.
func (tx *Tx) PeopleInState(ctx context.Context, status string) ([]string, error) {
	return all(ctx, tx, "SELECT id FROM person WHERE status = $1 ORDER BY id", []any{status}, func(id *string) []any { return []any{id} })
}

// RemoveUnit takes a unit out of the tree. Nothing may be under it any more.
func (tx *Tx) RemoveUnit(ctx context.Context, u Unit) error {
	return tx.remove(ctx, unitTable, u.Organisation, u.ID)
}

// SystemsOfUnit lists the systems that belong to one unit itself.
func (tx *Tx) SystemsOfUnit(ctx context.Context, scope access.Scope, unit string) ([]System, error) {
	org, err := need(scope)
	if err != nil {
		return nil, err
	}
	return all(ctx, tx, "SELECT "+systemTable.list()+" FROM system WHERE organisation_id = $1 AND unit_id = $2 ORDER BY name_folded, id", []any{org, unit}, (*System).fields)
}

// GrantsOfUnit lists the roles that are limited to one unit and have not ended.
func (tx *Tx) GrantsOfUnit(ctx context.Context, scope access.Scope, unit string) ([]RoleGrant, error) {
	org, err := need(scope)
	if err != nil {
		return nil, err
	}
	return all(ctx, tx, "SELECT "+grantTable.list()+" FROM role_grant WHERE organisation_id = $1 AND unit_id = $2 AND (ends_at = 0 OR ends_at > $3) ORDER BY id",
		[]any{org, unit, tx.now}, (*RoleGrant).fields)
}
