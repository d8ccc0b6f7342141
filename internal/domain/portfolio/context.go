package portfolio

import (
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
)

// Connection is a crossing of the authorisation boundary. Each side has a named
// person who owns its risk; a side without one is a finding.
type Connection struct {
	ID         string
	System     string // this side
	Other      string // system id of the other side; "" = outside this organisation
	OtherName  string // needed when Other is ""
	Purpose    string
	OwnerHere  string // name or user id of the risk owner on this side
	OwnerThere string
	CheckedOn  civil.Date // when the owners were last confirmed
}

// ValidateConnection checks a connection and returns it cleaned. Missing owners
// are allowed: they are findings, not errors.
func ValidateConnection(c Connection) (Connection, fault.Problems) {
	var p fault.Problems
	c.OtherName = text.Line(&p, "/other_name", c.OtherName, text.Name)
	c.Purpose = text.Clean(&p, "/purpose", c.Purpose, text.Short)
	c.OwnerHere = text.Line(&p, "/owner_here", c.OwnerHere, text.Name)
	c.OwnerThere = text.Line(&p, "/owner_there", c.OwnerThere, text.Name)
	day(&p, "/checked_on", c.CheckedOn, false)
	if c.Other == "" && c.OtherName == "" {
		p.Add("/other_name", "Name the system that it connects to.")
	}
	if c.Other != "" && c.Other == c.System {
		p.Add("/other", "A system cannot connect to itself.")
	}
	return c, p
}

// Obligation is one row of the obligations matrix: a law, policy or contract and
// whether it applies.
type Obligation struct {
	ID            string
	Title         string
	Overview      string
	Applies       string // "yes", "no", "unknown"
	Justification string // needed for "no"
	Specialist    string // whether one was consulted: "yes", "no", "not_applicable"
}

// ValidateObligation checks an obligation and returns it cleaned. No answer is
// kept as unknown.
func ValidateObligation(o Obligation) (Obligation, fault.Problems) {
	var p fault.Problems
	o.Title = text.Need(&p, "/title", "the law, policy or duty", o.Title, text.Name)
	o.Overview = text.Clean(&p, "/overview", o.Overview, text.Long)
	o.Justification = text.Clean(&p, "/justification", o.Justification, text.Long)
	if o.Applies == "" {
		o.Applies = "unknown"
	}
	if !slices.Contains([]string{"yes", "no", "unknown"}, o.Applies) {
		p.Add("/applies", "Choose yes, no or not known yet.")
	}
	if o.Applies == "no" && o.Justification == "" {
		p.Add("/justification", "Say why it does not apply.")
	}
	if o.Specialist != "" && !slices.Contains([]string{"yes", "no", "not_applicable"}, o.Specialist) {
		p.Add("/specialist", "Choose yes, no or not applicable.")
	}
	return o, p
}

// Accreditation is a legacy, time-limited accreditation. It is history here:
// nothing in this product grants one.
type Accreditation struct {
	ID            string
	Reference     string
	Authority     string
	Scope         string
	Issued        civil.Date
	Expires       civil.Date // last day
	Conditions    string
	ResidualRisks string
}

// ValidateAccreditation checks an accreditation and returns it cleaned.
func ValidateAccreditation(a Accreditation) (Accreditation, fault.Problems) {
	var p fault.Problems
	a.Reference = text.Need(&p, "/reference", "the reference", a.Reference, text.Name)
	a.Authority = text.Line(&p, "/authority", a.Authority, text.Name)
	a.Scope = text.Clean(&p, "/scope", a.Scope, text.Long)
	a.Conditions = text.Clean(&p, "/conditions", a.Conditions, text.Long)
	a.ResidualRisks = text.Clean(&p, "/residual_risks", a.ResidualRisks, text.Long)
	day(&p, "/issued", a.Issued, false)
	day(&p, "/expires", a.Expires, true)
	if a.Issued != "" && a.Expires != "" && a.Expires < a.Issued {
		p.Add("/expires", "The expiry must not be before the date of issue.")
	}
	return a, p
}

// AlertMonths lists how many months before expiry an alert is given.
func AlertMonths() []int { return []int{12, 6, 3, 1} }

// Countdown says how near the end of an accreditation is.
type Countdown struct {
	Alert   int        // the last alert reached: 12, 6, 3 or 1 months; 0 = none yet
	Days    int        // days left; negative once it has expired
	Overdue bool       // expired without an approved assessment: transition overdue
	Next    civil.Date // when the next alert is due, or the first day of overdue; "" = none
}

// Countdown returns where the accreditation stands today. An approved assessment
// ends the countdown.
func (a Accreditation) Countdown(today civil.Date, hasApproved bool) Countdown {
	if hasApproved || !a.Expires.Valid() {
		return Countdown{}
	}
	c := Countdown{Days: today.DaysUntil(a.Expires), Overdue: today > a.Expires}
	for _, m := range AlertMonths() {
		at := a.Expires.AddMonths(-m)
		if at <= today {
			c.Alert = m
		} else if c.Next == "" {
			c.Next = at
		}
	}
	if c.Next == "" && !c.Overdue {
		c.Next = a.Expires.AddDays(1)
	}
	return c
}
