package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/advisory"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/finding"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// PolicyView is by when the findings of an organisation are to be remedied.
type PolicyView struct {
	Policy  finding.Policy
	Own     bool // made by the organisation, not one that ships
	Version int64
	Choices []finding.Policy // that ship
}

// RemedyPolicy reads the policy of the actor's organisation. It needs
// organisation.read.
func (a *App) RemedyPolicy(ctx context.Context, who access.Actor) (PolicyView, error) {
	v := PolicyView{Choices: finding.Policies()}
	err := a.reading(ctx, who, access.OrganisationRead, func(tx *store.Tx, scope access.Scope) error {
		var err error
		if v.Policy, err = policyOf(ctx, tx, scope.Organisation()); err != nil {
			return err
		}
		row, err := tx.RemedyPolicyOf(ctx, scope.Organisation())
		v.Own, v.Version = row.Body != "", row.Version
		return ignoreNotFound(err)
	})
	return v, err
}

// SetRemedyPolicy chooses a policy that ships by its id, or sets one of the
// organisation's own. Every system of the organisation is looked at again. It needs
// organisation.write; version is the one that was read, 0 while none was chosen.
func (a *App) SetRemedyPolicy(ctx context.Context, who access.Actor, version int64, id string, own *finding.Policy) (Receipt, error) {
	row := store.RemedyPolicy{Policy: id, Version: version}
	if own != nil {
		checked, err := ownPolicy(*own)
		if err != nil {
			return Receipt{}, err
		}
		body, err := json.Marshal(checked)
		if err != nil {
			return Receipt{}, err
		}
		row.Policy, row.Body = checked.ID, string(body)
	} else if !slices.ContainsFunc(finding.Policies(), func(p finding.Policy) bool { return p.ID == id }) {
		var p fault.Problems
		p.Add("/policy", "Choose one of the policies that are listed.")
		return Receipt{}, p.Err()
	}
	return a.writing(ctx, who, access.OrganisationWrite, func(tx *store.Tx, scope access.Scope) error {
		before, err := policyOf(ctx, tx, scope.Organisation())
		if err != nil {
			return err
		}
		row.Organisation, row.SetAt, row.SetBy = scope.Organisation(), tx.Now(), who.ID
		if err := tx.SaveRemedyPolicy(ctx, row); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.RemedyPolicySet, TargetType: "organisation", Target: scope.Organisation(), Fields: map[string]string{"before": before.Title, "after": row.Policy}})
		tx.Answer(map[string]any{"id": scope.Organisation(), "version": version + 1})
		return a.concernLater(ctx, tx, advisories{All: true, Organisation: scope.Organisation()})
	})
}

const maxPolicyRules = 100

// ownPolicy checks a policy that an organisation wrote.
func ownPolicy(in finding.Policy) (finding.Policy, error) {
	var p fault.Problems
	out := finding.Policy{ID: "own", Title: text.Need(&p, "/own/title", "a title", in.Title, text.Name), Source: text.Line(&p, "/own/source", in.Source, text.Short), Rules: in.Rules}
	if len(in.Rules) == 0 || len(in.Rules) > maxPolicyRules {
		p.Add("/own/rules", "Give between 1 and %d rules. The first that applies to a finding decides.", maxPolicyRules)
	}
	for i, r := range in.Rules {
		at := fmt.Sprintf("/own/rules/%d", i)
		if r.Days < 0 || r.Days > 3650 {
			p.Add(at+"/days", "Days must be a number from 0 to 3650; 0 is no due date.")
		}
		for _, b := range r.Bands {
			if !slices.Contains(advisory.Bands(), b) {
				p.Add(at+"/bands", "%q is no band. Bands are critical, high, medium, low, none and unrated.", b)
			}
		}
	}
	return out, p.Err()
}
