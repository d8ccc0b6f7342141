package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/app"
	"github.com/touchstone-assurance/touchstone/internal/domain/access"
	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/portfolio"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// unitsView is the tree of units, as nested lists.
type unitsView struct {
	May  bool
	Tree []unitNode
}

type unitNode struct {
	ID, Name, Kind string
	Below          []unitNode
}

// unitList is one level of the tree.
type unitList struct {
	May   bool
	Nodes []unitNode
}

// Level is the first level; Under is the one below a unit.
func (v unitsView) Level() unitList                { return unitList{v.May, v.Tree} }
func (l unitList) Under(below []unitNode) unitList { return unitList{l.May, below} }

func (s *Site) units(rq *request) (reply, error) {
	units, err := s.App.Units(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	return show(&page{title: "Units", section: "/organisation", crumbs: []crumb{{"Organisation", "/organisation"}},
		view: unitsView{May: rq.may(access.UnitWrite), Tree: unitsBelow(byParent(units), "")}}), nil
}

func byParent(units []app.Unit) map[string][]app.Unit {
	m := map[string][]app.Unit{}
	for _, u := range units {
		m[u.Parent] = append(m[u.Parent], u)
	}
	return m
}

func unitsBelow(m map[string][]app.Unit, parent string) []unitNode {
	var out []unitNode
	for _, u := range m[parent] {
		out = append(out, unitNode{u.ID, u.Name, unitKind(u.Kind), unitsBelow(m, u.ID)})
	}
	return out
}

func unitKind(kind string) string {
	switch kind {
	case "top_level_budget":
		return "Top level budget"
	case "arms_length_body":
		return "Arm’s length body"
	case "directorate":
		return "Directorate"
	}
	return "Other"
}

// unitOptions lists the units as a tree, without one and all below it.
func unitOptions(units []app.Unit, without, none string) []govuk.Option {
	out := []govuk.Option{{Text: none, Value: ""}}
	m := byParent(units)
	var add func(parent string, depth int)
	add = func(parent string, depth int) {
		for _, u := range m[parent] {
			if u.ID == without {
				continue
			}
			out = append(out, govuk.Option{Text: strings.Repeat("\u00a0\u00a0", depth) + u.Name, Value: u.ID})
			add(u.ID, depth+1)
		}
	}
	add("", 0)
	return out
}

func (s *Site) unitNew(rq *request) (reply, error) {
	return s.unitForm(rq, filled("parent", rq.query("parent"), "kind", "other"), "Add a unit", "")
}

func (s *Site) unitForm(rq *request, f *form, title, id string) (reply, error) {
	units, err := s.App.Units(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	kind := govuk.Radios{Name: "kind", Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "Kind", Classes: "govuk-fieldset__legend--s"}}}
	for _, k := range portfolio.UnitKinds() {
		kind.Items = append(kind.Items, govuk.RadioItem{Value: k, Text: unitKind(k)})
	}
	v := formView{Fields: []govuk.Component{f.input(govuk.Input{Name: "name", Label: govuk.Label{Text: "Name of the unit"}, Autocomplete: "off"}), f.radios(kind),
		f.choose(govuk.Select{Name: "parent", Label: govuk.Label{Text: "Unit above it"}, Options: unitOptions(units, id, "None: it is at the top")})}}
	if id != "" {
		v.Intro = []string{"Moving a unit changes at once who reaches the systems in it."}
		v.Hidden = []govuk.KeptValue{{Name: "version", Value: f.text("version")}}
	}
	p := formPage(rq, title, "/units", f, v)
	p.section = "/organisation"
	return show(p), nil
}

func unitInput(f *form) app.UnitInput {
	return app.UnitInput{Name: f.text("name"), Kind: f.id("kind"), Parent: f.id("parent")}
}

func (s *Site) unitMade(rq *request) (reply, error) {
	if _, _, err := s.App.CreateUnit(rq.Context(), rq.who, unitInput(rq.form)); err != nil {
		if rq.form.take(err) {
			return s.unitForm(rq, rq.form, "Add a unit", "")
		}
		return reply{}, err
	}
	return goTo("/units", "unit_made"), nil
}

// unit finds the one that the address names; any other is not found.
func (s *Site) unit(rq *request) (app.Unit, error) {
	units, err := s.App.Units(rq.Context(), rq.who)
	if err != nil {
		return app.Unit{}, err
	}
	i := slices.IndexFunc(units, func(u app.Unit) bool { return u.ID == rq.id("id") })
	if i < 0 {
		_, err := s.nothingHere(rq)
		return app.Unit{}, err
	}
	return units[i], nil
}

func (s *Site) unitChange(rq *request) (reply, error) {
	u, err := s.unit(rq)
	if err != nil {
		return reply{}, err
	}
	return s.unitForm(rq, filled("name", u.Name, "kind", u.Kind, "parent", u.Parent, "version", strconv.FormatInt(u.Version, 10)), "Change the unit", u.ID)
}

func (s *Site) unitChanged(rq *request) (reply, error) {
	f := rq.form
	_, _, err := s.App.ChangeUnit(rq.Context(), rq.who, rq.id("id"), f.number("version"), unitInput(f))
	switch {
	case err == nil:
		return goTo("/units", "unit_changed"), nil
	case fault.Is(err, fault.Stale):
		return s.unitConflict(rq)
	case f.take(err):
		return s.unitForm(rq, f, "Change the unit", rq.id("id"))
	}
	return reply{}, err
}

func (s *Site) unitConflict(rq *request) (reply, error) {
	now, err := s.unit(rq)
	if err != nil {
		return reply{}, err
	}
	names, err := s.unitNames(rq.Context(), rq.who)
	if err != nil {
		return reply{}, err
	}
	f := rq.form
	f.values.Set("version", strconv.FormatInt(now.Version, 10))
	above := func(id string) string {
		if id == "" {
			return "At the top"
		}
		return or(names[id], "Not known")
	}
	return show(conflictPage("The unit was saved by somebody else after you opened it.", rq.URL.Path, "/units", f, []difference{
		{"Name", f.text("name"), now.Name}, {"Kind", unitKind(f.text("kind")), unitKind(now.Kind)},
		{"Unit above it", above(f.text("parent")), above(now.Parent)}})), nil
}
