package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/authn"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// DefaultTokenLife is how long a token works unless said otherwise.
const DefaultTokenLife = 90 * 24 * time.Hour

// TokenInput is what a person enters about a token.
type TokenInput struct {
	Name   string
	Role   access.Role
	System string             // the one system, "" = all that the role reaches
	Scopes []access.Operation // what it is limited to; none = all of its role
	Life   time.Duration      // 0 = DefaultTokenLife
}

// NewToken is a token that was just made. Secret is given out this once.
type NewToken struct {
	ID           string
	Secret       string `json:"-"`
	Organisation string
	Role         access.Role
	ExpiresAt    time.Time
}

// TokenView is a token as administrators see it.
type TokenView struct {
	ID        string
	Name      string
	Role      access.Role
	System    string
	Scopes    []access.Operation // none = all of its role
	Person    string             // a demo's sample person, whom it acts as
	CreatedBy string
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // zero when never
	RevokedAt time.Time // zero while it can be used
}

// CreateToken makes an API token of the organisation. It needs token.write, with
// a fresh confirmation, so a token can make none. A token never counts as a
// fresh confirmation itself. The answer kept for a repeated request has no
// secret: it is shown once.
func (a *App) CreateToken(ctx context.Context, who access.Actor, in TokenInput) (NewToken, Receipt, error) {
	var out NewToken
	r, err := a.writing(ctx, who, access.TokenWrite, func(tx *store.Tx, scope access.Scope) error {
		var err error
		out, err = a.createToken(ctx, tx, scope, store.APIToken{Organisation: scope.Organisation(), CreatedBy: who.ID}, in)
		tx.Answer(Created{ID: out.ID})
		return err
	})
	return out, r, err
}

func (a *App) createToken(ctx context.Context, tx *store.Tx, scope access.Scope, row store.APIToken, in TokenInput) (NewToken, error) {
	if in.Life == 0 {
		in.Life = DefaultTokenLife
	}
	secret, err := authn.NewSecret(a.Random)
	if err != nil {
		return NewToken{}, err
	}
	var p fault.Problems
	name := text.Line(&p, "/name", in.Name, identity.MaxTokenName)
	scopes := checkScopes(&p, in)
	t, err := identity.NewToken(identity.Token{Name: name, Role: in.Role, Scopes: scopes, SystemID: in.System}, secret, in.Life, time.UnixMicro(tx.Now()))
	for _, problem := range problemsOf(err) {
		if problem.Pointer != "/role" && problem.Pointer != "/scopes" { // said by the other checks
			p = append(p, problem)
		}
	}
	if err := a.checkReach(ctx, tx, scope, &p, in.Role, in.System, ""); err != nil {
		return NewToken{}, err
	}
	if err := p.Err(); err != nil {
		return NewToken{}, err
	}
	if row.ID, err = a.newID(tx, ident.Token); err != nil {
		return NewToken{}, err
	}
	row.Name, row.Role, row.System, row.TokenHash = t.Name, t.Role, t.SystemID, t.Digest.String()
	row.CreatedAt, row.ExpiresAt = tx.Now(), t.ExpiresAt.UnixMicro()
	shown := "all of its role"
	if len(in.Scopes) > 0 {
		row.Scopes = strings.Join(t.Scopes, " ")
		shown = row.Scopes
	}
	if err := tx.CreateToken(ctx, row); err != nil {
		return NewToken{}, err
	}
	tx.Record(store.Record{Action: audit.TokenCreated, Organisation: row.Organisation, TargetType: "token", Target: row.ID, Fields: map[string]string{
		"label": row.Name, "role": string(row.Role), "expires": t.ExpiresAt.UTC().Format(time.RFC3339), "scope": shown}})
	return NewToken{ID: row.ID, Secret: secret.RevealToken(), Organisation: row.Organisation, Role: row.Role, ExpiresAt: t.ExpiresAt}, nil
}

// checkScopes returns the operations of a token as words. One that its role does
// not permit would never work, so it is refused now.
func checkScopes(p *fault.Problems, in TokenInput) []string {
	if len(in.Scopes) == 0 {
		return []string{"all"}
	}
	var out []string
	for _, op := range in.Scopes {
		rule, ok := access.RuleOf(op)
		if !ok || !rule.Anyone() && !slices.Contains(rule.Roles(), in.Role) {
			p.Add("/scopes", "%s is not something that this role may do.", plain(string(op), 100))
		}
		out = append(out, string(op))
	}
	return out
}

// Tokens lists the tokens of the organisation, newest first, 1,000 at most.
func (a *App) Tokens(ctx context.Context, who access.Actor) ([]TokenView, error) {
	var out []TokenView
	err := a.reading(ctx, who, access.TokenRead, func(tx *store.Tx, scope access.Scope) error {
		rows, err := tx.Tokens(ctx, scope, 1000)
		for _, t := range rows {
			v := TokenView{ID: t.ID, Name: t.Name, Role: t.Role, System: t.System, Person: t.Person, CreatedBy: t.CreatedBy,
				CreatedAt: micro(t.CreatedAt), ExpiresAt: micro(t.ExpiresAt), UsedAt: micro(t.UsedAt), RevokedAt: micro(t.RevokedAt)}
			for _, s := range strings.Fields(t.Scopes) {
				v.Scopes = append(v.Scopes, access.Operation(s))
			}
			out = append(out, v)
		}
		return err
	})
	return out, err
}

// RevokeToken stops a token of the organisation for good.
func (a *App) RevokeToken(ctx context.Context, who access.Actor, id string) (Receipt, error) {
	return a.writing(ctx, who, access.TokenWrite, func(tx *store.Tx, scope access.Scope) error {
		t, err := tx.Token(ctx, scope, id)
		if err != nil {
			return err
		}
		if t.RevokedAt != 0 {
			return fault.New(fault.Conflict, "This token is revoked already.")
		}
		return revokeToken(ctx, tx, t)
	})
}

func revokeToken(ctx context.Context, tx *store.Tx, t store.APIToken) error {
	t.RevokedAt = tx.Now()
	if err := tx.SaveToken(ctx, t); err != nil {
		return err
	}
	tx.Record(store.Record{Action: audit.TokenRevoked, Organisation: t.Organisation, TargetType: "token", Target: t.ID, Fields: map[string]string{"label": t.Name}})
	return nil
}

// revokeTokensOf revokes what acts as a person or was made by them.
func revokeTokensOf(ctx context.Context, tx *store.Tx, person string) error {
	ts, err := tx.TokensOf(ctx, person)
	for _, t := range ts {
		if err := revokeToken(ctx, tx, t); err != nil {
			return err
		}
	}
	return err
}

// OperatorTokenInput is what the command line takes.
type OperatorTokenInput struct {
	Organisation string // name; upper and lower case are one
	Create       bool   // make the organisation when there is none of the name
	Name         string // "" = a name that says where it comes from
	Role         access.Role
	System       string
	Life         time.Duration // 0 = DefaultTokenLife
}

// OperatorCreateToken makes a token for somebody with the data folder. It fails
// with fault.NotFound when there is no such organisation and none is to be made.
func (a *App) OperatorCreateToken(ctx context.Context, in OperatorTokenInput) (NewToken, Receipt, error) {
	var out NewToken
	r, err := a.DB.Write(ctx, access.Operator(), func(tx *store.Tx) error {
		org, err := a.organisationFor(ctx, tx, in)
		if err != nil {
			return err
		}
		who := access.Operator()
		who.Organisation, who.SteppedUp = org, true
		scope, err := access.Decide(who, access.TokenWrite)
		if err != nil {
			return err
		}
		name := in.Name
		if name == "" {
			name = "Made on the command line"
		}
		out, err = a.createToken(ctx, tx, scope, store.APIToken{Organisation: org, CreatedBy: who.ID},
			TokenInput{Name: name, Role: in.Role, System: in.System, Life: in.Life})
		return err
	})
	return out, r, err
}

func (a *App) organisationFor(ctx context.Context, tx *store.Tx, in OperatorTokenInput) (string, error) {
	found, err := tx.OrganisationNamed(ctx, a.folded(in.Organisation))
	if err == nil {
		return found.ID, nil
	}
	if !fault.Is(err, fault.NotFound) {
		return "", err
	}
	if !in.Create {
		return "", fault.New(fault.NotFound, "There is no organisation of this name. Check the spelling, or add --create-org to make it.")
	}
	var p fault.Problems
	org, err := a.newOrganisation(ctx, tx, &p, "/organisation", in.Organisation)
	if err != nil {
		return "", err
	}
	if err := p.Err(); err != nil {
		return "", err
	}
	return org.ID, a.createOrganisation(ctx, tx, org)
}

// CreateDemoToken makes a token that acts as a sample person and counts as
// freshly confirmed. It exists only in a folder created as a demo.
func (a *App) CreateDemoToken(ctx context.Context, person, organisation string) (NewToken, Receipt, error) {
	var out NewToken
	r, err := a.DB.Write(ctx, access.Operator(), func(tx *store.Tx) error {
		c, err := a.sample(ctx, tx, person)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(c.grants, func(g store.RoleGrant) bool { return g.Organisation == organisation })
		if i < 0 {
			return errNotFound
		}
		who := access.Operator()
		who.Organisation, who.SteppedUp = organisation, true
		scope, err := access.Decide(who, access.TokenWrite)
		if err != nil {
			return err
		}
		out, err = a.createToken(ctx, tx, scope, store.APIToken{Organisation: organisation, Person: person, CreatedBy: who.ID},
			TokenInput{Name: "Sample person", Role: c.grants[i].Role, Life: identity.MaxTokenLife})
		return err
	})
	return out, r, err
}
