package api

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
)

// systemList is a page of what belongs to one system.
type systemList struct {
	SystemPath
	Paging
}

type appointmentBody struct {
	ID         string `json:"id" ref:"appointment"`
	Role       string `json:"role"`
	Person     string `json:"person" ref:"user"`
	Name       string `json:"name"`
	From       string `json:"from"`
	To         string `json:"to" doc:"Last day, empty while it is open."`
	StandIn    bool   `json:"stand_in"`
	Basis      string `json:"basis"`
	OnBehalfOf string `json:"on_behalf_of" ref:"appointment"`
	Skills     string `json:"skills"`
	Version    int64  `json:"version"`
}

type newAppointment struct {
	Role       string   `json:"role"`
	Person     string   `json:"person,omitempty" ref:"user" doc:"Somebody of the organisation, or give a name."`
	Name       string   `json:"name,omitempty"`
	From       string   `json:"from,omitempty"`
	To         string   `json:"to,omitempty"`
	StandIn    bool     `json:"stand_in,omitempty"`
	Basis      string   `json:"basis,omitempty"`
	OnBehalfOf string   `json:"on_behalf_of,omitempty" ref:"appointment"`
	Skills     []string `json:"skills,omitempty" maxItems:"100"`
}

type appointmentEnd struct {
	To string `json:"to" doc:"Last day."`
}

func appointments(s *server) {
	route(s, Operation{ID: "listAppointments", Method: "GET", Path: "/systems/{id}/appointments", Summary: "List who holds which role in a system", Needs: access.SystemRead},
		func(ctx context.Context, who access.Actor, in *systemList) (*listed[appointmentBody], error) {
			h, err := s.app.SystemHome(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			return pageOf(h.Appointments, in.Paging, app.DefaultLimit, func(a app.Appointment) string { return a.ID }, func(a app.Appointment) appointmentBody {
				return appointmentBody{ID: a.ID, Role: a.Role, Person: a.Person, Name: a.Name, From: string(a.StartsOn), To: string(a.EndsOn), StandIn: a.StandIn,
					Basis: a.Basis, OnBehalfOf: a.OnBehalfOf, Skills: a.Skills, Version: a.Version}
			})
		})
	route(s, Operation{ID: "appoint", Method: "POST", Path: "/systems/{id}/appointments", Summary: "Name somebody in a role of a system", Needs: access.SystemWrite, created: true},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			Body newAppointment
		}) (*created, error) {
			b := in.Body
			c, r, err := s.app.Appoint(ctx, who, in.ID, app.AppointInput{Role: b.Role, Person: b.Person, Name: b.Name, From: civil.Date(b.From), To: civil.Date(b.To),
				StandIn: b.StandIn, Basis: b.Basis, OnBehalfOf: b.OnBehalfOf, Skills: b.Skills})
			return creation("/systems/"+in.ID+"/appointments", c, r, err)
		})
	route(s, Operation{ID: "endAppointment", Method: "POST", Path: "/systems/{id}/appointments/{appointment}/end", Summary: "Set the last day of an appointment", Needs: access.SystemWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			Appointment string `path:"appointment" ref:"appointment"`
			Body        appointmentEnd
		}) (*done, error) {
			return finished(s.app.EndAppointment(ctx, who, in.ID, in.Appointment, civil.Date(in.Body.To)))
		})
}

type connectionBody struct {
	ID string `json:"id" ref:"connection"`
	ConnectionChange
	Version int64 `json:"version"`
}

type ConnectionChange struct {
	Other      string `json:"other,omitempty" ref:"system" doc:"A system of the organisation, or give its name."`
	OtherName  string `json:"other_name,omitempty"`
	Purpose    string `json:"purpose,omitempty"`
	OwnerHere  string `json:"owner_here,omitempty" doc:"Who owns the risk on this side."`
	OwnerThere string `json:"owner_there,omitempty" doc:"Who owns the risk on the other side."`
	CheckedOn  string `json:"checked_on,omitempty"`
}

func (b ConnectionChange) input() app.ConnectInput {
	return app.ConnectInput{Other: b.Other, OtherName: b.OtherName, Purpose: b.Purpose, OwnerHere: b.OwnerHere, OwnerThere: b.OwnerThere, CheckedOn: civil.Date(b.CheckedOn)}
}

func connections(s *server) {
	route(s, Operation{ID: "listConnections", Method: "GET", Path: "/systems/{id}/connections", Summary: "List the connections of a system", Needs: access.SystemRead},
		func(ctx context.Context, who access.Actor, in *systemList) (*listed[connectionBody], error) {
			h, err := s.app.SystemHome(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			return pageOf(h.Connections, in.Paging, app.DefaultLimit, func(c app.Connection) string { return c.ID }, func(c app.Connection) connectionBody {
				return connectionBody{ID: c.ID, Version: c.Version, ConnectionChange: ConnectionChange{Other: c.OtherSystem, OtherName: c.OtherName, Purpose: c.Description,
					OwnerHere: c.OurOwner, OwnerThere: c.TheirOwner, CheckedOn: string(c.CheckedOn)}}
			})
		})
	route(s, Operation{ID: "connect", Method: "POST", Path: "/systems/{id}/connections", Summary: "Record a connection to another system", Needs: access.SystemWrite, created: true},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			Body ConnectionChange
		}) (*created, error) {
			c, r, err := s.app.Connect(ctx, who, in.ID, in.Body.input())
			return creation("/systems/"+in.ID+"/connections", c, r, err)
		})
	route(s, Operation{ID: "changeConnection", Method: "PUT", Path: "/systems/{id}/connections/{connection}", Summary: "Replace a connection", Needs: access.SystemWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			Connection string `path:"connection" ref:"connection"`
			Precondition
			Body ConnectionChange
		}) (*done, error) {
			v, err := in.version()
			if err != nil {
				return nil, err
			}
			return finished(s.app.ChangeConnection(ctx, who, in.ID, in.Connection, v, in.Body.input()))
		})
}

type obligationBody struct {
	ID string `json:"id" ref:"obligation"`
	NewObligation
	Version int64 `json:"version"`
}

type NewObligation struct {
	Title         string `json:"title"`
	Overview      string `json:"overview,omitempty"`
	Applies       string `json:"applies"`
	Justification string `json:"justification,omitempty"`
	Specialist    string `json:"specialist,omitempty"`
}

func obligations(s *server) {
	route(s, Operation{ID: "listObligations", Method: "GET", Path: "/systems/{id}/obligations", Summary: "List the obligations of a system", Needs: access.SystemRead},
		func(ctx context.Context, who access.Actor, in *systemList) (*listed[obligationBody], error) {
			h, err := s.app.SystemHome(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			return pageOf(h.Obligations, in.Paging, app.DefaultLimit, func(o app.Obligation) string { return o.ID }, func(o app.Obligation) obligationBody {
				return obligationBody{ID: o.ID, Version: o.Version, NewObligation: NewObligation{Title: o.Title, Overview: o.Overview, Applies: o.Applies,
					Justification: o.Justification, Specialist: o.Specialist}}
			})
		})
	route(s, Operation{ID: "oblige", Method: "POST", Path: "/systems/{id}/obligations", Summary: "Add an obligation", Needs: access.SystemWrite, created: true},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			Body NewObligation
		}) (*created, error) {
			b := in.Body
			c, r, err := s.app.Oblige(ctx, who, in.ID, app.ObligeInput{Title: b.Title, Overview: b.Overview, Applies: b.Applies, Justification: b.Justification, Specialist: b.Specialist})
			return creation("/systems/"+in.ID+"/obligations", c, r, err)
		})
}

type accreditationBody struct {
	ID string `json:"id" ref:"accreditation"`
	NewAccreditation
	Version int64 `json:"version"`
}

type NewAccreditation struct {
	Reference     string `json:"reference"`
	Authority     string `json:"authority,omitempty"`
	Scope         string `json:"scope,omitempty"`
	Conditions    string `json:"conditions,omitempty"`
	ResidualRisks string `json:"residual_risks,omitempty"`
	Issued        string `json:"issued,omitempty"`
	Expires       string `json:"expires,omitempty" doc:"Last day."`
}

func accreditations(s *server) {
	route(s, Operation{ID: "listAccreditations", Method: "GET", Path: "/systems/{id}/accreditations", Summary: "List the legacy accreditations of a system", Needs: access.SystemRead},
		func(ctx context.Context, who access.Actor, in *systemList) (*listed[accreditationBody], error) {
			h, err := s.app.SystemHome(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			return pageOf(h.Accreditations, in.Paging, app.DefaultLimit, func(a app.Accreditation) string { return a.ID }, func(a app.Accreditation) accreditationBody {
				return accreditationBody{ID: a.ID, Version: a.Version, NewAccreditation: NewAccreditation{Reference: a.Reference, Authority: a.Authority, Scope: a.Scope,
					Conditions: a.Conditions, ResidualRisks: a.ResidualRisks, Issued: string(a.IssuedOn), Expires: string(a.ExpiresOn)}}
			})
		})
	route(s, Operation{ID: "accredit", Method: "POST", Path: "/systems/{id}/accreditations", Summary: "Record a legacy accreditation", Needs: access.SystemWrite, created: true},
		func(ctx context.Context, who access.Actor, in *struct {
			SystemPath
			Body NewAccreditation
		}) (*created, error) {
			b := in.Body
			c, r, err := s.app.Accredit(ctx, who, in.ID, app.AccreditInput{Reference: b.Reference, Authority: b.Authority, Scope: b.Scope, Conditions: b.Conditions,
				ResidualRisks: b.ResidualRisks, Issued: civil.Date(b.Issued), Expires: civil.Date(b.Expires)})
			return creation("/systems/"+in.ID+"/accreditations", c, r, err)
		})
}
