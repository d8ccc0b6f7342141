package storetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// assessment of a system of ours that nothing is due for.
func (w *world) assessment(id, system, state string, created int64) store.Assessment {
	return sample(func(a *store.Assessment) {
		a.Organisation, a.ID, a.System, a.State, a.CreatedAt, a.Version = w.ours.org.ID, id, system, state, created, 1
		a.Framework, a.DueOn, a.NextDueOn = "fw", "", ""
	})
}

func TestAssessments(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		old, open, second := w.assessment("asm_1", "sys_1", "superseded", 1), w.assessment("asm_2", "sys_1", "draft", 2), w.assessment("asm_3", "sys_2", "approved", 3)
		open.DueOn, second.NextDueOn = "2026-03-31", "2026-06-30"
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateAssessment(ctx, old), tx.CreateAssessment(ctx, open), tx.CreateAssessment(ctx, second))
		})
		w.read(func(tx *store.Tx) error {
			got, err := tx.Assessment(ctx, w.ours.all, "asm_2")
			same(t, "assessment", got, open)
			_, gone := tx.Assessment(ctx, w.other.all, "asm_2")
			missing(t, "seen from the other organisation", gone)
			_, gone = tx.Assessment(ctx, w.ours.limited(t, access.MaxCeiling, "sys_2"), "asm_2")
			missing(t, "of a system out of scope", gone)
			_, gone = tx.Assessment(ctx, w.ours.limited(t, 1, "sys_2"), "asm_3")
			missing(t, "of a system above the ceiling", gone)
			a, s, err2 := tx.AssessmentForJob(ctx, w.ours.org.ID, "asm_3")
			same(t, "for a job", a, second)
			same(t, "its system", s, w.ours.second)
			of, err3 := tx.AssessmentsOf(ctx, w.ours.system, 10)
			same(t, "of a system, newest first", of, []store.Assessment{open, old})
			one, err4 := tx.AssessmentsOf(ctx, w.ours.system, 1)
			same(t, "the newest alone", one, []store.Assessment{open})
			live, err5 := tx.LiveAssessments(ctx, w.ours.system)
			same(t, "live", live, []store.Assessment{open})
			due, err6 := tx.AssessmentsInState(ctx, "draft", "2026-04-01", 10)
			same(t, "due before a day", due, []store.Assessment{open})
			due, err7 := tx.AssessmentsInState(ctx, "draft", "2026-03-31", 10)
			same(t, "due on the day itself", due, []store.Assessment(nil))
			next, err8 := tx.AssessmentsDueNext(ctx, "2026-07-01", 10)
			same(t, "due next", next, []store.Assessment{second})
			return first(err, err2, err3, err4, err5, err6, err7, err8)
		})
		follower := w.assessment("asm_4", "sys_2", "draft", 4)
		open.State = "submitted"
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateAssessment(ctx, follower), tx.SaveAssessment(ctx, open))
		})
		w.read(func(tx *store.Tx) error {
			next, err := tx.AssessmentsDueNext(ctx, "2026-07-01", 10)
			same(t, "due next when one has followed", next, []store.Assessment(nil))
			return err
		})
		w.refuse(fault.Stale, "read before the change", func(tx *store.Tx) error { return tx.SaveAssessment(ctx, open) })
	})
}

func TestAssessmentsAcrossSystems(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		w.write(func(tx *store.Tx) error {
			for i := range 9 { // all made at one time: the page boundary falls among equal keys
				a := w.assessment(fmt.Sprintf("asm_%d", i), "sys_1", []string{"draft", "approved", "lapsed"}[i%3], 50)
				a.DueOn = "2026-05-01"
				if err := tx.CreateAssessment(ctx, a); err != nil {
					return err
				}
			}
			late := w.assessment("asm_late", "sys_2", "draft", 60)
			late.DueOn = "2026-01-01"
			return tx.CreateAssessment(ctx, late)
		})
		list := func(scope access.Scope, f store.AssessmentFilter) (ids string, total int64) {
			w.read(func(tx *store.Tx) error {
				for {
					lines, n, err := tx.Assessments(ctx, scope, f)
					if err != nil {
						return err
					}
					total = n
					for _, l := range lines {
						ids += strings.TrimPrefix(l.Assessment.ID, "asm_") + " "
						if want := map[string]string{"sys_1": "Payroll", "sys_2": "Radar"}[l.Assessment.System]; l.SystemName != want {
							t.Errorf("the system is called %q", l.SystemName)
						}
					}
					if len(lines) < f.Limit {
						return nil
					}
					last := lines[len(lines)-1].Assessment
					f.AfterAt, f.AfterID = last.CreatedAt, last.ID
				}
			})
			return ids, total
		}
		for _, c := range []struct {
			name   string
			scope  access.Scope
			filter store.AssessmentFilter
			want   string
		}{
			{"all by pages", w.ours.all, store.AssessmentFilter{Limit: 4}, "late 8 7 6 5 4 3 2 1 0 "},
			{"in two states", w.ours.all, store.AssessmentFilter{Limit: 100, States: []string{"approved", "lapsed"}}, "8 7 5 4 2 1 "},
			{"overdue", w.ours.all, store.AssessmentFilter{Limit: 100, DueBefore: "2026-01-02"}, "late "},
			{"one system", w.ours.limited(t, access.MaxCeiling, "sys_2"), store.AssessmentFilter{Limit: 100}, "late "},
			{"the other organisation", w.other.all, store.AssessmentFilter{Limit: 100}, ""},
		} {
			ids, total := list(c.scope, c.filter)
			same(t, c.name, ids, c.want)
			same(t, c.name+": total", total, int64(strings.Count(c.want, " ")))
		}
		w.read(func(tx *store.Tx) error {
			for limit, want := range map[int]string{100: "late 0 2 3 5 6 8 ", 3: "late 0 2 "} {
				due, err := tx.AssessmentsDue(ctx, w.ours.all, []string{"lapsed", "draft"}, "2027-01-01", limit)
				if err != nil {
					return err
				}
				got := ""
				for _, l := range due {
					got += strings.TrimPrefix(l.Assessment.ID, "asm_") + " "
				}
				same(t, "most urgent first", got, want)
			}
			none, err := tx.AssessmentsDue(ctx, w.ours.limited(t, access.MaxCeiling, "sys_2"), []string{"lapsed"}, "2027-01-01", 10)
			same(t, "lapsed of a system out of scope", none, []store.AssessmentLine(nil))
			early, err2 := tx.AssessmentsDue(ctx, w.ours.all, []string{"draft"}, "2026-01-01", 10)
			same(t, "due on the day itself", early, []store.AssessmentLine(nil))
			return first(err, err2)
		})
	})
}

func TestAnswersKeepWhatTheyReplace(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		a := w.assessment("asm_1", "sys_1", "draft", 1)
		answer := sample(func(r *store.Response) {
			r.Organisation, r.Assessment, r.Requirement, r.ClaimKind, r.Prior, r.Version = w.ours.org.ID, "asm_1", "Q1", "level", false, 0
		})
		var one, two store.Response
		w.write(func(tx *store.Tx) (err error) {
			if err := tx.CreateAssessment(ctx, a); err != nil {
				return err
			}
			one, err = tx.SaveResponse(ctx, answer)
			return err
		})
		next := one
		next.Rationale = "Better reasons."
		w.write(func(tx *store.Tx) (err error) { two, err = tx.SaveResponse(ctx, next); return err })
		w.refuse(fault.Stale, "an answer over one that was replaced", func(tx *store.Tx) error { _, err := tx.SaveResponse(ctx, next); return err })
		w.refuse(fault.Stale, "a first answer where there is one", func(tx *store.Tx) error { _, err := tx.SaveResponse(ctx, answer); return err })
		prior := answer
		prior.Requirement, prior.Prior, prior.Confirmed = "Q2", true, false
		w.write(func(tx *store.Tx) error { _, err := tx.SaveResponse(ctx, prior); return err })
		prior.Version = 1
		w.read(func(tx *store.Tx) error {
			same(t, "versions", []int64{one.Version, two.Version}, []int64{1, 2})
			got, err := tx.Response(ctx, a, "Q1")
			same(t, "answer", got, two)
			revs, err2 := tx.Revisions(ctx, a, "Q1")
			same(t, "replaced answers", revs, []store.Revision{{Response: one, ReplacedAt: clock.Now().UnixMicro()}})
			list, err3 := tx.Responses(ctx, a)
			same(t, "answers", list, []store.Response{two, prior})
			n, err4 := tx.CountAnswered(ctx, a)
			same(t, "answered: a prior one counts once it is confirmed", n, 1)
			_, gone := tx.Response(ctx, a, "Q3")
			missing(t, "a question without an answer", gone)
			return first(err, err2, err3, err4)
		})
	})
}

func TestUnknownsFindThePersonTheyWereHandedTo(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		r := sample(func(r *store.Response) {
			r.Organisation, r.Assessment, r.Requirement, r.ClaimKind, r.Delegate, r.Version = w.ours.org.ID, "asm_1", "Q1", "dont_know", "usr_9", 0
		})
		known := r
		known.Requirement, known.ClaimKind = "Q2", "level"
		w.write(func(tx *store.Tx) error {
			_, err := tx.SaveResponse(ctx, r)
			_, err2 := tx.SaveResponse(ctx, known)
			return first(tx.CreateAssessment(ctx, w.assessment("asm_1", "sys_1", "draft", 1)), err, err2)
		})
		r.Version = 1
		w.read(func(tx *store.Tx) error {
			got, err := tx.Delegated(ctx, w.ours.all, "usr_9", 10)
			a := w.assessment("asm_1", "sys_1", "draft", 1)
			same(t, "handed over", got, []store.DelegatedLine{{Response: r, Framework: a.Framework, FrameworkVersion: a.FrameworkVersion, System: "sys_1", SystemName: "Payroll"}})
			none, err2 := tx.Delegated(ctx, w.other.all, "usr_9", 10)
			same(t, "seen from the other", none, []store.DelegatedLine(nil))
			hidden, err3 := tx.Delegated(ctx, w.ours.limited(t, access.MaxCeiling, "sys_2"), "usr_9", 10)
			same(t, "of a system out of scope", hidden, []store.DelegatedLine(nil))
			return first(err, err2, err3)
		})
	})
}

func TestDraftsAreNotOnRecord(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		a := w.assessment("asm_1", "sys_1", "draft", 1)
		draft := store.Draft{Organisation: w.ours.org.ID, Assessment: "asm_1", Requirement: "Q1", Person: "usr_1", Body: `{"rationale":"a"}`, BaseVersion: 3}
		for _, body := range []string{draft.Body, `{"rationale":"ab"}`} {
			draft.Body = body
			if err := db.WriteUnaudited(ctx, "draft", func(tx *store.Tx) error { return tx.SaveDraft(ctx, draft) }); err != nil {
				t.Fatal(err)
			}
		}
		draft.At = clock.Now().UnixMicro()
		w.read(func(tx *store.Tx) error {
			got, err := tx.Draft(ctx, a, "Q1", "usr_1")
			same(t, "draft", got, draft)
			_, gone := tx.Draft(ctx, a, "Q1", "usr_2")
			missing(t, "somebody else's draft", gone)
			return err
		})
		w.write(func(tx *store.Tx) error { return tx.DropDraft(ctx, a, "Q1", "usr_1") })
		w.read(func(tx *store.Tx) error {
			_, gone := tx.Draft(ctx, a, "Q1", "usr_1")
			missing(t, "a dropped draft", gone)
			return nil
		})
	})
}

func TestWhatWasApprovedIsFrozen(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		a := w.assessment("asm_1", "sys_1", "approved", 1)
		frozen := store.Frozen{Organisation: w.ours.org.ID, Assessment: "asm_1", Digest: "abc", Body: []byte{1, 0, 2}, Checkpoint: []byte{}}
		share := sample(func(s *store.Share) { s.Organisation, s.ID, s.Assessment = w.ours.org.ID, "shr_1", "asm_1" })
		w.write(func(tx *store.Tx) error { return first(tx.Freeze(ctx, frozen), tx.CreateShare(ctx, share)) })
		w.refuse(fault.Conflict, "frozen twice", func(tx *store.Tx) error { return tx.Freeze(ctx, frozen) })
		if err := db.WriteUnaudited(ctx, "checkpoint after an approval", func(tx *store.Tx) error { return tx.AttachCheckpoint(ctx, a, []byte("note")) }); err != nil {
			t.Fatal(err)
		}
		frozen.Checkpoint = []byte("note")
		w.read(func(tx *store.Tx) error {
			got, err := tx.Frozen(ctx, a)
			same(t, "frozen", got, frozen)
			shares, err2 := tx.Shares(ctx, a)
			same(t, "shares", shares, []store.Share{share})
			a.Organisation = w.other.org.ID
			_, gone := tx.Frozen(ctx, a)
			missing(t, "the other's of the same id", gone)
			return first(err, err2)
		})
	})
}
