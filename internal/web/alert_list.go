package web

import (
	"slices"
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// alertsView lists the settings that lower security.
type alertsView struct{ List []govuk.SummaryList }

func (s *Site) alertList(rq *request) (reply, error) {
	list, err := s.App.Alerts(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	var v alertsView
	for _, a := range list {
		state := govuk.Of(govuk.Tag{Text: "Not accepted", Colour: "red"})
		switch {
		case a.Acknowledged:
			state = govuk.Text("Accepted until the end of " + day(a.ExpiresAt.UnixMicro()-1))
		case !a.ExpiresAt.IsZero():
			state = govuk.Of(govuk.Tag{Text: "Ran out after " + day(a.ExpiresAt.UnixMicro()-1), Colour: "red"})
		}
		card := govuk.SummaryList{Card: &govuk.SummaryCard{Title: govuk.Text(a.Name)}, Rows: []govuk.SummaryRow{
			{Key: govuk.Text("What it risks"), Value: govuk.Text(a.Risk)}, {Key: govuk.Text("State"), Value: state}}}
		if rq.may(access.InstanceWrite) {
			card.Card.Actions = []govuk.SummaryAction{{Text: "Accept the risk", Href: "/alerts/" + a.Name}}
		}
		v.List = append(v.List, card)
	}
	return show(&page{title: "Security alerts", section: "/organisation", crumbs: []crumb{{"Organisation", "/organisation"}}, view: v}), nil
}

func (s *Site) alertAccept(rq *request) (reply, error) { return s.alertForm(rq, filled("months", "3")) }

func (s *Site) alertForm(rq *request, f *form) (reply, error) {
	list, err := s.App.Alerts(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	i := slices.IndexFunc(list, func(a app.Alert) bool { return a.Name == rq.id("name") })
	if i < 0 {
		return s.nothingHere(rq)
	}
	months := govuk.Select{Name: "months", Label: govuk.Label{Text: "Until when?"}, Hint: govuk.Hint{Text: "After that the risk has to be accepted again."}}
	for n := 1; n <= app.MaxLooseningMonths; n++ {
		months.Options = append(months.Options, govuk.Option{Text: many(int64(n), "month", "months") + " from now", Value: strconv.Itoa(n)})
	}
	p := formPage(rq, "Accept the risk of "+list[i].Name, "/alerts", f, formView{
		Intro:   []string{"Your name and the date go on record. The alert stays for as long as the setting is in force."},
		Warning: list[i].Risk, Fields: []govuk.Component{f.choose(months)}, Submit: "Accept the risk in my name", Danger: true})
	p.section = "/organisation"
	return show(p), nil
}

func (s *Site) alertAccepted(rq *request) (reply, error) {
	if _, err := s.App.AcknowledgeLoosening(rq.Context(), rq.who, rq.id("name"), int(rq.form.number("months"))); err != nil {
		if rq.form.take(err) {
			return s.alertForm(rq, rq.form)
		}
		return reply{}, err
	}
	return goTo("/alerts", "risk_accepted"), nil
}
