package storetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func (w *world) evidence(org, id, system string, rank int) store.Evidence {
	return sample(func(e *store.Evidence) {
		e.Organisation, e.ID, e.System, e.TitleFolded, e.MarkingRank, e.Version = org, id, system, "title", rank, 1
		e.ValidUntil = ""
	})
}

func TestEvidenceInScope(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		org := w.ours.org.ID
		common, one, two := w.evidence(org, "evd_0", "", 1), w.evidence(org, "evd_1", "sys_1", 1), w.evidence(org, "evd_2", "sys_2", 5)
		one.ValidUntil, two.Digest, two.TitleFolded = "2026-01-31", "same file", "a 100% title"
		common.Digest, common.File = "same file", ""
		foreign := w.evidence(w.other.org.ID, "evd_1", "", 1)
		foreign.Digest = "same file"
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateEvidence(ctx, common), tx.CreateEvidence(ctx, one), tx.CreateEvidence(ctx, two), tx.CreateEvidence(ctx, foreign))
		})
		for _, c := range []struct {
			name   string
			scope  access.Scope
			filter store.EvidenceFilter
			want   string
		}{
			{"all by pages of one", w.ours.all, store.EvidenceFilter{Limit: 1}, "evd_2 evd_0 evd_1"},
			{"a system and what is for everybody", w.ours.limited(t, access.MaxCeiling, "sys_1"), store.EvidenceFilter{Limit: 9}, "evd_0 evd_1"},
			{"a unit", w.ours.limited(t, access.MaxCeiling, "", "unit_south"), store.EvidenceFilter{Limit: 9}, "evd_2 evd_0"},
			{"below a ceiling", w.ours.limited(t, 1, "", "unit_north", "unit_south"), store.EvidenceFilter{Limit: 9}, "evd_0 evd_1"},
			{"by title", w.ours.all, store.EvidenceFilter{Limit: 9, Title: "100%"}, "evd_2"},
			{"by system", w.ours.all, store.EvidenceFilter{Limit: 9, System: "sys_1"}, "evd_1"},
			{"run out", w.ours.all, store.EvidenceFilter{Limit: 9, ExpiredOn: "2026-02-01"}, "evd_1"},
			{"valid on its last day", w.ours.all, store.EvidenceFilter{Limit: 9, ExpiredOn: "2026-01-31"}, ""},
			{"the other organisation", w.other.all, store.EvidenceFilter{Limit: 9}, "evd_1"},
		} {
			t.Run(c.name, func(t *testing.T) {
				w.read(func(tx *store.Tx) error {
					var ids []string
					f := c.filter
					for {
						list, total, err := tx.EvidenceRecords(ctx, c.scope, f)
						if err != nil {
							return err
						}
						same(t, "total", total, int64(len(strings.Fields(c.want))))
						for _, e := range list {
							ids = append(ids, e.ID)
							if _, err := tx.EvidenceRecord(ctx, c.scope, e.ID); err != nil {
								t.Errorf("%s is listed and cannot be read: %v", e.ID, err)
							}
						}
						if len(list) < f.Limit {
							break
						}
						f.AfterTitle, f.AfterID = list[len(list)-1].TitleFolded, list[len(list)-1].ID
					}
					same(t, "found", strings.Join(ids, " "), c.want)
					return nil
				})
			})
		}
		w.read(func(tx *store.Tx) error {
			got, err := tx.EvidenceRecord(ctx, w.ours.all, "evd_2")
			same(t, "record", got, two)
			_, gone := tx.EvidenceRecord(ctx, w.ours.limited(t, access.MaxCeiling, "sys_1"), "evd_2")
			missing(t, "a record of a system out of scope", gone)
			_, gone = tx.EvidenceRecord(ctx, w.other.all, "evd_2")
			missing(t, "a foreign record", gone)
			twins, err2 := tx.EvidenceWithDigest(ctx, w.ours.all, "same file")
			same(t, "records with one file", twins, []store.Evidence{common, two})
			files, err3 := tx.Attachments(ctx)
			same(t, "stored files of everybody", len(files), 3)
			n, err4 := tx.Tally(ctx, w.ours.all, "evidence")
			same(t, "tally", n, int64(3))
			return first(err, err2, err3, err4)
		})
		w.write(func(tx *store.Tx) error { one.Title = "New"; return tx.SaveEvidence(ctx, one) })
		w.refuse(fault.Stale, "read before the change", func(tx *store.Tx) error { return tx.SaveEvidence(ctx, one) })
	})
}

func TestLinksOfEvidence(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		e := w.evidence(w.ours.org.ID, "evd_1", "", 1)
		var links []store.EvidenceLink
		for i := range 3 {
			links = append(links, store.EvidenceLink{Organisation: w.ours.org.ID, System: "sys_1", Framework: "fw", Requirement: fmt.Sprintf("Q%d", i), Evidence: "evd_1", LinkedBy: "usr_1", LinkedAt: int64(i)})
		}
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateEvidence(ctx, e), tx.LinkEvidence(ctx, links[0]), tx.LinkEvidence(ctx, links[1]), tx.LinkEvidence(ctx, links[2]))
		})
		w.refuse(fault.Conflict, "linked twice", func(tx *store.Tx) error { return tx.LinkEvidence(ctx, links[0]) })
		w.read(func(tx *store.Tx) error {
			all, err := tx.LinkedTo(ctx, w.ours.system, "fw", "")
			same(t, "linked to the framework", all, []store.LinkedEvidence{{Link: links[0], Evidence: e}, {Link: links[1], Evidence: e}, {Link: links[2], Evidence: e}})
			one, err2 := tx.LinkedTo(ctx, w.ours.system, "fw", "Q1")
			same(t, "linked to a requirement", one, []store.LinkedEvidence{{Link: links[1], Evidence: e}})
			none, err3 := tx.LinkedTo(ctx, w.other.system, "fw", "")
			same(t, "linked to the other's system", none, []store.LinkedEvidence(nil))
			of, err4 := tx.LinksOf(ctx, e)
			same(t, "links of the record", of, links)
			return first(err, err2, err3, err4)
		})
		w.write(func(tx *store.Tx) error { return tx.UnlinkEvidence(ctx, links[1]) })
		err := w.try(func(tx *store.Tx) error { return tx.UnlinkEvidence(ctx, links[1]) })
		missing(t, "unlinked twice", err)
		w.write(func(tx *store.Tx) error { return tx.LinkEvidence(ctx, links[1]) })
		w.write(func(tx *store.Tx) error {
			return first(tx.UnlinkEvidence(ctx, links[1]), tx.UnlinkEvidence(ctx, links[2]), tx.LinkEvidence(ctx, links[2]))
		})
		w.read(func(tx *store.Tx) error {
			of, err := tx.LinksOf(ctx, e)
			same(t, "after unlinking and linking", of, []store.EvidenceLink{links[0], links[2]})
			return err
		})
	})
}
