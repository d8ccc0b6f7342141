package assessment

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
)

// CauseKind says what kind of thing decided a standing.
type CauseKind string

// The kinds of cause. The adverse kinds are the values of AdverseKind.
const (
	ByEvidence    CauseKind = "evidence"
	ByCheck       CauseKind = "check"
	ByExpiry      CauseKind = "expiry"
	ByIndependent CauseKind = "independent"
	ByClaim       CauseKind = "claim"
	ByFinding     CauseKind = CauseKind(OverdueFinding)
	ByException   CauseKind = CauseKind(LapsedException)
	ByAcceptance  CauseKind = CauseKind(LapsedAcceptance)
	ByControl     CauseKind = CauseKind(FallenControl)
	// NotChecked is a note: a check that decides only a part could not decide. It
	// decides nothing and stands after the causes that do.
	NotChecked CauseKind = "not_checked"
)

// Cause is one thing that decided a standing, or a note beside it, with a sentence
// that says how.
type Cause struct {
	Kind CauseKind `json:"kind"`
	ID   string    `json:"id,omitempty"`
	At   int64     `json:"at"`
	Text string    `json:"text"`
}

// WhyMoved returns a few sentences on a change of standing, for the page and the
// log: what changed, the newest cause, and the newest note where there is one.
// Equal standings give "".
func WhyMoved(before, after Standing) string {
	var b strings.Builder
	switch {
	case before.Claim != after.Claim:
		fmt.Fprintf(&b, "The answer changed from %s to %s.", spoken(before.Claim), spoken(after.Claim))
	case before.Support.Below(after.Support):
		fmt.Fprintf(&b, "Support rose from %s to %s.", before.Support, after.Support)
	case after.Support.Below(before.Support):
		fmt.Fprintf(&b, "Support fell from %s to %s.", before.Support, after.Support)
	default:
		return ""
	}
	if len(after.Because) > 0 {
		b.WriteString(" " + after.Because[0].Text)
		if i := slices.IndexFunc(after.Because, Cause.note); i > 0 {
			b.WriteString(" " + after.Because[i].Text)
		}
	}
	return b.String()
}

func spoken(c Claim) string {
	if c.Kind == DontKnow {
		return "don’t know"
	}
	return strings.ReplaceAll(c.String(), "_", " ")
}

func (c Cause) note() bool { return c.Kind == NotChecked }

// newestFirst joins the lists, newest first and notes last, each cause once.
func newestFirst(lists ...[]Cause) []Cause {
	out := slices.Concat(lists...)
	place := func(c Cause) int {
		if c.note() {
			return 1
		}
		return 0
	}
	slices.SortFunc(out, func(a, b Cause) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(b.At, a.At), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID), cmp.Compare(a.Text, b.Text))
	})
	return slices.Compact(out)
}

func (in Input) day(us int64) string { return civil.OfMicro(us, in.Zone).Words() }

// lastDay names the last day on which something held that ends at the instant.
func (in Input) lastDay(end int64) string { return in.day(end - 1) }

func (in Input) until(end int64) string {
	if end == 0 {
		return ""
	}
	return ", valid until " + in.lastDay(end)
}

func (in Input) claimCause() Cause {
	text := "Nothing but the written answer supports this."
	switch in.Claim.Kind {
	case DontKnow:
		text = "The answer is “I don’t know”, so there is no claim to support."
	case AtLevel, NotApplicable:
	default:
		text = "Nobody has answered this yet."
	}
	return Cause{Kind: ByClaim, At: in.ClaimedAt, Text: text}
}

func (e EvidenceFact) name() string {
	if e.Version == "" {
		return "“" + e.Title + "”"
	}
	return "“" + e.Title + "”, version " + e.Version
}

func (in Input) evidenceCause(e EvidenceFact) Cause {
	text := fmt.Sprintf("Evidence %s, produced %s%s.", e.name(), in.day(e.ProducedAt), in.until(e.ValidUntil))
	if e.HeldBy != "" {
		text = fmt.Sprintf("Evidence %s, produced %s, held elsewhere by %s%s.", e.name(), in.day(e.ProducedAt), e.HeldBy, in.until(e.ValidUntil))
	}
	return Cause{ByEvidence, e.ID, max(e.LinkedAt, e.ProducedAt), text}
}

func (in Input) evidenceRanOut(e EvidenceFact) Cause {
	return Cause{ByExpiry, e.ID, e.ValidUntil,
		fmt.Sprintf("Evidence %s ran out: its last day was %s. A current version would restore it.", e.name(), in.lastDay(e.ValidUntil))}
}

func (in Input) withdrawnCause(e EvidenceFact) Cause {
	return Cause{ByEvidence, e.ID, e.WithdrawnAt, fmt.Sprintf("Evidence %s was withdrawn on %s.", e.name(), in.day(e.WithdrawnAt))}
}

func (c CheckFact) name() string {
	name := "“" + cmp.Or(c.Title, c.ID) + "”"
	if c.Clause != "" {
		name += " (" + c.Clause + ")"
	}
	return name
}

// withReason ends a sentence with its reason when there is one.
func withReason(sentence, reason string) string {
	reason = strings.TrimRight(strings.TrimSpace(reason), ".")
	if reason == "" {
		return sentence + "."
	}
	return sentence + ": " + reason + "."
}

func (in Input) checkPass(c CheckFact) Cause {
	return Cause{ByCheck, c.ID, c.At, fmt.Sprintf("Check %s passed on %s%s.", c.name(), in.day(c.At), in.until(c.FreshUntil))}
}

func (in Input) checkPart(c CheckFact) Cause {
	return Cause{ByCheck, c.ID, c.At,
		fmt.Sprintf("Checked in part: %s passed on %s%s. It decides only part of the requirement.", c.name(), in.day(c.At), in.until(c.FreshUntil))}
}

func (in Input) checkRanOut(c CheckFact) Cause {
	return Cause{ByExpiry, c.ID, c.FreshUntil,
		fmt.Sprintf("The facts behind check %s ran out: their last day was %s. Running it on fresh facts would restore it.", c.name(), in.lastDay(c.FreshUntil))}
}

func (in Input) checkUndecided(c CheckFact) Cause {
	return Cause{ByCheck, c.ID, c.At, withReason("Check "+c.name()+" could not decide whether this holds", c.missing())}
}

func (in Input) checkNote(c CheckFact) Cause {
	return Cause{NotChecked, c.ID, c.At,
		withReason("Not checked in part: "+c.name()+" could not be decided", c.missing()) + " It decides only part of the requirement, so support stays as it is."}
}

// missing is why a check could not decide. Reasons of checks say what to deliver.
func (c CheckFact) missing() string {
	return cmp.Or(strings.TrimSpace(c.Reason), "what was delivered says too little. Deliver the facts that it needs")
}

func (in Input) checkAgainst(c CheckFact) Cause {
	verb := map[Outcome]string{Fail: "failed", CannotAssess: "could not decide", Pass: "passed"}[c.Outcome]
	most := cmp.Or(c.Permits, in.lowest())
	return Cause{ByCheck, c.ID, c.At,
		withReason(fmt.Sprintf("Check %s %s on %s and permits at most %s", c.name(), verb, in.day(c.At), plain(most)), c.Reason)}
}

func (in Input) adverseCause(a AdverseFact) Cause {
	name, most := "“"+cmp.Or(a.Title, a.ID)+"”", plain(cmp.Or(a.Permits, in.lowest()))
	what := map[AdverseKind]string{
		OverdueFinding:   "Finding %s has been overdue since %s and permits at most %s.",
		LapsedException:  "Exception %s lapsed on %s. Without it the record permits at most %s.",
		LapsedAcceptance: "The acceptance of risk %s lapsed on %s. Without it the record permits at most %s.",
		FallenControl:    "Inherited control %s has not held since %s. Without it the record permits at most %s.",
	}[a.Kind]
	if what == "" {
		what = "%s has counted against this since %s and permits at most %s."
	}
	return Cause{CauseKind(a.Kind), a.ID, a.Since, fmt.Sprintf(what, name, in.day(a.Since), most)}
}

func (in Input) independentFor(i IndependentFact) Cause {
	return Cause{ByIndependent, i.ID, i.At,
		fmt.Sprintf("%s answered “%s” independently on %s%s.", i.by(), spoken(i.Claim), in.day(i.At), in.until(i.ValidUntil))}
}

func (in Input) independentAgainst(i IndependentFact) Cause {
	return Cause{ByIndependent, i.ID, i.At,
		fmt.Sprintf("%s answered “%s” independently on %s, which is below the claim.", i.by(), spoken(i.Claim), in.day(i.At))}
}

func (in Input) independentRanOut(i IndependentFact) Cause {
	return Cause{ByExpiry, i.ID, i.ValidUntil,
		fmt.Sprintf("The independent answer by %s ran out: its last day was %s.", cmp.Or(i.By, "the assessor"), in.lastDay(i.ValidUntil))}
}

func (i IndependentFact) by() string { return cmp.Or(i.By, "The assessor") }

func (in Input) lowest() string {
	if len(in.Levels) == 0 {
		return "the lowest level"
	}
	return in.Levels[0]
}

func plain(level string) string { return "“" + strings.ReplaceAll(level, "_", " ") + "”" }
