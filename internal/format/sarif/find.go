package sarif

import (
	"fmt"
	"strings"
)

// index makes the look-ups, so that a run of many results, parts and overrides
// takes time in proportion to its length.
func (r *run) index() {
	r.byPart, r.byTaxonomy = byName(r.extensions), byName(r.taxonomies)
	r.byID = map[string]*rule{}
	for _, c := range r.parts() {
		for i := range c.rules {
			if id := c.rules[i].id; r.byID[id] == nil {
				r.byID[id] = &c.rules[i]
			}
		}
	}
	for _, list := range r.invocations {
		levels := map[*rule]string{}
		for _, o := range list {
			if d, _, _ := r.find(o.rule, o.rule.id); d != nil && o.level != "" {
				levels[d] = o.level
			}
		}
		r.levels = append(r.levels, levels)
	}
}

// byName finds components by "name " and name, or "guid " and guid; the first wins.
func byName(list []component) map[string]int {
	out := map[string]int{}
	for i := range list {
		for _, k := range []string{"name " + list[i].name, "guid " + strings.ToLower(list[i].guid)} {
			if _, twice := out[k]; !twice && len(k) > len("name ") {
				out[k] = i
			}
		}
	}
	return out
}

// lookUp finds the component that a reference names: by guid, by name, by place
// (section 3.54).
func lookUp(by map[string]int, list []component, ref reference) *component {
	if i, ok := by["guid "+strings.ToLower(ref.guid)]; ok && ref.guid != "" {
		return &list[i]
	}
	if i, ok := by["name "+ref.name]; ok && ref.name != "" {
		return &list[i]
	}
	if ref.ofPart >= 0 && ref.ofPart < len(list) {
		return &list[ref.ofPart]
	}
	return nil
}

// parts are the driver and the extensions.
func (r *run) parts() []*component {
	out := []*component{&r.driver}
	for i := range r.extensions {
		out = append(out, &r.extensions[i])
	}
	return out
}

// part is the component that a reference to a rule or a notification names; without
// a name it is the driver. nil means that there is no such component.
func (r *run) part(ref reference) *component {
	driver := ref.guid != "" && strings.EqualFold(ref.guid, r.driver.guid) || ref.name != "" && ref.name == r.driver.name
	if driver || ref.ofPart < 0 && ref.guid == "" && ref.name == "" {
		return &r.driver
	}
	return lookUp(r.byPart, r.extensions, ref)
}

// mostSegments is how far the name of a rule is taken apart.
const mostSegments = 8

// find looks a rule up by its place, else by its name. problem says what does not
// fit together.
func (r *run) find(ref reference, id string) (d *rule, name, problem string) {
	c := r.part(ref)
	var at *rule
	switch {
	case c == nil:
		problem = "names a part of the tool that is not there"
	case ref.index >= len(c.rules):
		problem = fmt.Sprintf("says that its rule is number %d, and the tool has %d rules", ref.index, len(c.rules))
	case ref.index >= 0:
		at = &c.rules[ref.index]
		if id == "" || id == at.id || strings.HasPrefix(id, at.id+"/") {
			return at, at.id, ""
		}
		problem = fmt.Sprintf("names the rule %s and points to %s; the name counts if there is such a rule", quote(id), quote(at.id))
	}
	// "CA1000/1" is a case of the rule "CA1000" (section 3.27.5).
	for name, n := id, 0; name != "" && n < mostSegments; name, n = name[:max(0, strings.LastIndexByte(name, '/'))], n+1 {
		if c != nil {
			if i, ok := c.byID[name]; ok {
				return &c.rules[i], name, problem
			}
		}
		if d := r.byID[name]; d != nil {
			return d, name, problem
		}
	}
	return at, id, problem
}
