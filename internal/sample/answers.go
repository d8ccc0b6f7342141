package sample

import (
	"errors"
	"fmt"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// start1 starts an assessment and answers the first part of it: of the first one
// half the questions, later what changed or can no longer be relied on.
func (b *builder) start1(s *system, lead *person, quarter int) error {
	return b.visit(lead, func(who access.Actor) error {
		made, _, err := b.app.StartAssessment(b.ctx, who, s.id, app.StartInput{Framework: s.spec.framework})
		if err != nil {
			return err
		}
		s.open = made.ID
		b.pass()
		if quarter > 0 {
			if err := b.renew(who, s, quarter); err != nil {
				return err
			}
		}
		v, err := b.app.AssessmentView(b.ctx, who, s.open)
		if err != nil {
			return err
		}
		if err := b.gather(who, s, v, quarter); err != nil {
			return err
		}
		for i, line := range v.Lines {
			if quarter == 0 && i < len(v.Lines)/2 || quarter > 0 && b.looksAgain(s, line, quarter) {
				if err := b.answer(who, s, v, line, quarter); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// looksAgain decides which carried-over answers the team changes: those that need
// attention, most of the time, and some by choice.
func (b *builder) looksAgain(s *system, line app.AnswerLine, quarter int) bool {
	if !line.Answer.Claim.Answered() {
		return true
	}
	if line.Answer.Confirmed && !line.Answer.Prior {
		return false
	}
	if b.forgotten(s, line.Requirement.ID, quarter) {
		return true
	}
	n := b.chance("looks", s.org.number, s.place, line.Requirement.ID, quarter).IntN(100)
	if line.Answer.Attention != assessment.NoAttention {
		return n < 75
	}
	return n < 18
}

// answerRest is another member's turn: the questions that have no answer yet,
// then confirming section by section what is still true.
func (b *builder) answerRest(s *system, member *person, quarter int) error {
	return b.visit(member, func(who access.Actor) error {
		v, err := b.app.AssessmentView(b.ctx, who, s.open)
		if err != nil {
			return err
		}
		sections := map[string][]string{}
		var order []string
		for _, line := range v.Lines {
			switch {
			case !line.Answer.Claim.Answered():
				if err := b.answer(who, s, v, line, quarter); err != nil {
					return err
				}
			case !line.Answer.Counts():
				if sections[line.Group.ID] == nil {
					order = append(order, line.Group.ID)
				}
				sections[line.Group.ID] = append(sections[line.Group.ID], line.Requirement.ID)
			}
		}
		for _, section := range order {
			if _, err := b.app.ConfirmAnswers(b.ctx, who, s.open, sections[section]); err != nil {
				return err
			}
			b.pass()
		}
		return nil
	})
}

// answer gives the answer of the story to one question.
func (b *builder) answer(who access.Actor, s *system, v app.AssessmentView, line app.AnswerLine, quarter int) error {
	in := b.said(s, v, line, quarter)
	in.Version = line.Answer.Version
	_, _, err := b.app.Respond(b.ctx, who, s.open, line.Requirement.ID, in)
	if err != nil {
		return fmt.Errorf("answer %s: %w", line.Requirement.ID, err)
	}
	b.pass()
	return nil
}

// said decides what is answered. Systems begin at their maturity and move up, now
// and then down. One question in twelve nobody can answer at first; most of those
// are found out in the next quarter, after the day on which it was promised.
func (b *builder) said(s *system, v app.AssessmentView, line app.AnswerLine, quarter int) app.RespondInput {
	r := line.Requirement
	c := b.chance("said", s.org.number, s.place, r.ID)
	fate, start := c.IntN(100), c.IntN(3)
	names := names{system: s.spec.name, topic: r.Title, expected: r.Evidence}
	words := b.chance("words", s.org.number, s.place, r.ID, quarter)
	all := v.Framework.LevelsOf(r)
	switch {
	case s.certain(r.ID):
		return app.RespondInput{Claim: all[len(all)-1].ID, Rationale: pick(words, inPlace(), names)}
	case fate < 8 && quarter < 1, b.forgotten(s, r.ID, quarter):
		return app.RespondInput{Claim: "dont_know", Rationale: pick(words, notKnown(), names), FindOutBy: b.date(b.today() + 21 + fate*3), Delegate: s.org.one(access.TeamMember, fate).ID}
	case fate >= 96:
		return app.RespondInput{Claim: "not_applicable", NAReason: pick(words, notApplicable(), names)}
	}
	step := s.spec.maturity + start - 1 + (quarter+c.IntN(2))/2 // of 0 to 4
	if quarter > 0 && c.IntN(12) == 0 {
		step = 1 // something was lost
	}
	at := min(max(step, 0), 3) * len(all) / 4
	return app.RespondInput{Claim: all[at].ID, Rationale: pick(words, rationales(at, len(all)), names)}
}

// forgotten are the questions that nobody can answer any more in the fourth
// quarter; the day on which it was to be found out has passed when the visitor
// comes.
func (b *builder) forgotten(s *system, requirement string, quarter int) bool {
	return quarter == 3 && b.chance("forgotten", s.org.number, s.place, requirement).IntN(25) == 0
}

// unknown leaves a question open with a day that passes before the visitor comes.
func (b *builder) unknown(s *system, member *person, within int) error {
	return b.visit(member, func(who access.Actor) error {
		v, err := b.app.AssessmentView(b.ctx, who, s.open)
		if err != nil {
			return err
		}
		for _, line := range v.Lines[:2] {
			in := app.RespondInput{Claim: "dont_know", Rationale: "The supplier changed and has not answered yet.", FindOutBy: b.date(b.today() + within),
				Delegate: s.org.one(access.TeamMember, 0).ID, Version: line.Answer.Version}
			if _, _, err := b.app.Respond(b.ctx, who, s.open, line.Requirement.ID, in); err != nil {
				return err
			}
			b.pass()
		}
		return nil
	})
}

// conflict lets two people answer one question at the same time. The second is
// told so, sees both, and keeps their own words.
func (b *builder) conflict(s *system, one, other *person) error {
	return b.visit(one, func(first access.Actor) error {
		v, err := b.app.AssessmentView(b.ctx, first, s.open)
		if err != nil {
			return err
		}
		line := v.Lines[len(v.Lines)-1]
		levels := v.Framework.LevelsOf(line.Requirement)
		mine := app.RespondInput{Claim: levels[len(levels)-1].ID, Version: line.Answer.Version,
			Rationale: "All of it is done. The last exercise went as planned and the notes are on file."}
		theirs := app.RespondInput{Claim: levels[0].ID, Version: line.Answer.Version,
			Rationale: "I looked at the notes: the exercise was called off after an hour, so nothing is shown yet."}
		return b.visit(other, func(second access.Actor) error {
			saved, _, err := b.app.Respond(b.ctx, first, s.open, line.Requirement.ID, mine)
			if err != nil {
				return err
			}
			b.pass()
			if _, _, err := b.app.Respond(b.ctx, second, s.open, line.Requirement.ID, theirs); !fault.Is(err, fault.Stale) {
				return errors.Join(errors.New("the second author was not told of the first"), err)
			}
			b.pass()
			theirs.Version, theirs.KeptOver = saved.Version, second.ID
			_, _, err = b.app.Respond(b.ctx, second, s.open, line.Requirement.ID, theirs)
			return err
		})
	})
}

func (b *builder) submit(s *system, lead *person) error {
	return b.visit(lead, func(who access.Actor) error {
		v, err := b.app.AssessmentView(b.ctx, who, s.open)
		if err != nil {
			return err
		}
		_, _, err = b.app.Submit(b.ctx, who, s.open, v.Assessment.Version)
		return err
	})
}

// giveBack is the SRO who does not sign yet.
func (b *builder) giveBack(s *system) error {
	return b.visit(s.org.sroOf(s), func(who access.Actor) error {
		_, _, err := b.app.Return(b.ctx, who, s.open, 0,
			"The answer on recovery says that it works, but the record beside it is older than the last change. Test it again, or say that it has not been shown.")
		return err
	})
}

// correct is the team's reply to a return: the last answer again, then sent anew.
func (b *builder) correct(s *system, member, lead *person) error {
	err := b.visit(member, func(who access.Actor) error {
		v, err := b.app.AssessmentView(b.ctx, who, s.open)
		if err != nil {
			return err
		}
		line := v.Lines[len(v.Lines)-1]
		levels := v.Framework.LevelsOf(line.Requirement)
		_, _, err = b.app.Respond(b.ctx, who, s.open, line.Requirement.ID, app.RespondInput{Claim: levels[len(levels)/2].ID, Version: line.Answer.Version,
			Rationale: "We lowered this after it was sent back. The test is booked, and until it has been done we cannot show more."})
		return err
	})
	if err != nil {
		return err
	}
	return b.submit(s, lead)
}

// approve is the SRO's decision. Now and then a deputy records it for them.
func (b *builder) approve(s *system, quarter int) error {
	sro := s.org.sroOf(s)
	return b.visit(sro, func(who access.Actor) error {
		v, err := b.app.AssessmentView(b.ctx, who, s.open)
		if err != nil {
			return err
		}
		in := app.ApproveInput{Version: v.Assessment.Version, Statement: pick(b.chance("accepts", s.org.number, s.place, quarter), acceptances(), names{system: s.spec.name})}
		if s.place == 5 && quarter == 1 {
			in.OnBehalfOf = "Sample director 1"
		}
		if _, _, err := b.app.Approve(b.ctx, who, s.open, in); err != nil {
			return err
		}
		if (s.place+quarter)%4 != 0 {
			return nil
		}
		b.pass()
		_, _, err = b.app.ShareReport(b.ctx, who, s.open, "Programme board (sample)", "")
		return err
	})
}

// second begins another framework beside the first and answers some of it.
func (b *builder) second(s *system, lead *person) error {
	return b.visit(lead, func(who access.Actor) error {
		made, _, err := b.app.StartAssessment(b.ctx, who, s.id, app.StartInput{Framework: caf})
		if err != nil {
			return err
		}
		b.pass()
		was := s.open
		s.open = made.ID
		defer func() { s.open = was }()
		v, err := b.app.AssessmentView(b.ctx, who, made.ID)
		if err != nil {
			return err
		}
		for i, line := range v.Lines[:14] {
			if err := b.answer(who, s, v, line, 1); err != nil {
				return err
			}
			if i%3 == 0 { // one record serves several frameworks
				if _, err := b.app.LinkEvidence(b.ctx, who, s.id, caf, line.Requirement.ID, s.records[i].id); err != nil {
					return err
				}
				b.pass()
			}
		}
		return nil
	})
}
