package storetest

import (
	"fmt"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// More rows than one statement carries, so that the parts are put together too.
const bulkRows = 1200

func TestManyRowsAreOnRecordAsEachWouldBe(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		a := w.assessment("asm_1", "sys_1", "draft", 1)
		var answers []store.Response
		var standings []store.Standing
		for i := range bulkRows {
			id := fmt.Sprintf("Q%04d", i)
			answers = append(answers, sample(func(r *store.Response) {
				r.Organisation, r.Assessment, r.Requirement, r.Rationale = w.ours.org.ID, "asm_1", id, "Because of "+id
			}))
			standings = append(standings, sample(func(s *store.Standing) {
				s.Organisation, s.Assessment, s.Requirement, s.Body = w.ours.org.ID, "asm_1", id, id
			}))
		}
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateAssessment(ctx, a), tx.CreateResponses(ctx, answers), tx.CreateStandings(ctx, standings), tx.CreateResponses(ctx, nil))
		})
		w.read(func(tx *store.Tx) error {
			got, err := tx.Responses(ctx, a)
			same(t, "answers", got, answers)
			stood, err2 := tx.Standings(ctx, a)
			same(t, "standings", stood, standings)
			return first(err, err2)
		})
		w.refuse(fault.Conflict, "answers that are there already", func(tx *store.Tx) error { return tx.CreateResponses(ctx, answers[:2]) })
		Verify(t, db)
	})
}
