package storetest

import (
	"fmt"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestPeopleAndTheirGrants(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		err := db.Read(ctx, func(tx *store.Tx) error {
			some, err := tx.AnyPerson(ctx)
			same(t, "anybody in an empty database", some, false)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w := newWorld(t, db, clock)
		// Seven people of one name: the page boundary falls among equal keys.
		var people []store.Person
		grants := map[string]store.RoleGrant{}
		w.write(func(tx *store.Tx) error {
			people = nil
			for i := range 7 {
				p := sample(func(p *store.Person) {
					p.ID, p.Name, p.EmailFolded, p.Version = fmt.Sprintf("usr_%d", i), "Same Name", fmt.Sprint(i), 1
				})
				g := store.RoleGrant{Organisation: w.ours.org.ID, ID: fmt.Sprintf("grt_%d", i), Person: p.ID, Role: access.SRO, System: w.ours.system.ID}
				if err := first(tx.CreatePerson(ctx, p), tx.CreateGrant(ctx, g)); err != nil {
					return err
				}
				people, grants[p.ID] = append(people, p), g
			}
			wide := store.RoleGrant{Organisation: w.ours.org.ID, ID: "grt_wide", Person: "usr_0", Role: access.SRO}
			return tx.CreateGrant(ctx, wide)
		})
		w.read(func(tx *store.Tx) error {
			var got []store.Person
			name, id := "", ""
			for {
				page, err := tx.Members(ctx, w.ours.all, name, id, 2)
				if err != nil {
					return err
				}
				if len(page) == 0 {
					break
				}
				got = append(got, page...)
				name, id = page[len(page)-1].Name, page[len(page)-1].ID
			}
			same(t, "members by pages of two", got, people)
			strangers, err := tx.Members(ctx, w.other.all, "", "", 10)
			same(t, "members of the other", strangers, []store.Person(nil))
			n, err2 := tx.MemberCount(ctx, w.ours.all)
			same(t, "number of members, each once", n, int64(7))
			some, err3 := tx.AnyPerson(ctx)
			same(t, "anybody", some, true)
			p, err4 := tx.Person(ctx, "usr_3")
			same(t, "person", p, people[3])
			p, err5 := tx.PersonByEmail(ctx, "4")
			same(t, "person by address", p, people[4])
			names, err6 := tx.Names(ctx, []string{"usr_1", "usr_nobody"})
			same(t, "names", names, map[string]string{"usr_1": "Same Name"})
			g, err7 := tx.Grant(ctx, w.ours.all, "grt_2")
			same(t, "grant", g, grants["usr_2"])
			_, gone := tx.Grant(ctx, w.other.all, "grt_2")
			missing(t, "a foreign grant", gone)
			of, err8 := tx.GrantsOf(ctx, "usr_0")
			same(t, "grants of a person", len(of), 2)
			in, err9 := tx.GrantsIn(ctx, w.ours.all, []string{"usr_1", "usr_2"})
			same(t, "grants of people", in, []store.RoleGrant{grants["usr_1"], grants["usr_2"]})
			holders, err10 := tx.HoldersOf(ctx, w.ours.all, access.SRO, w.ours.system.ID)
			same(t, "holders, over the system and over all", len(holders), 8)
			elsewhere, err11 := tx.HoldersOf(ctx, w.ours.all, access.SRO, w.ours.second.ID)
			same(t, "holders over all alone", len(elsewhere), 1)
			return first(err, err2, err3, err4, err5, err6, err7, err8, err9, err10, err11)
		})
		w.write(func(tx *store.Tx) error {
			p, g := people[3], grants["usr_2"]
			p.Status, g.Role = "disabled", access.Assessor
			return first(tx.SavePerson(ctx, p), tx.SaveGrant(ctx, g))
		})
		w.refuse(fault.Stale, "the person was read before the change", func(tx *store.Tx) error { return tx.SavePerson(ctx, people[3]) })
		w.refuse(fault.Conflict, "the address is taken", func(tx *store.Tx) error {
			p := people[0]
			p.ID = "usr_new"
			return tx.CreatePerson(ctx, p)
		})
	})
}

func TestManyNamesAtOnce(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		ids := []string{w.ours.person.ID, w.other.person.ID}
		for i := range 1200 {
			ids = append(ids, fmt.Sprintf("usr_none_%d", i))
		}
		w.read(func(tx *store.Tx) error {
			names, err := tx.Names(ctx, ids)
			same(t, "names", len(names), 2)
			return err
		})
	})
}

func TestAdministratorsWhoCanAct(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		now := clock.Now().UnixMicro()
		w.write(func(tx *store.Tx) error {
			for i, c := range []struct {
				status   string
				instance bool
				grant    store.RoleGrant
			}{
				{"active", true, store.RoleGrant{Role: access.Administrator, StartsAt: now}},
				{"disabled", true, store.RoleGrant{Role: access.Administrator}},
				{"active", false, store.RoleGrant{Role: access.Administrator, EndsAt: now + 1}},
				{"active", false, store.RoleGrant{Role: access.Administrator, StartsAt: now + 1}},
				{"active", false, store.RoleGrant{Role: access.Administrator, System: "sys_1"}},
				{"active", false, store.RoleGrant{Role: access.SRO}},
				{"active", false, store.RoleGrant{Role: access.Administrator}},
			} {
				id := fmt.Sprintf("usr_%d", i)
				p := store.Person{ID: id, EmailFolded: id, Status: c.status, InstanceAdmin: c.instance}
				c.grant.Organisation, c.grant.ID, c.grant.Person = w.ours.org.ID, "grt_"+id, id
				if err := first(tx.CreatePerson(ctx, p), tx.CreateGrant(ctx, c.grant)); err != nil {
					return err
				}
			}
			return nil
		})
		w.read(func(tx *store.Tx) error {
			got, err := tx.Administrators(ctx, w.ours.org.ID)
			same(t, "administrators of the organisation", got, []string{"usr_0", "usr_6"})
			none, err2 := tx.Administrators(ctx, w.other.org.ID)
			same(t, "of the other", none, []string(nil))
			instance, err3 := tx.InstanceAdministrators(ctx)
			same(t, "of the instance", instance, []string{"usr_0"})
			return first(err, err2, err3)
		})
	})
}
