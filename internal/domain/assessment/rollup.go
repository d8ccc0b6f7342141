package assessment

import (
	"slices"

	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

// Item is the standing of one requirement, with the levels that it has.
type Item struct {
	Requirement string
	Levels      []string // lowest first
	Standing    Standing
}

// Gap is the support gap of an assessment: of the claims above the lowest level
// of their requirement, how many are not carried by their support.
type Gap struct {
	Unsupported int `json:"unsupported"` // support below documented
	Claims      int `json:"claims"`      // claims above the lowest level
}

// Share returns the gap as a part of 1, and false when there is no claim above
// the lowest level and so no gap to speak of.
func (g Gap) Share() (float64, bool) {
	if g.Claims == 0 {
		return 0, false
	}
	return float64(g.Unsupported) / float64(g.Claims), true
}

// SupportGap counts the gap. Not applicable, don't know and no answer are not
// claims above the lowest level.
func SupportGap(items []Item) Gap {
	var g Gap
	for _, i := range items {
		c := i.Standing.Claim
		if c.Kind != AtLevel || slices.Index(i.Levels, c.Level) == 0 {
			continue
		}
		g.Claims++
		if !i.Standing.Support.Carries() {
			g.Unsupported++
		}
	}
	return g
}

// Row counts the claims at one level by support.
type Row struct {
	Level     string          `json:"level"` // level id, or "not_applicable"
	Total     int             `json:"total"`
	BySupport map[Support]int `json:"by_support"` // every kind of support is present
}

// Distribution is the roll-up that every framework has: counts, and the worst.
// There is no average and no percentage of "met".
type Distribution struct {
	Total         int      `json:"total"`
	Rows          []Row    `json:"rows"` // one for each level, lowest first, then not applicable
	DontKnow      int      `json:"dont_know"`
	Unanswered    int      `json:"unanswered"`
	LowestLevel   string   `json:"lowest_level"`   // lowest level claimed; "" when nothing is claimed at a level
	WorstSupport  Support  `json:"worst_support"`  // lowest support of any claim; "" when nothing is claimed
	Worst         []string `json:"worst"`          // requirements with that support, in the order given
	PartlyChecked int      `json:"partly_checked"` //
}

// Distribute counts the standings on a scale, levels listed lowest first. A
// claim at a level outside the scale gets a row of its own after those listed.
func Distribute(levels []string, items []Item) Distribution {
	d := Distribution{Total: len(items)}
	rows := slices.Clone(levels)
	for _, i := range items {
		if c := i.Standing.Claim; c.Kind == AtLevel && !slices.Contains(rows, c.Level) {
			rows = append(rows, c.Level)
		}
	}
	slices.Sort(rows[len(levels):])
	for _, l := range append(rows, string(NotApplicable)) {
		d.Rows = append(d.Rows, Row{Level: l, BySupport: noSupport()})
	}
	lowest := len(rows)
	for _, i := range items {
		st := i.Standing
		at := len(rows) // the row of not applicable
		switch st.Claim.Kind {
		case AtLevel:
			at = slices.Index(rows, st.Claim.Level)
			lowest = min(lowest, at)
		case NotApplicable:
		case DontKnow:
			d.DontKnow++
			continue
		default:
			d.Unanswered++
			continue
		}
		d.Rows[at].Total++
		d.Rows[at].BySupport[st.Support]++
		if st.PartlyChecked {
			d.PartlyChecked++
		}
		d.worst(i)
	}
	if lowest < len(rows) {
		d.LowestLevel = rows[lowest]
	}
	return d
}

func (d *Distribution) worst(i Item) {
	switch s := i.Standing.Support; {
	case d.WorstSupport == "" || s.Below(d.WorstSupport):
		d.WorstSupport, d.Worst = s, []string{i.Requirement}
	case s == d.WorstSupport:
		d.Worst = append(d.Worst, i.Requirement)
	}
}

func noSupport() map[Support]int {
	m := map[Support]int{}
	for _, s := range Supports() {
		m[s] = 0
	}
	return m
}

// AgainstProfile splits the requirements of a profile into those whose claim
// reaches the target and those whose claim does not, in the framework's order.
// A claim that a requirement does not apply, that nobody knows, or that is
// missing reaches no target. It speaks of claims; support stands beside it.
func AgainstProfile(f *framework.Framework, profile framework.Profile, claims map[string]Claim) (reached, below []string) {
	for _, r := range f.Requirements() {
		target, has := profile.Targets[r.ID]
		if !has {
			continue
		}
		if claims[r.ID].CountsAsMet(LevelIDs(f, r), target) {
			reached = append(reached, r.ID)
		} else {
			below = append(below, r.ID)
		}
	}
	return reached, below
}

// LevelIDs returns the level ids of a requirement, lowest first.
func LevelIDs(f *framework.Framework, r *framework.Requirement) []string {
	var out []string
	for _, l := range f.LevelsOf(r) {
		out = append(out, l.ID)
	}
	return out
}
