package web

import (
	"slices"
	"strconv"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// moveWarning says what a move means when it cannot be undone.
func moveWarning(a portfolio.Action) string {
	switch a {
	case portfolio.Retire:
		return "A retired system can no longer change. Everything about it stays on record."
	case portfolio.Abandon:
		return "The draft can no longer change. It stays on record."
	case portfolio.Rehome:
		return "The system is frozen here and can no longer change."
	}
	return ""
}

// movable reads the system and refuses a move that its state does not have.
func (s *Site) movable(rq *request) (app.SystemHome, portfolio.Action, error) {
	h, err := s.App.SystemHome(rq.Context(), rq.who, rq.id("id"))
	if err != nil {
		return h, "", err
	}
	action := portfolio.Action(rq.id("action"))
	if !slices.Contains(moves(h.System), action) {
		if _, err := portfolio.Move(portfolio.State(h.System.State), action); err != nil {
			return h, action, err
		}
		return h, action, errNoPart
	}
	return h, action, nil
}

func (s *Site) systemMove(rq *request) (reply, error) {
	h, action, err := s.movable(rq)
	if err != nil {
		return reply{}, err
	}
	return show(systemMovePage(rq, h, action, filled("version", strconv.FormatInt(h.System.Version, 10)))), nil
}

func systemMovePage(rq *request, h app.SystemHome, action portfolio.Action, f *form) *page {
	home := "/systems/" + h.System.ID
	v := askView{Action: rq.URL.Path, Kept: kept("version", f.text("version")), Submit: moveWord(action), Cancel: home, Warning: moveWarning(action),
		Danger: moveWarning(action) != "", Fields: []govuk.Component{f.lines("reason", "Reason (optional)", "")}}
	if action == portfolio.Register && len(h.Missing) > 0 {
		v.Intro = "Registration still needs some details. They are listed on the page of the system."
	}
	return &page{title: moveWord(action), caption: h.System.Name, section: "/systems", crumbs: []crumb{listOfSystems, {h.System.Name, home}},
		markings: []string{h.System.Marking}, form: f, view: v}
}

func (s *Site) systemMoved(rq *request) (reply, error) {
	id, action := rq.id("id"), portfolio.Action(rq.id("action"))
	_, _, err := s.App.MoveSystem(rq.Context(), rq.who, id, rq.form.number("version"), action, rq.form.text("reason"))
	if err == nil {
		return goTo("/systems/"+id, "system_moved"), nil
	}
	if !rq.form.take(err) {
		return reply{}, err
	}
	h, readErr := s.App.SystemHome(rq.Context(), rq.who, id)
	if readErr != nil {
		return reply{}, readErr
	}
	return show(systemMovePage(rq, h, action, rq.form)), nil
}
