package access

import "slices"

// Role is a role that a person or token holds in one organisation.
type Role string

// The roles. SRO is the senior responsible owner or the named stand-in.
const (
	TeamMember      Role = "team_member"
	DTSL            Role = "dtsl" // delivery team security lead
	SRO             Role = "sro"
	Assessor        Role = "assessor"
	PortfolioReader Role = "portfolio_reader"
	Administrator   Role = "administrator"
)

// Roles lists every role in the order in which pages show them.
func Roles() []Role {
	return []Role{TeamMember, DTSL, SRO, Assessor, PortfolioReader, Administrator}
}

// Valid reports whether r is a known role.
func (r Role) Valid() bool { return slices.Contains(Roles(), r) }

// Title is the role as people read it.
func (r Role) Title() string {
	switch r {
	case TeamMember:
		return "Team member"
	case DTSL:
		return "Delivery team security lead"
	case SRO:
		return "Senior responsible owner"
	case Assessor:
		return "Assessor"
	case PortfolioReader:
		return "Portfolio reader"
	case Administrator:
		return "Administrator"
	}
	return string(r)
}

// Privileged reports whether the role needs a phishing-resistant factor.
func (r Role) Privileged() bool {
	return r == SRO || r == Assessor || r == Administrator
}

// Operation names one thing that can be done. Every page, API operation and
// command names the operation it performs.
type Operation string

// Rule says who may perform an operation.
type Rule struct {
	roles             []Role
	wholeOrganisation bool // a grant limited to a system or unit is not enough
	stepUp            bool // a confirmation of identity at most five minutes old
	instance          bool // instance administrators only
	anyone            bool // anybody signed in, about themselves
	whileEnrolling    bool // allowed while only a passkey may be enrolled
}

// Roles lists the roles that may perform the operation.
func (r Rule) Roles() []Role { return slices.Clone(r.roles) }

// StepUp reports whether the operation needs a fresh confirmation of identity.
func (r Rule) StepUp() bool { return r.stepUp }

// Anyone reports whether everybody who is signed in may do it.
func (r Rule) Anyone() bool { return r.anyone }

// WholeOrganisation reports whether a limited grant is not enough.
func (r Rule) WholeOrganisation() bool { return r.wholeOrganisation }

// Instance reports whether only instance administrators may do it.
func (r Rule) Instance() bool { return r.instance }

// RuleOf returns the rule of an operation.
func RuleOf(op Operation) (Rule, bool) {
	r, ok := rules[op]
	return r, ok
}

// Operations lists every operation, sorted.
func Operations() []Operation {
	out := make([]Operation, 0, len(rules))
	for op := range rules {
		out = append(out, op)
	}
	slices.Sort(out)
	return out
}

// The operations.
const (
	SelfRead   Operation = "self.read"   // own work, own sessions
	SelfWrite  Operation = "self.write"  // own sessions, own drafts, switch organisation
	SelfEnrol  Operation = "self.enrol"  // add a passkey or recovery codes
	SelfSecure Operation = "self.secure" // remove a factor, replace recovery codes, change the passphrase

	OrganisationRead   Operation = "organisation.read"
	OrganisationWrite  Operation = "organisation.write"
	OrganisationCreate Operation = "organisation.create"
	UnitWrite          Operation = "unit.write"

	PeopleRead  Operation = "people.read"
	PeopleWrite Operation = "people.write"
	TokenRead   Operation = "token.read"
	TokenWrite  Operation = "token.write"

	SystemRead   Operation = "system.read"
	SystemCreate Operation = "system.create"
	SystemWrite  Operation = "system.write"

	FrameworkRead  Operation = "framework.read"
	FeedbackSend   Operation = "feedback.send"
	FeedbackHandle Operation = "feedback.handle"

	AssessmentRead    Operation = "assessment.read"
	AssessmentStart   Operation = "assessment.start"
	AssessmentTrigger Operation = "assessment.trigger"
	ResponseWrite     Operation = "response.write"
	AssessmentSubmit  Operation = "assessment.submit"
	AssessmentReturn  Operation = "assessment.return"
	AssessmentApprove Operation = "assessment.approve"
	AssessmentShare   Operation = "assessment.share"
	ReportRead        Operation = "report.read"

	EvidenceRead  Operation = "evidence.read"
	EvidenceWrite Operation = "evidence.write"

	ReleaseRead    Operation = "release.read"    // releases, documents, inventory, findings
	ReleaseWrite   Operation = "release.write"   // deliver documents, retire a release
	ProductConfirm Operation = "product.confirm" // say that a product belongs to a system

	AdvisoryRead  Operation = "advisory.read"  // advisories, and who is affected
	AdvisoryWrite Operation = "advisory.write" // send in an advisory
	FeedWrite     Operation = "feed.write"     // load feeds
	DecisionRead  Operation = "decision.read"
	DecisionWrite Operation = "decision.write"

	PurgeRequest Operation = "purge.request"
	PurgeApprove Operation = "purge.approve"

	AuditRead      Operation = "audit.read"
	CheckpointRead Operation = "checkpoint.read"
	InstanceRead   Operation = "instance.read"
	InstanceWrite  Operation = "instance.write"
)

var (
	everyRole = []Role{TeamMember, DTSL, SRO, Assessor, PortfolioReader, Administrator}
	team      = []Role{TeamMember, DTSL, Administrator}
	owners    = []Role{DTSL, SRO, Administrator}
	admins    = []Role{Administrator}
)

// rules is the permission table. An operation that is missing is refused.
var rules = map[Operation]Rule{
	SelfRead:   {anyone: true, whileEnrolling: true},
	SelfWrite:  {anyone: true, whileEnrolling: true},
	SelfEnrol:  {anyone: true, whileEnrolling: true},
	SelfSecure: {anyone: true, stepUp: true},

	OrganisationRead:   {roles: everyRole},
	OrganisationWrite:  {roles: admins, wholeOrganisation: true},
	OrganisationCreate: {instance: true},
	UnitWrite:          {roles: admins, wholeOrganisation: true},

	PeopleRead:  {roles: everyRole},
	PeopleWrite: {roles: admins, wholeOrganisation: true, stepUp: true},
	TokenRead:   {roles: admins, wholeOrganisation: true},
	TokenWrite:  {roles: admins, wholeOrganisation: true, stepUp: true},

	SystemRead:   {roles: everyRole},
	SystemCreate: {roles: team, wholeOrganisation: true},
	SystemWrite:  {roles: []Role{TeamMember, DTSL, SRO, Administrator}},

	FrameworkRead:  {roles: everyRole},
	FeedbackSend:   {roles: everyRole},
	FeedbackHandle: {roles: admins, wholeOrganisation: true},

	AssessmentRead:    {roles: everyRole},
	AssessmentStart:   {roles: team},
	AssessmentTrigger: {roles: []Role{TeamMember, DTSL, SRO, Administrator}},
	ResponseWrite:     {roles: team},
	AssessmentSubmit:  {roles: team},
	AssessmentReturn:  {roles: []Role{SRO}},
	AssessmentApprove: {roles: []Role{SRO}, stepUp: true},
	AssessmentShare:   {roles: []Role{SRO}, stepUp: true},
	ReportRead:        {roles: everyRole},

	EvidenceRead:  {roles: everyRole},
	EvidenceWrite: {roles: team},

	ReleaseRead:    {roles: everyRole},
	ReleaseWrite:   {roles: team},
	ProductConfirm: {roles: owners},

	AdvisoryRead:  {roles: everyRole},
	AdvisoryWrite: {roles: admins, wholeOrganisation: true},
	FeedWrite:     {instance: true},
	DecisionRead:  {roles: everyRole},
	DecisionWrite: {roles: []Role{TeamMember, DTSL, SRO, Administrator}},

	PurgeRequest: {roles: owners},
	PurgeApprove: {roles: admins, wholeOrganisation: true, stepUp: true},

	AuditRead:      {roles: []Role{Administrator, Assessor}, wholeOrganisation: true},
	CheckpointRead: {anyone: true},
	InstanceRead:   {instance: true},
	InstanceWrite:  {instance: true, stepUp: true},
}
