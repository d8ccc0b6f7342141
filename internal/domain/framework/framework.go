// Package framework holds question sets as values: groups of requirements with
// their scales, roll-up, profiles and links to other frameworks. A framework is
// data (frameworks/<id>/<version>.yaml); nothing in this package knows any one
// of them. What is checked when a file is read stands in lint.go.
package framework

// Framework is one published version of one framework. Published versions never
// change; a correction is a new version with a Migrates table.
type Framework struct {
	ID          string      `yaml:"id" json:"id"`                                     // lower-case, hyphens: "mod-sbd"
	Version     string      `yaml:"version" json:"version"`                           // the publisher's or our version: "3.2"
	Title       string      `yaml:"title" json:"title"`                               //
	Short       string      `yaml:"short" json:"short"`                               // at most 30 characters, for tables
	Publisher   string      `yaml:"publisher" json:"publisher"`                       // always shown: five things are called Secure by Design
	Status      string      `yaml:"status" json:"status"`                             // draft, current, withdrawn
	Alignment   string      `yaml:"alignment" json:"alignment"`                       // official, aligned-with, own
	Source      Source      `yaml:"source" json:"source"`                             //
	Licence     string      `yaml:"licence" json:"licence"`                           // licence of the source text
	Attribution string      `yaml:"attribution" json:"attribution"`                   // the line the licence asks for
	Note        string      `yaml:"note" json:"note"`                                 // what this file is and is not, in plain words
	Lang        string      `yaml:"lang" json:"lang"`                                 // en-GB
	Leaf        Leaf        `yaml:"leaf" json:"leaf"`                                 // what its readers call a requirement
	Subjects    []string    `yaml:"subjects" json:"subjects"`                         // organisation, unit, system, product, release
	Cadence     Cadence     `yaml:"cadence" json:"cadence"`                           //
	Scales      []Scale     `yaml:"scales" json:"scales"`                             // the first is the default claim scale
	RollUp      RollUp      `yaml:"rollup" json:"rollup"`                             //
	Sets        []Set       `yaml:"sets,omitempty" json:"sets,omitempty"`             // question sets within the framework
	Profiles    []Profile   `yaml:"profiles,omitempty" json:"profiles,omitempty"`     // target level per requirement
	Roles       []Role      `yaml:"roles,omitempty" json:"roles,omitempty"`           //
	Triggers    []Trigger   `yaml:"triggers,omitempty" json:"triggers,omitempty"`     // events that make an assessment due
	Groups      []Group     `yaml:"groups" json:"groups"`                             //
	Activities  []Activity  `yaml:"activities,omitempty" json:"activities,omitempty"` // guidance pages by phase
	Crosswalks  []Crosswalk `yaml:"crosswalks,omitempty" json:"crosswalks,omitempty"` //
	Migrates    *Migration  `yaml:"migrates,omitempty" json:"migrates,omitempty"`     // from an earlier version
}

// Source says where the facts come from and when they were read.
type Source struct {
	Title string `yaml:"title" json:"title"`
	URL   string `yaml:"url" json:"url"`
	Date  string `yaml:"date" json:"date"` // YYYY-MM-DD or YYYY-MM or YYYY, as known
	Read  string `yaml:"read" json:"read"` // YYYY-MM-DD on which it was read
}

// Leaf is what readers of this framework call a requirement.
type Leaf struct {
	One  string `yaml:"one" json:"one"`   // "question", "contributing outcome", "practice", "task"
	Many string `yaml:"many" json:"many"` //
}

// Cadence says how often an assessment is due.
type Cadence struct {
	Months int    `yaml:"months" json:"months"` // at most so many months after approval; 0 = no schedule
	Basis  string `yaml:"basis" json:"basis"`   // why, with the source
}

// Scale is an ordered list of claim levels, lowest first.
type Scale struct {
	ID     string  `yaml:"id" json:"id"`
	Title  string  `yaml:"title" json:"title"`
	Levels []Level `yaml:"levels" json:"levels"`
}

// Level is one level of a scale. Labels are free of colour words.
type Level struct {
	ID    string `yaml:"id" json:"id"`       // "not_met", "partly_met", "met"
	Label string `yaml:"label" json:"label"` // "Partly met"
	Help  string `yaml:"help" json:"help"`   // when to choose it, in plain words
}

// RollUp names the framework's own way to sum up. "distribution" means that only
// counts are shown; nothing is averaged.
type RollUp struct {
	Function string `yaml:"function" json:"function"` // distribution, caf-outcomes, confidence-profile
	Note     string `yaml:"note" json:"note"`
	// Bands are used by confidence-profile only, and only when an organisation has
	// entered thresholds with a source; shipped frameworks leave the thresholds out.
	Bands []string `yaml:"bands,omitempty" json:"bands,omitempty"`
}

// Set is a named question set, for example "foundation".
type Set struct {
	ID            string   `yaml:"id" json:"id"`
	Title         string   `yaml:"title" json:"title"`
	Summary       string   `yaml:"summary" json:"summary"`
	AppliesStages []string `yaml:"applies_stages,omitempty" json:"applies_stages,omitempty"` // stages for which it is suggested
}

// Profile gives the target level of each requirement that it covers.
type Profile struct {
	ID      string            `yaml:"id" json:"id"`
	Title   string            `yaml:"title" json:"title"`
	Summary string            `yaml:"summary" json:"summary"`
	Source  string            `yaml:"source" json:"source"`
	Targets map[string]string `yaml:"targets" json:"targets"` // requirement id -> level id
}

// Role is a role that the framework names.
type Role struct {
	ID      string `yaml:"id" json:"id"`
	Title   string `yaml:"title" json:"title"`
	Summary string `yaml:"summary" json:"summary"`
}

// Trigger is an event that makes an assessment due before its date.
type Trigger struct {
	ID      string `yaml:"id" json:"id"`
	Title   string `yaml:"title" json:"title"`
	Summary string `yaml:"summary" json:"summary"`
}

// Group is a heading with requirements or further groups below it.
type Group struct {
	ID           string        `yaml:"id" json:"id"`
	OfficialID   string        `yaml:"official_id,omitempty" json:"official_id,omitempty"`
	Title        string        `yaml:"title" json:"title"`
	Summary      string        `yaml:"summary,omitempty" json:"summary,omitempty"`
	Groups       []Group       `yaml:"groups,omitempty" json:"groups,omitempty"`
	Requirements []Requirement `yaml:"requirements,omitempty" json:"requirements,omitempty"`
}

// Requirement is the leaf: the thing a person answers.
type Requirement struct {
	ID         string      `yaml:"id" json:"id"`                                       // unique in the framework: "TSF-P01a"
	OfficialID string      `yaml:"official_id,omitempty" json:"official_id,omitempty"` // the publisher's own, "A2.b"
	Title      string      `yaml:"title" json:"title"`                                 // at most 90 characters
	Question   string      `yaml:"question" json:"question"`                           // one plain question, reading age 12
	Guidance   string      `yaml:"guidance" json:"guidance"`                           // how to find the answer
	Good       string      `yaml:"good" json:"good"`                                   // what good looks like
	Evidence   []string    `yaml:"evidence" json:"evidence"`                           // kinds of evidence expected
	Clause     string      `yaml:"clause" json:"clause"`                               // clause of the source this rests on
	Scale      string      `yaml:"scale,omitempty" json:"scale,omitempty"`             // empty = the first scale
	Levels     []string    `yaml:"levels,omitempty" json:"levels,omitempty"`           // subset of the scale that exists for it
	Sets       []string    `yaml:"sets,omitempty" json:"sets,omitempty"`               // sets it belongs to; empty = all
	Stages     []string    `yaml:"stages,omitempty" json:"stages,omitempty"`           // empty = every stage
	Phases     []string    `yaml:"phases,omitempty" json:"phases,omitempty"`           //
	Sizes      []string    `yaml:"sizes,omitempty" json:"sizes,omitempty"`             // all, or larger; empty = all
	Roles      []string    `yaml:"roles,omitempty" json:"roles,omitempty"`             // responsible roles
	Triggers   []string    `yaml:"triggers,omitempty" json:"triggers,omitempty"`       //
	Machine    []string    `yaml:"machine,omitempty" json:"machine,omitempty"`         // machine inputs that can speak to it
	Indicators []Indicator `yaml:"indicators,omitempty" json:"indicators,omitempty"`
	Parts      []Part      `yaml:"parts,omitempty" json:"parts,omitempty"`           // finer items when a framework can be expanded
	Provenance string      `yaml:"provenance" json:"provenance"`                     // V, D, S, M or P; see frameworks/README.md
	Incomplete string      `yaml:"incomplete,omitempty" json:"incomplete,omitempty"` // why, when only the title is known
}

// Indicator is a statement that informs the choice of one level (CAF).
type Indicator struct {
	Level   string `yaml:"level" json:"level"`
	Summary string `yaml:"summary" json:"summary"`
}

// Part is a finer item below a requirement, for example a CSF subcategory.
type Part struct {
	ID      string `yaml:"id" json:"id"`
	Summary string `yaml:"summary" json:"summary"`
}

// Activity is a piece of work with its guidance page.
type Activity struct {
	ID           string   `yaml:"id" json:"id"`
	OfficialID   string   `yaml:"official_id,omitempty" json:"official_id,omitempty"`
	Title        string   `yaml:"title" json:"title"`
	Group        string   `yaml:"group,omitempty" json:"group,omitempty"` // heading the source puts it under
	Phases       []string `yaml:"phases,omitempty" json:"phases,omitempty"`
	Stages       []string `yaml:"stages,omitempty" json:"stages,omitempty"`
	Summary      string   `yaml:"summary" json:"summary"`
	Benefits     []string `yaml:"benefits,omitempty" json:"benefits,omitempty"`
	Artefacts    []string `yaml:"artefacts,omitempty" json:"artefacts,omitempty"`
	Responsible  []string `yaml:"responsible,omitempty" json:"responsible,omitempty"`
	When         string   `yaml:"when,omitempty" json:"when,omitempty"`
	Requirements []string `yaml:"requirements,omitempty" json:"requirements,omitempty"` // requirement or group ids it serves
	Machine      []string `yaml:"machine,omitempty" json:"machine,omitempty"`
	Provenance   string   `yaml:"provenance" json:"provenance"`
	Incomplete   string   `yaml:"incomplete,omitempty" json:"incomplete,omitempty"`
}

// Crosswalk links requirements of this framework to those of another. Links are
// shown as "suggested from"; they never fill in an answer.
type Crosswalk struct {
	To         string `yaml:"to" json:"to"`           // framework id
	Version    string `yaml:"version" json:"version"` // of the other framework
	Source     string `yaml:"source" json:"source"`
	Provenance string `yaml:"provenance" json:"provenance"`
	Links      []Link `yaml:"links" json:"links"`
}

// Link is one crosswalk link; From and To are requirement or group ids.
type Link struct {
	From     string `yaml:"from" json:"from"`
	To       string `yaml:"to" json:"to"`
	Relation string `yaml:"relation" json:"relation"` // equal, subset, superset, related
	Note     string `yaml:"note,omitempty" json:"note,omitempty"`
}

// Migration says what became of the requirements of an earlier version.
type Migration struct {
	From  string `yaml:"from" json:"from"` // version
	Links []Link `yaml:"links" json:"links"`
	Note  string `yaml:"note,omitempty" json:"note,omitempty"`
}

// Key names a framework version: "ncsc-caf@4.0".
func (f *Framework) Key() string { return f.ID + "@" + f.Version }

// Requirements returns every requirement in reading order.
func (f *Framework) Requirements() []*Requirement {
	var out []*Requirement
	f.Walk(func(_ []*Group, r *Requirement) { out = append(out, r) })
	return out
}

// Walk calls fn for every requirement in reading order with its groups, outermost
// first.
func (f *Framework) Walk(fn func(path []*Group, r *Requirement)) {
	var walk func(path []*Group, gs []Group)
	walk = func(path []*Group, gs []Group) {
		for i := range gs {
			here := append(path[:len(path):len(path)], &gs[i])
			for j := range gs[i].Requirements {
				fn(here, &gs[i].Requirements[j])
			}
			walk(here, gs[i].Groups)
		}
	}
	walk(nil, f.Groups)
}

// Requirement returns the requirement with the id.
func (f *Framework) Requirement(id string) (*Requirement, bool) {
	for _, r := range f.Requirements() {
		if r.ID == id {
			return r, true
		}
	}
	return nil, false
}

// LevelsOf returns the claim levels that exist for r, lowest first.
func (f *Framework) LevelsOf(r *Requirement) []Level {
	scale := f.scaleOf(r)
	if scale == nil {
		return nil
	}
	if len(r.Levels) == 0 {
		return scale.Levels
	}
	var out []Level
	for _, l := range scale.Levels {
		for _, id := range r.Levels {
			if l.ID == id {
				out = append(out, l)
			}
		}
	}
	return out
}

func (f *Framework) scaleOf(r *Requirement) *Scale {
	for i := range f.Scales {
		if r.Scale == "" || f.Scales[i].ID == r.Scale {
			return &f.Scales[i]
		}
	}
	return nil
}
