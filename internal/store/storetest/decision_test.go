package storetest

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestDecisionsByState(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		now := clock.Now().UnixMicro()
		made := func(id string, set func(*store.Decision)) store.Decision {
			d := store.Decision{Organisation: w.ours.org.ID, ID: id, Vulnerability: "CVE-1", Ecosystem: "npm", Key: "a", Versions: "1", System: "sys_1", Status: "affected", Source: "person", Author: "ann", Version: 1}
			set(&d)
			return d
		}
		all := []store.Decision{
			made("dec_1", func(*store.Decision) {}),
			made("dec_2", func(d *store.Decision) { d.Status, d.Author = "fixed", "bob" }),
			made("dec_3", func(d *store.Decision) { d.Status, d.Versions = "fixed", "2" }),             // about something else
			made("dec_4", func(d *store.Decision) { d.Status, d.System, d.Author = "fixed", "", "c" }), // wider
			made("dec_5", func(d *store.Decision) { d.Status = "not_affected" }),                       // the same author
			made("dec_6", func(d *store.Decision) { d.ExpiresAt = now }),
			made("dec_7", func(d *store.Decision) { d.ExpiresAt = now + 3_600_000_000 }),
			made("dec_8", func(d *store.Decision) { d.WithdrawnAt, d.Author = 5, "dan" }),
			made("dec_9", func(d *store.Decision) { d.System, d.Vulnerability = "sys_2", "CVE-2" }),
		}
		w.write(func(tx *store.Tx) error {
			for _, d := range all {
				if err := tx.CreateDecision(ctx, d); err != nil {
					return err
				}
			}
			foreign := all[0]
			foreign.Organisation, foreign.System = w.other.org.ID, ""
			return tx.CreateDecision(ctx, foreign)
		})
		for _, c := range []struct {
			name  string
			scope access.Scope
			f     store.DecisionFilter
			want  []string
		}{
			{"all", w.ours.all, store.DecisionFilter{}, []string{"dec_9", "dec_8", "dec_7", "dec_6", "dec_5", "dec_4", "dec_3", "dec_2", "dec_1"}},
			{"in force", w.ours.all, store.DecisionFilter{State: store.DecisionInForce}, []string{"dec_9", "dec_7", "dec_5", "dec_4", "dec_3", "dec_2", "dec_1"}},
			{"expired", w.ours.all, store.DecisionFilter{State: store.DecisionExpired}, []string{"dec_6"}},
			{"withdrawn", w.ours.all, store.DecisionFilter{State: store.DecisionWithdrawn}, []string{"dec_8"}},
			{"in conflict", w.ours.all, store.DecisionFilter{State: store.DecisionConflict}, []string{"dec_7", "dec_5", "dec_2", "dec_1"}},
			{"for a system", w.ours.all, store.DecisionFilter{System: "sys_2"}, []string{"dec_9", "dec_4"}},
			{"about a vulnerability", w.ours.all, store.DecisionFilter{Vulnerabilities: []string{"CVE-2", "CVE-3"}}, []string{"dec_9"}},
			{"about none", w.ours.all, store.DecisionFilter{Vulnerabilities: []string{}}, nil},
			{"in a narrow scope", w.ours.limited(t, access.MaxCeiling, "sys_2"), store.DecisionFilter{}, []string{"dec_9", "dec_4"}},
			{"the other organisation", w.other.all, store.DecisionFilter{}, []string{"dec_1"}},
		} {
			w.read(func(tx *store.Tx) error {
				var got []string
				f := c.f
				for f.Limit = 2; ; { // a page at a time
					page, err := tx.DecisionsIn(ctx, c.scope, f)
					if err != nil {
						return err
					}
					for _, d := range page {
						got = append(got, d.ID)
						f.BeforeID = d.ID
					}
					if len(page) < f.Limit {
						break
					}
				}
				same(t, c.name, got, c.want)
				state := c.f.State
				c.f.State = ""
				counts, err := tx.CountDecisions(ctx, c.scope, c.f)
				same(t, c.name+", counted", counts[state], int64(len(c.want)))
				return err
			})
		}
		w.read(func(tx *store.Tx) error {
			got, err := tx.DecisionForJob(ctx, w.ours.org.ID, "dec_3")
			same(t, "for a job", got, all[2])
			_, gone := tx.DecisionForJob(ctx, "org_nothing", "dec_3")
			missing(t, "of another organisation", gone)
			return err
		})
	})
}
