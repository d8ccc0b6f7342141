package api

import (
	"context"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// errNotFound is word for word what the store says, so that what is refused here
// cannot be told from what is missing there.
var errNotFound = fault.New(fault.NotFound, "There is nothing here, or it is not yours to see.")

type organisationBody struct {
	ID         string     `json:"id" ref:"organisation"`
	Name       string     `json:"name"`
	Zone       string     `json:"zone" doc:"IANA time zone of its due dates."`
	Ceiling    string     `json:"ceiling" doc:"Highest marking that it may hold."`
	SystemWord string     `json:"system_word" doc:"What its people call a system."`
	SROWord    string     `json:"sro_word" doc:"What its people call the accountable person."`
	CreatedAt  *time.Time `json:"created_at"`
	Version    int64      `json:"version"`
}

type newOrganisation struct {
	Name string `json:"name"`
}

func organisationOf(o app.Organisation) organisationBody {
	return organisationBody{ID: o.ID, Name: o.Name, Zone: o.Zone, Ceiling: o.Ceiling, SystemWord: o.SystemWord, SROWord: o.SROWord,
		CreatedAt: instant(o.CreatedAt), Version: o.Version}
}

type OrganisationPath struct {
	ID string `path:"id" ref:"organisation"`
}

type organisationShown struct {
	ETag string `header:"ETag"`
	Body organisationBody
}

type organisationChange struct {
	Name       string `json:"name"`
	Zone       string `json:"zone"`
	Ceiling    string `json:"ceiling"`
	SystemWord string `json:"system_word,omitempty"`
	SROWord    string `json:"sro_word,omitempty"`
}

func organisations(s *server) {
	route(s, Operation{ID: "listOrganisations", Method: "GET", Path: "/organisations", Summary: "List the organisations that the token acts in", Needs: access.OrganisationRead},
		func(ctx context.Context, who access.Actor, in *Paging) (*listed[organisationBody], error) {
			o, err := s.app.Organisation(ctx, who)
			if err != nil {
				return nil, err
			}
			return pageOf([]app.Organisation{o}, *in, app.DefaultLimit, func(o app.Organisation) string { return o.ID }, organisationOf)
		})
	route(s, Operation{ID: "createOrganisation", Method: "POST", Path: "/organisations", Summary: "Add an organisation", Needs: access.OrganisationCreate, created: true},
		func(ctx context.Context, who access.Actor, in *struct {
			Body newOrganisation
		}) (*created, error) {
			c, r, err := s.app.CreateOrganisation(ctx, who, in.Body.Name)
			return creation("/organisations", c, r, err)
		})
	route(s, Operation{ID: "getOrganisation", Method: "GET", Path: "/organisations/{id}", Summary: "Read an organisation", Needs: access.OrganisationRead},
		func(ctx context.Context, who access.Actor, in *OrganisationPath) (*organisationShown, error) {
			o, err := s.app.Organisation(ctx, who)
			if err != nil {
				return nil, err
			}
			if o.ID != in.ID {
				return nil, errNotFound
			}
			return &organisationShown{ETag: etag(o.Version), Body: organisationOf(o)}, nil
		})
	route(s, Operation{ID: "changeOrganisation", Method: "PUT", Path: "/organisations/{id}", Summary: "Replace the settings of an organisation", Needs: access.OrganisationWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			OrganisationPath
			Precondition
			Body organisationChange
		}) (*changed[changedBody], error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			if in.ID != who.Organisation {
				return nil, errNotFound
			}
			b := in.Body
			o, r, err := s.app.ChangeOrganisation(ctx, who, v, app.OrganisationInput{Name: b.Name, Zone: b.Zone, Ceiling: b.Ceiling, SystemWord: b.SystemWord, SROWord: b.SROWord})
			return change(o.ID, o.Version, r, err)
		})
}

// Precondition is the version that a change was made from.
type Precondition struct {
	IfMatch string `header:"If-Match" doc:"ETag of the version that you read. Without it the change is made only when there was nothing before."`
}

func (m Precondition) version() (int64, error) { return version(m.IfMatch) }
