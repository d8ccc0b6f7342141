package assessment

import (
	"cmp"
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

// Attention says why a carried-over answer should be looked at first.
type Attention string

// The reasons, most pressing first. NoAttention means that nothing is known to
// have changed; the answer is still to be confirmed again.
const (
	Contradiction Attention = "contradicted" // its support is contradicted
	Undecided     Attention = "unassessed"   // a check can no longer decide
	RunOut        Attention = "stale"        // its support has run out
	Overdue       Attention = "overdue"      // don't know, and the day to find out has passed
	Reworded      Attention = "reworded"     // the question is another one in the new version
	Moved         Attention = "moved"        // its standing has changed since it was answered
	NotKnown      Attention = "dont_know"    //
	NoAttention   Attention = ""             //
)

func attentions() []Attention {
	return []Attention{Contradiction, Undecided, RunOut, Overdue, Reworded, Moved, NotKnown, NoAttention}
}

// CarryOver returns the previous answers as prior ones for a new assessment,
// those that need attention first and otherwise in the new framework's order.
// Standings are by requirement of the old version, as they are today.
//
// Within one version of a framework an answer keeps its requirement. Between
// versions only the migration table of the new one is followed, for identifiers
// are not stable: a claim is kept where the table says "equal" and the level
// still exists; elsewhere the words are kept and the question is asked again.
// Without a table nothing is carried over.
func CarryOver(previous []Response, standings map[string]Standing, old, next *framework.Framework, today civil.Date) []Response {
	targets := carryTargets(old, next)
	var out []Response
	taken := map[string]bool{}
	for _, p := range previous {
		for _, to := range targets[p.Requirement] {
			req, exists := next.Requirement(to.To)
			if !exists || taken[to.To] || !p.Claim.Answered() && p.Rationale == "" {
				continue
			}
			taken[to.To] = true
			r := p
			r.Requirement, r.Prior, r.Confirmed, r.Version = to.To, true, false, 0
			r.Attention = attention(p, standings[p.Requirement], today)
			lost := p.Claim.Kind == AtLevel && !slices.Contains(LevelIDs(next, req), p.Claim.Level)
			if to.Relation != "equal" || lost {
				r.Claim, r.FindOutBy, r.Delegate, r.NAReason = Claim{Kind: Unanswered}, "", "", ""
				r.Attention = Reworded
			}
			out = append(out, r)
		}
	}
	order := map[string]int{}
	for i, r := range next.Requirements() {
		order[r.ID] = i
	}
	slices.SortStableFunc(out, func(a, b Response) int {
		return cmp.Or(cmp.Compare(slices.Index(attentions(), a.Attention), slices.Index(attentions(), b.Attention)),
			cmp.Compare(order[a.Requirement], order[b.Requirement]))
	})
	return out
}

func carryTargets(old, next *framework.Framework) map[string][]framework.Link {
	out := map[string][]framework.Link{}
	switch {
	case old.Key() == next.Key():
		for _, r := range next.Requirements() {
			out[r.ID] = []framework.Link{{From: r.ID, To: r.ID, Relation: "equal"}}
		}
	case old.ID == next.ID && next.Migrates != nil && next.Migrates.From == old.Version:
		links := slices.Clone(next.Migrates.Links)
		slices.SortStableFunc(links, func(a, b framework.Link) int { // the same question before related ones
			return cmp.Compare(unequal(a), unequal(b))
		})
		for _, l := range links {
			out[l.From] = append(out[l.From], l)
		}
	}
	return out
}

func unequal(l framework.Link) int {
	if l.Relation == "equal" {
		return 0
	}
	return 1
}

func attention(p Response, st Standing, today civil.Date) Attention {
	switch {
	case st.Support == Contradicted:
		return Contradiction
	case st.Support == Unassessed:
		return Undecided
	case st.Support == Stale:
		return RunOut
	case p.Claim.Kind == DontKnow && p.FindOutBy != "" && p.FindOutBy < today:
		return Overdue
	case p.Claim.Kind == DontKnow:
		return NotKnown
	case st.Support != "" && st.Since > p.At:
		return Moved
	}
	return NoAttention
}

// AttentionNow is the reason to look at a carried-over answer as things stand today:
// support may run out, and the day to find out may pass, after the answer was
// carried over and before anybody confirmed it.
func AttentionNow(r Response, st Standing, today civil.Date) Attention {
	if !r.Prior || r.Confirmed || r.Attention != NoAttention {
		return r.Attention
	}
	// That a standing is newer than the answer says nothing here: it was made anew
	// with the assessment.
	if now := attention(r, st, today); now != Moved {
		return now
	}
	return NoAttention
}

// Needs counts what an assessment asks of its people.
type Needs struct {
	Total     int // requirements in scope
	NeedYou   int // unanswered, or carried over with a reason to look: "12 of 54 need you"
	ToConfirm int // carried over unchanged; to be confirmed again, together if they like
	Done      int
}

// CountNeeds counts the requirements in scope by what they still ask for. The
// three parts add up to the total.
func CountNeeds(inScope []*framework.Requirement, responses []Response) Needs {
	byID := byRequirement(responses)
	n := Needs{Total: len(inScope)}
	for _, r := range inScope {
		switch got := byID[r.ID]; {
		case got.Counts():
			n.Done++
		case got.Claim.Answered() && got.Attention == NoAttention:
			n.ToConfirm++
		default:
			n.NeedYou++
		}
	}
	return n
}
