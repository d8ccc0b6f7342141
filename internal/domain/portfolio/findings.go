package portfolio

import (
	"fmt"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
)

// Finding is a gap in the governance of a system. It is computed, never stored.
type Finding struct {
	Kind    string // stable word, "no_sro"
	Subject string // id of the thing concerned; "" = the system
	Text    string // what is wrong
	Remedy  string // what would put it right
}

// Facts is what Findings looks at.
type Facts struct {
	System        System
	Appointments  []Appointment
	Skills        []SkillRecord
	Connections   []Connection
	Obligations   []Obligation
	Accreditation *Accreditation // nil = none
	HasApproved   bool           // an assessment has been approved
}

// OwnersCheckedMonths is how long a confirmation of connection owners holds.
const OwnersCheckedMonths = 12

// Findings lists the gaps in the governance of a system today, in a fixed order.
// A system that is read only has none: it is history.
func Findings(f Facts, today civil.Date) []Finding {
	if f.System.State.ReadOnly() {
		return nil
	}
	var out []Finding
	out = append(out, roleFindings(f, today)...)
	out = append(out, connectionFindings(f, today)...)
	out = append(out, recordFindings(f)...)
	if f.Accreditation != nil {
		out = append(out, transitionFinding(*f.Accreditation, f.HasApproved, today)...)
	}
	return out
}

func roleFindings(f Facts, today civil.Date) []Finding {
	var out []Finding
	sro, has := Holder(f.Appointments, SRO, today)
	switch {
	case !has:
		out = append(out, Finding{"no_sro", "", "Nobody is accountable: there is no Senior Responsible Owner and no stand-in.", "Appoint one."})
	case sro.StandIn:
		out = append(out, Finding{"stand_in_sro", sro.ID, sro.Name + " stands in for a Senior Responsible Owner.", "Appoint a Senior Responsible Owner, or confirm the stand-in."})
	}
	if _, ok := Holder(f.Appointments, DTSL, today); !ok {
		out = append(out, Finding{"no_dtsl", "", "There is no Delivery Team Security Lead.", "Appoint one."})
	}
	secret := f.System.Classification.Compare(Marking{Tier: Secret}) >= 0
	if _, ok := Holder(f.Appointments, PSyO, today); secret && !ok {
		out = append(out, Finding{"no_psyo", "", "A system at SECRET or above needs a Project Security Officer, and there is none.", "Appoint one."})
	}
	for _, a := range f.Appointments {
		if missing := Unsupported(a, f.Skills, today); a.On(today) && len(missing) > 0 {
			out = append(out, Finding{"skills_unsupported", a.ID,
				fmt.Sprintf("Nothing on record shows that %s (%s) has the skills that the role needs: %s.", a.Name, a.Role.Title(), strings.Join(missing, ", ")),
				"Record training, a qualification or assessed experience, or appoint somebody else."})
		}
	}
	return out
}

func connectionFindings(f Facts, today civil.Date) []Finding {
	var out []Finding
	for _, c := range f.Connections {
		name := c.OtherName
		if name == "" {
			name = c.Other
		}
		if c.OwnerHere == "" {
			out = append(out, Finding{"connection_unowned_here", c.ID, "Nobody on our side owns the risk of the connection to " + name + ".", "Name a risk owner on this side."})
		}
		if c.OwnerThere == "" {
			out = append(out, Finding{"connection_unowned_there", c.ID, "Nobody on the other side owns the risk of the connection to " + name + ".", "Agree a named risk owner with the other side."})
		}
		owned := c.OwnerHere != "" && c.OwnerThere != ""
		if owned && (c.CheckedOn == "" || c.CheckedOn.AddMonths(OwnersCheckedMonths) < today) {
			out = append(out, Finding{"connection_owners_unchecked", c.ID,
				fmt.Sprintf("The risk owners of the connection to %s have not been confirmed in the last %d months.", name, OwnersCheckedMonths),
				"Ask both whether they still accept the risk, and record the date."})
		}
	}
	return out
}

func recordFindings(f Facts) []Finding {
	var out []Finding
	for _, m := range Missing(f.System, true) {
		out = append(out, Finding{"profile_incomplete", m.Pointer, "The profile of the system is incomplete.", m.Detail})
	}
	if f.System.Exposure == "" {
		out = append(out, Finding{"exposure_unknown", "", "It is not known whether the system can be reached from the public internet.", "Record whether it is publicly exposed."})
	}
	for _, o := range f.Obligations {
		if o.Applies == "unknown" {
			out = append(out, Finding{"obligation_unknown", o.ID, "It is not known whether “" + o.Title + "” applies.", "Decide, with a specialist if needed."})
		}
	}
	return out
}

func transitionFinding(a Accreditation, hasApproved bool, today civil.Date) []Finding {
	c := a.Countdown(today, hasApproved)
	switch {
	case c.Overdue:
		return []Finding{{"transition_overdue", a.ID,
			"Transition overdue: accreditation " + a.Reference + " expired on " + a.Expires.Words() + " and no assessment has been approved since.",
			"Complete an assessment and have it approved."}}
	case c.Alert > 0:
		return []Finding{{"transition_due", a.ID,
			fmt.Sprintf("Accreditation %s expires on %s (%d days) and no assessment has been approved.", a.Reference, a.Expires.Words(), c.Days),
			"Complete an assessment before then."}}
	}
	return nil
}
