package storetest

import (
	"fmt"
	"testing"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

func TestTheInstanceIsOne(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		if err := db.Read(ctx, func(tx *store.Tx) error { _, err := tx.Instance(ctx); return err }); !fault.Is(err, fault.NotFound) {
			t.Errorf("an empty database has an instance: %v", err)
		}
		w := newWorld(t, db, clock)
		changed := store.Instance{ID: "ins_1", Demo: true, CreatedAt: 3, Epoch: 2, Shift: 9}
		w.write(func(tx *store.Tx) error { return tx.SaveInstance(ctx, changed) })
		w.read(func(tx *store.Tx) error {
			got, err := tx.Instance(ctx)
			same(t, "instance", got, changed)
			return err
		})
	})
}

func TestOrganisationsAndUnits(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		ours, other := w.ours, w.other
		w.read(func(tx *store.Tx) error {
			got, err := tx.Organisation(ctx, ours.all)
			same(t, "organisation of the scope", got, ours.org)
			named, err2 := tx.OrganisationNamed(ctx, "other")
			same(t, "organisation by name", named, other.org)
			byID, err3 := tx.OrganisationByID(ctx, other.org.ID)
			same(t, "organisation by id", byID, other.org)
			list, err4 := tx.OrganisationsOf(ctx, []string{ours.org.ID})
			same(t, "organisations with the ids", list, []store.Organisation{ours.org})
			none, err5 := tx.OrganisationsOf(ctx, nil)
			same(t, "no ids", none, []store.Organisation(nil))
			every, err6 := tx.AllOrganisations(ctx)
			same(t, "all organisations, by name", every, []store.Organisation{other.org, ours.org})
			units, err7 := tx.Units(ctx, ours.all)
			same(t, "units, by name", units, []store.Unit{ours.north, ours.south})
			forGrants, err8 := tx.UnitsForGrants(ctx, other.org.ID)
			same(t, "units of the other", forGrants, []store.Unit{other.north, other.south})
			_, gone := tx.OrganisationNamed(ctx, "nobody")
			missing(t, "an organisation that is not there", gone)
			return first(err, err2, err3, err4, err5, err6, err7, err8)
		})
		renamed := ours.org
		renamed.Name = "Renamed"
		moved := ours.south
		moved.Parent = ours.north.ID
		w.write(func(tx *store.Tx) error {
			return first(tx.SaveOrganisation(ctx, renamed), tx.SaveUnit(ctx, moved))
		})
		w.read(func(tx *store.Tx) error {
			got, err := tx.Organisation(ctx, ours.all)
			renamed.Version = 2
			same(t, "after the change", got, renamed)
			return err
		})
		w.refuse(fault.Stale, "the organisation was read before the change", func(tx *store.Tx) error { return tx.SaveOrganisation(ctx, ours.org) })
		w.refuse(fault.Stale, "the unit was read before the change", func(tx *store.Tx) error { return tx.SaveUnit(ctx, ours.south) })
		w.refuse(fault.Conflict, "the name is taken", func(tx *store.Tx) error {
			o := ours.org
			o.ID = "org_new"
			return tx.CreateOrganisation(ctx, o)
		})
	})
}

func TestTokens(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		token := func(org, id string, at int64) store.APIToken {
			return sample(func(k *store.APIToken) {
				k.Organisation, k.ID, k.TokenHash, k.CreatedAt, k.Role, k.RevokedAt = org, id, org+id, at, access.DTSL, 0
			})
		}
		old, young, foreign := token(w.ours.org.ID, "tok_1", 1), token(w.ours.org.ID, "tok_2", 2), token(w.other.org.ID, "tok_3", 3)
		w.write(func(tx *store.Tx) error {
			return first(tx.CreateToken(ctx, old), tx.CreateToken(ctx, young), tx.CreateToken(ctx, foreign))
		})
		w.read(func(tx *store.Tx) error {
			got, err := tx.Token(ctx, w.ours.all, "tok_1")
			same(t, "token", got, old)
			_, gone := tx.Token(ctx, w.ours.all, "tok_3")
			missing(t, "a foreign token", gone)
			byHash, err2 := tx.TokenByHash(ctx, foreign.TokenHash)
			same(t, "token by hash", byHash, foreign)
			list, err3 := tx.Tokens(ctx, w.ours.all, 10)
			same(t, "tokens, newest first", list, []store.APIToken{young, old})
			of, err4 := tx.TokensOf(ctx, old.Person)
			same(t, "tokens of a person, everywhere, that still work", of, []store.APIToken{foreign, old, young})
			of, err5 := tx.TokensOf(ctx, old.CreatedBy)
			same(t, "tokens that a person made", len(of), 3)
			return first(err, err2, err3, err4, err5)
		})
		old.RevokedAt = 99
		w.write(func(tx *store.Tx) error { return tx.SaveToken(ctx, old) })
		err := db.WriteUnaudited(ctx, "last use", func(tx *store.Tx) error { return tx.TouchToken(ctx, old.Organisation, old.ID) })
		if err != nil {
			t.Fatal(err)
		}
		old.UsedAt = clock.Now().UnixMicro()
		w.read(func(tx *store.Tx) error {
			got, err := tx.Token(ctx, w.ours.all, "tok_1")
			same(t, "revoked and used", got, old)
			return err
		})
		w.refuse(fault.Conflict, "the hash is taken", func(tx *store.Tx) error {
			k := token(w.ours.org.ID, "tok_9", 1)
			k.TokenHash = old.TokenHash
			return tx.CreateToken(ctx, k)
		})
	})
}

func TestALockedOrganisationIsChangedByOneAtATime(t *testing.T) {
	Each(t, func(t *testing.T, db *store.DB, clock *Clock) {
		w := newWorld(t, db, clock)
		// A rule about several rows: there are never more than three units. Each reads,
		// decides and adds; without the lock all would read two.
		const n = 6
		errs := make(chan error, n)
		for i := range n {
			go func() {
				_, err := db.Write(ctx, access.Operator(), func(tx *store.Tx) error {
					if err := tx.LockOrganisation(ctx, w.ours.org.ID); err != nil {
						return err
					}
					units, err := tx.Units(ctx, w.ours.all)
					if err != nil || len(units) >= 3 {
						return err
					}
					tx.Record(anEntry)
					return tx.CreateUnit(ctx, store.Unit{Organisation: w.ours.org.ID, ID: fmt.Sprintf("unit_%d", i)})
				})
				errs <- err
			}()
		}
		for range n {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		w.read(func(tx *store.Tx) error {
			units, err := tx.Units(ctx, w.ours.all)
			same(t, "units", len(units), 3)
			return err
		})
	})
}
