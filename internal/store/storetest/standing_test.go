package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestStandings(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		now := clock.Now().UnixMicro()
		a, quiet := w.assessment("asm_1", "sys_1", "draft", 1), w.assessment("asm_2", "sys_2", "draft", 1)
		standing := func(assessment, requirement, support string, next int64) store.Standing {
			return sample(func(s *store.Standing) {
				s.Organisation, s.Assessment, s.Requirement, s.Support, s.NextChangeAt = w.ours.org.ID, assessment, requirement, support, next
				s.ClaimKind = "level"
			})
		}
		moves, later, never := standing("asm_1", "Q1", "documented", now), standing("asm_1", "Q2", "documented", now+1), standing("asm_1", "Q3", "asserted", 0)
		w.write(func(tx *store.Tx) error {
			changed := never
			changed.Support = "stale"
			return first(tx.CreateAssessment(ctx, a), tx.CreateAssessment(ctx, quiet), tx.SaveStanding(ctx, moves), tx.SaveStanding(ctx, later),
				tx.SaveStanding(ctx, changed), tx.SaveStanding(ctx, never), tx.SaveStanding(ctx, standing("asm_2", "Q1", "asserted", now)))
		})
		w.write(func(tx *store.Tx) error { return tx.StillStandings(ctx, quiet) })
		w.read(func(tx *store.Tx) error {
			list, err := tx.Standings(ctx, a)
			same(t, "standings", list, []store.Standing{moves, later, never})
			one, err2 := tx.Standing(ctx, a, "Q2")
			same(t, "standing", one, later)
			_, gone := tx.Standing(ctx, a, "Q9")
			missing(t, "no such standing", gone)
			due, err3 := tx.StandingsToMove(ctx, 10)
			same(t, "to move now", due, []store.Standing{moves})
			counts, err4 := tx.CountStandings(ctx, a)
			slices.SortFunc(counts, func(a, b store.SupportCount) int { return int(b.N - a.N) })
			same(t, "counts", counts, []store.SupportCount{{ClaimKind: "level", Support: "documented", N: 2}, {ClaimKind: "level", Support: "asserted", N: 1}})
			return first(err, err2, err3, err4)
		})
		clock.Move(time.Microsecond)
		w.read(func(tx *store.Tx) error {
			due, err := tx.StandingsToMove(ctx, 1)
			same(t, "the first to move, of two", due, []store.Standing{moves})
			return err
		})
	})
}

func TestMovesAreKeptApart(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		move := sample(func(e *store.StandingEvent) {
			e.Organisation, e.System, e.At, e.Assessment, e.Requirement = w.ours.org.ID, "sys_1", 500, "asm_1", "Q1"
		})
		w.write(func(tx *store.Tx) error {
			return first(tx.AddStandingEvent(ctx, move), tx.AddStandingEvent(ctx, move), tx.AddStandingEvent(ctx, move))
		})
		w.read(func(tx *store.Tx) error {
			list, err := tx.StandingEvents(ctx, w.ours.system, 0, 10)
			var at []int64
			for _, e := range list {
				at = append(at, e.At)
				e.At = move.At
				same(t, "move", e, move)
			}
			same(t, "three moves in one microsecond", at, []int64{502, 501, 500})
			before, err2 := tx.StandingEvents(ctx, w.ours.system, 502, 1)
			same(t, "the newest before a time", before[0].At, int64(501))
			none, err3 := tx.StandingEvents(ctx, w.other.system, 0, 10)
			same(t, "moves of the other's system", none, []store.StandingEvent(nil))
			return first(err, err2, err3)
		})
	})
}

func TestMovesArePagedWithoutGapOrRepetition(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		w.write(func(tx *store.Tx) error {
			for i := range 24 { // moves of one instant, of two assessments and several questions
				e := sample(func(e *store.StandingEvent) {
					e.Organisation, e.System, e.At = w.ours.org.ID, "sys_1", int64(500+i/8)
					e.Assessment, e.Requirement = []string{"asm_1", "asm_2"}[i%2], string(rune('A'+i/2))
				})
				if err := tx.AddStandingEvent(ctx, e); err != nil {
					return err
				}
			}
			return nil
		})
		w.read(func(tx *store.Tx) error {
			whole, total, err := tx.StandingEventsAfter(ctx, w.ours.system, nil, 100)
			same(t, "all", []int64{int64(len(whole)), total}, []int64{24, 24})
			var paged []store.StandingEvent
			var last *store.StandingEvent
			for err == nil {
				var page []store.StandingEvent
				if page, _, err = tx.StandingEventsAfter(ctx, w.ours.system, last, 5); len(page) == 0 {
					break
				}
				paged = append(paged, page...)
				last = &page[len(page)-1]
			}
			same(t, "the pages together", paged, whole)
			none, zero, err2 := tx.StandingEventsAfter(ctx, w.other.system, nil, 5)
			same(t, "of the other's system", int64(len(none))+zero, int64(0))
			return first(err, err2)
		})
	})
}
