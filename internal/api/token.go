package api

import (
	"context"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

type tokenBody struct {
	ID        string     `json:"id" ref:"token"`
	Name      string     `json:"name"`
	Role      string     `json:"role"`
	System    string     `json:"system" ref:"system" doc:"The one system, empty for all that the role reaches."`
	Scopes    []string   `json:"scopes" nullable:"false" doc:"Operations that it is limited to; none means all of its role."`
	CreatedBy string     `json:"created_by" ref:"user"`
	CreatedAt *time.Time `json:"created_at"`
	ExpiresAt *time.Time `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at"`
	RevokedAt *time.Time `json:"revoked_at"`
}

func tokenOf(v app.TokenView) tokenBody {
	out := tokenBody{ID: v.ID, Name: v.Name, Role: string(v.Role), System: v.System, Scopes: []string{}, CreatedBy: v.CreatedBy,
		CreatedAt: moment(v.CreatedAt), ExpiresAt: moment(v.ExpiresAt), UsedAt: moment(v.UsedAt), RevokedAt: moment(v.RevokedAt)}
	for _, op := range v.Scopes {
		out.Scopes = append(out.Scopes, string(op))
	}
	return out
}

type newTokenBody struct {
	Name   string   `json:"name"`
	Role   string   `json:"role"`
	System string   `json:"system,omitempty" ref:"system"`
	Scopes []string `json:"scopes,omitempty" maxItems:"100"`
	TTL    string   `json:"ttl,omitempty" doc:"How long it works, like 720h; 90 days when not said."`
}

type madeToken struct {
	Location string `header:"Location"`
	Index    string `header:"Touchstone-Audit-Index"`
	Body     madeTokenBody
}

type madeTokenBody struct {
	ID           string     `json:"id" ref:"token"`
	Token        string     `json:"token" doc:"The token itself. It is shown once."`
	Organisation string     `json:"organisation" ref:"organisation"`
	Role         string     `json:"role"`
	ExpiresAt    *time.Time `json:"expires_at"`
}

func tokens(s *server) {
	route(s, Operation{ID: "listTokens", Method: "GET", Path: "/tokens", Summary: "List the API tokens of the organisation", Needs: access.TokenRead},
		func(ctx context.Context, who access.Actor, in *Paging) (*listed[tokenBody], error) {
			all, err := s.app.Tokens(ctx, who)
			if err != nil {
				return nil, err
			}
			return pageOf(all, *in, app.DefaultLimit, func(v app.TokenView) string { return v.ID }, tokenOf)
		})
	route(s, Operation{ID: "createToken", Method: "POST", Path: "/tokens", Summary: "Make an API token", Needs: access.TokenWrite, created: true, secret: true},
		func(ctx context.Context, who access.Actor, in *struct{ Body newTokenBody }) (*madeToken, error) {
			input, err := in.Body.input()
			if err != nil {
				return nil, err
			}
			t, r, err := s.app.CreateToken(ctx, who, input)
			if err != nil {
				return nil, err
			}
			return &madeToken{Location: Prefix + "/tokens/" + t.ID, Index: itoa(r.Index), Body: madeTokenBody{ID: t.ID, Token: t.Secret,
				Organisation: t.Organisation, Role: string(t.Role), ExpiresAt: moment(t.ExpiresAt)}}, nil
		})
	route(s, Operation{ID: "revokeToken", Method: "DELETE", Path: "/tokens/{id}", Summary: "Stop an API token for good", Needs: access.TokenWrite},
		func(ctx context.Context, who access.Actor, in *struct {
			ID string `path:"id" ref:"token"`
		}) (*done, error) {
			return finished(s.app.RevokeToken(ctx, who, in.ID))
		})
}

func (b newTokenBody) input() (app.TokenInput, error) {
	in := app.TokenInput{Name: b.Name, Role: access.Role(b.Role), System: b.System}
	for _, op := range b.Scopes {
		in.Scopes = append(in.Scopes, access.Operation(op))
	}
	if b.TTL == "" {
		return in, nil
	}
	life, err := time.ParseDuration(b.TTL)
	if err != nil || life <= 0 {
		var p fault.Problems
		p.Add("/ttl", "Say how long the token works, like 720h.")
		return in, p.Err()
	}
	in.Life = life
	return in, nil
}
