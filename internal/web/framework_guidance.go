package web

import (
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
	"github.com/touchstone-assurance/touchstone/internal/web/govuk"
)

// frameworkGuidanceView is the activities of a framework by phase.
type frameworkGuidanceView struct {
	Phases []guidancePhase
	None   bool
	Tell   string
	Back   string
}

type guidancePhase struct {
	ID, Heading string
	Activities  []activityView
}

type activityView struct {
	ID, Heading, Summary string
	Facts                govuk.SummaryList
	Incomplete           string
	Tell                 string
}

func (s *Site) frameworkGuidance(rq *request) (reply, error) {
	f, err := s.frameworkOf(rq)
	if err != nil {
		return reply{}, err
	}
	v := frameworkGuidanceView{None: len(f.Activities) == 0, Tell: frameworkPath(f) + "/feedback", Back: frameworkPath(f)}
	var order []string
	by := map[string][]framework.Activity{}
	for _, a := range f.Activities {
		phase := or(strings.Join(a.Phases, ", "), or(a.Group, "Throughout"))
		if !slices.Contains(order, phase) {
			order = append(order, phase)
		}
		by[phase] = append(by[phase], a)
	}
	for i, phase := range order {
		p := guidancePhase{ID: "phase-" + string(rune('a'+i%26)) + strings.Repeat("x", i/26), Heading: phaseWord(phase)}
		for _, a := range by[phase] {
			p.Activities = append(p.Activities, activityOf(f, a))
		}
		v.Phases = append(v.Phases, p)
	}
	return show(&page{title: "Guidance by phase", caption: f.Title + ", published by " + f.Publisher, section: "/frameworks",
		crumbs: []crumb{{"Frameworks", "/frameworks"}, {f.Short, frameworkPath(f)}}, view: v}), nil
}

func phaseWord(s string) string {
	s = strings.ReplaceAll(s, "_", " ")
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func activityOf(f *framework.Framework, a framework.Activity) activityView {
	v := activityView{ID: a.ID, Heading: or(a.OfficialID, a.ID) + " " + a.Title, Summary: a.Summary, Incomplete: a.Incomplete,
		Tell: frameworkPath(f) + "/feedback?place=" + a.ID}
	add := func(key, value string) {
		if value != "" {
			v.Facts.Rows = append(v.Facts.Rows, govuk.SummaryRow{Key: govuk.Text(key), Value: govuk.Text(value)})
		}
	}
	roles := []string{}
	for _, id := range a.Responsible {
		title := id
		if i := slices.IndexFunc(f.Roles, func(r framework.Role) bool { return r.ID == id }); i >= 0 {
			title = f.Roles[i].Title
		}
		roles = append(roles, title)
	}
	add("What it brings", strings.Join(a.Benefits, "; "))
	add("What comes out of it", strings.Join(a.Artefacts, "; "))
	add("Responsible", strings.Join(roles, ", "))
	add("When", a.When)
	return v
}
