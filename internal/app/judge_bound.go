package app

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// bound is what machine evidence says to the requirements of one framework for one
// system, by requirement.
type bound struct {
	checks  map[string][]assessment.CheckFact
	adverse map[string][]assessment.AdverseFact
}

// overdueCheck is the check about due dates. Findings that fall due pull down the
// requirements that it is bound to on the day, without anybody looking.
const overdueCheck = "no-overdue-finding"

// boundTo reads what the last judgement of a system left for a framework.
func (a *App) boundTo(ctx context.Context, tx *store.Tx, s store.System, framework string) (bound, error) {
	out := bound{checks: map[string][]assessment.CheckFact{}, adverse: map[string][]assessment.AdverseFact{}}
	rows, err := tx.VerdictsOf(ctx, s)
	if err != nil || len(rows) == 0 {
		return out, err
	}
	byCheck := map[string]store.Verdict{}
	for _, r := range rows {
		byCheck[r.Check] = r
	}
	dues, err := duesOf(ctx, tx, s)
	if err != nil {
		return out, err
	}
	for _, c := range a.Checks.All() {
		row, judged := byCheck[c.ID]
		if !judged {
			continue
		}
		v, _, err := verdictOf(row)
		if err != nil {
			return out, err
		}
		for _, b := range c.Bindings {
			if b.Framework != framework {
				continue
			}
			out.checks[b.Requirement] = append(out.checks[b.Requirement], c.Fact(b, v))
			if c.ID != overdueCheck {
				continue
			}
			for _, d := range dues {
				out.adverse[b.Requirement] = append(out.adverse[b.Requirement], assessment.AdverseFact{Kind: assessment.OverdueFinding, ID: d.ID, Title: d.Title,
					Permits: b.Permits[assessment.Fail], Since: d.At})
			}
		}
	}
	return out, nil
}

// duesOf lists the open findings of a system that have a due date, as the last
// judgement left them.
func duesOf(ctx context.Context, tx *store.Tx, s store.System) ([]due, error) {
	j, err := tx.JudgementOf(ctx, s)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var b judgementBody
	if err := json.Unmarshal([]byte(j.Body), &b); err != nil {
		return nil, fmt.Errorf("judgement of %s: %w", s.ID, err)
	}
	return b.Due, nil
}
