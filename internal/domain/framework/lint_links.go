package framework

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

func (l *linter) profiles() {
	seen := map[string]bool{}
	for i, p := range l.f.Profiles {
		at := fmt.Sprintf("/profiles/%d", i)
		l.form(at+"/id", p.ID, wordForm, "Use a lower-case word such as baseline.")
		l.unique(at+"/id", p.ID, seen, "profile")
		l.text(at+"/title", p.Title, TitleLimit)
		l.text(at+"/summary", p.Summary, 600)
		l.text(at+"/source", p.Source, 300)
		for _, id := range slices.Sorted(maps.Keys(p.Targets)) {
			l.target(at+"/targets/"+escape(id), id, p.Targets[id])
		}
	}
}

func (l *linter) target(at, id, level string) {
	r, ok := l.f.Requirement(id)
	if !ok {
		l.add(at, "Name a requirement of this file.", "no requirement has the id %q", id)
		return
	}
	if !slices.ContainsFunc(l.f.LevelsOf(r), func(v Level) bool { return v.ID == level }) {
		l.add(at, "Use a level that exists for this requirement.", "the level %q does not exist for %s", level, id)
	}
}

func (l *linter) crosswalks() {
	things, seen := l.f.things(), map[string]bool{}
	for i, c := range l.f.Crosswalks {
		at := fmt.Sprintf("/crosswalks/%d", i)
		l.form(at+"/to", c.To, slugForm, "Give the id of the other framework.")
		l.form(at+"/version", c.Version, versionForm, "Give the version of the other framework; ids are not stable across versions.")
		l.unique(at, c.To+"@"+c.Version+" with provenance "+c.Provenance, seen, "crosswalk to")
		if c.To == l.f.ID {
			l.add(at+"/to", "Use migrates for an earlier version.", "the crosswalk leads to this framework itself")
		}
		l.text(at+"/source", c.Source, 300)
		l.oneOf(at+"/provenance", c.Provenance, Provenances())
		if len(c.Links) == 0 {
			l.add(at+"/links", "Add links, or remove the crosswalk.", "the crosswalk has no links")
		}
		pairs := map[string]bool{}
		for j, k := range c.Links {
			here := fmt.Sprintf("%s/links/%d", at, j)
			l.ref(here+"/from", k.From, things, "requirement or group")
			l.form(here+"/to", k.To, foreignForm, "Name a requirement or group of the other framework.")
			l.oneOf(here+"/relation", k.Relation, relations())
			l.atMost(here+"/note", k.Note, 300)
			l.unique(here, k.From+" to "+k.To, pairs, "link from")
		}
	}
}

// migration checks the table from an earlier version. A link without a target
// says that the requirement was dropped, and has to say why.
func (l *linter) migration() {
	m := l.f.Migrates
	if m == nil {
		return
	}
	things := l.f.things()
	l.form("/migrates/from", m.From, versionForm, "Give the earlier version.")
	if m.From == l.f.Version {
		l.add("/migrates/from", "Give the earlier version.", "a version cannot follow itself")
	}
	pairs := map[string]bool{}
	for i, k := range m.Links {
		at := fmt.Sprintf("/migrates/links/%d", i)
		l.form(at+"/from", k.From, idForm, "Name a requirement of the earlier version.")
		l.unique(at, k.From+" to "+k.To, pairs, "link from")
		if k.To == "" {
			l.text(at+"/note", k.Note, 300)
			continue
		}
		l.ref(at+"/to", k.To, things, "requirement or group")
		l.oneOf(at+"/relation", k.Relation, relations())
		l.atMost(at+"/note", k.Note, 300)
	}
}

// distinct finds texts that were copied from one requirement to another: a
// question that could stand anywhere asks nothing.
func (l *linter) distinct() {
	seen := map[string]string{}
	check := func(at, id, text string) {
		key := strings.Join(strings.Fields(strings.ToLower(text)), " ")
		if key == "" {
			return
		}
		if first, ok := seen[key]; ok {
			l.add(at, "Write what is particular to this requirement.", "the text is the same as that of %s", first)
			return
		}
		seen[key] = id
	}
	l.eachRequirement(func(at string, r *Requirement) {
		if r.Incomplete != "" {
			return
		}
		check(at+"/question", r.ID, r.Question)
		check(at+"/guidance", r.ID, r.Guidance)
		check(at+"/good", r.ID, r.Good)
	})
	for i, a := range l.f.Activities {
		if a.Incomplete == "" {
			check(fmt.Sprintf("/activities/%d/summary", i), a.ID, a.Summary)
		}
	}
}

func (l *linter) eachRequirement(fn func(at string, r *Requirement)) {
	var walk func(at string, gs []Group)
	walk = func(at string, gs []Group) {
		for i := range gs {
			here := fmt.Sprintf("%s/%d", at, i)
			for j := range gs[i].Requirements {
				fn(fmt.Sprintf("%s/requirements/%d", here, j), &gs[i].Requirements[j])
			}
			walk(here+"/groups", gs[i].Groups)
		}
	}
	walk("/groups", l.f.Groups)
}

// LintSet reports links between the frameworks of a set that lead nowhere, by
// framework key. Links to frameworks outside the set are left alone: they may be
// added later.
func LintSet(all []*Framework) map[string][]Problem {
	byKey, ids := map[string]*Framework{}, map[string]bool{}
	out := map[string][]Problem{}
	for _, f := range all {
		if byKey[f.Key()] != nil {
			out[f.Key()] = append(out[f.Key()], Problem{Pointer: "/version", What: "the version " + f.Key() + " is given twice",
				Fix: "A published version never changes; give the new one a new version."})
		}
		byKey[f.Key()], ids[f.ID] = f, true
	}
	for _, f := range all {
		l := &linter{f: f}
		l.links(byKey, ids)
		if len(l.problems) > 0 {
			out[f.Key()] = append(out[f.Key()], l.problems...)
		}
	}
	return out
}

func (l *linter) links(byKey map[string]*Framework, ids map[string]bool) {
	for i, c := range l.f.Crosswalks {
		at := fmt.Sprintf("/crosswalks/%d", i)
		other := byKey[c.To+"@"+c.Version]
		if other == nil {
			if ids[c.To] {
				l.add(at+"/version", "Name a version that is here; ids are not stable across versions.", "%s has no version %q", c.To, c.Version)
			}
			continue
		}
		things := other.things()
		for j, k := range c.Links {
			if !things[k.To] {
				l.add(fmt.Sprintf("%s/links/%d/to", at, j), "Correct the id.", "%s has nothing with the id %q", other.Key(), k.To)
			}
		}
	}
	if m := l.f.Migrates; m != nil && byKey[l.f.ID+"@"+m.From] != nil {
		l.wholeMigration(byKey[l.f.ID+"@"+m.From])
	}
}

// wholeMigration requires a word on every requirement of the earlier version.
func (l *linter) wholeMigration(earlier *Framework) {
	told := map[string]bool{}
	things := earlier.things()
	for i, k := range l.f.Migrates.Links {
		told[k.From] = true
		if !things[k.From] {
			l.add(fmt.Sprintf("/migrates/links/%d/from", i), "Correct the id.", "%s has nothing with the id %q", earlier.Key(), k.From)
		}
	}
	for _, r := range earlier.Requirements() {
		if !told[r.ID] {
			l.add("/migrates/links", "Add a link, or one without a target and a note that says why it was dropped.",
				"nothing says what became of %s", r.ID)
		}
	}
}
