package app

import (
	"context"
	"fmt"
	"time"
	_ "time/tzdata" // time zones of organisations, also where the system has none

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Organisation is a body that runs systems.
type Organisation = store.Organisation

// What a new organisation starts with.
const (
	defaultZone       = "Europe/London"
	defaultSystemWord = "system"
	defaultSROWord    = "Senior Responsible Owner"
	maxWord           = 60 // characters of what people call a system or an SRO
)

// CreateOrganisation adds an organisation, whose administrator is the asker. It
// needs organisation.create. Sessions stay in the organisation they are in.
func (a *App) CreateOrganisation(ctx context.Context, who access.Actor, name string) (Created, Receipt, error) {
	var out Created
	r, err := a.writing(ctx, who, access.OrganisationCreate, func(tx *store.Tx, _ access.Scope) error {
		var p fault.Problems
		org, err := a.newOrganisation(ctx, tx, &p, "/name", name)
		if err != nil {
			return err
		}
		if err := p.Err(); err != nil {
			return err
		}
		if err := a.createOrganisation(ctx, tx, org); err != nil {
			return err
		}
		if ident.Valid(ident.User, who.ID) {
			if _, err := a.grant(ctx, tx, store.RoleGrant{Organisation: org.ID, Person: who.ID, Role: access.Administrator, StartsAt: tx.Now()}); err != nil {
				return err
			}
		}
		out = Created{ID: org.ID}
		tx.Answer(out)
		return nil
	})
	return out, r, err
}

// newOrganisation checks the name of an organisation to be and gives it the
// usual settings and a key of its own.
func (a *App) newOrganisation(ctx context.Context, tx *store.Tx, p *fault.Problems, pointer, name string) (store.Organisation, error) {
	o := store.Organisation{Zone: defaultZone, SystemWord: defaultSystemWord, SROWord: defaultSROWord, CreatedAt: tx.Now(), Version: 1}
	if o.Name = text.Need(p, pointer, "the name of the organisation", name, text.Name); o.Name == "" {
		return o, nil
	}
	o.NameFolded = a.folded(o.Name)
	if _, err := tx.OrganisationNamed(ctx, o.NameFolded); err == nil {
		p.Add(pointer, "There is an organisation of this name already.")
	} else if !fault.Is(err, fault.NotFound) {
		return o, err
	}
	ceiling, err := a.ceilingOf(o)
	if err != nil {
		return o, err
	}
	o.Ceiling = ceiling.String()
	if o.ID, err = a.newID(tx, ident.Organisation); err != nil {
		return o, err
	}
	if _, o.Key, err = a.Keys.NewOrgKey(o.ID); err != nil {
		return o, fmt.Errorf("key of a new organisation: %w", err)
	}
	return o, nil
}

func (a *App) createOrganisation(ctx context.Context, tx *store.Tx, o store.Organisation) error {
	if err := tx.CreateOrganisation(ctx, o); err != nil {
		return err
	}
	tx.Record(store.Record{Action: audit.OrganisationCreated, Organisation: o.ID, TargetType: "organisation", Target: o.ID, Fields: map[string]string{"name": o.Name}})
	return nil
}

// Organisation reads the organisation of the asker.
func (a *App) Organisation(ctx context.Context, who access.Actor) (Organisation, error) {
	var out Organisation
	err := a.reading(ctx, who, access.OrganisationRead, func(tx *store.Tx, scope access.Scope) error {
		var err error
		out, err = tx.Organisation(ctx, scope)
		out.Key = nil
		return err
	})
	return out, err
}

// OrganisationInput replaces the settings of an organisation.
type OrganisationInput struct {
	Name       string
	Zone       string // IANA name
	Ceiling    string // highest marking, at most the instance's
	SystemWord string // "" = system
	SROWord    string // "" = Senior Responsible Owner
}

// ChangeOrganisation replaces the settings. version is the one that the person
// saw; fault.Stale when somebody else changed them meanwhile. It needs
// organisation.write.
func (a *App) ChangeOrganisation(ctx context.Context, who access.Actor, version int64, in OrganisationInput) (Organisation, Receipt, error) {
	var out Organisation
	r, err := a.writing(ctx, who, access.OrganisationWrite, func(tx *store.Tx, scope access.Scope) error {
		before, err := tx.Organisation(ctx, scope)
		if err != nil {
			return err
		}
		after := before
		after.Version = version
		if err := a.fillOrganisation(ctx, tx, &after, in); err != nil {
			return err
		}
		if err := tx.SaveOrganisation(ctx, after); err != nil {
			return err
		}
		what := changed([3]string{"name", before.Name, after.Name}, [3]string{"time zone", before.Zone, after.Zone}, [3]string{"ceiling", before.Ceiling, after.Ceiling},
			[3]string{"word for a system", before.SystemWord, after.SystemWord}, [3]string{"word for the accountable person", before.SROWord, after.SROWord})
		tx.Record(store.Record{Action: audit.OrganisationChanged, TargetType: "organisation", Target: after.ID,
			Fields: map[string]string{"name": after.Name, "before": before.Name, "after": what}})
		if before.Ceiling != after.Ceiling {
			tx.Record(store.Record{Action: audit.OrganisationCeilingChanged, TargetType: "organisation", Target: after.ID,
				Fields: map[string]string{"before": before.Ceiling, "after": after.Ceiling}})
		}
		after.Version++
		out, out.Key = after, nil
		tx.Answer(map[string]any{"id": after.ID, "version": after.Version})
		return nil
	})
	return out, r, err
}

func (a *App) fillOrganisation(ctx context.Context, tx *store.Tx, o *store.Organisation, in OrganisationInput) error {
	var p fault.Problems
	o.Name = text.Need(&p, "/name", "the name of the organisation", in.Name, text.Name)
	folded := a.folded(o.Name)
	if folded != o.NameFolded && o.Name != "" {
		if _, err := tx.OrganisationNamed(ctx, folded); err == nil {
			p.Add("/name", "There is an organisation of this name already.")
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	o.NameFolded = folded
	o.Zone = text.Line(&p, "/zone", in.Zone, 100)
	if _, err := time.LoadLocation(o.Zone); err != nil || o.Zone == "" || o.Zone == "Local" {
		p.Add("/zone", "Enter the name of a time zone, like Europe/London.")
	}
	most, err := a.ceilingOf(store.Organisation{})
	if err != nil {
		return err
	}
	ceiling := a.marking(&p, "/ceiling", in.Ceiling, portfolio.Marking{})
	if !ceiling.Marked() && in.Ceiling == "" {
		p.Add("/ceiling", "Select the highest marking that this organisation may hold.")
	}
	ceiling.Within(&p, "/ceiling", most)
	o.Ceiling = ceiling.String()
	if o.SystemWord = text.Line(&p, "/system_word", in.SystemWord, maxWord); o.SystemWord == "" {
		o.SystemWord = defaultSystemWord
	}
	if o.SROWord = text.Line(&p, "/sro_word", in.SROWord, maxWord); o.SROWord == "" {
		o.SROWord = defaultSROWord
	}
	return p.Err()
}
