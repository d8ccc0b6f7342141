package api

import (
	"context"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

type unitBody struct {
	ID      string `json:"id" ref:"unit"`
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Parent  string `json:"parent" ref:"unit" doc:"The unit above, empty at the top."`
	Version int64  `json:"version"`
}

func unitOf(u app.Unit) unitBody {
	return unitBody{ID: u.ID, Name: u.Name, Kind: u.Kind, Parent: u.Parent, Version: u.Version}
}

type UnitPath struct {
	ID string `path:"id" ref:"unit"`
}

type unitChange struct {
	Name   string `json:"name"`
	Kind   string `json:"kind,omitempty"`
	Parent string `json:"parent,omitempty" ref:"unit" doc:"The unit above, empty for the top."`
}

func (b unitChange) input() app.UnitInput {
	return app.UnitInput{Name: b.Name, Kind: b.Kind, Parent: b.Parent}
}

type unitClosing struct {
	Into string `json:"into,omitempty" ref:"unit" doc:"The unit that takes over what is under it; not needed when nothing is."`
}

type unitShown struct {
	ETag string `header:"ETag"`
	Body unitBody
}

func units(s *server) {
	key := func(u app.Unit) string { return u.ID }
	route(s, Operation{ID: "listUnits", Method: "GET", Path: "/units", Summary: "List the units of the organisation", Needs: access.OrganisationRead},
		func(ctx context.Context, who access.Actor, in *Paging) (*listed[unitBody], error) {
			all, err := s.app.Units(ctx, who)
			if err != nil {
				return nil, err
			}
			return pageOf(all, *in, app.DefaultLimit, key, unitOf)
		})
	route(s, Operation{ID: "createUnit", Method: "POST", Path: "/units", Summary: "Add a unit", Needs: access.UnitWrite, created: true},
		func(ctx context.Context, who access.Actor, in *struct{ Body unitChange }) (*created, error) {
			c, r, err := s.app.CreateUnit(ctx, who, in.Body.input())
			return creation("/units", c, r, err)
		})
	route(s, Operation{ID: "getUnit", Method: "GET", Path: "/units/{id}", Summary: "Read a unit", Needs: access.OrganisationRead},
		func(ctx context.Context, who access.Actor, in *UnitPath) (*unitShown, error) {
			all, err := s.app.Units(ctx, who)
			if err != nil {
				return nil, err
			}
			i := slices.IndexFunc(all, func(u app.Unit) bool { return u.ID == in.ID })
			if i < 0 {
				return nil, errNotFound
			}
			return &unitShown{ETag: etag(all[i].Version), Body: unitOf(all[i])}, nil
		})
	route(s, Operation{ID: "changeUnit", Method: "PUT", Path: "/units/{id}", Summary: "Rename or move a unit", Needs: access.UnitWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			UnitPath
			Precondition
			Body unitChange
		}) (*changed[changedBody], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			u, r, err := s.app.ChangeUnit(ctx, who, in.ID, v, in.Body.input())
			return change(u.ID, u.Version, r, err)
		})
	route(s, Operation{ID: "closeUnit", Method: "POST", Path: "/units/{id}/close", Summary: "Close a unit; roles that were limited to it end", Needs: access.UnitWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			UnitPath
			Precondition
			Body unitClosing
		}) (*done, error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			return finished(s.app.CloseUnit(ctx, who, in.ID, v, in.Body.Into))
		})
}
