package sample

import (
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
)

// person is a member of staff.
type person struct {
	ID    string
	Name  string
	Email string
	Role  access.Role
	org   *organisation
}

// organisation is one of the two as it grows.
type organisation struct {
	spec    organisationSpec
	number  int // 0 or 1
	id      string
	units   []string
	staff   map[access.Role][]*person
	systems []*system
}

func (o *organisation) one(role access.Role, i int) *person {
	return o.staff[role][i%len(o.staff[role])]
}

// meta is what the edge would know of a request in a sample person's browser.
func meta() app.RequestMeta {
	return app.RequestMeta{Address: "192.0.2.20", Agent: "Sample browser"} // RFC 5737: an address for documentation
}

// visit signs a person in, lets them act and signs them out.
func (b *builder) visit(p *person, act func(who access.Actor) error) error {
	link, _, err := b.app.NewDemoLink(b.ctx, p.ID)
	if err != nil {
		return fmt.Errorf("link for %s: %w", p.Name, err)
	}
	opened, _, err := b.app.UseDemoLink(b.ctx, secretOf(link), meta())
	if err != nil {
		return fmt.Errorf("sign %s in: %w", p.Name, err)
	}
	who, _, err := b.app.ActorFromSession(b.ctx, opened.Cookie, meta())
	if err != nil {
		return fmt.Errorf("sign %s in: %w", p.Name, err)
	}
	b.pass()
	if err := act(who); err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	b.pass()
	_, err = b.app.SignOut(b.ctx, who)
	return err
}

// secretOf is the last part of a link.
func secretOf(l app.Link) string { return l.URL[strings.LastIndex(l.URL, "/")+1:] }

// found makes both organisations with their people and units, and plans all that
// happens in them.
func (b *builder) found() error {
	specs := organisations()
	link, _, err := b.app.NewSetupLink(b.ctx)
	if err != nil {
		return err
	}
	first := &organisation{spec: specs[0], staff: map[access.Role][]*person{}}
	admin := &person{Name: "Sample administrator 1", Email: "administrator.1@" + first.spec.domain, Role: access.Administrator, org: first}
	opened, _, err := b.app.CreateFirstAdministrator(b.ctx, secretOf(link),
		app.FirstAdministratorInput{Name: admin.Name, Email: admin.Email, Organisation: first.spec.name}, meta())
	if err != nil {
		return err
	}
	admin.ID = opened.PersonID
	first.staff[access.Administrator] = []*person{admin}
	second := &organisation{spec: specs[1], number: 1, staff: map[access.Role][]*person{}}
	if err := b.visit(admin, func(who access.Actor) error {
		first.id = who.Organisation
		return b.foundSecond(who, second)
	}); err != nil {
		return err
	}
	for _, o := range []*organisation{first, second} {
		if err := b.settle(o); err != nil {
			return fmt.Errorf("%s: %w", o.spec.name, err)
		}
		b.plan(o)
	}
	return nil
}

// foundSecond makes the other organisation and hands it over to an administrator
// of its own, so that nobody reaches both.
func (b *builder) foundSecond(who access.Actor, o *organisation) error {
	made, _, err := b.app.CreateOrganisation(b.ctx, who, o.spec.name)
	if err != nil {
		return err
	}
	o.id = made.ID
	there := who
	there.Organisation = made.ID // as after choosing it in the switcher
	if _, err := b.app.SwitchOrganisation(b.ctx, who, made.ID); err != nil {
		return err
	}
	if err := b.hire(there, o, access.Administrator, ""); err != nil {
		return err
	}
	if _, err := b.app.SwitchOrganisation(b.ctx, there, who.Organisation); err != nil {
		return err
	}
	return b.visit(o.one(access.Administrator, 0), func(own access.Actor) error {
		m, err := b.app.MemberOf(b.ctx, own, who.ID)
		if err != nil {
			return err
		}
		for _, r := range m.Roles {
			if _, err := b.app.EndRole(b.ctx, own, r.ID); err != nil {
				return err
			}
		}
		return nil
	})
}

// hire invites somebody, who accepts.
func (b *builder) hire(admin access.Actor, o *organisation, role access.Role, unit string) error {
	n := 1 + len(o.staff[role]) + o.number*staffOf(role)
	word := titleOf(role)
	p := &person{Name: fmt.Sprintf("Sample %s %d", word, n), Role: role, org: o,
		Email: fmt.Sprintf("%s.%d@%s", strings.ReplaceAll(strings.ToLower(word), " ", "."), n, o.spec.domain)}
	link, _, err := b.app.Invite(b.ctx, admin, app.InviteInput{Email: p.Email, Name: p.Name, Role: role, Unit: unit})
	if err != nil {
		return fmt.Errorf("invite %s: %w", p.Name, err)
	}
	b.pass()
	opened, _, err := b.app.AcceptInvitation(b.ctx, secretOf(link), app.AcceptInput{Name: p.Name, Email: p.Email}, meta())
	if err != nil {
		return fmt.Errorf("%s accepts: %w", p.Name, err)
	}
	b.pass()
	p.ID = opened.PersonID
	o.staff[role] = append(o.staff[role], p)
	return nil
}

// staffOf is how many people of a role each organisation has.
func staffOf(role access.Role) int {
	switch role {
	case access.TeamMember:
		return 3
	case access.DTSL, access.SRO:
		return 2
	}
	return 1
}

// titleOf is a role as part of a sample person's name.
func titleOf(role access.Role) string {
	switch role {
	case access.SRO, access.DTSL:
		return strings.ToUpper(string(role))
	}
	return strings.ReplaceAll(string(role), "_", " ")
}

// settle makes the units and the people of an organisation.
func (b *builder) settle(o *organisation) error {
	err := b.visit(o.one(access.Administrator, 0), func(who access.Actor) error {
		for _, u := range o.spec.units {
			in := app.UnitInput{Name: u.name, Kind: u.kind}
			if u.below > 0 {
				in.Parent = o.units[u.below-1]
			}
			made, _, err := b.app.CreateUnit(b.ctx, who, in)
			if err != nil {
				return err
			}
			o.units = append(o.units, made.ID)
			b.pass()
		}
		for _, role := range access.Roles() {
			for len(o.staff[role]) < staffOf(role) {
				unit := ""
				if role == access.SRO && len(o.staff[role]) == 1 {
					unit = o.units[o.spec.secondSRO]
				}
				if err := b.hire(who, o, role, unit); err != nil {
					return err
				}
			}
		}
		return b.train(who, o)
	})
	for _, role := range access.Roles() {
		for _, p := range o.staff[role] {
			b.world.Personas = append(b.world.Personas, Persona{Name: p.Name, Role: role, Organisation: o.spec.name, OrganisationID: o.id, PersonID: p.ID})
		}
	}
	return err
}

// train records what shows that people have the skills their roles need. Nothing
// is recorded for the second security lead, which the system pages point out.
func (b *builder) train(who access.Actor, o *organisation) error {
	lead := o.one(access.DTSL, 0)
	for _, in := range []app.TrainInput{
		{Person: lead.ID, Skill: skillLead, Basis: "qualification", Title: "Security leadership certificate (sample)", Reference: "SAMPLE-0417", AchievedOn: b.date(-200), ExpiresOn: b.date(900)},
		{Person: lead.ID, Skill: skillThreats, Basis: "training", Title: "Threat modelling course, two days (sample)", AchievedOn: b.date(-90)},
		{Person: o.one(access.SRO, 0).ID, Skill: skillRisk, Basis: "experience", Title: "Accountable for two services before this one", AssessedBy: "Sample sponsor 1", AchievedOn: b.date(-30)},
	} {
		if _, _, err := b.app.RecordTraining(b.ctx, who, in); err != nil {
			return err
		}
		b.pass()
	}
	return nil
}

const (
	skillLead    = "Security leadership"
	skillThreats = "Threat modelling"
	skillRisk    = "Risk management"
)

// sroOf is who is accountable for a system: the second SRO for those of their
// part of the organisation.
func (o *organisation) sroOf(s *system) *person {
	if slices.Contains(o.spec.below(o.spec.secondSRO), s.spec.unit) {
		return o.one(access.SRO, 1)
	}
	return o.one(access.SRO, 0)
}
