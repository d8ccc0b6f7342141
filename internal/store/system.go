package store

import (
	"context"

	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
)

// System is a registered system (MOD: capability; government: service).
type System struct {
	Organisation string
	ID           string
	Name         string
	NameFolded   string
	Kind         string
	Scope        string
	Sponsor      string
	Unit         string
	Stage        string
	Phase        string
	Gate         string
	Size         string
	Marking      string
	MarkingRank  int
	Exposure     string
	Personal     bool
	Special      bool
	State        string
	CreatedBy    string
	CreatedAt    int64
	Version      int64
}

var systemTable = table{name: "system", key: 2, cols: cols(`organisation_id id name name_folded kind scope sponsor unit_id stage phase gate size
	marking marking_rank exposure personal special state created_by created_at version`)}

func (s *System) fields() []any {
	return []any{&s.Organisation, &s.ID, &s.Name, &s.NameFolded, &s.Kind, &s.Scope, &s.Sponsor, &s.Unit, &s.Stage, &s.Phase, &s.Gate, &s.Size,
		&s.Marking, &s.MarkingRank, &s.Exposure, &s.Personal, &s.Special, &s.State, &s.CreatedBy, &s.CreatedAt, &s.Version}
}

// reach limits a query to the systems of the scope; alias names the system table.
func reach(w *where, scope access.Scope, alias string) error {
	org, err := need(scope)
	if err != nil {
		return err
	}
	w.add(alias+".organisation_id = ?", org)
	w.add(alias+".marking_rank <= ?", int64(scope.Ceiling()))
	if scope.All() {
		return nil
	}
	inner := &where{args: w.args}
	if len(scope.Systems()) > 0 {
		inner.in(alias+".id", scope.Systems())
	}
	if len(scope.Units()) > 0 {
		inner.in(alias+".unit_id", scope.Units())
	}
	if len(inner.parts) == 0 {
		inner.in(alias+".id", nil)
	}
	w.args = inner.args
	if len(inner.parts) == 1 {
		w.parts = append(w.parts, inner.parts[0])
	} else {
		w.parts = append(w.parts, "("+inner.parts[0]+" OR "+inner.parts[1]+")")
	}
	return nil
}

// CreateSystem adds a system with an empty summary.
func (tx *Tx) CreateSystem(ctx context.Context, s System) error {
	s.Version = 1
	if err := tx.insert(ctx, systemTable, s.fields()); err != nil {
		return err
	}
	if err := tx.count(ctx, s.Organisation, "systems", 1); err != nil {
		return err
	}
	return tx.SaveSummary(ctx, Summary{Organisation: s.Organisation, System: s.ID})
}

// SaveSystem replaces a system; s.Version is the version that was read.
func (tx *Tx) SaveSystem(ctx context.Context, s System) error {
	was := s.Version
	s.Version++
	return tx.update(ctx, systemTable, s.fields(), was)
}

// System reads one system inside the scope.
func (tx *Tx) System(ctx context.Context, scope access.Scope, id string) (System, error) {
	w := &where{}
	if err := reach(w, scope, "s"); err != nil {
		return System{}, err
	}
	w.add("s.id = ?", id)
	var s System
	err := tx.one(ctx, "SELECT "+systemTable.prefixed("s")+" FROM system s"+w.sql(), w.args, s.fields())
	return s, err
}

// SystemsNamed lists systems of the scope by their ids.
func (tx *Tx) SystemsNamed(ctx context.Context, scope access.Scope, ids []string) ([]System, error) {
	w := &where{}
	if err := reach(w, scope, "s"); err != nil {
		return nil, err
	}
	w.in("s.id", ids)
	return all(ctx, tx, "SELECT "+systemTable.prefixed("s")+" FROM system s"+w.sql()+" ORDER BY s.id", w.args, (*System).fields)
}

// SystemIDs lists the ids of every system of the scope, in order.
func (tx *Tx) SystemIDs(ctx context.Context, scope access.Scope) ([]string, error) {
	w := &where{}
	if err := reach(w, scope, "s"); err != nil {
		return nil, err
	}
	list, err := all(ctx, tx, "SELECT s.id FROM system s"+w.sql()+" ORDER BY s.id", w.args, func(s *System) []any { return []any{&s.ID} })
	ids := make([]string, len(list))
	for i, s := range list {
		ids[i] = s.ID
	}
	return ids, err
}

// Summary is the derived line of a system in lists: the assessment that counts
// now and how its answers stand. It is kept in the writing transaction and proved
// by a recount.
type Summary struct {
	Organisation string
	System       string
	Assessment   string
	State        string
	DueOn        civil.Date
	ApprovedAt   int64
	InScope      int
	Answered     int
	NeedYou      int
	DontKnow     int
	Confirmed    int
	Verified     int
	Documented   int
	Stale        int
	Asserted     int
	Unassessed   int
	Contradicted int
	Worst        string
}

var summaryTable = table{name: "system_summary", key: 2, silent: true, cols: cols(`organisation_id system_id assessment_id state due_on approved_at
	in_scope answered need_you dont_know confirmed verified documented stale asserted unassessed contradicted worst`)}

func (s *Summary) fields() []any {
	return []any{&s.Organisation, &s.System, &s.Assessment, &s.State, &s.DueOn, &s.ApprovedAt, &s.InScope, &s.Answered, &s.NeedYou, &s.DontKnow,
		&s.Confirmed, &s.Verified, &s.Documented, &s.Stale, &s.Asserted, &s.Unassessed, &s.Contradicted, &s.Worst}
}

// SaveSummary inserts or replaces the summary of a system.
func (tx *Tx) SaveSummary(ctx context.Context, s Summary) error {
	vals := values(s.fields())
	res, err := tx.stmt(ctx, summaryTable.updateSQL(false), vals)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return tx.execArgs(ctx, summaryTable.insertSQL(), vals)
}

// Summary reads the summary of a system; the caller has read the system in scope.
func (tx *Tx) Summary(ctx context.Context, s System) (Summary, error) {
	var sum Summary
	err := tx.one(ctx, "SELECT "+summaryTable.list()+" FROM system_summary WHERE organisation_id = $1 AND system_id = $2", []any{s.Organisation, s.ID}, sum.fields())
	return sum, err
}

// SystemFilter narrows a list of systems. Empty fields do not narrow.
type SystemFilter struct {
	Name      string   // contained in the folded name
	Units     []string // a unit with its subtree
	Stage     string
	State     string
	Marking   string
	Exposure  string
	Worst     string     // worst support now
	Fallen    string     // some answer is: stale or contradicted
	OverdueOn civil.Date // assessments due before this day
	Owner     string     // person who holds sro for it
	AfterName string     // keyset: folded name and id of the last seen
	AfterID   string
	Limit     int
}

// ofSystem and ofSummary report whether the filter looks at the row of the system
// and at its summary.
func (f SystemFilter) ofSystem() bool {
	return f.Name != "" || len(f.Units) > 0 || f.Stage != "" || f.State != "" || f.Marking != "" || f.Exposure != "" || f.Owner != ""
}

func (f SystemFilter) ofSummary() bool { return f.Worst != "" || f.Fallen != "" || f.OverdueOn != "" }

// where limits to the scope and the filter; s is the system, m its summary.
func (f SystemFilter) where(scope access.Scope) (*where, error) {
	w := &where{}
	if err := reach(w, scope, "s"); err != nil {
		return nil, err
	}
	for _, c := range []struct{ column, value string }{
		{"s.stage", f.Stage}, {"s.state", f.State}, {"s.marking", f.Marking}, {"s.exposure", f.Exposure},
	} {
		if c.value != "" {
			w.add(c.column+" = ?", c.value)
		}
	}
	if f.Name != "" {
		w.add(`s.name_folded LIKE ? ESCAPE '\'`, "%"+escapeLike(f.Name)+"%")
	}
	if len(f.Units) > 0 {
		w.in("s.unit_id", f.Units)
	}
	if f.Owner != "" {
		w.add("s.id IN (SELECT g.system_id FROM role_grant g WHERE g.person_id = ? AND g.organisation_id = ? AND g.role = 'sro')", f.Owner, scope.Organisation())
	}
	f.whereSummary(w)
	return w, nil
}

func (f SystemFilter) whereSummary(w *where) {
	if f.Worst != "" {
		w.add("m.worst = ?", f.Worst)
	}
	switch f.Fallen {
	case "":
	case "stale":
		w.add("m.stale > 0")
	case "contradicted":
		w.add("m.contradicted > 0")
	default:
		w.parts = append(w.parts, "1 = 0")
	}
	if f.OverdueOn != "" {
		w.add("m.due_on <> '' AND m.due_on < ?", string(f.OverdueOn))
	}
}

// SystemLine is a system with its summary.
type SystemLine struct {
	System  System
	Summary Summary
}

// CROSS JOIN tells SQLite which table to walk first; PostgreSQL decides by itself.
const (
	systemJoin  = " FROM system s CROSS JOIN system_summary m"
	summaryJoin = " FROM system_summary m CROSS JOIN system s"
	systemMeets = "m.organisation_id = s.organisation_id AND m.system_id = s.id"
)

// fewSystems is how many matches are worth sorting: below it a list begins at the
// summaries that match, else at the names, where the page is soon full.
const fewSystems = 500

// Systems lists the systems of the scope by name, with the number that match.
func (tx *Tx) Systems(ctx context.Context, scope access.Scope, f SystemFilter) ([]SystemLine, int64, error) {
	w, err := f.where(scope)
	if err != nil {
		return nil, 0, err
	}
	total, err := tx.countSystems(ctx, scope, f, w)
	if err != nil {
		return nil, 0, err
	}
	join := systemJoin
	if f.ofSummary() && total < fewSystems {
		join = summaryJoin
		w.add("m.organisation_id = ?", scope.Organisation())
	}
	w.add(systemMeets)
	if f.AfterID != "" {
		w.add("(s.name_folded, s.id) > (?, ?)", f.AfterName, f.AfterID)
	}
	query := "SELECT " + systemTable.prefixed("s") + ", " + summaryTable.prefixed("m") + join + w.sql() + " ORDER BY s.name_folded, s.id" + w.limit(f.Limit)
	lines, err := all(ctx, tx, query, w.args, func(l *SystemLine) []any { return append(l.System.fields(), l.Summary.fields()...) })
	return lines, total, err
}

// countSystems counts without joining what the filter does not look at.
func (tx *Tx) countSystems(ctx context.Context, scope access.Scope, f SystemFilter, w *where) (total int64, err error) {
	everything := scope.All() && scope.Ceiling() >= access.MaxCeiling
	switch {
	case everything && !f.ofSystem() && !f.ofSummary():
		return tx.Tally(ctx, scope, "systems")
	case everything && !f.ofSystem():
		w = &where{}
		w.add("m.organisation_id = ?", scope.Organisation())
		f.whereSummary(w)
		err = tx.one(ctx, "SELECT count(*) FROM system_summary m"+w.sql(), w.args, []any{&total})
	case !f.ofSummary():
		err = tx.one(ctx, "SELECT count(*) FROM system s"+w.sql(), w.args, []any{&total})
	default:
		err = tx.one(ctx, "SELECT count(*)"+systemJoin+w.sql()+" AND "+systemMeets, w.args, []any{&total})
	}
	return total, err
}

// count keeps a derived number of an organisation.
func (tx *Tx) count(ctx context.Context, org, name string, by int64) error {
	return tx.exec(ctx, `INSERT INTO tally (organisation_id, name, n) VALUES ($1, $2, $3)
		ON CONFLICT (organisation_id, name) DO UPDATE SET n = tally.n + excluded.n`, org, name, by)
}

// Tally reads a derived number of the organisation; 0 when nothing was counted.
func (tx *Tx) Tally(ctx context.Context, scope access.Scope, name string) (int64, error) {
	org, err := need(scope)
	if err != nil {
		return 0, err
	}
	var n int64
	err = tx.one(ctx, "SELECT coalesce(max(n), 0) FROM tally WHERE organisation_id = $1 AND name = $2", []any{org, name}, []any{&n})
	return n, err
}

// Appointment names the holder of a role in a system, from and until.
type Appointment struct {
	Organisation string
	ID           string
	System       string
	Role         string
	Person       string // somebody with an account, or ""
	Name         string
	StandIn      bool   // stands in for an SRO that the system does not have
	Basis        string // authority or reason of a stand-in
	OnBehalfOf   string // appointment of the accountable person, when acting for them
	Skills       string // skills that the role needs, comma-separated
	StartsOn     civil.Date
	EndsOn       civil.Date // last day
	Version      int64
}

var appointmentTable = table{name: "appointment", key: 2, cols: cols("organisation_id id system_id role person_id name stand_in basis on_behalf_of skills starts_on ends_on version")}

func (a *Appointment) fields() []any {
	return []any{&a.Organisation, &a.ID, &a.System, &a.Role, &a.Person, &a.Name, &a.StandIn, &a.Basis, &a.OnBehalfOf, &a.Skills, &a.StartsOn, &a.EndsOn, &a.Version}
}

// Connection is a link to another system with a named risk owner on each side.
type Connection struct {
	Organisation string
	ID           string
	System       string
	OtherSystem  string
	OtherName    string
	Description  string
	OurOwner     string
	TheirOwner   string
	CheckedOn    civil.Date
	Version      int64
}

var connectionTable = table{name: "connection", key: 2, cols: cols("organisation_id id system_id other_system_id other_name description our_owner their_owner checked_on version")}

func (c *Connection) fields() []any {
	return []any{&c.Organisation, &c.ID, &c.System, &c.OtherSystem, &c.OtherName, &c.Description, &c.OurOwner, &c.TheirOwner, &c.CheckedOn, &c.Version}
}

// Obligation is one row of the obligations matrix.
type Obligation struct {
	Organisation  string
	ID            string
	System        string
	Title         string
	Overview      string
	Applies       string
	Justification string
	Specialist    string
	Version       int64
}

var obligationTable = table{name: "obligation", key: 2, cols: cols("organisation_id id system_id title overview applies justification specialist version")}

func (o *Obligation) fields() []any {
	return []any{&o.Organisation, &o.ID, &o.System, &o.Title, &o.Overview, &o.Applies, &o.Justification, &o.Specialist, &o.Version}
}

// Accreditation is a legacy accreditation that counts down.
type Accreditation struct {
	Organisation  string
	ID            string
	System        string
	Reference     string
	Authority     string
	Scope         string
	Conditions    string
	ResidualRisks string
	IssuedOn      civil.Date
	ExpiresOn     civil.Date // last day
	Version       int64
}

var accreditationTable = table{name: "accreditation", key: 2,
	cols: cols("organisation_id id system_id reference authority scope conditions residual_risks issued_on expires_on version")}

func (a *Accreditation) fields() []any {
	return []any{&a.Organisation, &a.ID, &a.System, &a.Reference, &a.Authority, &a.Scope, &a.Conditions, &a.ResidualRisks, &a.IssuedOn, &a.ExpiresOn, &a.Version}
}

// Training records that a person has a skill.
type Training struct {
	Organisation string
	ID           string
	Person       string
	Name         string
	Skill        string
	Basis        string
	Title        string
	Reference    string
	AssessedBy   string
	AchievedOn   civil.Date
	ExpiresOn    civil.Date // last day
}

var trainingTable = table{name: "training", key: 2, cols: cols("organisation_id id person_id name skill basis title reference assessed_by achieved_on expires_on")}

func (t *Training) fields() []any {
	return []any{&t.Organisation, &t.ID, &t.Person, &t.Name, &t.Skill, &t.Basis, &t.Title, &t.Reference, &t.AssessedBy, &t.AchievedOn, &t.ExpiresOn}
}

// CreateAppointment adds an appointment.
func (tx *Tx) CreateAppointment(ctx context.Context, a Appointment) error {
	a.Version = 1
	return tx.insert(ctx, appointmentTable, a.fields())
}

// SaveAppointment replaces one; its Version is the version that was read.
func (tx *Tx) SaveAppointment(ctx context.Context, a Appointment) error {
	was := a.Version
	a.Version++
	return tx.update(ctx, appointmentTable, a.fields(), was)
}

// CreateConnection adds a connection.
func (tx *Tx) CreateConnection(ctx context.Context, c Connection) error {
	c.Version = 1
	return tx.insert(ctx, connectionTable, c.fields())
}

// SaveConnection replaces one; its Version is the version that was read.
func (tx *Tx) SaveConnection(ctx context.Context, c Connection) error {
	was := c.Version
	c.Version++
	return tx.update(ctx, connectionTable, c.fields(), was)
}

// CreateObligation adds a row of the obligations matrix.
func (tx *Tx) CreateObligation(ctx context.Context, o Obligation) error {
	o.Version = 1
	return tx.insert(ctx, obligationTable, o.fields())
}

// SaveObligation replaces one; its Version is the version that was read.
func (tx *Tx) SaveObligation(ctx context.Context, o Obligation) error {
	was := o.Version
	o.Version++
	return tx.update(ctx, obligationTable, o.fields(), was)
}

// CreateAccreditation adds a legacy accreditation.
func (tx *Tx) CreateAccreditation(ctx context.Context, a Accreditation) error {
	a.Version = 1
	return tx.insert(ctx, accreditationTable, a.fields())
}

// SaveAccreditation replaces one; its Version is the version that was read.
func (tx *Tx) SaveAccreditation(ctx context.Context, a Accreditation) error {
	was := a.Version
	a.Version++
	return tx.update(ctx, accreditationTable, a.fields(), was)
}

// CreateTraining adds a training record.
func (tx *Tx) CreateTraining(ctx context.Context, t Training) error {
	return tx.insert(ctx, trainingTable, t.fields())
}

const perSystem = " WHERE organisation_id = $1 AND system_id = $2"

// Appointments lists the appointments of a system that was read in scope.
func (tx *Tx) Appointments(ctx context.Context, s System) ([]Appointment, error) {
	return all(ctx, tx, "SELECT "+appointmentTable.list()+" FROM appointment"+perSystem+" ORDER BY role, starts_on DESC, id LIMIT 500", []any{s.Organisation, s.ID}, (*Appointment).fields)
}

// AppointmentsAmong lists who holds one of the roles on a day in some systems of
// the scope.
func (tx *Tx) AppointmentsAmong(ctx context.Context, scope access.Scope, systems, roles []string, day civil.Date) ([]Appointment, error) {
	w := &where{}
	if err := reach(w, scope, "s"); err != nil {
		return nil, err
	}
	w.in("s.id", systems)
	w.in("a.role", roles)
	w.add("a.starts_on <= ? AND (a.ends_on = '' OR a.ends_on >= ?)", string(day), string(day))
	return all(ctx, tx, "SELECT "+appointmentTable.prefixed("a")+" FROM appointment a JOIN system s ON s.organisation_id = a.organisation_id AND s.id = a.system_id"+w.sql()+
		" ORDER BY a.system_id, a.role, a.starts_on, a.id", w.args, (*Appointment).fields)
}

// Connections lists the connections of a system that was read in scope.
func (tx *Tx) Connections(ctx context.Context, s System) ([]Connection, error) {
	return all(ctx, tx, "SELECT "+connectionTable.list()+" FROM connection"+perSystem+" ORDER BY other_name, id LIMIT 500", []any{s.Organisation, s.ID}, (*Connection).fields)
}

// Obligations lists the obligations matrix of a system that was read in scope.
func (tx *Tx) Obligations(ctx context.Context, s System) ([]Obligation, error) {
	return all(ctx, tx, "SELECT "+obligationTable.list()+" FROM obligation"+perSystem+" ORDER BY title, id LIMIT 500", []any{s.Organisation, s.ID}, (*Obligation).fields)
}

// Accreditations lists the legacy accreditations of a system that was read in scope.
func (tx *Tx) Accreditations(ctx context.Context, s System) ([]Accreditation, error) {
	return all(ctx, tx, "SELECT "+accreditationTable.list()+" FROM accreditation"+perSystem+" ORDER BY expires_on, id LIMIT 500", []any{s.Organisation, s.ID}, (*Accreditation).fields)
}

// TrainingOf lists the training records of people of the organisation.
func (tx *Tx) TrainingOf(ctx context.Context, scope access.Scope, people []string) ([]Training, error) {
	org, err := need(scope)
	if err != nil {
		return nil, err
	}
	w := &where{}
	w.add("organisation_id = ?", org)
	w.in("person_id", people)
	return all(ctx, tx, "SELECT "+trainingTable.list()+" FROM training"+w.sql()+" ORDER BY person_id, skill, achieved_on DESC, id LIMIT 2000", w.args, (*Training).fields)
}
