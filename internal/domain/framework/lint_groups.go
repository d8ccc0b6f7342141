package framework

import (
	"fmt"
	"strings"
)

// index holds the identifiers that a file defines, for checking references.
type index struct {
	sets, roles, triggers, things map[string]bool
}

func (f *Framework) index() index {
	x := index{map[string]bool{}, map[string]bool{}, map[string]bool{}, f.things()}
	for _, s := range f.Sets {
		x.sets[s.ID] = true
	}
	for _, r := range f.Roles {
		x.roles[r.ID] = true
	}
	for _, t := range f.Triggers {
		x.triggers[t.ID] = true
	}
	return x
}

// things returns the ids of all groups and requirements.
func (f *Framework) things() map[string]bool {
	out := map[string]bool{}
	var walk func([]Group)
	walk = func(gs []Group) {
		for i := range gs {
			out[gs[i].ID] = true
			for j := range gs[i].Requirements {
				out[gs[i].Requirements[j].ID] = true
			}
			walk(gs[i].Groups)
		}
	}
	walk(f.Groups)
	return out
}

// groups checks groups and requirements. Their ids share one space with the
// activities, because a link or an address may name any of them.
func (l *linter) groups() {
	if len(l.f.Groups) == 0 {
		l.add("/groups", "Add a group with requirements.", "there are no requirements")
	}
	x, ids, parts := l.f.index(), map[string]bool{}, map[string]bool{}
	var walk func(at string, gs []Group)
	walk = func(at string, gs []Group) {
		for i := range gs {
			g, here := &gs[i], fmt.Sprintf("%s/%d", at, i)
			l.form(here+"/id", g.ID, idForm, idFix)
			l.unique(here+"/id", g.ID, ids, "id")
			l.text(here+"/title", g.Title, TitleLimit)
			l.atMost(here+"/summary", g.Summary, GuidanceLimit)
			if len(g.Groups)+len(g.Requirements) == 0 {
				l.add(here, "Add requirements, or remove the group.", "the group %q is empty", g.ID)
			}
			for j := range g.Requirements {
				r, at := &g.Requirements[j], fmt.Sprintf("%s/requirements/%d", here, j)
				l.unique(at+"/id", r.ID, ids, "id")
				l.requirement(at, r, x)
				l.parts(at, r, parts)
			}
			walk(here+"/groups", g.Groups)
		}
	}
	walk("/groups", l.f.Groups)
	for i, a := range l.f.Activities {
		l.unique(fmt.Sprintf("/activities/%d/id", i), a.ID, ids, "id")
	}
}

const idFix = "Use up to 40 letters, digits, dots, hyphens and underscores."

func (l *linter) requirement(at string, r *Requirement, x index) {
	l.form(at+"/id", r.ID, idForm, idFix)
	l.text(at+"/title", r.Title, TitleLimit)
	l.oneOf(at+"/provenance", r.Provenance, Provenances())
	if r.Incomplete == "" {
		l.texts(at, r)
	}
	l.atMost(at+"/incomplete", r.Incomplete, 300)
	l.refs(at+"/sets", r.Sets, x.sets, "set")
	l.refs(at+"/roles", r.Roles, x.roles, "role")
	l.refs(at+"/triggers", r.Triggers, x.triggers, "trigger")
	l.words(at+"/stages", r.Stages, Stages())
	l.words(at+"/sizes", r.Sizes, sizes())
	l.labels(at+"/phases", r.Phases)
	l.machine(at+"/machine", r.Machine)
	l.levels(at, r)
}

// texts checks the texts of a requirement that is complete.
func (l *linter) texts(at string, r *Requirement) {
	l.question(at+"/question", r.Question)
	l.text(at+"/guidance", r.Guidance, GuidanceLimit)
	l.text(at+"/good", r.Good, GoodLimit)
	l.text(at+"/clause", r.Clause, 200)
	if len(r.Evidence) == 0 {
		l.add(at+"/evidence", "List the kinds of evidence that would show it.", "no evidence is named")
	}
	seen := map[string]bool{}
	for i, e := range r.Evidence {
		here := fmt.Sprintf("%s/evidence/%d", at, i)
		l.text(here, e, 200)
		l.unique(here, e, seen, "evidence")
	}
}

func (l *linter) question(at, q string) {
	l.text(at, q, QuestionLimit)
	if q != "" && !strings.HasSuffix(q, "?") {
		l.add(at, "Ask one question and end it with a question mark.", "the question does not end with a question mark")
	}
	if strings.Count(q, "?") > 1 {
		l.add(at, "Ask one thing; move the rest to the guidance or to another requirement.", "there is more than one question")
	}
	if g := Grade(q); g > QuestionGrade {
		l.warn(at, "Use shorter words and fewer of them.",
			"the question reads at grade %.1f; at most %.0f is aimed for", g, float64(QuestionGrade))
	}
}

// levels checks the scale of a requirement, the levels that exist for it, and
// that its indicators speak of those levels only.
func (l *linter) levels(at string, r *Requirement) {
	scale := l.f.scaleOf(r)
	if scale == nil {
		l.add(at+"/scale", "Define the scale in this file, or correct the spelling.", "no scale has the id %q", r.Scale)
		return
	}
	known := map[string]bool{}
	for _, v := range scale.Levels {
		known[v.ID] = true
	}
	l.refs(at+"/levels", r.Levels, known, "level")
	if len(r.Levels) == 1 {
		l.add(at+"/levels", "List two levels or more, or none for the whole scale.", "one level leaves no choice")
	}
	exists := map[string]int{}
	for _, v := range l.f.LevelsOf(r) {
		exists[v.ID] = 0
	}
	for i, d := range r.Indicators {
		here := fmt.Sprintf("%s/indicators/%d", at, i)
		l.text(here+"/summary", d.Summary, 400)
		if _, ok := exists[d.Level]; !ok {
			l.add(here+"/level", "Use a level that exists for this requirement.", "the level %q does not exist here", d.Level)
		}
		exists[d.Level]++
	}
	if l.f.RollUp.Function != RollUpCAFOutcomes || r.Incomplete != "" {
		return
	}
	for _, v := range l.f.LevelsOf(r) {
		if exists[v.ID] == 0 {
			l.add(at+"/indicators", "Add indicators, or leave the level out of levels.", "no indicator speaks of the level %q", v.ID)
		}
	}
}

func (l *linter) parts(at string, r *Requirement, seen map[string]bool) {
	for i, p := range r.Parts {
		here := fmt.Sprintf("%s/parts/%d", at, i)
		l.form(here+"/id", p.ID, idForm, idFix)
		l.unique(here+"/id", p.ID, seen, "part")
		l.text(here+"/summary", p.Summary, 300)
	}
}

// labels checks phases: they are data, so only their form is fixed.
func (l *linter) labels(at string, items []string) {
	seen := map[string]bool{}
	for i, s := range items {
		here := fmt.Sprintf("%s/%d", at, i)
		l.form(here, s, wordForm, "Use a lower-case word such as discovery or private_beta.")
		l.unique(here, s, seen, "word")
	}
}

func (l *linter) machine(at string, items []string) {
	seen := map[string]bool{}
	for i, s := range items {
		here := fmt.Sprintf("%s/%d", at, i)
		l.text(here, s, 80)
		l.unique(here, s, seen, "machine input")
	}
}

func (l *linter) activities() {
	x := l.f.index()
	for i := range l.f.Activities {
		a, at := &l.f.Activities[i], fmt.Sprintf("/activities/%d", i)
		l.form(at+"/id", a.ID, idForm, idFix)
		l.text(at+"/title", a.Title, TitleLimit)
		l.oneOf(at+"/provenance", a.Provenance, Provenances())
		if a.Incomplete == "" {
			l.text(at+"/summary", a.Summary, GuidanceLimit)
		}
		l.atMost(at+"/incomplete", a.Incomplete, 300)
		l.atMost(at+"/when", a.When, 300)
		l.labels(at+"/phases", a.Phases)
		l.words(at+"/stages", a.Stages, Stages())
		l.refs(at+"/responsible", a.Responsible, x.roles, "role")
		l.refs(at+"/requirements", a.Requirements, x.things, "requirement or group")
		l.machine(at+"/machine", a.Machine)
	}
}
