package web

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/civil"
	"github.com/touchstone-assurance/touchstone/internal/domain/identity"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// peopleView lists the people of the organisation and, for administrators, who
// is invited.
type peopleView struct {
	Admin       bool
	Count       string
	List        govuk.Table
	Pages       *govuk.Pagination
	Invitations []invitationRow
}

type invitationRow struct{ ID, Email, Role, Reach, Until string }

func (s *Site) people(rq *request) (reply, error) {
	list, err := s.App.Members(rq.Context(), rq.who, app.Page{After: rq.URL.Query().Get("after")})
	if err != nil {
		return reply{}, err
	}
	units, err := s.unitNames(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	zone, err := s.zone(rq)
	if err != nil {
		return reply{}, err
	}
	v := peopleView{Admin: rq.may(access.PeopleWrite), Count: many(list.Total, "person", "people")}
	v.List = govuk.Table{Caption: "People of " + rq.signed.Organisation.Name, CaptionClasses: "govuk-table__caption--m", Scroll: true, FirstCellIsHeader: true,
		Head: []govuk.Cell{{Text: "Name"}, {Text: "Roles"}}}
	if v.Admin {
		v.List.Head = append(v.List.Head, govuk.Cell{Text: "Email address"}, govuk.Cell{Text: "State"})
	}
	for _, m := range list.Items {
		row := []govuk.Cell{{Markup: govuk.Link{Text: m.Name, Href: "/people/" + m.ID}.HTML()}, {Text: rolesOf(m, units, zone)}}
		if v.Admin {
			row = append(row, govuk.Cell{Text: m.Email}, govuk.Cell{Markup: statusTag(m.Status).HTML()})
		}
		v.List.Rows = append(v.List.Rows, row)
	}
	if list.Next != "" {
		v.Pages = &govuk.Pagination{Next: govuk.PageLink{Href: "/people?after=" + url.QueryEscape(list.Next), Text: "Next page"}}
	}
	if v.Admin && rq.query("after") == "" {
		open, err := s.App.Invitations(rq.Context(), rq.who)
		if err != nil {
			return reply{}, err
		}
		for _, o := range open {
			v.Invitations = append(v.Invitations, invitationRow{o.ID, o.Email, o.Role.Title(), reach(o.System, o.Unit, units), at(o.ExpiresAt)})
		}
	}
	return show(&page{title: "People", section: "/people", wide: true, view: v}), nil
}

// unitNames maps the ids of units to their names.
func (s *Site) unitNames(ctx context.Context, who access.Actor) (map[string]string, error) {
	units, err := s.App.Units(ctx, who)
	names := map[string]string{}
	for _, u := range units {
		names[u.ID] = u.Name
	}
	return names, err
}

// reach says over what a role holds.
func reach(system, unit string, units map[string]string) string {
	switch {
	case system != "":
		return "One system"
	case unit != "":
		return or(units[unit], "A unit that is no more") + " and all below it"
	}
	return "The whole organisation"
}

func rolesOf(m app.Member, units map[string]string, zone *time.Location) string {
	var out []string
	for _, r := range m.Roles {
		text := r.Role.Title()
		switch {
		case r.System != "":
			text += " (one system)"
		case r.Unit != "":
			text += " (" + reach("", r.Unit, units) + ")"
		}
		if !r.InForce {
			text += " from " + civil.Of(r.StartsAt, zone).Words()
		}
		out = append(out, text)
	}
	return or(strings.Join(out, ", "), "No role now")
}

func statusTag(status string) govuk.Tag {
	switch identity.Status(status) {
	case identity.Active:
		return govuk.Tag{Text: "Active", Colour: "green"}
	case identity.Disabled:
		return govuk.Tag{Text: "Disabled", Colour: "grey"}
	case identity.Locked:
		return govuk.Tag{Text: "Locked", Colour: "red"}
	}
	return govuk.Tag{Text: "Not shown", Colour: "grey"}
}
