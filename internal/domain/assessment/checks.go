package assessment

import "slices"

// bearing is what one verdict means for the claim.
type bearing int

const (
	neutral   bearing = iota // a fail that permits the claim, or nothing to decide
	supports                 // a pass that permits the claim
	undecided                // could not decide the whole requirement
	note                     // could not decide a part of it, which moves nothing
	against                  // the claim exceeds what the outcome permits
)

func (in Input) bearing(c CheckFact) bearing {
	switch {
	case c.Outcome == OutcomeNotApplicable:
		return neutral
	case (c.Permits != "" || c.Outcome == Fail) && in.exceeds(rankOrLowest(in.Levels, c.Permits)):
		return against
	case c.Outcome == Pass:
		return supports
	case c.Outcome == CannotAssess && c.Decides == Part:
		return note
	case c.Outcome == CannotAssess:
		return undecided
	}
	return neutral
}

// checks weighs the verdicts of each check:
//
//   - A verdict against the claim stands until a later verdict of the same check,
//     on facts that were fresh then, passes or finds that it has nothing to
//     decide. It does not age away, and "could not decide" does not clear it.
//   - "Could not decide" stands until a later verdict of the same check decides. Of
//     a check that decides only a part it is a note: support comes from elsewhere
//     and stays, and the note says what nobody has looked at.
//   - A pass supports until it runs out or the same check says something else.
//     When both came at the same time the pass loses.
//
// A pass never verifies a claim that the requirement does not apply.
func (f *found) checks(in Input, now int64) {
	last := map[string]*latest{}
	for _, c := range in.Checks {
		l := last[c.ID]
		if l == nil {
			l = &latest{none, none, none}
			last[c.ID] = l
		}
		b := in.bearing(c)
		freshThen := c.FreshUntil == 0 || c.FreshUntil > c.At
		if b == supports && freshThen || c.Outcome == OutcomeNotApplicable && freshThen {
			l.cleared = max(l.cleared, c.At)
		}
		switch b {
		case supports:
		case note:
			l.note = max(l.note, c.At)
		default:
			l.other = max(l.other, c.At)
		}
	}
	for _, c := range in.Checks {
		f.check(in, c, now, *last[c.ID])
	}
}

type latest struct {
	cleared int64 // newest verdict that clears earlier ones
	other   int64 // newest verdict that is neither a pass nor a note
	note    int64 // newest verdict that could not decide a part
}

func (f *found) check(in Input, c CheckFact, now int64, l latest) {
	switch in.bearing(c) {
	case against:
		if c.At >= l.cleared {
			f.against = append(f.against, in.checkAgainst(c))
		}
	case undecided:
		if c.At >= l.cleared && !f.decidedLater(in, c) {
			f.undecided = append(f.undecided, in.checkUndecided(c))
		}
	case note:
		if c.At >= l.cleared && !f.decidedLater(in, c) {
			f.notes = append(f.notes, in.checkNote(c))
		}
	case supports:
		stale := c.FreshUntil != 0 && c.FreshUntil <= now
		switch {
		case c.At <= l.other || in.Claim.Kind == NotApplicable:
		case c.Decides == Part:
			if !stale && c.At > l.note {
				f.part = append(f.part, in.checkPart(c))
			}
		case stale:
			f.ranOut = append(f.ranOut, in.checkRanOut(c))
		default:
			f.verify = append(f.verify, in.checkPass(c))
		}
	}
}

// decidedLater reports whether the same check has failed since it could not
// decide; then the failure speaks for it.
func (f *found) decidedLater(in Input, c CheckFact) bool {
	return slices.ContainsFunc(in.Checks, func(o CheckFact) bool {
		return o.ID == c.ID && o.At > c.At && o.Outcome == Fail
	})
}
