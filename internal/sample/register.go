package sample

import (
	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
)

func (s *system) input() app.SystemInput {
	in := app.SystemInput{Name: s.spec.name, Kind: s.spec.kind, Scope: s.spec.scope, Sponsor: "Sample sponsor 1", Unit: s.org.units[s.spec.unit],
		Stage: s.spec.stage, Phase: s.spec.phase, Gate: s.spec.gate, Marking: s.spec.marking, Exposure: s.spec.exposure,
		Personal: s.spec.personal, Special: s.spec.special}
	if s.spec.larger {
		in.Size = "larger"
	}
	return in
}

// register brings a system onto the register with all that surrounds it.
func (b *builder) register(s *system, lead *person) error {
	return b.visit(lead, func(who access.Actor) error {
		made, _, err := b.app.CreateSystem(b.ctx, who, s.input())
		if err != nil {
			return err
		}
		s.id = made.ID
		b.pass()
		if err := b.appoint(who, s, lead); err != nil {
			return err
		}
		if err := b.connect(who, s); err != nil {
			return err
		}
		if err := b.oblige(who, s); err != nil {
			return err
		}
		home, err := b.app.SystemHome(b.ctx, who, s.id)
		if err != nil {
			return err
		}
		_, _, err = b.app.MoveSystem(b.ctx, who, s.id, home.System.Version, portfolio.Register, "")
		return err
	})
}

func (b *builder) appoint(who access.Actor, s *system, lead *person) error {
	list := []app.AppointInput{
		{Role: "sro", Person: s.org.sroOf(s).ID, From: b.date(-100), Skills: []string{skillRisk}},
		{Role: "dtsl", Person: lead.ID, From: b.date(-60), Skills: []string{skillLead, skillThreats}},
		{Role: "delivery_lead", Name: "Sample delivery lead 1", From: b.date(-60)},
	}
	if s.spec.larger {
		list = append(list, app.AppointInput{Role: "architect", Name: "Sample architect 1", From: b.date(0), To: b.date(500)})
	}
	if s.place == overdueUnstarted { // somebody stands in while the office is empty
		list[0].StandIn, list[0].Basis = true, "The post is vacant. The sponsor gave the authority to decide in writing."
	}
	for _, in := range list {
		if _, _, err := b.app.Appoint(b.ctx, who, s.id, in); err != nil {
			return err
		}
		b.pass()
	}
	return nil
}

// connect records one connection to the system before it and one to the outside;
// some lack an owner on the far side, which is shown as a finding.
func (b *builder) connect(who access.Actor, s *system) error {
	far := app.ConnectInput{OtherName: "Weather service of another body (sample)", Purpose: "Forecasts every hour, one way in.", OwnerHere: "Sample delivery lead 1"}
	if s.place%3 != 0 {
		far.OwnerThere, far.CheckedOn = "Duty manager of the other body", b.date(-20)
	}
	list := []app.ConnectInput{far}
	if s.place > 0 {
		list = append(list, app.ConnectInput{Other: s.org.systems[s.place-1].id, Purpose: "Reference data, copied every night.",
			OwnerHere: s.org.sroOf(s).Name, OwnerThere: s.org.sroOf(s.org.systems[s.place-1]).Name, CheckedOn: b.date(-5)})
	}
	for _, in := range list {
		if _, _, err := b.app.Connect(b.ctx, who, s.id, in); err != nil {
			return err
		}
		b.pass()
	}
	return nil
}

func (b *builder) oblige(who access.Actor, s *system) error {
	list := []app.ObligeInput{
		{Title: "Data Protection Act 2018", Overview: "Duties towards people whose data is held.", Applies: "no", Justification: "No data about people is held.", Specialist: "yes"},
		{Title: "Network and Information Systems Regulations 2018", Overview: "Duties of operators of essential services.", Applies: "yes", Specialist: "yes"},
		{Title: "Public Records Act 1958", Overview: "Which records are kept, and where they go.", Applies: "unknown", Specialist: "no"},
	}
	if s.spec.personal {
		list[0].Applies, list[0].Justification = "yes", ""
	}
	if s.place%2 == 0 {
		list[2].Applies = "yes"
	}
	for _, in := range list {
		if _, _, err := b.app.Oblige(b.ctx, who, s.id, in); err != nil {
			return err
		}
		b.pass()
	}
	if s.place%3 != 0 {
		return nil
	}
	_, _, err := b.app.Accredit(b.ctx, who, s.id, app.AccreditInput{Reference: "SAMPLE/ACC/" + string(b.date(-700))[:4] + "/" + s.org.spec.short, Authority: "Accreditation board (sample)",
		Scope: "The system as it was when the accreditation was given.", Issued: b.date(-700), Expires: b.date(120),
		Conditions: "Faults found in tests are mended within 30 days.", ResidualRisks: "Older parts of the network cannot be watched."})
	b.pass()
	return err
}

// nextPhase moves a system on in its life.
func (b *builder) nextPhase(s *system, lead *person) error {
	return b.visit(lead, func(who access.Actor) error {
		home, err := b.app.SystemHome(b.ctx, who, s.id)
		if err != nil {
			return err
		}
		in := s.input()
		in.Stage, in.Phase, in.Gate = "in_service", "public beta", "Gate 4"
		_, _, err = b.app.ChangeSystem(b.ctx, who, s.id, home.System.Version, in)
		return err
	})
}
