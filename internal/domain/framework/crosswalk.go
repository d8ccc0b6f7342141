package framework

import "slices"

// Suggestion says that a requirement elsewhere speaks of the same matter, so
// that its answer and evidence may help here. It never fills in an answer.
type Suggestion struct {
	Framework    *Framework     // the other framework
	ID           string         // the requirement or group there
	Requirements []*Requirement // the requirements it stands for
	Relation     string         // read from here to there
	Source       string
	Provenance   string
	Note         string
}

// Suggestions returns what the crosswalks of all frameworks, in both
// directions, link to the requirement, in the order of all. A link counts only
// for the exact version that it names, because ids are not stable across
// versions. A link of a group holds for every requirement below it. Where two
// frameworks link to each other, this framework's own link is the one returned.
func Suggestions(all []*Framework, f *Framework, requirement string) []Suggestion {
	names := f.namesOf(requirement)
	if len(names) == 0 {
		return nil
	}
	var out []Suggestion
	seen := map[[2]string]bool{}
	add := func(other *Framework, id, relation string, c Crosswalk, note string) {
		key := [2]string{other.Key(), id}
		if seen[key] {
			return
		}
		seen[key] = true
		if reqs := other.Below(id); len(reqs) > 0 {
			out = append(out, Suggestion{other, id, reqs, relation, c.Source, c.Provenance, note})
		}
	}
	for _, other := range all {
		if other.Key() == f.Key() {
			continue
		}
		for _, c := range f.Crosswalks {
			for _, k := range c.Links {
				if c.To == other.ID && c.Version == other.Version && slices.Contains(names, k.From) {
					add(other, k.To, k.Relation, c, k.Note)
				}
			}
		}
		for _, c := range other.Crosswalks {
			for _, k := range c.Links {
				if c.To == f.ID && c.Version == f.Version && slices.Contains(names, k.To) {
					add(other, k.From, inverse(k.Relation), c, k.Note)
				}
			}
		}
	}
	return out
}

// Below returns the requirement with the id, or those of the group with the id.
func (f *Framework) Below(id string) []*Requirement {
	var out []*Requirement
	f.Walk(func(path []*Group, r *Requirement) {
		if r.ID == id || slices.ContainsFunc(path, func(g *Group) bool { return g.ID == id }) {
			out = append(out, r)
		}
	})
	return out
}

// namesOf returns the id of a requirement and of the groups around it.
func (f *Framework) namesOf(requirement string) []string {
	var names []string
	f.Walk(func(path []*Group, r *Requirement) {
		if r.ID != requirement {
			return
		}
		names = append(names, r.ID)
		for _, g := range path {
			names = append(names, g.ID)
		}
	})
	return names
}

func inverse(relation string) string {
	switch relation {
	case Subset:
		return Superset
	case Superset:
		return Subset
	}
	return relation
}

// Successors returns the links of f's migration table for a requirement of the
// version before. The same id in both versions means nothing by itself.
func Successors(f *Framework, requirement string) []Link {
	if f.Migrates == nil {
		return nil
	}
	var out []Link
	for _, k := range f.Migrates.Links {
		if k.From == requirement {
			out = append(out, k)
		}
	}
	return out
}
