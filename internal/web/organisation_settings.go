package web

import (
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// organisationView is the organisation and what leads on from it.
type organisationView struct {
	Settings govuk.SummaryList
	Links    []govuk.Link
}

func (s *Site) organisation(rq *request) (reply, error) {
	o, err := s.App.Organisation(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	may := rq.may(access.OrganisationWrite)
	row := func(key, value, hidden string) govuk.SummaryRow {
		r := govuk.SummaryRow{Key: govuk.Text(key), Value: govuk.Text(value)}
		if may {
			r.Actions = []govuk.SummaryAction{{Text: "Change", Hidden: hidden, Href: "/organisation/change"}}
		}
		return r
	}
	v := organisationView{Settings: govuk.SummaryList{Rows: []govuk.SummaryRow{
		row("Name", o.Name, "the name"), row("Time zone of due dates", o.Zone, "the time zone"), row("Highest marking", o.Ceiling, "the highest marking"),
		row("Word for a system", o.SystemWord, "the word for a system"), row("Words for the accountable person", o.SROWord, "the words for the accountable person"),
	}}}
	for _, l := range []struct {
		link govuk.Link
		op   access.Operation
	}{
		{govuk.Link{Text: "Units", Href: "/units"}, access.OrganisationRead},
		{govuk.Link{Text: "People", Href: "/people"}, access.PeopleRead},
		{govuk.Link{Text: "API tokens", Href: "/tokens"}, access.TokenRead},
		{govuk.Link{Text: "Removals", Href: "/purges"}, access.PurgeRequest},
		{govuk.Link{Text: "Security alerts", Href: "/alerts"}, access.OrganisationWrite},
		{govuk.Link{Text: "Feeds of advisories", Href: "/feeds"}, access.OrganisationWrite},
		{govuk.Link{Text: "Add another organisation", Href: "/organisation/new"}, access.OrganisationCreate},
	} {
		if rq.may(l.op) {
			v.Links = append(v.Links, l.link)
		}
	}
	return show(&page{title: o.Name, caption: "Organisation", section: "/organisation", view: v}), nil
}

func (s *Site) organisationChange(rq *request) (reply, error) {
	o, err := s.App.Organisation(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	return show(s.organisationPage(rq, filled("name", o.Name, "zone", o.Zone, "ceiling", o.Ceiling, "system_word", o.SystemWord, "sro_word", o.SROWord,
		"version", strconv.FormatInt(o.Version, 10)))), nil
}

func (s *Site) organisationPage(rq *request, f *form) *page {
	ceiling := govuk.Radios{Name: "ceiling", Hint: govuk.Hint{Text: "Nothing above it can be saved here."},
		Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Highest marking that may be held", Classes: "govuk-fieldset__legend--s"}}}
	for _, m := range s.markings() {
		ceiling.Items = append(ceiling.Items, govuk.RadioItem{Value: m, Text: m})
	}
	p := formPage(rq, "Change the settings", "/organisation", f, formView{
		Fields: []govuk.Component{
			f.input(govuk.Input{Name: "name", Label: govuk.Label{Text: "Name of the organisation"}, Autocomplete: "off"}),
			f.input(govuk.Input{Name: "zone", Label: govuk.Label{Text: "Time zone of due dates"}, Hint: govuk.Hint{Text: "For example, Europe/London."}, Autocomplete: "off", Spellcheck: govuk.Off}),
			f.radios(ceiling),
			f.input(govuk.Input{Name: "system_word", Label: govuk.Label{Text: "What you call a system"}, Hint: govuk.Hint{Text: "For example, system, capability, service or product. It names the list and its pages; guidance says system."}, Autocomplete: "off"}),
			f.input(govuk.Input{Name: "sro_word", Label: govuk.Label{Text: "What you call the accountable person"}, Hint: govuk.Hint{Text: "For example, Senior Responsible Owner."}, Autocomplete: "off"}),
		},
		Hidden: []govuk.KeptValue{{Name: "version", Value: f.text("version")}}})
	p.section = "/organisation"
	return p
}

// markings are those that this installation may hold, lowest first.
func (s *Site) markings() []string {
	most := portfolio.DefaultCeiling()
	if m, err := portfolio.ParseMarking(s.App.Ceiling); err == nil {
		most = m
	}
	var out []string
	for _, t := range portfolio.Tiers() {
		for _, m := range []portfolio.Marking{{Tier: t}, {Tier: t, Handling: portfolio.Sensitive}} {
			if m.Compare(most) <= 0 && (m.Handling == "" || t == portfolio.Official) {
				out = append(out, m.String())
			}
		}
	}
	return out
}

func (s *Site) organisationChanged(rq *request) (reply, error) {
	f := rq.form
	_, _, err := s.App.ChangeOrganisation(rq.Context(), rq.who, f.number("version"), app.OrganisationInput{Name: f.text("name"), Zone: f.text("zone"),
		Ceiling: f.text("ceiling"), SystemWord: f.text("system_word"), SROWord: f.text("sro_word")})
	switch {
	case err == nil:
		return goTo("/organisation", "organisation_changed"), nil
	case fault.Is(err, fault.Stale):
		return s.organisationConflict(rq)
	case f.take(err):
		return show(s.organisationPage(rq, f)), nil
	}
	return reply{}, err
}

// organisationConflict shows both versions, so that nobody's words are lost.
func (s *Site) organisationConflict(rq *request) (reply, error) {
	now, err := s.App.Organisation(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	f := rq.form
	f.values.Set("version", strconv.FormatInt(now.Version, 10))
	return show(conflictPage("The settings were saved by somebody else after you opened them.", "/organisation/change", "/organisation", f, []difference{
		{"Name", f.text("name"), now.Name}, {"Time zone", f.text("zone"), now.Zone}, {"Highest marking", f.text("ceiling"), now.Ceiling},
		{"Word for a system", f.text("system_word"), now.SystemWord}, {"Words for the accountable person", f.text("sro_word"), now.SROWord}})), nil
}

func (s *Site) organisationNew(rq *request) (reply, error) {
	return show(organisationNewPage(rq, newForm(nil))), nil
}

func organisationNewPage(rq *request, f *form) *page {
	return formPage(rq, "Add an organisation", "/organisation", f, formView{
		Intro:  []string{"Organisations on one installation do not see each other. You will be the first administrator of the new one."},
		Fields: []govuk.Component{f.input(govuk.Input{Name: "name", Label: govuk.Label{Text: "Name of the organisation"}, Autocomplete: "off"})}, Submit: "Add the organisation"})
}

func (s *Site) organisationMade(rq *request) (reply, error) {
	if _, _, err := s.App.CreateOrganisation(rq.Context(), rq.who, rq.form.text("name")); err != nil {
		if rq.form.take(err) {
			return show(organisationNewPage(rq, rq.form)), nil
		}
		return reply{}, err
	}
	return goTo("/account", "organisation_made"), nil
}
