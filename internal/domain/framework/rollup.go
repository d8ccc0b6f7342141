package framework

import (
	"fmt"
	"slices"
)

// Tally counts claims. It holds whole numbers only: claims on a scale are in an
// order but not at equal distances, so no mean of them is ever taken.
type Tally struct {
	Total         int
	Levels        []LevelCount // scale by scale, lowest level first
	NotApplicable int
	DontKnow      int
	Unanswered    int
	// Unknown counts claims that name a level which does not exist for their
	// requirement, for example after a framework file was replaced.
	Unknown int
}

// LevelCount is the number of requirements claimed at one level.
type LevelCount struct {
	Scale string
	Level Level
	Count int
}

// Answered returns how many requirements have a claim at a level.
func (t Tally) Answered() int {
	n := 0
	for _, c := range t.Levels {
		n += c.Count
	}
	return n
}

// Worst returns the lowest level of the scale that is claimed at all.
func (t Tally) Worst(scale string) (Level, bool) {
	for _, c := range t.Levels {
		if c.Scale == scale && c.Count > 0 {
			return c.Level, true
		}
	}
	return Level{}, false
}

// Distribution counts the claims for reqs. A claim is a level id, NotApplicable
// or DontKnow; a requirement without a claim is unanswered, which is not the
// same as the lowest level.
func Distribution(f *Framework, reqs []*Requirement, claims map[string]string) Tally {
	t := Tally{Total: len(reqs)}
	at := map[[2]string]int{}
	for _, s := range f.Scales {
		for _, v := range s.Levels {
			at[[2]string{s.ID, v.ID}] = len(t.Levels)
			t.Levels = append(t.Levels, LevelCount{Scale: s.ID, Level: v})
		}
	}
	for _, r := range reqs {
		switch claim := claims[r.ID]; {
		case claim == "":
			t.Unanswered++
		case claim == NotApplicable:
			t.NotApplicable++
		case claim == DontKnow:
			t.DontKnow++
		case !exists(f.LevelsOf(r), claim):
			t.Unknown++
		default:
			t.Levels[at[[2]string{f.scaleOf(r).ID, claim}]].Count++
		}
	}
	return t
}

func exists(levels []Level, id string) bool {
	return slices.ContainsFunc(levels, func(v Level) bool { return v.ID == id })
}

// OutcomeLevel applies the NCSC CAF rule to the indicators that were judged
// true, given by their positions in r.Indicators. It returns the level that the
// rule yields, which informs a person and binds nobody.
//
// The highest level needs all its indicators and none of the lowest. A level in
// between exists only where the outcome has indicators of its own for it, and
// needs all of those and none of the lowest; some of the highest level's
// indicators do not make it. Everything else, no choice at all included, is the
// lowest level.
func OutcomeLevel(f *Framework, r *Requirement, chosen []int) (Level, error) {
	if f.RollUp.Function != RollUpCAFOutcomes {
		return Level{}, fmt.Errorf("outcome of %s: %s does not use the CAF rule", r.ID, f.Key())
	}
	levels := f.LevelsOf(r)
	if len(levels) == 0 {
		return Level{}, fmt.Errorf("outcome of %s: no levels", r.ID)
	}
	all, have := map[string]int{}, map[string]int{}
	for i, d := range r.Indicators {
		all[d.Level]++
		if slices.Contains(chosen, i) {
			have[d.Level]++
		}
	}
	lowest := levels[0]
	if have[lowest.ID] > 0 {
		return lowest, nil
	}
	for _, v := range slices.Backward(levels[1:]) {
		if all[v.ID] > 0 && have[v.ID] == all[v.ID] {
			return v, nil
		}
	}
	return lowest, nil
}

// Reaches reports whether level is at least target on the levels of r.
func Reaches(f *Framework, r *Requirement, level, target string) bool {
	levels := f.LevelsOf(r)
	at := func(id string) int {
		return slices.IndexFunc(levels, func(v Level) bool { return v.ID == id })
	}
	return at(level) >= 0 && at(target) >= 0 && at(level) >= at(target)
}

// Threshold is the smallest count of requirements at their highest level for
// which an organisation gives a band. Source says where the figure comes from.
type Threshold struct {
	Band    string
	AtLeast int
	Source  string
}

// BandNotSet is shown instead of a band while no thresholds are entered.
const BandNotSet = "band not set"

// Confidence is a confidence profile: counts, and a band only when the
// organisation has entered thresholds.
type Confidence struct {
	Met        int // at the highest level of their scale
	Applicable int // all but not applicable; don't know and unanswered included
	Band       string
	Why        string
}

// ConfidenceProfile counts what is met. No thresholds are shipped, because the
// official ones are not published: without any, the band is BandNotSet.
func ConfidenceProfile(f *Framework, reqs []*Requirement, claims map[string]string, thresholds []Threshold) (Confidence, []Problem) {
	t := Distribution(f, reqs, claims)
	c := Confidence{Applicable: t.Total - t.NotApplicable, Band: BandNotSet,
		Why: "Your organisation has not entered thresholds with their source."}
	for _, r := range reqs {
		if levels := f.LevelsOf(r); len(levels) > 0 && claims[r.ID] == levels[len(levels)-1].ID {
			c.Met++
		}
	}
	if len(thresholds) == 0 {
		return c, nil
	}
	if ps := LintThresholds(f, thresholds); len(ps) > 0 {
		c.Why = "The thresholds that were entered do not hold together."
		return c, ps
	}
	for _, h := range thresholds {
		if c.Met >= h.AtLeast {
			c.Band = h.Band
			c.Why = fmt.Sprintf("%d met; %s begins at %d (%s).", c.Met, h.Band, h.AtLeast, h.Source)
		}
	}
	return c, nil
}

// LintThresholds checks that there is one threshold for each band of f in order,
// the lowest from 0 and each above the one before, and that each names a source.
func LintThresholds(f *Framework, thresholds []Threshold) []Problem {
	l := &linter{f: f}
	if len(thresholds) != len(f.RollUp.Bands) {
		l.add("", "Enter one threshold for each band.", "there are %d thresholds for %d bands", len(thresholds), len(f.RollUp.Bands))
		return l.problems
	}
	for i, h := range thresholds {
		at := fmt.Sprintf("/%d", i)
		if h.Band != f.RollUp.Bands[i] {
			l.add(at+"/band", "Give the bands in their order.", "expected the band %q", f.RollUp.Bands[i])
		}
		if i == 0 && h.AtLeast != 0 || i > 0 && h.AtLeast <= thresholds[i-1].AtLeast {
			l.add(at+"/at_least", "Begin at 0 and rise from band to band.", "%d is out of order", h.AtLeast)
		}
		l.text(at+"/source", h.Source, 300)
	}
	return l.problems
}
