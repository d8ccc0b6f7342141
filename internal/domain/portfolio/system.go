package portfolio

import (
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
)

// State is where a system is in its life here.
type State string

// The states of a system. Transitioning is a flag beside them: Transitioning.
const (
	Draft       State = "draft"        // somebody started to register it
	Registered  State = "registered"   // everything that registration needs is present
	InAssurance State = "in_assurance" // its first assessment was approved
	Disposing   State = "disposing"    // it is being retired
	Retired     State = "retired"      // read only
	Rehomed     State = "rehomed"      // raised above the ceiling: frozen, exported, tombstone
	Abandoned   State = "abandoned"    // registration was given up
)

// States lists every state in the order of life.
func States() []State {
	return []State{Draft, Registered, InAssurance, Disposing, Retired, Rehomed, Abandoned}
}

// ReadOnly reports whether nothing about a system in the state may change.
func (s State) ReadOnly() bool { return s == Retired || s == Rehomed || s == Abandoned }

// Action moves a system from one state to the next.
type Action string

// The actions.
const (
	Register       Action = "register"
	FirstApproval  Action = "first_approval"
	StartDisposal  Action = "start_disposal"
	CancelDisposal Action = "cancel_disposal"
	Retire         Action = "retire"
	Rehome         Action = "rehome"
	Abandon        Action = "abandon"
)

type move struct {
	from   State
	action Action
	to     State
}

func moves() []move {
	return []move{
		{Draft, Register, Registered},
		{Draft, Abandon, Abandoned},
		{Draft, Rehome, Rehomed},
		{Registered, FirstApproval, InAssurance},
		{Registered, StartDisposal, Disposing},
		{Registered, Rehome, Rehomed},
		{InAssurance, StartDisposal, Disposing},
		{InAssurance, Rehome, Rehomed},
		{Disposing, CancelDisposal, InAssurance},
		{Disposing, Retire, Retired},
		{Disposing, Rehome, Rehomed},
	}
}

// Move returns the state that the action leads to, or a Conflict that says why
// it cannot be done now. Whether registration is complete is Missing's to say.
func Move(from State, action Action) (State, error) {
	for _, m := range moves() {
		if m.from == from && m.action == action {
			return m.to, nil
		}
	}
	if from.ReadOnly() {
		return from, fault.Newf(fault.Conflict, "This system is %s, so it can no longer change.", from)
	}
	return from, fault.Newf(fault.Conflict, "This cannot be done while the system is %s.", spoken(string(from)))
}

// System is a thing that is assessed. Stage, phase and gate are independent of
// each other.
type System struct {
	ID             string
	Name           string
	Kind           string // one of Kinds
	Unit           string // unit id; "" = the organisation itself
	Scope          string // what is in, what is out
	Sponsor        string
	Stage          string // one of Stages (CADMID/T)
	Phase          string // the organisation's or framework's own word
	Gate           string //
	Classification Marking
	Personal       bool // holds personal data
	Special        bool // holds special category data
	Exposure       string
	State          State
}

// Kinds lists the kinds of system.
func Kinds() []string {
	return []string{"programme", "project", "service", "application", "network", "platform", "weapons_system", "operational_technology", "product", "other"}
}

// Stages lists the acquisition stages CADMID/T in order.
func Stages() []string {
	return []string{"concept", "assessment", "demonstration", "manufacture", "migration", "in_service", "disposal", "termination"}
}

// Exposures lists the answers to whether the public internet reaches a system.
// "" is not yet known and is said so, never taken as no.
func Exposures() []string { return []string{"public", "restricted", "none"} }

// ValidateSystem checks what was entered and returns it cleaned. Only the name
// is needed; Missing says what registration needs beyond that.
func ValidateSystem(s System, ceiling Marking) (System, fault.Problems) {
	var p fault.Problems
	s.Name = text.Need(&p, "/name", "a name for the system", s.Name, text.Name)
	s.Scope = text.Clean(&p, "/scope", s.Scope, text.Long)
	s.Sponsor = text.Line(&p, "/sponsor", s.Sponsor, text.Name)
	s.Phase = text.Line(&p, "/phase", s.Phase, text.Name)
	s.Gate = text.Line(&p, "/gate", s.Gate, text.Name)
	oneOf(&p, "/kind", s.Kind, Kinds(), "Choose one of the kinds that are listed.")
	oneOf(&p, "/stage", s.Stage, Stages(), "Choose one of the stages that are listed.")
	oneOf(&p, "/exposure", s.Exposure, Exposures(), "Choose one of the answers that are listed.")
	s.Classification.Within(&p, "/classification", ceiling)
	if s.Special && !s.Personal {
		p.Add("/personal", "Special category data is personal data. Choose both or neither.")
	}
	return s, p
}

func oneOf(p *fault.Problems, pointer, value string, allowed []string, detail string) {
	if value != "" && !slices.Contains(allowed, value) {
		p.Add(pointer, "%s", detail)
	}
}

// Missing lists what registration still needs, with a pointer to each field:
// name, kind, scope, sponsor, unit or organisation, stage, classification, and
// an SRO or named stand-in. It is empty when the system can be registered.
func Missing(s System, hasSRO bool) fault.Problems {
	var p fault.Problems
	need := func(ok bool, pointer, detail string) {
		if !ok {
			p.Add(pointer, "%s", detail)
		}
	}
	need(s.Name != "", "/name", "Enter a name for the system.")
	need(s.Kind != "", "/kind", "Say what kind of system it is.")
	need(s.Scope != "", "/scope", "Describe what is in scope and what is not.")
	need(s.Sponsor != "", "/sponsor", "Name the sponsor.")
	need(hasSRO, "/roles/sro", "Name the Senior Responsible Owner, or a stand-in with the authority to decide.")
	need(s.Stage != "", "/stage", "Choose the acquisition stage.")
	need(s.Classification.Marked(), "/classification", "Choose the classification.")
	return p
}

// Transitioning reports whether the system still stands on a legacy
// accreditation: one is recorded with an expiry and no assessment has been
// approved.
func Transitioning(a *Accreditation, hasApproved bool) bool {
	return a != nil && a.Expires != "" && !hasApproved
}
