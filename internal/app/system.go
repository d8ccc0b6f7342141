package app

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/audit"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/ident"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/store"
)

// Rows of the register, as callers see them.
type (
	System        = store.System
	SystemLine    = store.SystemLine
	Summary       = store.Summary
	SystemFilter  = store.SystemFilter
	Appointment   = store.Appointment
	Connection    = store.Connection
	Obligation    = store.Obligation
	Accreditation = store.Accreditation
	Training      = store.Training
)

// SystemInput is what a person enters about a system. Only the name is needed;
// SystemHome says what registration needs beyond it.
type SystemInput struct {
	Name     string
	Kind     string
	Scope    string
	Sponsor  string
	Unit     string
	Stage    string
	Phase    string
	Gate     string
	Size     string // "" or framework.SizeLarger
	Marking  string
	Exposure string
	Personal bool
	Special  bool
}

// Created answers for a thing that was made.
type Created struct {
	ID string `json:"id"`
}

// CreateSystem registers a system as a draft. It needs system.create.
//
// It fails with fault.Invalid for a missing name, a unit that is not the
// organisation's, or a marking above the ceiling.
func (a *App) CreateSystem(ctx context.Context, who access.Actor, in SystemInput) (Created, Receipt, error) {
	var out Created
	r, err := a.writing(ctx, who, access.SystemCreate, func(tx *store.Tx, scope access.Scope) error {
		s := store.System{Organisation: scope.Organisation(), State: string(portfolio.Draft), CreatedBy: who.ID, CreatedAt: tx.Now()}
		if err := a.fillSystem(ctx, tx, scope, &s, in); err != nil {
			return err
		}
		var err error
		if s.ID, err = a.newID(tx, ident.System); err != nil {
			return err
		}
		if err := tx.CreateSystem(ctx, s); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.SystemCreated, TargetType: "system", Target: s.ID, Fields: map[string]string{"name": s.Name}})
		out = Created{ID: s.ID}
		tx.Answer(out)
		return nil
	})
	return out, r, err
}

// ChangeSystem replaces what was entered about a system. version is the version
// that the person saw. It needs system.write on the system.
//
// It fails with fault.Stale when somebody else changed it, and fault.Conflict
// when the system is read only.
func (a *App) ChangeSystem(ctx context.Context, who access.Actor, id string, version int64, in SystemInput) (System, Receipt, error) {
	var out System
	r, err := a.writing(ctx, who, access.SystemWrite, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, id)
		if err != nil {
			return err
		}
		if portfolio.State(s.State).ReadOnly() {
			return fault.Newf(fault.Conflict, "This system is %s, so it can no longer change.", s.State)
		}
		before := s
		s.Version = version
		if err := a.fillSystem(ctx, tx, scope, &s, in); err != nil {
			return err
		}
		if err := tx.SaveSystem(ctx, s); err != nil {
			return err
		}
		recordSystemChange(tx, before, s)
		s.Version++
		out = s
		tx.Answer(map[string]any{"id": s.ID, "version": s.Version})
		return nil
	})
	return out, r, err
}

func recordSystemChange(tx *store.Tx, before, after store.System) {
	what := changed([3]string{"name", before.Name, after.Name}, [3]string{"kind", before.Kind, after.Kind},
		[3]string{"scope", before.Scope, after.Scope}, [3]string{"sponsor", before.Sponsor, after.Sponsor},
		[3]string{"unit", before.Unit, after.Unit}, [3]string{"stage", before.Stage, after.Stage},
		[3]string{"phase", before.Phase, after.Phase}, [3]string{"gate", before.Gate, after.Gate},
		[3]string{"marking", before.Marking, after.Marking}, [3]string{"exposure", before.Exposure, after.Exposure},
		[3]string{"personal data", fmt.Sprint(before.Personal), fmt.Sprint(after.Personal)},
		[3]string{"special category data", fmt.Sprint(before.Special), fmt.Sprint(after.Special)})
	tx.Record(store.Record{Action: audit.SystemChanged, TargetType: "system", Target: after.ID,
		Fields: map[string]string{"name": after.Name, "after": what}})
}

// fillSystem checks the input and puts it into the row.
func (a *App) fillSystem(ctx context.Context, tx *store.Tx, scope access.Scope, s *store.System, in SystemInput) error {
	org, err := tx.Organisation(ctx, scope)
	if err != nil {
		return err
	}
	var p fault.Problems
	marking := a.marking(&p, "/marking", in.Marking, portfolio.Marking{})
	if in.Unit != "" {
		units, err := tx.Units(ctx, scope)
		if err != nil {
			return err
		}
		if !hasUnit(units, in.Unit) {
			p.Add("/unit", "Choose one of the units of your organisation.")
		}
	}
	if in.Size != "" && in.Size != "all" && in.Size != "larger" {
		p.Add("/size", "Choose standard or larger.")
	}
	ceiling, err := a.ceilingOf(org)
	if err != nil {
		return err
	}
	v, problems := portfolio.ValidateSystem(portfolio.System{ID: s.ID, Name: in.Name, Kind: in.Kind, Unit: in.Unit, Scope: in.Scope, Sponsor: in.Sponsor,
		Stage: in.Stage, Phase: in.Phase, Gate: in.Gate, Classification: marking, Personal: in.Personal, Special: in.Special, Exposure: in.Exposure}, ceiling)
	if err := append(p, renamed(problems, "/classification", "/marking")...).Err(); err != nil {
		return err
	}
	s.Name, s.NameFolded = v.Name, a.folded(v.Name)
	s.Kind, s.Scope, s.Sponsor, s.Unit = v.Kind, v.Scope, v.Sponsor, v.Unit
	s.Stage, s.Phase, s.Gate, s.Size = v.Stage, v.Phase, v.Gate, in.Size
	s.Marking, s.MarkingRank = marking.String(), rankOf(marking)
	s.Exposure, s.Personal, s.Special = v.Exposure, v.Personal, v.Special
	return nil
}

func hasUnit(units []store.Unit, id string) bool {
	for _, u := range units {
		if u.ID == id {
			return true
		}
	}
	return false
}

// renamed gives problems at another pointer, where the input's name differs from
// the domain's.
func renamed(ps fault.Problems, from, to string) fault.Problems {
	for i := range ps {
		if ps[i].Pointer == from {
			ps[i].Pointer = to
		}
	}
	return ps
}

// marking reads a marking that was entered; "" gives the default.
func (a *App) marking(p *fault.Problems, pointer, s string, none portfolio.Marking) portfolio.Marking {
	if strings.TrimSpace(s) == "" {
		return none
	}
	m, err := portfolio.ParseMarking(s)
	if err != nil {
		public, _ := fault.Public(err)
		p.Add(pointer, "%s", public)
	}
	return m
}

// rankOf orders markings as a number for queries: 0 unmarked, then by tier.
func rankOf(m portfolio.Marking) int {
	rank := 0
	for _, lower := range []portfolio.Marking{{Tier: portfolio.Official}, {Tier: portfolio.Official, Handling: portfolio.Sensitive}, {Tier: portfolio.Secret}, {Tier: portfolio.TopSecret}} {
		if m.Marked() && m.Compare(lower) >= 0 {
			rank += 10
		}
	}
	return rank
}

// ceilingOf is the lower of the organisation's ceiling and the instance's.
func (a *App) ceilingOf(org store.Organisation) (portfolio.Marking, error) {
	ceiling := portfolio.DefaultCeiling()
	if a.Ceiling != "" {
		m, err := portfolio.ParseMarking(a.Ceiling)
		if err != nil {
			return ceiling, fmt.Errorf("instance ceiling: %w", err)
		}
		ceiling = m
	}
	if org.Ceiling == "" {
		return ceiling, nil
	}
	m, err := portfolio.ParseMarking(org.Ceiling)
	if err != nil {
		return ceiling, fmt.Errorf("ceiling of %s: %w", org.ID, err)
	}
	if m.Compare(ceiling) < 0 {
		return m, nil
	}
	return ceiling, nil
}

// zoneOf is the time zone of the organisation's due dates.
func zoneOf(org store.Organisation) *time.Location {
	zone, err := time.LoadLocation(org.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}

// today is the calendar day in the organisation, at the time of the transaction.
func today(tx *store.Tx, org store.Organisation) civil.Date {
	return civil.OfMicro(tx.Now(), zoneOf(org))
}

// SystemsIn lists the systems that the actor may see. It needs system.read.
func (a *App) SystemsIn(ctx context.Context, who access.Actor, f SystemFilter, page Page) (ListOf[SystemLine], error) {
	var out ListOf[SystemLine]
	limit, err := page.size()
	if err != nil {
		return out, err
	}
	after, err := page.parts(2)
	if err != nil {
		return out, err
	}
	f.Name = a.folded(f.Name)
	f.AfterName, f.AfterID, f.Limit = after[0], after[1], limit+1
	err = a.reading(ctx, who, access.SystemRead, func(tx *store.Tx, scope access.Scope) error {
		if len(f.Units) == 1 {
			units, err := tx.Units(ctx, scope)
			if err != nil {
				return err
			}
			f.Units = portfolio.Subtree(portfolioUnits(units), f.Units[0])
			if len(f.Units) == 0 {
				f.Units = []string{"-"}
			}
		}
		var err error
		out.Items, out.Total, err = tx.Systems(ctx, scope, f)
		return err
	})
	if len(out.Items) > limit {
		out.Items = out.Items[:limit]
		last := out.Items[limit-1].System
		out.Next = cursor(last.NameFolded, last.ID)
	}
	return out, err
}

func portfolioUnits(units []store.Unit) []portfolio.Unit {
	out := make([]portfolio.Unit, len(units))
	for i, u := range units {
		out[i] = portfolio.Unit{ID: u.ID, Parent: u.Parent, Name: u.Name, Kind: u.Kind}
	}
	return out
}

// SystemHome is everything the home page of a system shows.
type SystemHome struct {
	System         System
	Organisation   Organisation
	UnitPath       []string
	Summary        Summary
	Missing        []fault.Problem // what registration still needs
	Findings       []portfolio.Finding
	Appointments   []Appointment
	Connections    []Connection
	Obligations    []Obligation
	Accreditations []Accreditation
	Assessments    []Assessment
	Moves          []StandingEvent   // newest first
	Frameworks     map[string]string // short titles by id, of the frameworks in Assessments
	Transitioning  bool
	Now            int64
}

// SystemHome reads a system with everything around it. It needs system.read.
func (a *App) SystemHome(ctx context.Context, who access.Actor, id string) (SystemHome, error) {
	var h SystemHome
	err := a.reading(ctx, who, access.SystemRead, func(tx *store.Tx, scope access.Scope) error {
		var err error
		if h.System, err = tx.System(ctx, scope, id); err != nil {
			return err
		}
		h.Now = tx.Now()
		if h.Organisation, err = tx.Organisation(ctx, scope); err != nil {
			return err
		}
		if h.Summary, err = tx.Summary(ctx, h.System); err != nil {
			return err
		}
		if h.Assessments, err = tx.AssessmentsOf(ctx, h.System, 100); err != nil {
			return err
		}
		h.Frameworks = map[string]string{}
		for _, as := range h.Assessments {
			h.Frameworks[as.Framework] = a.FrameworkName(as.Framework)
		}
		if h.Moves, err = tx.StandingEvents(ctx, h.System, 0, 20); err != nil {
			return err
		}
		units, err := tx.Units(ctx, scope)
		if err != nil {
			return err
		}
		h.UnitPath = portfolio.Path(portfolioUnits(units), h.System.Unit)
		return a.governance(ctx, tx, scope, &h)
	})
	return h, err
}

// governance fills in roles, connections, obligations and the gaps in them.
func (a *App) governance(ctx context.Context, tx *store.Tx, scope access.Scope, h *SystemHome) error {
	var err error
	if h.Appointments, err = tx.Appointments(ctx, h.System); err != nil {
		return err
	}
	if h.Connections, err = tx.Connections(ctx, h.System); err != nil {
		return err
	}
	if h.Obligations, err = tx.Obligations(ctx, h.System); err != nil {
		return err
	}
	if h.Accreditations, err = tx.Accreditations(ctx, h.System); err != nil {
		return err
	}
	facts := portfolio.Facts{System: portfolioSystem(h.System), HasApproved: hasApproved(h.Assessments)}
	var people []string
	for _, ap := range h.Appointments {
		facts.Appointments = append(facts.Appointments, portfolioAppointment(ap))
		if ap.Person != "" {
			people = append(people, ap.Person)
		}
	}
	training, err := tx.TrainingOf(ctx, scope, people)
	if err != nil {
		return err
	}
	for _, t := range training {
		facts.Skills = append(facts.Skills, portfolio.SkillRecord{ID: t.ID, User: t.Person, Name: t.Name, Skill: t.Skill, Basis: t.Basis,
			Title: t.Title, AchievedOn: t.AchievedOn, ExpiresOn: t.ExpiresOn})
	}
	for _, c := range h.Connections {
		facts.Connections = append(facts.Connections, portfolio.Connection{ID: c.ID, System: c.System, Other: c.OtherSystem, OtherName: c.OtherName,
			Purpose: c.Description, OwnerHere: c.OurOwner, OwnerThere: c.TheirOwner, CheckedOn: c.CheckedOn})
	}
	for _, o := range h.Obligations {
		facts.Obligations = append(facts.Obligations, portfolio.Obligation{ID: o.ID, Title: o.Title, Applies: o.Applies})
	}
	if n := len(h.Accreditations); n > 0 {
		last := portfolioAccreditation(h.Accreditations[n-1])
		facts.Accreditation = &last
		h.Transitioning = portfolio.Transitioning(&last, facts.HasApproved)
	}
	day := today(tx, h.Organisation)
	h.Findings = portfolio.Findings(facts, day)
	_, hasSRO := portfolio.Holder(facts.Appointments, portfolio.SRO, day)
	h.Missing = portfolio.Missing(facts.System, hasSRO)
	return nil
}

func portfolioSystem(s store.System) portfolio.System {
	m, err := portfolio.ParseMarking(s.Marking)
	if err != nil {
		m = portfolio.Marking{}
	}
	return portfolio.System{ID: s.ID, Name: s.Name, Kind: s.Kind, Unit: s.Unit, Scope: s.Scope, Sponsor: s.Sponsor, Stage: s.Stage, Phase: s.Phase,
		Gate: s.Gate, Classification: m, Personal: s.Personal, Special: s.Special, Exposure: s.Exposure, State: portfolio.State(s.State)}
}

func portfolioAppointment(ap store.Appointment) portfolio.Appointment {
	out := portfolio.Appointment{ID: ap.ID, Role: portfolio.Role(ap.Role), User: ap.Person, Name: ap.Name, From: ap.StartsOn, To: ap.EndsOn,
		StandIn: ap.StandIn, Basis: ap.Basis, OnBehalfOf: ap.OnBehalfOf}
	for s := range strings.SplitSeq(ap.Skills, ",") {
		if s = strings.TrimSpace(s); s != "" {
			out.Skills = append(out.Skills, s)
		}
	}
	return out
}

func portfolioAccreditation(ac store.Accreditation) portfolio.Accreditation {
	return portfolio.Accreditation{ID: ac.ID, Reference: ac.Reference, Authority: ac.Authority, Scope: ac.Scope, Issued: ac.IssuedOn,
		Expires: ac.ExpiresOn, Conditions: ac.Conditions, ResidualRisks: ac.ResidualRisks}
}

func hasApproved(as []store.Assessment) bool {
	for _, as := range as {
		if as.ApprovedAt > 0 {
			return true
		}
	}
	return false
}

// MoveSystem performs a move in the life of a system: register, start disposal,
// retire and so on. It needs system.write.
//
// It fails with fault.Invalid listing what registration still needs, and with
// fault.Conflict when the move is not possible now.
func (a *App) MoveSystem(ctx context.Context, who access.Actor, id string, version int64, action portfolio.Action, reason string) (System, Receipt, error) {
	var out System
	r, err := a.writing(ctx, who, access.SystemWrite, func(tx *store.Tx, scope access.Scope) error {
		s, err := tx.System(ctx, scope, id)
		if err != nil {
			return err
		}
		if action == portfolio.FirstApproval {
			return fault.New(fault.Conflict, "A system comes under assurance when its first assessment is approved.")
		}
		to, err := portfolio.Move(portfolio.State(s.State), action)
		if err != nil {
			return err
		}
		if action == portfolio.Register {
			h := SystemHome{System: s}
			if h.Organisation, err = tx.Organisation(ctx, scope); err != nil {
				return err
			}
			if err := a.governance(ctx, tx, scope, &h); err != nil {
				return err
			}
			if err := fault.Problems(renamed(h.Missing, "/classification", "/marking")).Err(); err != nil {
				return err
			}
		}
		before := s.State
		s.Version, s.State = version, string(to)
		if err := tx.SaveSystem(ctx, s); err != nil {
			return err
		}
		tx.Record(store.Record{Action: audit.SystemStateChanged, TargetType: "system", Target: s.ID,
			Fields: withReason(map[string]string{"before": before, "after": s.State}, reason)})
		s.Version++
		out = s
		tx.Answer(map[string]any{"id": s.ID, "state": s.State, "version": s.Version})
		return nil
	})
	return out, r, err
}

func withReason(fields map[string]string, reason string) map[string]string {
	if reason != "" {
		fields["reason"] = reason
	}
	return fields
}
