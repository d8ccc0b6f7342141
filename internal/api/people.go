package api

import (
	"context"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
)

type memberBody struct {
	ID     string     `json:"id" ref:"user"`
	Name   string     `json:"name"`
	Email  string     `json:"email" doc:"Shown to administrators and to the person."`
	Status string     `json:"status" doc:"Shown to administrators and to the person."`
	Roles  []roleBody `json:"roles" nullable:"false"`
}

type roleBody struct {
	ID       string     `json:"id" ref:"role"`
	Role     string     `json:"role"`
	System   string     `json:"system" ref:"system" doc:"The one system, empty for all."`
	Unit     string     `json:"unit" ref:"unit" doc:"The unit with all below it, empty for all."`
	StartsAt *time.Time `json:"starts_at"`
	EndsAt   *time.Time `json:"ends_at"`
	InForce  bool       `json:"in_force"`
}

func memberOf(m app.Member) memberBody {
	out := memberBody{ID: m.ID, Name: m.Name, Email: m.Email, Status: m.Status, Roles: []roleBody{}}
	for _, r := range m.Roles {
		out.Roles = append(out.Roles, roleBody{ID: r.ID, Role: string(r.Role), System: r.System, Unit: r.Unit, StartsAt: moment(r.StartsAt), EndsAt: moment(r.EndsAt), InForce: r.InForce})
	}
	return out
}

type PersonPath struct {
	ID string `path:"id" ref:"user"`
}

type grantBody struct {
	Role   string `json:"role" doc:"team_member, dtsl, sro, assessor, portfolio_reader or administrator."`
	System string `json:"system,omitempty" ref:"system"`
	Unit   string `json:"unit,omitempty" ref:"unit"`
	From   string `json:"from,omitempty" doc:"First day; now when not said."`
	Until  string `json:"until,omitempty" doc:"Last day; open when not said."`
}

type emailBody struct {
	Email string `json:"email" doc:"By which the person signs in."`
}

type trainingBody struct {
	Person     string `json:"person" ref:"user"`
	Skill      string `json:"skill"`
	Basis      string `json:"basis,omitempty"`
	Title      string `json:"title,omitempty"`
	Reference  string `json:"reference,omitempty"`
	AssessedBy string `json:"assessed_by,omitempty"`
	AchievedOn string `json:"achieved_on,omitempty"`
	ExpiresOn  string `json:"expires_on,omitempty"`
}

func people(s *server) {
	route(s, Operation{ID: "listPeople", Method: "GET", Path: "/people", Summary: "List the people of the organisation with their roles", Needs: access.PeopleRead},
		func(ctx context.Context, who access.Actor, in *Paging) (*listed[memberBody], error) {
			l, err := s.app.Members(ctx, who, in.page())
			if err != nil {
				return nil, err
			}
			return listOf(l, memberOf), nil
		})
	route(s, Operation{ID: "getPerson", Method: "GET", Path: "/people/{id}", Summary: "Read a person of the organisation", Needs: access.PeopleRead},
		func(ctx context.Context, who access.Actor, in *PersonPath) (*struct{ Body memberBody }, error) {
			m, err := s.app.MemberOf(ctx, who, in.ID)
			if err != nil {
				return nil, err
			}
			return &struct{ Body memberBody }{memberOf(m)}, nil
		})
	route(s, Operation{ID: "grantRole", Method: "POST", Path: "/people/{id}/roles", Summary: "Give a person a role", Needs: access.PeopleWrite, created: true},
		func(ctx context.Context, who access.Actor, in *struct {
			PersonPath
			Body grantBody
		}) (*created, error) {
			b := in.Body
			c, r, err := s.app.GrantRole(ctx, who, app.GrantInput{Person: in.ID, Role: access.Role(b.Role), System: b.System, Unit: b.Unit, From: civil.Date(b.From), Until: civil.Date(b.Until)})
			return creation("/roles", c, r, err)
		})
	route(s, Operation{ID: "endRole", Method: "DELETE", Path: "/roles/{id}", Summary: "Take a role away at once", Needs: access.PeopleWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			ID string `path:"id" ref:"role"`
		}) (*done, error) {
			return finished(s.app.EndRole(ctx, who, in.ID))
		})
	route(s, Operation{ID: "disablePerson", Method: "POST", Path: "/people/{id}/disable", Summary: "Stop a person, their sessions and tokens at once", Needs: access.PeopleWrite},
		func(ctx context.Context, who access.Actor, in *PersonPath) (*done, error) {
			return finished(s.app.DisablePerson(ctx, who, in.ID))
		})
	route(s, Operation{ID: "enablePerson", Method: "POST", Path: "/people/{id}/enable", Summary: "Let a disabled or locked person in again", Needs: access.PeopleWrite},
		func(ctx context.Context, who access.Actor, in *PersonPath) (*done, error) {
			return finished(s.app.EnablePerson(ctx, who, in.ID))
		})
	route(s, Operation{ID: "changeEmail", Method: "POST", Path: "/people/{id}/email", Summary: "Change the address of a person, and end their sessions", Needs: access.PeopleWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			PersonPath
			Body emailBody
		}) (*done, error) {
			return finished(s.app.ChangeEmail(ctx, who, in.ID, in.Body.Email))
		})
	route(s, Operation{ID: "erasePerson", Method: "POST", Path: "/people/{id}/erase", Summary: "Erase the details of a disabled person for good", Needs: access.PeopleWrite},
		func(ctx context.Context, who access.Actor, in *PersonPath) (*done, error) {
			return finished(s.app.ErasePerson(ctx, who, in.ID))
		})
	route(s, Operation{ID: "recordTraining", Method: "POST", Path: "/training", Summary: "Record that a person has a skill", Needs: access.PeopleWrite, created: true},
		func(ctx context.Context, who access.Actor, in *struct{ Body trainingBody }) (*created, error) {
			b := in.Body
			c, r, err := s.app.RecordTraining(ctx, who, app.TrainInput{Person: b.Person, Skill: b.Skill, Basis: b.Basis, Title: b.Title, Reference: b.Reference,
				AssessedBy: b.AssessedBy, AchievedOn: civil.Date(b.AchievedOn), ExpiresOn: civil.Date(b.ExpiresOn)})
			return creation("/training", c, r, err)
		})
}

type invitationBody struct {
	ID        string     `json:"id" ref:"invitation"`
	Name      string     `json:"name"`
	Email     string     `json:"email"`
	Role      string     `json:"role"`
	System    string     `json:"system" ref:"system"`
	Unit      string     `json:"unit" ref:"unit"`
	CreatedAt *time.Time `json:"created_at"`
	ExpiresAt *time.Time `json:"expires_at"`
}

func invitationOf(v app.InvitationView) invitationBody {
	return invitationBody{ID: v.ID, Name: v.Name, Email: v.Email, Role: string(v.Role), System: v.System, Unit: v.Unit, CreatedAt: moment(v.CreatedAt), ExpiresAt: moment(v.ExpiresAt)}
}

type inviteBody struct {
	Email  string `json:"email"`
	Name   string `json:"name,omitempty"`
	Role   string `json:"role"`
	System string `json:"system,omitempty" ref:"system"`
	Unit   string `json:"unit,omitempty" ref:"unit"`
}

type invited struct {
	Location string `header:"Location"`
	Index    string `header:"Touchstone-Audit-Index"`
	Body     invitedBody
}

type invitedBody struct {
	ID        string     `json:"id" ref:"invitation"`
	URL       string     `json:"url" doc:"The link to hand on. It is shown once, works once and for 24 hours."`
	ExpiresAt *time.Time `json:"expires_at"`
}

func invitations(s *server) {
	key := func(v app.InvitationView) string { return v.ID }
	route(s, Operation{ID: "listInvitations", Method: "GET", Path: "/invitations", Summary: "List the invitations that can still be used", Needs: access.PeopleWrite},
		func(ctx context.Context, who access.Actor, in *Paging) (*listed[invitationBody], error) {
			all, err := s.app.Invitations(ctx, who)
			if err != nil {
				return nil, err
			}
			return pageOf(all, *in, app.DefaultLimit, key, invitationOf)
		})
	route(s, Operation{ID: "invitePerson", Method: "POST", Path: "/invitations", Summary: "Make an invitation for one address and role", Needs: access.PeopleWrite, created: true, secret: true},
		func(ctx context.Context, who access.Actor, in *struct{ Body inviteBody }) (*invited, error) {
			b := in.Body
			l, r, err := s.app.Invite(ctx, who, app.InviteInput{Email: b.Email, Name: b.Name, Role: access.Role(b.Role), System: b.System, Unit: b.Unit})
			if err != nil {
				return nil, err
			}
			return &invited{Location: Prefix + "/invitations/" + l.ID, Index: itoa(r.Index), Body: invitedBody{ID: l.ID, URL: l.URL, ExpiresAt: moment(l.ExpiresAt)}}, nil
		})
	route(s, Operation{ID: "revokeInvitation", Method: "DELETE", Path: "/invitations/{id}", Summary: "Withdraw an invitation", Needs: access.PeopleWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			ID string `path:"id" ref:"invitation"`
		}) (*done, error) {
			return finished(s.app.RevokeInvitation(ctx, who, in.ID))
		})
}
