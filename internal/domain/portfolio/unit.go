package portfolio

import (
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/fault"
	"github.com/touchstone-assurance/touchstone/internal/domain/text"
)

// Organisation is a tenant. What its people call a system and an SRO are its own
// settings, since MOD and government use different words.
type Organisation struct {
	ID         string
	Name       string
	Zone       string // IANA name, "Europe/London"; due dates are days in it
	SystemWord string // "system", "capability", "service", "product"
	SROTitle   string // "Senior Responsible Owner"
}

// Unit is a part of an organisation: a top level budget, arm's length body or
// directorate. Units form a tree (or several, side by side).
type Unit struct {
	ID     string
	Parent string // "" = top of a tree
	Name   string
	Kind   string // "top_level_budget", "arms_length_body", "directorate", "other"
}

// UnitKinds lists the kinds of unit.
func UnitKinds() []string {
	return []string{"top_level_budget", "arms_length_body", "directorate", "other"}
}

// ValidateUnit checks one unit by itself and returns it cleaned.
func ValidateUnit(u Unit) (Unit, fault.Problems) {
	var p fault.Problems
	u.Name = text.Need(&p, "/name", "a name for the unit", u.Name, text.Name)
	if u.Kind == "" {
		u.Kind = "other"
	}
	if !slices.Contains(UnitKinds(), u.Kind) {
		p.Add("/kind", "Choose one of the kinds of unit that are listed.")
	}
	return u, p
}

// MoveUnit reports whether the unit may be placed below parent ("" = top): the
// parent must exist and must not be the unit or below it.
func MoveUnit(units []Unit, id, parent string) error {
	if parent == "" {
		return nil
	}
	var p fault.Problems
	if !slices.ContainsFunc(units, func(u Unit) bool { return u.ID == parent }) {
		p.Add("/parent", "There is no such unit.")
	} else if slices.Contains(Subtree(units, id), parent) {
		p.Add("/parent", "A unit cannot be placed below itself.")
	}
	return p.Err()
}

// Subtree returns the ids of root and of every unit below it, root first and
// then level by level in the order given. An unknown root gives none. It ends
// even when stored parents form a ring.
func Subtree(units []Unit, root string) []string {
	if !slices.ContainsFunc(units, func(u Unit) bool { return u.ID == root }) {
		return nil
	}
	children := map[string][]string{}
	for _, u := range units {
		children[u.Parent] = append(children[u.Parent], u.ID)
	}
	out, seen := []string{root}, map[string]bool{root: true}
	for i := 0; i < len(out); i++ {
		for _, c := range children[out[i]] {
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	return out
}

// Path returns the ids from the top of the tree down to id; none when unknown.
func Path(units []Unit, id string) []string {
	parent := map[string]string{}
	for _, u := range units {
		parent[u.ID] = u.Parent
	}
	var out []string
	for {
		up, known := parent[id]
		if !known || slices.Contains(out, id) {
			slices.Reverse(out)
			return out
		}
		out = append(out, id)
		id = up
	}
}
