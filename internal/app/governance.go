package app

import (
	"context"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// AppointInput names somebody in a role of a system.
type AppointInput struct {
	Role       string
	Person     string // somebody with an account in the organisation, or ""
	Name       string // needed without Person
	From, To   civil.Date
	StandIn    bool
	Basis      string
	OnBehalfOf string
	Skills     []string
}

// onSystem runs a write on one system that is not read only.
func (a *App) onSystem(ctx context.Context, who access.Actor, id string, fn func(tx *store.Tx, scope access.Scope, s store.System) (any, error)) (Receipt, error) {
	return a.writing(ctx, who, access.SystemWrite, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, id)
		if err != nil {
			return err
		}
		if portfolio.State(s.State).ReadOnly() {
			return fault.Newf(fault.Conflict, "This system is %s, so it can no longer change.", s.State)
		}
		answer, err := fn(tx, scope, s)
		tx.Answer(answer)
		return err
	})
}

// Appoint names somebody in a role of a system. It needs system.write. An SRO
// or a stand-in who has an account also needs the role sro, which an
// administrator grants.
func (a *App) Appoint(ctx context.Context, who access.Actor, system string, in AppointInput) (Created, Receipt, error) {
	var out Created
	r, err := a.onSystem(ctx, who, system, func(tx *store.Tx, scope access.Scope, s store.System) (any, error) {
		if in.Person != "" {
			p, err := a.memberNamed(ctx, tx, scope, in.Person)
			if err != nil {
				return nil, err
			}
			in.Name = p.Name
		}
		if in.OnBehalfOf != "" {
			if err := a.appointmentExists(ctx, tx, s, in.OnBehalfOf); err != nil {
				return nil, err
			}
		}
		v, problems := portfolio.ValidateAppointment(portfolio.Appointment{Role: portfolio.Role(in.Role), User: in.Person, Name: in.Name, From: in.From,
			To: in.To, StandIn: in.StandIn, Basis: in.Basis, OnBehalfOf: in.OnBehalfOf, Skills: in.Skills})
		if err := problems.Err(); err != nil {
			return nil, err
		}
		id, err := a.newID(tx, ident.Appointment)
		if err != nil {
			return nil, err
		}
		out = Created{ID: id}
		err = tx.CreateAppointment(ctx, store.Appointment{Organisation: s.Organisation, ID: id, System: s.ID, Role: string(v.Role), Person: v.User,
			Name: v.Name, StandIn: v.StandIn, Basis: v.Basis, OnBehalfOf: v.OnBehalfOf, Skills: strings.Join(v.Skills, ", "), StartsOn: v.From, EndsOn: v.To})
		tx.Record(store.Record{Action: audit.AppointmentMade, TargetType: "appointment", Target: id,
			Fields: map[string]string{"role": string(v.Role), "person": v.Name, "from": string(v.From), "until": string(v.To)}})
		return out, err
	})
	return out, r, err
}

func (a *App) memberNamed(ctx context.Context, tx *store.Tx, scope access.Scope, id string) (store.Person, error) {
	grants, err := tx.GrantsIn(ctx, scope, []string{id})
	if err != nil {
		return store.Person{}, err
	}
	if len(grants) == 0 {
		return store.Person{}, errNotFound
	}
	return tx.Person(ctx, id)
}

func (a *App) appointmentExists(ctx context.Context, tx *store.Tx, s store.System, id string) error {
	list, err := tx.Appointments(ctx, s)
	if err != nil {
		return err
	}
	for _, ap := range list {
		if ap.ID == id {
			return nil
		}
	}
	return errNotFound
}

// EndAppointment sets the last day of an appointment. It needs system.write.
func (a *App) EndAppointment(ctx context.Context, who access.Actor, system, id string, last civil.Date) (Receipt, error) {
	return a.onSystem(ctx, who, system, func(tx *store.Tx, _ access.Scope, s store.System) (any, error) {
		list, err := tx.Appointments(ctx, s)
		if err != nil {
			return nil, err
		}
		for _, ap := range list {
			if ap.ID != id {
				continue
			}
			if !last.Valid() || last < ap.StartsOn {
				var p fault.Problems
				p.Add("/to", "Enter a real date that is not before the first day of the appointment.")
				return nil, p.Err()
			}
			ap.EndsOn = last
			tx.Record(store.Record{Action: audit.AppointmentEnded, TargetType: "appointment", Target: id,
				Fields: map[string]string{"role": ap.Role, "person": ap.Name}})
			return Created{ID: id}, tx.SaveAppointment(ctx, ap)
		}
		return nil, errNotFound
	})
}

// ConnectInput describes a connection to another system.
type ConnectInput struct {
	Other, OtherName, Purpose string
	OwnerHere, OwnerThere     string
	CheckedOn                 civil.Date
}

// Connect records a connection. It needs system.write.
func (a *App) Connect(ctx context.Context, who access.Actor, system string, in ConnectInput) (Created, Receipt, error) {
	var out Created
	r, err := a.onSystem(ctx, who, system, func(tx *store.Tx, scope access.Scope, s store.System) (any, error) {
		c, err := a.connection(ctx, tx, scope, s, in)
		if err != nil {
			return nil, err
		}
		if c.ID, err = a.newID(tx, ident.Connection); err != nil {
			return nil, err
		}
		out = Created{ID: c.ID}
		tx.Record(store.Record{Action: audit.ConnectionRecorded, TargetType: "connection", Target: c.ID,
			Fields: map[string]string{"name": c.OtherName, "risk_owner": c.OurOwner}})
		return out, tx.CreateConnection(ctx, c)
	})
	return out, r, err
}

// ChangeConnection replaces a connection. It needs system.write.
func (a *App) ChangeConnection(ctx context.Context, who access.Actor, system, id string, version int64, in ConnectInput) (Receipt, error) {
	return a.onSystem(ctx, who, system, func(tx *store.Tx, scope access.Scope, s store.System) (any, error) {
		list, err := tx.Connections(ctx, s)
		if err != nil {
			return nil, err
		}
		for _, old := range list {
			if old.ID != id {
				continue
			}
			c, err := a.connection(ctx, tx, scope, s, in)
			if err != nil {
				return nil, err
			}
			c.ID, c.Version = id, version
			tx.Record(store.Record{Action: audit.ConnectionChanged, TargetType: "connection", Target: id,
				Fields: map[string]string{"name": c.OtherName, "risk_owner": c.OurOwner}})
			return Created{ID: id}, tx.SaveConnection(ctx, c)
		}
		return nil, errNotFound
	})
}

func (a *App) connection(ctx context.Context, tx *store.Tx, scope access.Scope, s store.System, in ConnectInput) (store.Connection, error) {
	if in.Other != "" {
		other, err := tx.System(ctx, scope, in.Other)
		if err != nil {
			return store.Connection{}, err
		}
		in.OtherName = other.Name
	}
	v, problems := portfolio.ValidateConnection(portfolio.Connection{System: s.ID, Other: in.Other, OtherName: in.OtherName, Purpose: in.Purpose,
		OwnerHere: in.OwnerHere, OwnerThere: in.OwnerThere, CheckedOn: in.CheckedOn})
	return store.Connection{Organisation: s.Organisation, System: s.ID, OtherSystem: v.Other, OtherName: v.OtherName, Description: v.Purpose,
		OurOwner: v.OwnerHere, TheirOwner: v.OwnerThere, CheckedOn: v.CheckedOn}, problems.Err()
}

// ObligeInput is one row of the obligations matrix.
type ObligeInput struct {
	Title, Overview, Applies, Justification, Specialist string
}

// Oblige adds a row of the obligations matrix. It needs system.write.
func (a *App) Oblige(ctx context.Context, who access.Actor, system string, in ObligeInput) (Created, Receipt, error) {
	var out Created
	r, err := a.onSystem(ctx, who, system, func(tx *store.Tx, _ access.Scope, s store.System) (any, error) {
		v, problems := portfolio.ValidateObligation(portfolio.Obligation{Title: in.Title, Overview: in.Overview, Applies: in.Applies,
			Justification: in.Justification, Specialist: in.Specialist})
		if err := problems.Err(); err != nil {
			return nil, err
		}
		id, err := a.newID(tx, ident.Obligation)
		if err != nil {
			return nil, err
		}
		out = Created{ID: id}
		tx.Record(store.Record{Action: audit.ObligationRecorded, TargetType: "obligation", Target: id, Fields: map[string]string{"name": v.Title, "detail": v.Applies}})
		return out, tx.CreateObligation(ctx, store.Obligation{Organisation: s.Organisation, ID: id, System: s.ID, Title: v.Title, Overview: v.Overview,
			Applies: v.Applies, Justification: v.Justification, Specialist: v.Specialist})
	})
	return out, r, err
}

// AccreditInput is a legacy accreditation.
type AccreditInput struct {
	Reference, Authority, Scope, Conditions, ResidualRisks string
	Issued, Expires                                        civil.Date
}

// Accredit records a legacy accreditation. It needs system.write.
func (a *App) Accredit(ctx context.Context, who access.Actor, system string, in AccreditInput) (Created, Receipt, error) {
	var out Created
	r, err := a.onSystem(ctx, who, system, func(tx *store.Tx, _ access.Scope, s store.System) (any, error) {
		v, problems := portfolio.ValidateAccreditation(portfolio.Accreditation{Reference: in.Reference, Authority: in.Authority, Scope: in.Scope,
			Issued: in.Issued, Expires: in.Expires, Conditions: in.Conditions, ResidualRisks: in.ResidualRisks})
		if err := problems.Err(); err != nil {
			return nil, err
		}
		id, err := a.newID(tx, ident.Accreditation)
		if err != nil {
			return nil, err
		}
		out = Created{ID: id}
		tx.Record(store.Record{Action: audit.AccreditationRecorded, TargetType: "accreditation", Target: id,
			Fields: map[string]string{"reference": v.Reference, "expires": string(v.Expires), "conditions": v.Conditions}})
		return out, tx.CreateAccreditation(ctx, store.Accreditation{Organisation: s.Organisation, ID: id, System: s.ID, Reference: v.Reference,
			Authority: v.Authority, Scope: v.Scope, Conditions: v.Conditions, ResidualRisks: v.ResidualRisks, IssuedOn: v.Issued, ExpiresOn: v.Expires})
	})
	return out, r, err
}

// TrainInput shows that a member has a skill.
type TrainInput struct {
	Person, Skill, Basis, Title, Reference, AssessedBy string
	AchievedOn, ExpiresOn                              civil.Date
}

// RecordTraining adds a training, qualification or experience record of a member.
// It needs people.write.
func (a *App) RecordTraining(ctx context.Context, who access.Actor, in TrainInput) (Created, Receipt, error) {
	var out Created
	r, err := a.writing(ctx, who, access.PeopleWrite, func(tx *store.Tx, scope access.Scope) error {
		person, err := a.memberNamed(ctx, tx, scope, in.Person)
		if err != nil {
			return err
		}
		org, err := tx.Organisation(ctx, scope)
		if err != nil {
			return err
		}
		v, problems := portfolio.ValidateSkillRecord(portfolio.SkillRecord{User: person.ID, Name: person.Name, Skill: in.Skill, Basis: in.Basis, Title: in.Title,
			Reference: in.Reference, AssessedBy: in.AssessedBy, AchievedOn: in.AchievedOn, ExpiresOn: in.ExpiresOn}, today(tx, org))
		if err := problems.Err(); err != nil {
			return err
		}
		id, err := a.newID(tx, ident.Training)
		if err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.TrainingRecorded, TargetType: "training", Target: id,
			Fields: map[string]string{"person": v.Name, "skill": v.Skill, "expires": string(v.ExpiresOn)}})
		out = Created{ID: id}
		tx.Answer(out)
		return tx.CreateTraining(ctx, store.Training{Organisation: scope.Organisation(), ID: id, Person: v.User, Name: v.Name, Skill: v.Skill, Basis: v.Basis,
			Title: v.Title, Reference: v.Reference, AssessedBy: v.AssessedBy, AchievedOn: v.AchievedOn, ExpiresOn: v.ExpiresOn})
	})
	return out, r, err
}

// Training lists what is recorded of a member's training, qualifications and
// experience: to administrators of people and to the member, nobody else is shown
// any. It needs people.read and fails with fault.NotFound for somebody who is not
// here.
func (a *App) Training(ctx context.Context, who access.Actor, personID string) ([]Training, error) {
	var out []Training
	err := a.reading(ctx, who, access.PeopleRead, func(tx *store.Tx, scope access.Scope) error {
		person, err := a.memberNamed(ctx, tx, scope, personID)
		if err != nil || person.ID != who.ID && !access.May(who, access.PeopleWrite) {
			return err
		}
		out, err = tx.TrainingOf(ctx, scope, []string{person.ID})
		return err
	})
	return out, err
}
