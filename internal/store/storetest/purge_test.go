package storetest

import (
	"bytes"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestPurges(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		purge := sample(func(p *store.Purge) { p.Organisation, p.ID, p.Version = w.ours.org.ID, "prg_1", 1 })
		w.write(func(tx *store.Tx) error { return tx.CreatePurge(ctx, purge) })
		w.read(func(tx *store.Tx) error {
			got, err := tx.PurgeRequest(ctx, w.ours.all, "prg_1")
			same(t, "request", got, purge)
			_, gone := tx.PurgeRequest(ctx, w.other.all, "prg_1")
			missing(t, "a foreign request", gone)
			list, err2 := tx.Purges(ctx, w.ours.all, 10)
			same(t, "requests", list, []store.Purge{purge})
			done, err3 := tx.DonePurges(ctx)
			same(t, "done", done, []store.Purge(nil))
			return first(err, err2, err3)
		})
		w.write(func(tx *store.Tx) error { purge.State = "done"; return tx.SavePurge(ctx, purge) })
		w.refuse(fault.Stale, "two people approve at once", func(tx *store.Tx) error { return tx.SavePurge(ctx, purge) })
	})
}

func TestTombstonesComeFromAnotherCopy(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		asked := sample(func(p *store.Purge) {
			p.Organisation, p.ID, p.State, p.ApprovedAt, p.Version = w.ours.org.ID, "prg_1", "requested", 0, 1
		})
		done := asked
		done.State, done.Digest, done.ApprovedAt, done.Version = "done", "d", 7, 2
		unknown := done
		unknown.ID, unknown.ApprovedAt = "prg_2", 8
		w.write(func(tx *store.Tx) error { return tx.CreatePurge(ctx, asked) })
		take := func(p store.Purge) (taken bool) {
			w.write(func(tx *store.Tx) (err error) { taken, err = tx.TakePurge(ctx, p); return err })
			return taken
		}
		same(t, "taken: asked for here, unknown here, done here", []bool{take(done), take(unknown), take(done)}, []bool{true, true, false})
		w.read(func(tx *store.Tx) error {
			list, err := tx.DonePurges(ctx)
			same(t, "done, oldest first", list, []store.Purge{done, unknown})
			return err
		})
	})
}

func TestContentIsBlankedWhereItStands(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		org := w.ours.org.ID
		a := w.assessment("asm_1", "sys_1", "approved", 1)
		high := w.evidence(org, "evd_1", "sys_1", 99)
		answer := sample(func(r *store.Response) {
			r.Organisation, r.Assessment, r.Requirement, r.Version = org, a.ID, "Q1", 0
		})
		draft := store.Draft{Organisation: org, Assessment: a.ID, Requirement: "Q1", Person: "usr_1", Body: "{}"}
		frozen := store.Frozen{Organisation: org, Assessment: a.ID, Digest: "signed", Body: []byte("about evd_1"), Checkpoint: []byte("note")}
		move := sample(func(e *store.StandingEvent) {
			e.Organisation, e.System, e.Assessment, e.Requirement, e.Why = org, "sys_1", a.ID, "Q1", "“50% \\ _plan” ran out."
		})
		standing := sample(func(s *store.Standing) { s.Organisation, s.Assessment, s.Body = org, a.ID, `{"id":"evd_1"}` })
		var now int64
		w.write(func(tx *store.Tx) error {
			now = tx.Now()
			saved, err := tx.SaveResponse(ctx, answer)
			if err := first(err, tx.CreateAssessment(ctx, a), tx.CreateEvidence(ctx, high), tx.SaveDraft(ctx, draft), tx.Freeze(ctx, frozen),
				tx.AddStandingEvent(ctx, move), tx.SaveStanding(ctx, standing)); err != nil {
				return err
			}
			answer, err = tx.SaveResponse(ctx, saved)
			return err
		})
		w.write(func(tx *store.Tx) error {
			standingAnswers, replaced, err := tx.Answers(ctx, w.ours.system, "fw")
			if err != nil || len(standingAnswers) != 1 || len(replaced) != 1 {
				t.Fatalf("answers %v and %v, %v", standingAnswers, replaced, err)
			}
			none, _, err := tx.Answers(ctx, w.other.system, "fw")
			same(t, "the other's answers", none, []store.Response(nil))
			same(t, "answer", standingAnswers[0], answer)
			standingAnswers[0].Rationale, replaced[0].Rationale = "[removed]", "[removed]"
			list, err2 := tx.FrozenNaming(ctx, org, "evd_1")
			same(t, "what was approved", list, []store.Frozen{frozen})
			not, err3 := tx.FrozenNaming(ctx, org, "evd_2")
			same(t, "what names another", not, []store.Frozen(nil))
			events, err4 := tx.StandingEventsSaying(ctx, org, "“50% \\ _plan”")
			same(t, "moves", events, []store.StandingEvent{move})
			notSaid, err5 := tx.StandingEventsSaying(ctx, org, "“50_")
			same(t, "moves that do not say it", notSaid, []store.StandingEvent(nil))
			st, err6 := tx.StandingsNaming(ctx, org, "evd_1")
			same(t, "standings", st, []store.Standing{standing})
			frozen.Body, move.Why = []byte("blank"), "[removed]"
			return first(err, err2, err3, err4, err5, err6, tx.BlankResponse(ctx, standingAnswers[0]), tx.BlankRevision(ctx, replaced[0]),
				tx.DropDrafts(ctx, a, "Q1"), tx.BlankFrozen(ctx, frozen), tx.BlankStandingEvent(ctx, move))
		})
		w.refuse(fault.Stale, "an answer opened before", func(tx *store.Tx) error { _, err := tx.SaveResponse(ctx, answer); return err })
		w.read(func(tx *store.Tx) error {
			e, err := tx.EvidenceByID(ctx, org, "evd_1")
			same(t, "a record above every ceiling", e, high)
			_, gone := tx.EvidenceByID(ctx, w.other.org.ID, "evd_1")
			missing(t, "a foreign record", gone)
			_, gone = tx.Draft(ctx, a, "Q1", "usr_1")
			missing(t, "the draft", gone)
			f, err2 := tx.Frozen(ctx, a)
			frozen.PurgedAt = now
			same(t, "the report", f, frozen)
			kept, err3 := tx.Revisions(ctx, a, "Q1")
			if len(kept) != 1 || kept[0].Rationale != "[removed]" {
				t.Errorf("replaced: %+v", kept)
			}
			return first(err, err2, err3)
		})
	})
}

func TestOpeningsAreErasedWhereTheyArePicked(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		say := func(org, target, name string) int64 {
			r, err := db.Write(ctx, access.Operator(), func(tx *store.Tx) error {
				tx.Record(store.Record{Action: audit.UserCreated, Organisation: org, TargetType: "user", Target: target, Fields: map[string]string{"name": name, "email": "a@example.org"}})
				return tx.CreateUnit(ctx, sample(func(u *store.Unit) { u.Organisation, u.ID = w.ours.org.ID, "unit_"+target }))
			})
			if err != nil {
				t.Fatal(err)
			}
			return r.Index
		}
		one, nobodys := say(w.ours.org.ID, "usr_1", "Ann"), say("", "usr_2", "Ann")
		say(w.other.org.ID, "usr_3", "Ann")
		pick := func(s store.StoredEntry) (names []string) {
			if s.Entry.Action != audit.UserCreated {
				return nil
			}
			for _, o := range s.Openings {
				if o.Value == "Ann" || s.Entry.Target == "usr_1" && audit.IsRow(o.Name) {
					names = append(names, o.Name)
				}
			}
			return names
		}
		for _, want := range [][]audit.Erasure{{{Index: one, Name: "field:name"}, {Index: nobodys, Name: "field:name"}}, nil} {
			err := db.WriteUnaudited(ctx, "a test", func(tx *store.Tx) error {
				got, err := tx.EraseWhere(ctx, w.ours.org.ID, pick)
				same(t, "values erased", got, want)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		// The row's salt went as well; a later entry commits to it anew.
		w.write(func(tx *store.Tx) error {
			return tx.SaveUnit(ctx, sample(func(u *store.Unit) { u.Organisation, u.ID, u.Version = w.ours.org.ID, "unit_usr_1", 1 }))
		})
	})
}

func TestKeptAnswersAreBlanked(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		newWorld(t, db, clock)
		who := access.Operator()
		who.IdempotencyKey, who.RequestDigest = "key", "digest"
		answer := func(tx *store.Tx) error { tx.Record(anEntry); tx.Answer("secret"); return nil }
		if _, err := db.Write(ctx, who, answer); err != nil {
			t.Fatal(err)
		}
		err := db.WriteUnaudited(ctx, "a test", func(tx *store.Tx) error {
			return tx.BlankAnswers(ctx, func(body []byte) ([]byte, bool) { return []byte(`"gone"`), bytes.Contains(body, []byte("secret")) })
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.Write(ctx, who, answer)
		repeat, ok := err.(*store.Repeat)
		if !ok || string(repeat.Body) != `"gone"` {
			t.Errorf("the repeated request is answered %v", err)
		}
		if emptied, err := db.DropJournal(ctx); err != nil || !emptied {
			t.Errorf("the write-ahead log is not empty: %v", err)
		}
	})
}
