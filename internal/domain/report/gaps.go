package report

import (
	"cmp"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

// The kinds of gap beside the kinds of support, worst first in gapKinds.
const (
	GapDontKnow    = "dont_know"
	GapLowestLevel = "lowest_level" // the claim itself is the lowest level
	GapUnanswered  = "unanswered"
)

// gapKinds lists the kinds of gap in the order in which they are shown.
func gapKinds() []string {
	return []string{string(assessment.Contradicted), GapUnanswered, GapDontKnow, string(assessment.Unassessed), string(assessment.Asserted), string(assessment.Stale), GapLowestLevel}
}

// gapWords says what a kind of gap means, in a few words.
func gapWords(kind string) string {
	switch kind {
	case GapDontKnow:
		return "Not known"
	case GapLowestLevel:
		return "Not there yet"
	case GapUnanswered:
		return "No answer"
	}
	return assessment.Support(kind).Label()
}

// gapOf returns the kind of gap that an answer is, "" for none. A claim at the
// lowest level needs no support to be believed, so only a contradiction counts
// before its level does.
func gapOf(f *framework.Framework, r *framework.Requirement, resp assessment.FrozenResponse) string {
	levels := assessment.LevelIDs(f, r)
	switch resp.Kind {
	case assessment.DontKnow:
		return GapDontKnow
	case assessment.AtLevel, assessment.NotApplicable:
	default:
		return GapUnanswered
	}
	switch {
	case resp.Support == assessment.Contradicted:
		return string(assessment.Contradicted)
	case resp.Kind == assessment.AtLevel && len(levels) > 0 && resp.Level == levels[0]:
		return GapLowestLevel
	case resp.Kind == assessment.AtLevel && !resp.Support.Carries():
		return string(resp.Support)
	}
	return ""
}

func (b *builder) gaps() []Gap {
	out := []Gap{}
	for _, r := range b.order {
		resp := b.response(r.ID)
		kind := gapOf(b.in.Framework, r, resp)
		if kind == "" {
			continue
		}
		g := Gap{Requirement: r.ID, Title: r.Title, Kind: kind, Claim: b.claim(r, resp), Support: resp.Support, Since: instant(resp.Since),
			Owner: b.name(cmp.Or(resp.Delegate, resp.Author)), Due: resp.FindOutBy, Overdue: resp.FindOutBy != "" && resp.FindOutBy < b.today}
		if len(resp.Because) > 0 {
			g.Why = resp.Because[0].Text
		}
		switch kind {
		case GapDontKnow:
			g.Remedy = "Find out, then answer."
		case GapLowestLevel:
			g.Why, g.Remedy = "The team says that this is not in place.", "Put it in place, or show why it is not needed."
		case GapUnanswered:
			g.Remedy = "Answer it."
		default:
			g.Remedy = assessment.Support(kind).Remedy()
		}
		out = append(out, g)
	}
	slices.SortStableFunc(out, func(x, y Gap) int {
		return cmp.Compare(slices.Index(gapKinds(), x.Kind), slices.Index(gapKinds(), y.Kind))
	})
	return out
}

func (b *builder) unknowns() []Unknown {
	out := []Unknown{}
	for _, r := range b.order {
		resp := b.response(r.ID)
		if resp.Kind != assessment.DontKnow {
			continue
		}
		out = append(out, Unknown{Requirement: r.ID, Title: r.Title, FindOutBy: resp.FindOutBy, Delegate: b.name(resp.Delegate),
			Overdue: resp.FindOutBy != "" && resp.FindOutBy < b.today, Rationale: resp.Rationale})
	}
	return out
}
