package web

import (
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

func appliesChoices() []choice {
	return []choice{{"yes", "Yes", ""}, {"no", "No", "You have to say why."}, {"unknown", "Not known yet", ""}}
}

func specialistChoices() []choice {
	return []choice{{"yes", "Yes", ""}, {"no", "No", ""}, {"not_applicable", "None is needed", ""}}
}

// systemPart is a form that adds something to a system or changes it.
type systemPart struct {
	title  string
	intro  string
	done   string
	submit string
	fields func(s *Site, rq *request, h app.SystemHome, f *form) ([]govuk.Component, error)
	fill   func(rq *request, h app.SystemHome) (*form, error) // nil for an empty form
	save   func(s *Site, rq *request, system string, f *form) error
}

// read shows the form; write saves it, or shows it again with what is wrong.
func (part systemPart) read(s *Site, rq *request) (reply, error) {
	h, err := s.App.SystemHome(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return reply{}, err
	}
	f := filled()
	if part.fill != nil {
		if f, err = part.fill(rq, h); err != nil {
			return reply{}, err
		}
	}
	return part.page(s, rq, h, f)
}

func (part systemPart) write(s *Site, rq *request) (reply, error) {
	id := rq.id("id")
	err := part.save(s, rq, id, rq.form)
	if err == nil {
		return goTo("/systems/"+id, part.done), nil
	}
	if !rq.form.take(err) {
		return reply{}, err
	}
	h, readErr := s.App.SystemHome(rq.Context(), rq.who, id)
	if readErr != nil {
		return reply{}, readErr
	}
	return part.page(s, rq, h, rq.form)
}

func (part systemPart) page(s *Site, rq *request, h app.SystemHome, f *form) (reply, error) {
	fields, err := part.fields(s, rq, h, f)
	if err != nil {
		return reply{}, err
	}
	home := "/systems/" + h.System.ID
	v := askView{Action: rq.URL.Path, Intro: part.intro, Fields: fields, Submit: or(part.submit, "Save"), Cancel: home}
	if version := f.text("version"); version != "" {
		v.Kept = kept("version", version)
	}
	return show(&page{title: part.title, caption: h.System.Name, section: "/systems", crumbs: []crumb{listOfSystems, {h.System.Name, home}},
		markings: []string{h.System.Marking}, form: f, view: v}), nil
}

func rolePart() systemPart {
	return systemPart{
		title: "Name somebody in a role", done: "role_added",
		intro: "A role here says who answers for what. It grants no access: an administrator does that.",
		fields: func(s *Site, rq *request, h app.SystemHome, f *form) ([]govuk.Component, error) {
			members, err := s.App.Members(rq.Context(), rq.who, app.Page{Limit: app.MaxLimit})
			if err != nil {
				return nil, err
			}
			var people, roles, accountable []choice
			for _, m := range members.Items {
				people = append(people, choice{value: m.ID, text: m.Name})
			}
			for _, r := range portfolio.Roles() {
				roles = append(roles, choice{value: string(r), text: roleTitle(h, string(r))})
			}
			for _, a := range h.Appointments {
				if portfolio.Role(a.Role) == portfolio.SRO && a.OnBehalfOf == "" {
					accountable = append(accountable, choice{value: a.ID, text: a.Name})
				}
			}
			return []govuk.Component{
				f.pick("role", "Role", "", "Choose a role", roles),
				f.pick("person", "Person with an account", "", "Somebody without an account", people),
				f.line("name", "Name", "Only for somebody without an account."),
				f.day("from", "First day", ""), f.day("to", "Last day (optional)", ""),
				f.lines("skills", "Skills that the role needs here (optional)", "One on each line."),
				f.yesBox("stand_in", "This person stands in, because nobody holds the role in name", ""),
				f.lines("basis", "Authority to stand in", "Needed for a stand-in only."),
				f.pick("on_behalf_of", "Acting on behalf of (optional)", "Acting for the accountable person leaves accountability where it was.", "Nobody", accountable),
			}, nil
		},
		save: func(s *Site, rq *request, system string, f *form) error {
			in := app.AppointInput{Role: f.text("role"), Person: f.id("person"), Name: f.text("name"), From: f.date("from"), To: f.date("to"),
				StandIn: f.yes("stand_in"), Basis: f.text("basis"), OnBehalfOf: f.id("on_behalf_of")}
			for skill := range strings.Lines(f.text("skills")) {
				if skill = strings.TrimSpace(skill); skill != "" {
					in.Skills = append(in.Skills, skill)
				}
			}
			_, _, err := s.App.Appoint(rq.Context(), rq.who, system, in)
			return err
		},
	}
}

func roleEndPart() systemPart {
	return systemPart{
		title: "End a role", done: "appointment_ended",
		fields: func(_ *Site, rq *request, h app.SystemHome, f *form) ([]govuk.Component, error) {
			for _, a := range h.Appointments {
				if a.ID == rq.id("role") {
					return []govuk.Component{govuk.InsetText{Text: a.Name + ", " + roleTitle(h, a.Role) + " since " + a.StartsOn.Words()}, f.day("to", "Last day", "")}, nil
				}
			}
			return nil, errNoPart
		},
		save: func(s *Site, rq *request, system string, f *form) error {
			_, err := s.App.EndAppointment(rq.Context(), rq.who, system, rq.id("role"), f.date("to"))
			return err
		},
	}
}

var errNoPart = fault.New(fault.NotFound, "There is nothing at this address.")

func connectionPart() systemPart {
	return systemPart{
		title: "Connection to another system", done: "connection_saved",
		intro: "Where information crosses from one system to another, each side needs a named person who owns the risk. A side without one is listed as a gap.",
		fields: func(s *Site, rq *request, h app.SystemHome, f *form) ([]govuk.Component, error) {
			others, err := s.App.SystemsIn(rq.Context(), rq.who, app.SystemFilter{}, app.Page{Limit: app.MaxLimit})
			if err != nil {
				return nil, err
			}
			var systems []choice
			for _, l := range others.Items {
				if l.System.ID != h.System.ID {
					systems = append(systems, choice{value: l.System.ID, text: l.System.Name})
				}
			}
			return []govuk.Component{
				f.pick("other", "A system that is registered here", "", "Another system", systems),
				f.line("other_name", "Name of the other system", "Only for a system that is not registered here."),
				f.lines("purpose", "What the connection is for", ""),
				f.line("owner_here", "Risk owner on this side", ""), f.line("owner_there", "Risk owner on the other side", ""),
				f.day("checked_on", "When the owners were last checked (optional)", ""),
			}, nil
		},
		save: func(s *Site, rq *request, system string, f *form) error {
			_, _, err := s.App.Connect(rq.Context(), rq.who, system, connectInput(f))
			return err
		},
	}
}

func connectInput(f *form) app.ConnectInput {
	return app.ConnectInput{Other: f.id("other"), OtherName: f.text("other_name"), Purpose: f.text("purpose"), OwnerHere: f.text("owner_here"),
		OwnerThere: f.text("owner_there"), CheckedOn: f.date("checked_on")}
}

func connectionEditPart() systemPart {
	part := connectionPart()
	part.fill = func(rq *request, h app.SystemHome) (*form, error) {
		for _, c := range h.Connections {
			if c.ID != rq.id("connection") {
				continue
			}
			f := filled("other", c.OtherSystem, "other_name", c.OtherName, "purpose", c.Description, "owner_here", c.OurOwner, "owner_there", c.TheirOwner,
				"version", strconv.FormatInt(c.Version, 10))
			f.setDate("checked_on", c.CheckedOn)
			return f, nil
		}
		return nil, errNoPart
	}
	part.save = func(s *Site, rq *request, system string, f *form) error {
		_, err := s.App.ChangeConnection(rq.Context(), rq.who, system, rq.id("connection"), f.number("version"), connectInput(f))
		return err
	}
	return part
}

func obligationPart() systemPart {
	return systemPart{
		title: "Add an obligation", done: "obligation_added",
		fields: func(_ *Site, _ *request, _ app.SystemHome, f *form) ([]govuk.Component, error) {
			return []govuk.Component{
				f.line("title", "Law, policy or duty", ""), f.lines("overview", "What it asks (optional)", ""),
				f.one("applies", "Does it apply to this system?", "", appliesChoices()),
				f.lines("justification", "Why", "Needed when it does not apply."),
				f.one("specialist", "Was a specialist asked?", "", specialistChoices()),
			}, nil
		},
		save: func(s *Site, rq *request, system string, f *form) error {
			_, _, err := s.App.Oblige(rq.Context(), rq.who, system, app.ObligeInput{Title: f.text("title"), Overview: f.text("overview"),
				Applies: f.text("applies"), Justification: f.text("justification"), Specialist: f.text("specialist")})
			return err
		},
	}
}

func accreditationPart() systemPart {
	return systemPart{
		title: "Record a legacy accreditation", done: "accreditation_added",
		intro: "An accreditation that was granted elsewhere is kept here as history. Nothing here grants one.",
		fields: func(_ *Site, _ *request, _ app.SystemHome, f *form) ([]govuk.Component, error) {
			return []govuk.Component{
				f.line("reference", "Reference", ""), f.line("authority", "Who granted it", ""), f.lines("scope", "What it covers", ""),
				f.day("issued", "Issued", ""), f.day("expires", "Last day", ""),
				f.lines("conditions", "Conditions (optional)", ""), f.lines("residual_risks", "Residual risks (optional)", ""),
			}, nil
		},
		save: func(s *Site, rq *request, system string, f *form) error {
			_, _, err := s.App.Accredit(rq.Context(), rq.who, system, app.AccreditInput{Reference: f.text("reference"), Authority: f.text("authority"),
				Scope: f.text("scope"), Conditions: f.text("conditions"), ResidualRisks: f.text("residual_risks"), Issued: f.date("issued"), Expires: f.date("expires")})
			return err
		},
	}
}
