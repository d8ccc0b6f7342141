package sample

import (
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
)

// system is one system as it grows.
type system struct {
	spec    systemSpec
	place   int // 0 to 7: the part that it plays
	id      string
	org     *organisation
	open    string // the assessment under way
	token   string // of its pipeline
	records []record
}

// The parts that the systems play at the end of the year, by place. Every system
// has had four assessments approved by then.
const (
	overdueUnstarted = 0 // the next one lapsed: nobody began it by its day
	overdueDraft     = 1 // the next one was begun and is overdue
	withSRO          = 2
	returned         = 3
	underWay         = 4 // with a second framework begun beside it
	underThreat      = 7 // its third was brought forward by a new threat
	disposing        = 7
)

// firstApproval is the day of a system's first approval; the next three follow
// every quarterDays. The distance to the day on which the schedule of three
// months would open the next one is more than the months of a year differ in
// length, so that the same things happen whenever the demo is made.
func firstApproval(o *organisation, place int) int { return 12 - o.number + 3*place }

const quarterDays = 84

// plan puts the year of an organisation into the calendar.
func (b *builder) plan(o *organisation) {
	for place, spec := range o.spec.systems {
		s := &system{spec: spec, place: place, org: o}
		o.systems = append(o.systems, s)
		lead := o.one(access.DTSL, place/4)
		b.on(1+place/4, 9*60+place%4*40, "register "+spec.name, func() error { return b.register(s, lead) })
		for quarter := range 4 {
			b.planQuarter(s, lead, quarter)
		}
		b.planEnd(s, lead)
	}
	b.on(3, 9*60, "owners", func() error { return b.owners(o) })
	b.on(1, 14*60, "policies", func() error { return b.policies(o) })
	b.planPipelines(o)
	b.planFeedback(o)
}

// planQuarter plans one assessment from its start to its approval.
func (b *builder) planQuarter(s *system, lead *person, quarter int) {
	o, approval := s.org, firstApproval(s.org, s.place)+quarter*quarterDays
	member := o.one(access.TeamMember, s.place+quarter)
	name := s.spec.name
	start := approval - 5
	if quarter == 0 {
		start = approval - 8
	}
	if s.place == underThreat && quarter == 2 {
		start = approval - 14 // before the schedule opens it
		b.on(start, 8*60+30, name+" under threat", func() error { return b.threat(s, lead) })
	}
	b.on(start, 9*60+30, "start "+name, func() error { return b.start1(s, lead, quarter) })
	b.on(start+1, 10*60, "answer "+name, func() error { return b.answerRest(s, member, quarter) })
	if quarter == 1 && s.place%4 == 2 {
		other := o.one(access.TeamMember, s.place+quarter+1)
		b.on(start+2, 11*60, "conflict in "+name, func() error { return b.conflict(s, member, other) })
	}
	b.on(approval-2, 15*60, "submit "+name, func() error { return b.submit(s, lead) })
	if quarter == 2 && s.place%3 == 1 {
		b.on(approval-2, 16*60, "return "+name, func() error { return b.giveBack(s) })
		b.on(approval-1, 10*60, "correct "+name, func() error { return b.correct(s, member, lead) })
	}
	b.on(approval, 14*60, "approve "+name, func() error { return b.approve(s, quarter) })
}

// planEnd plans what each system is in the middle of when the visitor comes.
func (b *builder) planEnd(s *system, lead *person) {
	o, name := s.org, s.spec.name
	last := firstApproval(o, s.place) + 3*quarterDays
	member := o.one(access.TeamMember, s.place)
	switch s.place {
	case overdueDraft:
		b.on(last+79, 9*60, "start "+name, func() error { return b.start1(s, lead, 4) })
		b.on(last+80, 9*60, "wait in "+name, func() error { return b.unknown(s, member, 8) })
		b.on(last+82, 11*60, "conflict in "+name, func() error { return b.conflict(s, member, o.one(access.TeamMember, s.place+1)) })
	case withSRO, returned:
		b.on(last+79, 9*60, "start "+name, func() error { return b.start1(s, lead, 4) })
		b.on(last+80, 10*60, "answer "+name, func() error { return b.answerRest(s, member, 4) })
		b.on(last+82, 15*60, "submit "+name, func() error { return b.submit(s, lead) })
		if s.place == returned {
			b.on(last+84, 10*60, "return "+name, func() error { return b.giveBack(s) })
		}
	case underWay:
		b.on(last+79, 9*60, "start "+name, func() error { return b.start1(s, lead, 4) })
		b.on(last-20, 9*60, "second framework of "+name, func() error { return b.second(s, lead) })
		b.on(last-100, 9*60, "next phase of "+name, func() error { return b.nextPhase(s, lead) })
		b.on(last-60, 9*60, "withdraw evidence of "+name, func() error { return b.withdraw(s, lead) })
	}
	if s.place == disposing {
		b.on(last+20, 9*60, "dispose of "+name, func() error {
			return b.visit(lead, func(who access.Actor) error {
				h, err := b.app.SystemHome(b.ctx, who, s.id)
				if err != nil {
					return err
				}
				_, _, err = b.app.MoveSystem(b.ctx, who, s.id, h.System.Version, portfolio.StartDisposal, "Its successor has taken over. Records that must be kept are being moved.")
				return err
			})
		})
	}
}

// planFeedback plans three notes on guidance, one of which is dealt with.
func (b *builder) planFeedback(o *organisation) {
	for i, note := range feedback() {
		b.on(60+90*i, 12*60, "feedback", func() error {
			return b.visit(o.one(access.TeamMember, i), func(who access.Actor) error {
				_, _, err := b.app.SendFeedback(b.ctx, who, note.framework, note.place, note.words)
				return err
			})
		})
	}
	b.on(75, 12*60, "answer to feedback", func() error {
		return b.visit(o.one(access.Administrator, 0), func(who access.Actor) error {
			open, err := b.app.FeedbackIn(b.ctx, who, "open")
			if err != nil {
				return err
			}
			if len(open) != 1 {
				return fmt.Errorf("%d notes are open", len(open))
			}
			_, err = b.app.HandleFeedback(b.ctx, who, open[0].ID, open[0].Version, "done", "An example was added to our own guidance page, which the note now links to.")
			return err
		})
	})
}

// owners gives each accountable person the role for their systems by name.
func (b *builder) owners(o *organisation) error {
	return b.visit(o.one(access.Administrator, 0), func(who access.Actor) error {
		for _, s := range o.systems {
			if _, _, err := b.app.GrantRole(b.ctx, who, app.GrantInput{Person: o.sroOf(s).ID, Role: access.SRO, System: s.id}); err != nil {
				return err
			}
			b.pass()
		}
		return nil
	})
}

// threat makes an assessment due because of news.
func (b *builder) threat(s *system, lead *person) error {
	return b.visit(lead, func(who access.Actor) error {
		_, _, err := b.app.Trigger(b.ctx, who, s.id, app.TriggerInput{Framework: s.spec.framework, Kind: "new_threat",
			Reason: "A notice describes attacks on record stores of this sort, so the answers have to be looked at before their day."})
		return err
	})
}
