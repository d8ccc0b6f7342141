package storetest

import (
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestWhatNamesAPersonIsFoundAndBlankedEverywhere(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		const id = "usr_sam"
		session := sample(func(s *store.Session) { s.ID, s.Person, s.TokenHash, s.EndedAt = "ses_9", id, "hash9", 5 })
		credential := sample(func(c *store.Credential) { c.ID, c.Person, c.RemovedAt = "crd_9", id, 5 })
		byPerson := sample(func(l *store.Link) { l.ID, l.Person, l.TokenHash, l.Email = "inv_8", id, "hash8", "other@example.org" })
		byEmail := sample(func(l *store.Link) { l.ID, l.Person, l.TokenHash, l.Email = "inv_9", "", "hash9", "Sam@Example.org" })
		training := sample(func(v *store.Training) { v.Organisation, v.ID, v.Person = w.ours.org.ID, "trn_9", id })
		appointment := sample(func(a *store.Appointment) {
			a.Organisation, a.ID, a.Person, a.System, a.Version = w.ours.org.ID, "apt_9", id, w.ours.system.ID, 1
		})
		w.write(func(tx *store.Tx) error {
			return first(tx.CreatePerson(ctx, store.Person{ID: id, Name: "Sam", Email: "sam@example.org", EmailFolded: "sam@example.org", Status: "erased"}),
				tx.CreateSession(ctx, session), tx.CreateCredential(ctx, credential), tx.CreateLink(ctx, byPerson), tx.CreateLink(ctx, byEmail),
				tx.CreateTraining(ctx, training), tx.CreateAppointment(ctx, appointment))
		})
		w.read(func(tx *store.Tx) error {
			people, err := tx.PeopleInState(ctx, "erased")
			same(t, "people", people, []string{id})
			links, err2 := tx.SignInLinksOf(ctx, id, "sam@example.org")
			same(t, "links", links, []store.Link{byPerson, byEmail})
			appointments, err3 := tx.AppointmentsOf(ctx, id)
			same(t, "appointments", appointments, []store.Appointment{appointment})
			return first(err, err2, err3)
		})
		session.Address, byPerson.Email, training.Name = "", "", "somebody"
		w.write(func(tx *store.Tx) error {
			return first(tx.BlankSession(ctx, session), tx.BlankLink(ctx, byPerson), tx.BlankTraining(ctx, training), tx.DropDraftsOf(ctx, id))
		})
		w.read(func(tx *store.Tx) error {
			sessions, err := tx.AllSessionsOf(ctx, id)
			same(t, "sessions", sessions, []store.Session{session})
			credentials, err2 := tx.AllCredentialsOf(ctx, id)
			same(t, "credentials", credentials, []store.Credential{credential})
			trainings, err3 := tx.AllTrainingOf(ctx, id)
			same(t, "training", trainings, []store.Training{training})
			return first(err, err2, err3)
		})
	})
}

func TestAUnitIsRemovedAndWhatWasInItIsFound(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		u := store.Unit{Organisation: w.ours.org.ID, ID: "unit_9", Name: "Closing", Kind: "other", Version: 1}
		g := store.RoleGrant{Organisation: w.ours.org.ID, ID: "grt_9", Person: w.ours.person.ID, Role: access.DTSL, Unit: u.ID, StartsAt: 1}
		ended := g
		ended.ID, ended.EndsAt = "grt_8", 2
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateUnit(ctx, u), tx.CreateGrant(ctx, g), tx.CreateGrant(ctx, ended))
		})
		w.read(func(tx *store.Tx) error {
			grants, err := tx.GrantsOfUnit(ctx, w.ours.all, u.ID)
			same(t, "roles that hold", grants, []store.RoleGrant{g})
			foreign, err2 := tx.GrantsOfUnit(ctx, w.other.all, u.ID)
			same(t, "roles seen by others", foreign, []store.RoleGrant(nil))
			systems, err3 := tx.SystemsOfUnit(ctx, w.ours.all, w.ours.system.Unit)
			same(t, "systems", len(systems) > 0 && systems[0].ID == w.ours.system.ID, true)
			none, err4 := tx.SystemsOfUnit(ctx, w.other.all, w.ours.system.Unit)
			for _, s := range none { // both have things of the same ids
				same(t, "organisation of what others see", s.Organisation, w.other.org.ID)
			}
			return first(err, err2, err3, err4)
		})
		w.write(func(tx *store.Tx) error { return tx.RemoveUnit(ctx, u) })
		w.read(func(tx *store.Tx) error {
			units, err := tx.Units(ctx, w.ours.all)
			for _, have := range units {
				if have.ID == u.ID {
					t.Error("the unit is still there")
				}
			}
			return err
		})
	})
}
