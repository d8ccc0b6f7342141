package assessment

import (
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// State is where an assessment is between being due and being history.
type State string

// The states of an assessment.
const (
	Due        State = "due"        // made by schedule or trigger, not started
	Draft      State = "draft"      // being answered
	Ready      State = "confirmed"  // every question in scope answered and confirmed by a person
	SROReview  State = "sro_review" // with the accountable person
	Approved   State = "approved"   // signed and frozen
	Shared     State = "shared"     // released to named people
	Superseded State = "superseded" // a later one was approved; kept for trend
	Lapsed     State = "lapsed"     // its day passed before anybody started
)

// States lists the states in the order of life.
func States() []State {
	return []State{Due, Draft, Ready, SROReview, Approved, Shared, Superseded, Lapsed}
}

// Label returns the words that people read.
func (s State) Label() string {
	return map[State]string{Due: "Due", Draft: "In progress", Ready: "Ready to send", SROReview: "With the SRO", Approved: "Approved",
		Shared: "Shared", Superseded: "Superseded", Lapsed: "Lapsed"}[s]
}

// Frozen reports whether the content can never change again.
func (s State) Frozen() bool { return s == Approved || s == Shared || s == Superseded }

// Answerable reports whether answers may be written.
func (s State) Answerable() bool { return s == Draft }

// Action moves an assessment from one state to the next.
type Action string

// The actions.
const (
	Start     Action = "start"
	Confirm   Action = "confirm"
	Reopen    Action = "reopen"
	Submit    Action = "submit"
	Return    Action = "return" // needs a reason
	Approve   Action = "approve"
	Share     Action = "share"
	Supersede Action = "supersede"
	Lapse     Action = "lapse"
)

// Actions lists the actions.
func Actions() []Action {
	return []Action{Start, Confirm, Reopen, Submit, Return, Approve, Share, Supersede, Lapse}
}

type move struct {
	from   State
	action Action
	to     State
}

func moves() []move {
	return []move{
		{Due, Start, Draft},
		{Due, Lapse, Lapsed},
		{Lapsed, Start, Draft},
		{Draft, Confirm, Ready},
		{Draft, Submit, SROReview},
		{Ready, Reopen, Draft},
		{Ready, Submit, SROReview},
		{SROReview, Return, Draft},
		{SROReview, Approve, Approved},
		{Approved, Share, Shared},
		{Shared, Share, Shared},
		{Approved, Supersede, Superseded},
		{Shared, Supersede, Superseded},
	}
}

// Move returns the state that the action leads to, or a Conflict that says why
// it cannot be done now. It does not ask who acts (that is access), nor whether
// every question is answered (that is Complete).
func Move(from State, action Action) (State, error) {
	for _, m := range moves() {
		if m.from == from && m.action == action {
			return m.to, nil
		}
	}
	return from, fault.New(fault.Conflict, refusal(from, action))
}

// Allowed lists the actions that lead somewhere from the state.
func Allowed(from State) []Action {
	var out []Action
	for _, m := range moves() {
		if m.from == from && !slices.Contains(out, m.action) {
			out = append(out, m.action)
		}
	}
	return out
}

func refusal(from State, action Action) string {
	switch {
	case from.Frozen() && action == Approve:
		return "This assessment has already been approved."
	case from.Frozen() && action != Share && action != Supersede:
		return "This assessment is approved and can no longer change. Start a new one instead."
	case from == SROReview && (action == Submit || action == Confirm || action == Reopen):
		return "This assessment is already with the SRO."
	case (from == Due || from == Lapsed) && action != Start && action != Lapse:
		return "This assessment has not been started."
	case action == Start:
		return "This assessment has already been started."
	case action == Approve || action == Return:
		return "This assessment has not been sent to the SRO."
	case action == Share:
		return "Only an approved assessment can be shared."
	case action == Lapse:
		return "Only an assessment that nobody started can lapse."
	}
	return "This cannot be done while the assessment is in the state “" + from.Label() + "”."
}
