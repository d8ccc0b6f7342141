package store

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// Release is one release of a system, by the name that its makers use. Documents
// are delivered for a release; the newest one that is not retired speaks for the
// system.
type Release struct {
	Organisation string
	ID           string
	System       string
	Name         string
	CreatedAt    int64
	CreatedBy    string
	RetiredAt    int64 // 0 = in use
	Version      int64
}

var releaseTable = table{name: "release", key: 2, cols: cols("organisation_id id system_id name created_at created_by retired_at version")}

func (r *Release) fields() []any {
	return []any{&r.Organisation, &r.ID, &r.System, &r.Name, &r.CreatedAt, &r.CreatedBy, &r.RetiredAt, &r.Version}
}

// CreateRelease adds a release; a second one of the same name is a fault.Conflict.
func (tx *Tx) CreateRelease(ctx context.Context, r Release) error {
	r.Version = 1
	return tx.insert(ctx, releaseTable, r.fields())
}

// SaveRelease replaces a release; r.Version is the version that was read.
func (tx *Tx) SaveRelease(ctx context.Context, r Release) error {
	was := r.Version
	r.Version++
	return tx.update(ctx, releaseTable, r.fields(), was)
}

// ReleaseNamed finds a release of a system that was read in scope.
func (tx *Tx) ReleaseNamed(ctx context.Context, s System, name string) (Release, error) {
	var r Release
	err := tx.one(ctx, "SELECT "+releaseTable.list()+" FROM release WHERE organisation_id = $1 AND system_id = $2 AND name = $3",
		[]any{s.Organisation, s.ID, name}, r.fields())
	return r, err
}

// ReleasesOf lists the releases of a system that was read in scope, newest first.
func (tx *Tx) ReleasesOf(ctx context.Context, s System, limit int) ([]Release, error) {
	return all(ctx, tx, "SELECT "+releaseTable.list()+" FROM release WHERE organisation_id = $1 AND system_id = $2 ORDER BY created_at DESC, id DESC LIMIT $3",
		[]any{s.Organisation, s.ID, int64(limit)}, (*Release).fields)
}

// ReleasesNamed maps ids of releases in the scope's organisation to their names.
func (tx *Tx) ReleasesNamed(ctx context.Context, scope access.Scope, ids []string) (map[string]string, error) {
	org, err := need(scope)
	if err != nil {
		return nil, err
	}
	w := &where{}
	w.add("organisation_id = ?", org)
	w.in("id", ids)
	list, err := all(ctx, tx, "SELECT "+releaseTable.list()+" FROM release"+w.sql(), w.args, (*Release).fields)
	names := make(map[string]string, len(list))
	for _, r := range list {
		names[r.ID] = r.Name
	}
	return names, err
}

// Release reads a release inside the scope.
func (tx *Tx) Release(ctx context.Context, scope access.Scope, id string) (Release, error) {
	w := &where{}
	if err := reach(w, scope, "s"); err != nil {
		return Release{}, err
	}
	w.add("r.id = ?", id)
	var r Release
	err := tx.one(ctx, "SELECT "+releaseTable.prefixed("r")+" FROM release r JOIN system s ON s.organisation_id = r.organisation_id AND s.id = r.system_id"+w.sql(), w.args, r.fields())
	return r, err
}

// EachRelease calls fn with every release of every organisation that was made or
// retired since a time, for the index of what is affected.
func (tx *Tx) EachRelease(ctx context.Context, since int64, fn func(Release) error) error {
	return stream(ctx, tx, "SELECT "+releaseTable.list()+" FROM release WHERE created_at >= $1 OR retired_at >= $1 ORDER BY organisation_id, created_at, id", []any{since}, (*Release).fields, fn)
}
