package web

import (
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// personView is one person with their roles.
type personView struct {
	Admin   bool
	ID      string
	About   govuk.SummaryList
	Roles   govuk.Table
	NoRoles bool
	Enable  bool // their account is stopped
	Self    bool

	Training      govuk.Table // for administrators and the person
	ShowsTraining bool
}

func (s *Site) person(rq *request) (reply, error) {
	m, err := s.App.MemberOf(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	units, err := s.unitNames(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	v := personView{Admin: rq.may(access.PeopleWrite), ID: m.ID, NoRoles: len(m.Roles) == 0, Self: m.ID == rq.who.ID,
		Enable: m.Status == string(identity.Disabled) || m.Status == string(identity.Locked)}
	v.About.Rows = []govuk.SummaryRow{{Key: govuk.Text("Name"), Value: govuk.Text(m.Name)}}
	if m.Status != "" {
		v.About.Rows = append(v.About.Rows, govuk.SummaryRow{Key: govuk.Text("Email address"), Value: govuk.Text(m.Email)},
			govuk.SummaryRow{Key: govuk.Text("Account"), Value: govuk.Of(statusTag(m.Status))})
	}
	if m.InstanceAdmin {
		v.About.Rows = append(v.About.Rows, govuk.SummaryRow{Key: govuk.Text("Installation"), Value: govuk.Text("Administers the whole installation")})
	}
	zone, err := s.zone(rq)
	if err != nil {
		return reply{}, err
	}
	v.Roles = roleTable(m, units, zone, v.Admin)
	if v.ShowsTraining = v.Admin || v.Self; v.ShowsTraining {
		records, err := s.App.Training(rq.Context(), rq.who, m.ID)
		if err != nil {
			return reply{}, err
		}
		v.Training = trainingTable(records, civil.Of(s.Now(), zone))
	}
	return show(&page{title: m.Name, section: "/people", crumbs: []crumb{{"People", "/people"}}, view: v}), nil
}

// trainingTable shows what is recorded of a person's skills.
func trainingTable(records []app.Training, today civil.Date) govuk.Table {
	t := govuk.Table{Caption: "Training, qualifications and experience", CaptionClasses: "govuk-table__caption--m", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Skill"}, {Text: "Shown by"}, {Text: "Reference"}, {Text: "Assessed by"}, {Text: "Achieved on"}, {Text: "Holds until"}}}
	for _, r := range records {
		until := or(r.ExpiresOn.Words(), "No end")
		if r.ExpiresOn != "" && r.ExpiresOn < today {
			until += ", expired"
		}
		t.Rows = append(t.Rows, []govuk.Cell{{Text: r.Skill}, {Text: phaseWord(r.Basis) + ": " + r.Title}, {Text: or(r.Reference, "None")}, {Text: or(r.AssessedBy, "Not recorded")},
			{Text: r.AchievedOn.Words()}, {Text: until}})
	}
	return t
}

// zone is the time zone in which days begin in the organisation.
func (s *Site) zone(rq *request) (*time.Location, error) {
	o, err := s.App.Organisation(rq.Context(), rq.who)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(o.Zone)
	if err != nil {
		return time.UTC, nil
	}
	return zone, nil
}

// roleTable shows the days of roles as they were entered. An end is the first
// moment at which a role no longer holds, so its last day is that of the moment
// before.
func roleTable(m app.Member, units map[string]string, zone *time.Location, admin bool) govuk.Table {
	t := govuk.Table{Caption: "Roles", CaptionClasses: "govuk-table__caption--m", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Role"}, {Text: "Over"}, {Text: "From"}, {Text: "Until"}}}
	if admin {
		t.Head = append(t.Head, govuk.Cell{Text: "Action"})
	}
	for _, r := range m.Roles {
		over := govuk.Cell{Text: reach("", r.Unit, units)}
		if r.System != "" {
			over = govuk.Cell{Markup: govuk.Link{Text: "One system", Hidden: "that this role is for", Href: "/systems/" + r.System}.HTML()}
		}
		until := "No end"
		if !r.EndsAt.IsZero() {
			until = civil.Of(r.EndsAt.Add(-time.Microsecond), zone).Words()
		}
		row := []govuk.Cell{{Text: r.Role.Title()}, over, {Text: civil.Of(r.StartsAt, zone).Words()}, {Text: until}}
		if admin {
			row = append(row, govuk.Cell{Markup: govuk.Link{Text: "End", Hidden: "the role " + r.Role.Title(), Href: "/people/" + m.ID + "/roles/" + r.ID + "/end"}.HTML()})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
