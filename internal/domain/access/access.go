// Package access decides who may do what, where. It is a pure function from an
// actor, an operation and a target to a scope or a fault; nothing here reads a
// database. The table in table.go is the only place in which permissions are
// granted, and it is shared by the pages, the API, the command line and jobs.
package access

import (
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
)

// Kind says what sort of actor acts.
type Kind string

// The kinds of actor.
const (
	UserActor     Kind = "user"     // a signed-in person
	TokenActor    Kind = "token"    // an API token
	OperatorActor Kind = "operator" // somebody with the data folder, through the command line
	SystemActor   Kind = "system"   // a scheduled job
	SetupActor    Kind = "setup"    // the holder of a setup, invitation or recovery link
)

// Grant gives an actor a role, over the whole organisation when both System and
// Units are empty, else over one system or over a unit with all below it (the
// ids of the subtree, resolved when the actor was).
type Grant struct {
	Role   Role
	System string
	Units  []string
}

// Actor is who acts, as resolved from one credential at the one door. It is
// valid for one request.
type Actor struct {
	ID            string // opaque: usr_, tok_, or a fixed word for operator and jobs
	Kind          Kind
	Name          string // for pages; never logged
	Organisation  string // the organisation acted in; "" for an operator or a job
	Grants        []Grant
	Scopes        []Operation // a token limited to some operations; nil = all that the roles permit
	InstanceAdmin bool        // may do instance-wide operations
	Strength      string      // passkey, totp, recovery, token, local
	SteppedUp     bool        // a fresh confirmation of identity, at most five minutes old
	EnrolOnly     bool        // may do nothing but enrol a passkey
	Ceiling       int         // highest marking the actor may see; see portfolio.Marking
	Session       string      // session id, "" for tokens
	RequestID     string
	Address       string // network address, personal data: committed, never a header

	// IdempotencyKey and RequestDigest make a repeated request answer as the
	// first did, without a second effect; empty when the caller gave no key.
	IdempotencyKey string
	RequestDigest  string
}

// Operator is the actor of a command run on the data folder itself.
func Operator() Actor {
	return Actor{ID: "operator", Kind: OperatorActor, InstanceAdmin: true, Strength: "local", Ceiling: MaxCeiling}
}

// Scheduler is the actor of a job that no person started.
func Scheduler() Actor {
	return Actor{ID: "scheduler", Kind: SystemActor, Strength: "none", Ceiling: MaxCeiling}
}

// MaxCeiling is above every marking.
const MaxCeiling = 1 << 10

// Scope limits a query to what the actor may see. It can be made only by this
// package; the zero Scope sees nothing.
type Scope struct {
	organisation string
	all          bool
	systems      []string
	units        []string
	ceiling      int
	instance     bool
}

// Organisation is the one organisation that the scope reaches.
func (s Scope) Organisation() string { return s.organisation }

// All reports whether the scope reaches every system of the organisation.
func (s Scope) All() bool { return s.all }

// Systems and Units list what the scope reaches when All is false.
func (s Scope) Systems() []string { return s.systems }

// Units lists the units (subtrees already resolved) that the scope reaches.
func (s Scope) Units() []string { return s.units }

// Ceiling is the highest marking the scope may read.
func (s Scope) Ceiling() int { return s.ceiling }

// Instance reports whether the scope reaches instance-wide rows.
func (s Scope) Instance() bool { return s.instance }

// Valid reports whether the scope reaches anything.
func (s Scope) Valid() bool { return s.organisation != "" || s.instance }

var (
	errSignIn     = fault.New(fault.Unauthorised, "Sign in to do this.")
	errEnrol      = fault.New(fault.Forbidden, "Add a passkey first. Your role needs one before you can do anything else.")
	errForbidden  = fault.New(fault.Forbidden, "Your role does not allow this. Ask an administrator of your organisation if you need it.")
	errTokenScope = fault.New(fault.Forbidden, "This token is limited to other operations. Make one that includes this operation.")
	errStepUp     = fault.New(fault.StepUp, "Confirm that it is you, then try again. This needs a confirmation made in the last 5 minutes.")
)

// Decide authorises the operation for the actor and mints the scope for its
// queries. A grant limited to a system or a unit yields a scope limited to it;
// whether the target lies inside is settled by the query, so that a foreign
// thing and a missing thing answer alike.
//
// It fails with fault.Unauthorised without an actor, fault.Forbidden when no
// role permits the operation and fault.StepUp when a fresh confirmation is
// missing. An operation that is not in the table is refused.
func Decide(a Actor, op Operation) (Scope, error) {
	rule, ok := rules[op]
	if !ok {
		return Scope{}, fault.Newf(fault.Internal, "operation %q has no rule", op)
	}
	if a.ID == "" {
		return Scope{}, errSignIn
	}
	if a.EnrolOnly && !rule.whileEnrolling {
		return Scope{}, errEnrol
	}
	if a.Scopes != nil && !slices.Contains(a.Scopes, op) {
		return Scope{}, errTokenScope
	}
	s, ok := scopeOf(a, rule)
	if !ok {
		return Scope{}, errForbidden
	}
	if rule.stepUp && !a.SteppedUp {
		return Scope{}, errStepUp
	}
	return s, nil
}

// May reports whether Decide would allow the operation, leaving step-up aside;
// pages use it to choose what to offer.
func May(a Actor, op Operation) bool {
	_, err := Decide(a, op)
	return err == nil || fault.Is(err, fault.StepUp)
}

func scopeOf(a Actor, rule Rule) (Scope, bool) {
	if rule.instance {
		return Scope{instance: true, organisation: a.Organisation, all: true, ceiling: a.Ceiling}, a.InstanceAdmin
	}
	if rule.anyone {
		return Scope{organisation: a.Organisation, all: true, ceiling: a.Ceiling, instance: a.Organisation == ""}, true
	}
	if a.Kind == SystemActor || a.Kind == OperatorActor {
		return Scope{organisation: a.Organisation, all: true, ceiling: a.Ceiling}, a.Organisation != ""
	}
	s := Scope{organisation: a.Organisation, ceiling: a.Ceiling}
	for _, g := range a.Grants {
		if !slices.Contains(rule.roles, g.Role) {
			continue
		}
		switch {
		case g.System != "":
			s.systems = append(s.systems, g.System)
		case len(g.Units) > 0:
			s.units = append(s.units, g.Units...)
		default:
			s.all = true
		}
	}
	if rule.wholeOrganisation && !s.all {
		return Scope{}, false
	}
	return s, s.all || len(s.systems) > 0 || len(s.units) > 0
}
