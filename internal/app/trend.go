package app

import (
	"cmp"
	"context"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Approval is what one approved assessment claimed, counted by what supported it.
type Approval struct {
	Assessment Assessment
	Counts     map[assessment.Support]int // of answers, without those not known
}

// SystemApprovals counts the claims of each approved assessment of a system as
// they stood when it was approved, oldest first; the newest 12 for each framework.
// The counts come from what was signed, so they never change afterwards. It needs
// system.read.
func (a *App) SystemApprovals(ctx context.Context, who access.Actor, id string) ([]Approval, error) {
	var out []Approval
	err := a.reading(ctx, who, access.SystemRead, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, id)
		if err != nil {
			return err
		}
		list, err := tx.AssessmentsOf(ctx, s, 200)
		if err != nil {
			return err
		}
		slices.SortStableFunc(list, func(x, y store.Assessment) int { return cmp.Compare(y.ApprovedAt, x.ApprovedAt) })
		of := map[string]int{}
		for _, as := range list {
			if of[as.Framework]++; as.ApprovedAt == 0 || of[as.Framework] > reportQuarters+1 {
				continue
			}
			content, _, err := a.frozenContent(ctx, tx, as)
			if err != nil {
				return err
			}
			out = append(out, Approval{Assessment: as, Counts: countSupports(content)})
		}
		slices.Reverse(out)
		return nil
	})
	return out, err
}

func countSupports(content assessment.Frozen) map[assessment.Support]int {
	counts := map[assessment.Support]int{}
	for _, r := range content.Responses {
		if r.Kind != assessment.Unanswered && r.Kind != assessment.DontKnow {
			counts[r.Support]++
		}
	}
	return counts
}
