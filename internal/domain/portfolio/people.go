package portfolio

import (
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
)

// Role is a duty towards a system. It grants no permission by itself.
type Role string

// The roles that systems have. Frameworks may name more.
const (
	SRO          Role = "sro"           // Senior Responsible Owner: accountable for every decision
	DTSL         Role = "dtsl"          // Delivery Team Security Lead
	DeliveryLead Role = "delivery_lead" //
	PSyO         Role = "psyo"          // Project Security Officer: needed at SECRET and above
	SAC          Role = "sac"           // Security Assurance Coordinator
	Sponsor      Role = "sponsor"       //
	Commercial   Role = "commercial"    // commercial officer
	Architect    Role = "architect"     //
	Assessor     Role = "assessor"      // independent, not from the team
)

// Roles lists the roles.
func Roles() []Role {
	return []Role{SRO, DTSL, DeliveryLead, PSyO, SAC, Sponsor, Commercial, Architect, Assessor}
}

// Title returns the role as people read it.
func (r Role) Title() string {
	titles := map[Role]string{SRO: "Senior Responsible Owner", DTSL: "Delivery Team Security Lead", DeliveryLead: "Delivery team lead",
		PSyO: "Project Security Officer", SAC: "Security Assurance Coordinator", Sponsor: "Capability sponsor",
		Commercial: "Commercial officer", Architect: "Enterprise architect", Assessor: "Independent assessor"}
	if t := titles[r]; t != "" {
		return t
	}
	return spoken(string(r))
}

// Appointment is a person in a role for a time. A stand-in has the role because
// nobody holds it in name; acting on behalf leaves accountability where it was.
type Appointment struct {
	ID         string
	Role       Role
	User       string // user id; "" when the person has no account here
	Name       string // the person's name
	From       civil.Date
	To         civil.Date // last day; "" = open
	StandIn    bool       // stands in for an SRO that the system does not have
	Basis      string     // authority or reason, needed for a stand-in
	OnBehalfOf string     // appointment id of the accountable person, when acting for them
	Skills     []string   // skills that the role needs here
}

// On reports whether the appointment holds on the day.
func (a Appointment) On(day civil.Date) bool {
	return (a.From == "" || a.From <= day) && (a.To == "" || day <= a.To)
}

// Holder returns who holds the role in their own right on the day. The holder in
// name comes before a stand-in, then the latest appointed.
func Holder(as []Appointment, role Role, day civil.Date) (Appointment, bool) {
	var best Appointment
	found := false
	for _, a := range as {
		if a.Role != role || a.OnBehalfOf != "" || !a.On(day) {
			continue
		}
		if !found || best.StandIn && !a.StandIn || best.StandIn == a.StandIn && (a.From > best.From || a.From == best.From && a.ID > best.ID) {
			best, found = a, true
		}
	}
	return best, found
}

// ValidateAppointment checks an appointment and returns it cleaned.
func ValidateAppointment(a Appointment) (Appointment, fault.Problems) {
	var p fault.Problems
	a.Name = text.Need(&p, "/name", "the person’s name", a.Name, text.Name)
	a.Basis = text.Clean(&p, "/basis", a.Basis, text.Short)
	if !slices.Contains(Roles(), a.Role) {
		p.Add("/role", "Choose one of the roles that are listed.")
	}
	day(&p, "/from", a.From, true)
	day(&p, "/to", a.To, false)
	if a.To != "" && a.To < a.From {
		p.Add("/to", "The last day must not be before the first.")
	}
	if a.StandIn && a.Role != SRO {
		p.Add("/stand_in", "Only the Senior Responsible Owner can have a stand-in.")
	}
	if a.StandIn && a.Basis == "" {
		p.Add("/basis", "Say why this person has the authority to stand in.")
	}
	if a.StandIn && a.OnBehalfOf != "" {
		p.Add("/on_behalf_of", "A stand-in is accountable in their own right. Choose stand-in or on behalf of.")
	}
	for i, s := range a.Skills {
		a.Skills[i] = text.Line(&p, "/skills", s, text.Name)
	}
	return a, p
}

// SkillRecord shows that a person is suitably qualified and experienced (SQEP)
// in one skill.
type SkillRecord struct {
	ID         string
	User       string
	Name       string
	Skill      string
	Basis      string // "training", "qualification", "experience"
	Title      string // the course, certificate or assessment of experience
	Reference  string
	AssessedBy string
	AchievedOn civil.Date
	ExpiresOn  civil.Date // last day; "" = does not expire
}

// SkillBases lists what a skill may rest on.
func SkillBases() []string { return []string{"training", "qualification", "experience"} }

// ValidateSkillRecord checks a record against today and returns it cleaned.
func ValidateSkillRecord(r SkillRecord, today civil.Date) (SkillRecord, fault.Problems) {
	var p fault.Problems
	r.Skill = text.Need(&p, "/skill", "the skill", r.Skill, text.Name)
	r.Title = text.Need(&p, "/title", "the course, certificate or experience", r.Title, text.Name)
	r.Reference = text.Line(&p, "/reference", r.Reference, text.Short)
	r.AssessedBy = text.Line(&p, "/assessed_by", r.AssessedBy, text.Name)
	if !slices.Contains(SkillBases(), r.Basis) {
		p.Add("/basis", "Choose training, qualification or experience.")
	}
	if r.Basis == "experience" && r.AssessedBy == "" {
		p.Add("/assessed_by", "Say who assessed the experience.")
	}
	day(&p, "/achieved_on", r.AchievedOn, true)
	day(&p, "/expires_on", r.ExpiresOn, false)
	if r.AchievedOn.Valid() && r.AchievedOn > today {
		p.Add("/achieved_on", "The date must not be in the future.")
	}
	if r.ExpiresOn != "" && r.ExpiresOn < r.AchievedOn {
		p.Add("/expires_on", "The last day must not be before the day it was achieved.")
	}
	return r, p
}

// Unsupported lists the skills that the appointment needs and that no record of
// its person shows on the day. Skills are compared without regard to case.
func Unsupported(a Appointment, records []SkillRecord, on civil.Date) []string {
	var out []string
	for _, skill := range a.Skills {
		if !slices.ContainsFunc(records, func(r SkillRecord) bool {
			same := a.User != "" && r.User == a.User || a.User == "" && r.User == "" && r.Name == a.Name
			return same && strings.EqualFold(r.Skill, skill) && r.AchievedOn <= on && (r.ExpiresOn == "" || on <= r.ExpiresOn)
		}) {
			out = append(out, skill)
		}
	}
	return out
}

func day(p *fault.Problems, pointer string, d civil.Date, needed bool) {
	if d == "" && needed {
		p.Add(pointer, "Enter a date.")
	} else if d != "" && !d.Valid() {
		p.Add(pointer, "Enter a real date, for example 2026-03-27.")
	}
}

func spoken(s string) string { return strings.ReplaceAll(s, "_", " ") }
