package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestASystemIsReadBackAsItWasWritten(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		changed := w.ours.system
		changed.Name, changed.NameFolded = "Pensions", "pensions"
		w.write(func(tx *store.Tx) error { return tx.SaveSystem(ctx, changed) })
		changed.Version = 2
		w.read(func(tx *store.Tx) error {
			got, err := tx.System(ctx, w.ours.all, "sys_1")
			same(t, "ours", got, changed)
			theirs, err2 := tx.System(ctx, w.other.all, "sys_1")
			same(t, "the other's of the same id", theirs, w.other.system)
			forJob, err3 := tx.SystemForJob(ctx, w.ours.org.ID, "sys_2")
			same(t, "for a job", forJob, w.ours.second)
			_, gone := tx.System(ctx, w.ours.all, "sys_3")
			missing(t, "no such system", gone)
			return first(err, err2, err3)
		})
		w.refuse(fault.Stale, "read before the change", func(tx *store.Tx) error { return tx.SaveSystem(ctx, w.ours.system) })
		w.refuse(fault.Conflict, "the id is taken", func(tx *store.Tx) error { return tx.CreateSystem(ctx, w.ours.system) })
	})
}

func TestAScopeLimitsWhatIsSeen(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		max := access.MaxCeiling
		for _, c := range []struct {
			name  string
			scope access.Scope
			want  []string
		}{
			{"all", w.ours.all, []string{"sys_1", "sys_2"}},
			{"one system", w.ours.limited(t, max, "sys_2"), []string{"sys_2"}},
			{"a unit", w.ours.limited(t, max, "", "unit_north"), []string{"sys_1"}},
			{"two units", w.ours.limited(t, max, "", "unit_north", "unit_south"), []string{"sys_1", "sys_2"}},
			{"a system and a unit", scope(t, access.Actor{ID: "u", Kind: access.UserActor, Organisation: w.ours.org.ID, Ceiling: max, Grants: []access.Grant{
				{Role: access.SRO, System: "sys_2"}, {Role: access.DTSL, Units: []string{"unit_north"}}}}), []string{"sys_1", "sys_2"}},
			{"a unit without systems", w.ours.limited(t, max, "", "unit_none"), nil},
			{"a system that is not there", w.ours.limited(t, max, "sys_9"), nil},
			{"a low ceiling", w.ours.limited(t, 4, "", "unit_north", "unit_south"), []string{"sys_1"}},
			{"a ceiling at the marking", w.ours.limited(t, 5, "sys_2"), []string{"sys_2"}},
			{"a ceiling below everything", w.ours.limited(t, 0, "", "unit_north", "unit_south"), nil},
		} {
			t.Run(c.name, func(t *testing.T) {
				w.read(func(tx *store.Tx) error {
					ids, err := tx.SystemIDs(ctx, c.scope)
					same(t, "ids", ids, c.want)
					some, err2 := tx.SystemsNamed(ctx, c.scope, []string{"sys_1", "sys_2", "sys_9"})
					same(t, "by id", len(some), len(c.want))
					return first(err, err2)
				})
				w.read(func(tx *store.Tx) error {
					lines, total, err := tx.Systems(ctx, c.scope, store.SystemFilter{Limit: 10})
					var got []string
					for _, l := range lines {
						got = append(got, l.System.ID)
						if l.System.Organisation != w.ours.org.ID {
							t.Errorf("a system of %s", l.System.Organisation)
						}
					}
					same(t, "list", got, c.want)
					same(t, "total", total, int64(len(c.want)))
					for _, id := range []string{"sys_1", "sys_2"} {
						_, err := tx.System(ctx, c.scope, id)
						if want := slices.Contains(c.want, id); (err == nil) != want {
							t.Errorf("%s alone: %v", id, err)
						} else if !want {
							missing(t, id, err)
						}
					}
					return err
				})
			})
		}
		w.read(func(tx *store.Tx) error {
			if _, _, err := tx.Systems(ctx, access.Scope{}, store.SystemFilter{Limit: 1}); !fault.Is(err, fault.Internal) {
				t.Errorf("the empty scope is not refused: %v", err)
			}
			return nil
		})
	})
}

func TestPagesAreWholeUnderEqualNames(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		var want []string
		w.write(func(tx *store.Tx) error {
			want = []string{"sys_1", "sys_2"} // payroll and radar stand before and after "same"
			for i := range 11 {
				s := w.ours.system
				s.ID, s.NameFolded = fmt.Sprintf("sys_same_%02d", i), "same"
				want = append(want, s.ID)
				if err := tx.CreateSystem(ctx, s); err != nil {
					return err
				}
			}
			return nil
		})
		w.read(func(tx *store.Tx) error {
			for _, limit := range []int{1, 3, 13, 100} {
				var got []string
				f := store.SystemFilter{Limit: limit}
				for {
					lines, total, err := tx.Systems(ctx, w.ours.all, f)
					if err != nil {
						return err
					}
					same(t, "total on every page", total, int64(13))
					for _, l := range lines {
						got = append(got, l.System.ID)
					}
					if len(lines) < limit {
						break
					}
					last := lines[len(lines)-1].System
					f.AfterName, f.AfterID = last.NameFolded, last.ID
				}
				slices.Sort(got)
				slices.Sort(want)
				same(t, fmt.Sprintf("pages of %d", limit), got, want)
			}
			return nil
		})
	})
}

func TestSystemFilters(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		odd := w.ours.system
		odd.ID, odd.NameFolded, odd.Stage, odd.State, odd.Marking = "sys_odd", `50%_off\sale`, "stage x", "state x", "marking x"
		odd.Exposure = "exposure x"
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateSystem(ctx, odd),
				tx.SaveSummary(ctx, store.Summary{Organisation: w.ours.org.ID, System: "sys_2", DueOn: "2026-01-31", Worst: "stale", Stale: 2, Contradicted: 1}),
				tx.CreateGrant(ctx, store.RoleGrant{Organisation: w.ours.org.ID, ID: "grt_1", Person: w.ours.person.ID, Role: access.SRO, System: "sys_1"}))
		})
		for _, c := range []struct {
			name   string
			filter store.SystemFilter
			want   string
		}{
			{"a part of the name", store.SystemFilter{Name: "ayr"}, "sys_1"},
			{"a percent sign means itself", store.SystemFilter{Name: "%"}, "sys_odd"},
			{"an underscore means itself", store.SystemFilter{Name: "_"}, "sys_odd"},
			{"a backslash means itself", store.SystemFilter{Name: `\`}, "sys_odd"},
			{"a quote finds nothing", store.SystemFilter{Name: `' OR 1=1 --`}, ""},
			{"unit", store.SystemFilter{Units: []string{"unit_south"}}, "sys_2"},
			{"stage", store.SystemFilter{Stage: "stage x"}, "sys_odd"},
			{"state", store.SystemFilter{State: "state x"}, "sys_odd"},
			{"marking", store.SystemFilter{Marking: "marking x"}, "sys_odd"},
			{"exposure", store.SystemFilter{Exposure: "exposure x"}, "sys_odd"},
			{"worst support", store.SystemFilter{Worst: "stale"}, "sys_2"},
			{"something stale", store.SystemFilter{Fallen: "stale"}, "sys_2"},
			{"something contradicted, by name", store.SystemFilter{Fallen: "contradicted", Name: "a"}, "sys_2"},
			{"a word that is no support", store.SystemFilter{Fallen: "nonsense"}, ""},
			{"overdue", store.SystemFilter{OverdueOn: "2026-02-01"}, "sys_2"},
			{"due on the day is not overdue", store.SystemFilter{OverdueOn: "2026-01-31"}, ""},
			{"owner", store.SystemFilter{Owner: w.ours.person.ID}, "sys_1"},
			{"two at once", store.SystemFilter{Name: "a", Worst: "stale"}, "sys_2"},
		} {
			t.Run(c.name, func(t *testing.T) {
				c.filter.Limit = 10
				w.read(func(tx *store.Tx) error {
					lines, total, err := tx.Systems(ctx, w.ours.all, c.filter)
					var ids []string
					for _, l := range lines {
						ids = append(ids, l.System.ID)
					}
					same(t, "found", strings.Join(ids, " "), c.want)
					same(t, "total", total, int64(len(ids)))
					return err
				})
			})
		}
	})
}

func TestSummariesAndTallies(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		sum := sample(func(s *store.Summary) { s.Organisation, s.System = w.ours.org.ID, "sys_1" })
		w.write(func(tx *store.Tx) error { return tx.SaveSummary(ctx, sum) })
		w.read(func(tx *store.Tx) error {
			got, err := tx.Summary(ctx, w.ours.system)
			same(t, "summary", got, sum)
			empty, err2 := tx.Summary(ctx, w.other.system)
			same(t, "the other's", empty, store.Summary{Organisation: w.other.org.ID, System: "sys_1"})
			n, err3 := tx.Tally(ctx, w.ours.all, "systems")
			same(t, "tally", n, int64(2))
			none, err4 := tx.Tally(ctx, w.ours.all, "nothing")
			same(t, "a tally of nothing", none, int64(0))
			return first(err, err2, err3, err4)
		})
	})
}

func TestWhatHangsOnASystem(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		org := w.ours.org.ID
		ap := sample(func(a *store.Appointment) { a.Organisation, a.ID, a.System, a.Version = org, "apt_1", "sys_1", 1 })
		co := sample(func(c *store.Connection) { c.Organisation, c.ID, c.System, c.Version = org, "con_1", "sys_1", 1 })
		ob := sample(func(o *store.Obligation) { o.Organisation, o.ID, o.System, o.Version = org, "obl_1", "sys_1", 1 })
		ac := sample(func(a *store.Accreditation) { a.Organisation, a.ID, a.System, a.Version = org, "acr_1", "sys_1", 1 })
		tr := sample(func(x *store.Training) { x.Organisation, x.ID, x.Person = org, "trn_1", "usr_1" })
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateAppointment(ctx, ap), tx.CreateConnection(ctx, co), tx.CreateObligation(ctx, ob),
				tx.CreateAccreditation(ctx, ac), tx.CreateTraining(ctx, tr))
		})
		lists := func(s store.System, want bool) {
			w.read(func(tx *store.Tx) error {
				aps, err := tx.Appointments(ctx, s)
				cos, err2 := tx.Connections(ctx, s)
				obs, err3 := tx.Obligations(ctx, s)
				acs, err4 := tx.Accreditations(ctx, s)
				if !want {
					same(t, "of another system", len(aps)+len(cos)+len(obs)+len(acs), 0)
					return first(err, err2, err3, err4)
				}
				same(t, "appointments", aps, []store.Appointment{ap})
				same(t, "connections", cos, []store.Connection{co})
				same(t, "obligations", obs, []store.Obligation{ob})
				same(t, "accreditations", acs, []store.Accreditation{ac})
				return first(err, err2, err3, err4)
			})
		}
		lists(w.ours.system, true)
		lists(w.ours.second, false)
		lists(w.other.system, false)
		w.read(func(tx *store.Tx) error {
			on, err := tx.AppointmentsAmong(ctx, w.ours.all, []string{"sys_1", "sys_2"}, []string{ap.Role}, ap.StartsOn)
			same(t, "who holds a role on a day", on, []store.Appointment{ap})
			before, err2 := tx.AppointmentsAmong(ctx, w.ours.all, []string{"sys_1"}, []string{ap.Role}, "2000-01-01")
			elsewhere, err3 := tx.AppointmentsAmong(ctx, w.ours.limited(t, access.MaxCeiling, "sys_2"), []string{"sys_1"}, []string{ap.Role}, ap.StartsOn)
			same(t, "before that day, and out of scope", len(before)+len(elsewhere), 0)
			return first(err, err2, err3)
		})
		w.read(func(tx *store.Tx) error {
			got, err := tx.TrainingOf(ctx, w.ours.all, []string{"usr_1", "usr_2"})
			same(t, "training", got, []store.Training{tr})
			none, err2 := tx.TrainingOf(ctx, w.other.all, []string{"usr_1"})
			same(t, "training seen from the other", none, []store.Training(nil))
			return first(err, err2)
		})
		save := func(tx *store.Tx) []error {
			return []error{tx.SaveAppointment(ctx, ap), tx.SaveConnection(ctx, co), tx.SaveObligation(ctx, ob), tx.SaveAccreditation(ctx, ac)}
		}
		w.write(func(tx *store.Tx) error { return first(save(tx)...) })
		for i := range 4 {
			w.refuse(fault.Stale, fmt.Sprintf("saved again from the same version (%d)", i), func(tx *store.Tx) error { return save(tx)[i] })
		}
	})
}
