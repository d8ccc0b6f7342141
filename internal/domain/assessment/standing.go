package assessment

import (
	"slices"
	"time"
)

// EvidenceFact is one evidence record linked to the requirement. A record that
// is held elsewhere counts like any other once its particulars are complete;
// evidence.Record.Counts decides that before it becomes a fact.
type EvidenceFact struct {
	ID          string
	Title       string
	Version     string
	ProducedAt  int64 // when the document was produced, not when it was uploaded
	LinkedAt    int64 // when it was linked to the requirement
	ValidUntil  int64 // first instant at which it no longer holds; 0 = never runs out
	WithdrawnAt int64 // when it was withdrawn; 0 = not. Withdrawn evidence supports nothing
	HeldBy      string
}

// Outcome is what a check found.
type Outcome string

// The outcomes of a check.
const (
	Pass                 Outcome = "pass"
	Fail                 Outcome = "fail"
	CannotAssess         Outcome = "cannot_assess"
	OutcomeNotApplicable Outcome = "not_applicable" // the check looked and has nothing to decide
)

// Decides says how much of the requirement a check decides.
type Decides string

// The reach of a check.
const (
	Whole Decides = "whole"
	Part  Decides = "part"
)

// CheckFact is one verdict of one check. Several verdicts of a check may be
// given; later ones replace earlier ones by the rules of found.checks.
type CheckFact struct {
	ID         string
	Title      string
	Decides    Decides
	Outcome    Outcome
	Permits    string // highest level permitted; "" = every level for a pass or an undecided check, the lowest for a fail
	At         int64
	FreshUntil int64 // first instant at which a pass no longer holds; 0 = never runs out. Other outcomes do not age
	Reason     string
	Clause     string
}

// AdverseKind names what pulls a claim down beside checks and reviewers.
type AdverseKind string

// The kinds of adverse fact.
const (
	OverdueFinding   AdverseKind = "finding"
	LapsedException  AdverseKind = "exception"
	LapsedAcceptance AdverseKind = "acceptance"
	FallenControl    AdverseKind = "control" // an inherited control that no longer holds
)

// AdverseFact is a thing that limits the claim from Since until somebody
// resolves it.
type AdverseFact struct {
	Kind    AdverseKind
	ID      string
	Title   string
	Permits string // highest level permitted; "" = the lowest
	Since   int64
	Until   int64 // when it was resolved; 0 = it still stands
}

// IndependentFact is a final answer by an independent assessor. It stands
// beside the claim and never replaces it.
type IndependentFact struct {
	ID         string
	Claim      Claim // AtLevel or NotApplicable
	By         string
	At         int64
	ValidUntil int64 // first instant at which it no longer confirms; 0 = never runs out
}

// Input is everything that may hold up or pull down one requirement in one
// assessment. The order within its lists has no effect.
type Input struct {
	Levels      []string // level ids of the requirement, lowest first
	Claim       Claim
	ClaimedAt   int64
	Evidence    []EvidenceFact
	Checks      []CheckFact
	Adverse     []AdverseFact
	Independent []IndependentFact
	Zone        *time.Location // for dates in sentences; nil = UTC
}

// Standing is a claim with what holds it up.
type Standing struct {
	Claim         Claim   `json:"claim"`
	Support       Support `json:"support"`
	PartlyChecked bool    `json:"partly_checked"` // a check that decides only part passes on fresh facts
	Since         int64   `json:"since"`          // when this claim came to have this support
	NextChangeAt  int64   `json:"next_change_at"` // earliest later time at which support, partly checked or the reasons change by themselves; 0 = none known
	Because       []Cause `json:"because"`        // newest first; after them the notes of checks that could not decide a part
}

// Evaluate returns the standing at now. Support follows the precedence
// contradicted, confirmed, verified, unassessed, documented, stale, asserted. Only
// a check that decides the whole requirement makes it unassessed; one that could
// not decide a part changes nothing and is noted after the causes.
// No claim is made by "I don't know" and by no answer, so those are asserted,
// whatever is linked.
//
// Since is kept from prev while claim and support stay the same. When they
// differ only because time has passed it is the time at which that happened,
// else now. After an outage call it once for each prev.NextChangeAt up to now,
// so that every change in between is seen.
func Evaluate(in Input, now int64, prev *Standing) Standing {
	st := judge(in, now)
	st.Since = since(in, st, now, prev)
	for _, at := range boundaries(in) {
		if at > now && !sameJudgement(judge(in, at), st) {
			st.NextChangeAt = at
			break
		}
	}
	return st
}

// judge is Evaluate without memory: the same input at the same time gives the
// same answer.
func judge(in Input, now int64) Standing {
	st := Standing{Claim: in.Claim, Support: Asserted}
	if in.Claim.Kind != AtLevel && in.Claim.Kind != NotApplicable {
		st.Because = []Cause{in.claimCause()}
		return st
	}
	var f found
	f.evidence(in, now)
	f.checks(in, now)
	f.adverse(in, now)
	f.independent(in, now)
	st.PartlyChecked = len(f.part) > 0
	st.Support, st.Because = f.decide(in)
	return st
}

// found sorts what the facts say about the claim at one time.
type found struct {
	against, confirm, verify, undecided, document, ranOut, withdrawn, part, notes []Cause
}

func (f *found) decide(in Input) (Support, []Cause) {
	switch {
	case len(f.against) > 0:
		return Contradicted, newestFirst(f.against, f.notes)
	case len(f.confirm) > 0:
		return Confirmed, newestFirst(f.confirm, f.notes)
	case len(f.verify) > 0:
		return Verified, newestFirst(f.verify, f.notes)
	case len(f.undecided) > 0:
		return Unassessed, newestFirst(f.undecided, f.notes)
	case len(f.document) > 0:
		return Documented, newestFirst(f.document, f.part, f.notes)
	case len(f.ranOut) > 0:
		return Stale, newestFirst(f.ranOut, f.part, f.notes)
	}
	return Asserted, newestFirst(f.withdrawn, f.part, f.notes, []Cause{in.claimCause()})
}

func (f *found) evidence(in Input, now int64) {
	for _, e := range in.Evidence {
		switch {
		case e.WithdrawnAt != 0 && e.WithdrawnAt <= now:
			f.withdrawn = append(f.withdrawn, in.withdrawnCause(e))
		case e.ValidUntil != 0 && e.ValidUntil <= now:
			f.ranOut = append(f.ranOut, in.evidenceRanOut(e))
		default:
			f.document = append(f.document, in.evidenceCause(e))
		}
	}
}

func (f *found) adverse(in Input, now int64) {
	for _, a := range in.Adverse {
		if a.Since <= now && (a.Until == 0 || now < a.Until) && in.exceeds(rankOrLowest(in.Levels, a.Permits)) {
			f.against = append(f.against, in.adverseCause(a))
		}
	}
}

// independent weighs final independent answers. A later answer at or above the
// claim clears an earlier one below it, and a later one below replaces an
// earlier one above; at the same time the lower one counts. An answer below the
// claim does not age away.
func (f *found) independent(in Input, now int64) {
	var lastFor, lastAgainst int64 = none, none
	for _, i := range in.Independent {
		if in.agrees(i) {
			lastFor = max(lastFor, i.At)
		} else if in.disagrees(i) {
			lastAgainst = max(lastAgainst, i.At)
		}
	}
	for _, i := range in.Independent {
		switch {
		case in.disagrees(i):
			if i.At >= lastFor {
				f.against = append(f.against, in.independentAgainst(i))
			}
		case !in.agrees(i) || i.At <= lastAgainst:
		case i.ValidUntil != 0 && i.ValidUntil <= now:
			f.ranOut = append(f.ranOut, in.independentRanOut(i))
		default:
			f.confirm = append(f.confirm, in.independentFor(i))
		}
	}
}

// none is before every time.
const none = -1 << 62

func (in Input) agrees(i IndependentFact) bool {
	if in.Claim.Kind == NotApplicable || i.Claim.Kind == NotApplicable {
		return in.Claim.Kind == i.Claim.Kind
	}
	return slices.Contains(in.Levels, i.Claim.Level) && in.claimRank() <= rankOrLowest(in.Levels, i.Claim.Level)
}

func (in Input) disagrees(i IndependentFact) bool {
	return i.Claim.Kind == AtLevel && in.exceeds(rankOrLowest(in.Levels, i.Claim.Level))
}

// claimRank is the claim's place on the scale. A claim that the requirement does
// not apply asks for as much as the highest level does; a level that does not
// exist asks for more than any.
func (in Input) claimRank() int {
	if in.Claim.Kind == NotApplicable {
		return len(in.Levels) - 1
	}
	if r := slices.Index(in.Levels, in.Claim.Level); r >= 0 {
		return r
	}
	return len(in.Levels)
}

// exceeds reports whether the claim is above the rank. The lowest level is an
// honest "not met" and exceeds nothing.
func (in Input) exceeds(rank int) bool { r := in.claimRank(); return r > 0 && r > rank }

// rankOrLowest returns the level's rank; an unknown level permits no more than
// the lowest.
func rankOrLowest(levels []string, level string) int { return max(0, slices.Index(levels, level)) }

// boundaries lists the times at which the passing of time alone may change the
// judgement, in order.
func boundaries(in Input) []int64 {
	var out []int64
	add := func(ts ...int64) {
		for _, t := range ts {
			if t != 0 {
				out = append(out, t)
			}
		}
	}
	for _, e := range in.Evidence {
		add(e.ValidUntil, e.WithdrawnAt)
	}
	for _, c := range in.Checks {
		add(c.FreshUntil)
	}
	for _, a := range in.Adverse {
		add(a.Since, a.Until)
	}
	for _, i := range in.Independent {
		add(i.ValidUntil)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func since(in Input, st Standing, now int64, prev *Standing) int64 {
	if prev == nil {
		return now
	}
	if prev.Claim == st.Claim && prev.Support == st.Support {
		return prev.Since
	}
	if prev.Claim != st.Claim || prev.NextChangeAt == 0 || prev.NextChangeAt > now ||
		judge(in, prev.NextChangeAt-1).Support != prev.Support {
		return now // something was added, removed or said
	}
	at := now
	for _, b := range boundaries(in) { // the last of the changes that time alone brought
		if b >= prev.NextChangeAt && b <= now && judge(in, b).Support != judge(in, b-1).Support {
			at = b
		}
	}
	return at
}

func sameJudgement(a, b Standing) bool {
	return a.Support == b.Support && a.PartlyChecked == b.PartlyChecked && slices.Equal(a.Because, b.Because)
}
