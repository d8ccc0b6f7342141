package framework

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Limits on texts, in characters.
const (
	ShortLimit    = 30
	TitleLimit    = 90
	QuestionLimit = 200
	GuidanceLimit = 900
	GoodLimit     = 600
)

// Problem is one fault of a framework file. Pointer is a JSON pointer (RFC 6901)
// into the file. Line is set by whoever read the file, 0 when not known.
type Problem struct {
	Pointer string `json:"pointer"`
	What    string `json:"what"`
	Fix     string `json:"fix"`
	Warning bool   `json:"warning"` // advice; a file with warnings only may be used
	Line    int    `json:"line,omitempty"`
}

func (p Problem) String() string {
	kind := "error"
	if p.Warning {
		kind = "warning"
	}
	return fmt.Sprintf("%s: %s: %s. %s", p.Pointer, kind, p.What, p.Fix)
}

// Errors returns the problems that are not warnings.
func Errors(ps []Problem) []Problem {
	return slices.DeleteFunc(slices.Clone(ps), func(p Problem) bool { return p.Warning })
}

// Lint reports everything that is wrong with f taken by itself, in reading
// order. Links to other frameworks are checked by LintSet.
func Lint(f *Framework) []Problem {
	l := &linter{f: f}
	l.safeText()
	l.header()
	l.scales()
	l.rollUp()
	l.named()
	l.groups()
	l.activities()
	l.profiles()
	l.crosswalks()
	l.migration()
	l.distinct()
	return l.problems
}

type linter struct {
	f        *Framework
	problems []Problem
}

func (l *linter) add(pointer, fix, what string, args ...any) {
	l.problems = append(l.problems, Problem{Pointer: pointer, What: fmt.Sprintf(what, args...), Fix: fix})
}

func (l *linter) warn(pointer, fix, what string, args ...any) {
	l.add(pointer, fix, what, args...)
	l.problems[len(l.problems)-1].Warning = true
}

var (
	slugForm    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	wordForm    = regexp.MustCompile(`^[a-z][a-z0-9]*([_-][a-z0-9]+)*$`)
	versionForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,31}$`)
	idForm      = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$`)
	// Other catalogues number their enhancements in brackets: AC-2(1).
	foreignForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._()-]{0,39}$`)
	dateForm    = regexp.MustCompile(`^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$`)
	dayForm     = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`)
)

func (l *linter) header() {
	f := l.f
	l.form("/id", f.ID, slugForm, "Use lower-case letters, digits and hyphens, for example mod-sbd.")
	l.form("/version", f.Version, versionForm, "Use letters, digits, dots, hyphens and underscores, for example 3.2.")
	l.text("/title", f.Title, TitleLimit)
	l.text("/short", f.Short, ShortLimit)
	l.text("/publisher", f.Publisher, 200)
	l.oneOf("/status", f.Status, statuses())
	l.oneOf("/alignment", f.Alignment, alignments())
	l.text("/source/title", f.Source.Title, 300)
	if !strings.HasPrefix(f.Source.URL, "https://") {
		l.add("/source/url", "Give the https address of the page or document.", "the source has no https address")
	}
	l.form("/source/date", f.Source.Date, dateForm, "Write the source's date as YYYY, YYYY-MM or YYYY-MM-DD.")
	l.form("/source/read", f.Source.Read, dayForm, "Write the day on which the source was read as YYYY-MM-DD.")
	l.text("/licence", f.Licence, 300)
	l.text("/attribution", f.Attribution, 600)
	l.text("/note", f.Note, 1500)
	l.text("/lang", f.Lang, 10)
	l.text("/leaf/one", f.Leaf.One, 40)
	l.text("/leaf/many", f.Leaf.Many, 40)
	if len(f.Subjects) == 0 {
		l.add("/subjects", "List at least one of: "+strings.Join(Subjects(), ", ")+".", "nothing says what is assessed")
	}
	l.words("/subjects", f.Subjects, Subjects())
	if f.Cadence.Months < 0 || f.Cadence.Months > 60 {
		l.add("/cadence/months", "Use 1 to 60, or 0 when there is no schedule.", "%d months is out of range", f.Cadence.Months)
	}
	l.text("/cadence/basis", f.Cadence.Basis, 600)
}

func (l *linter) scales() {
	if len(l.f.Scales) == 0 {
		l.add("/scales", "Add a scale with its levels, lowest first.", "there is no scale")
	}
	seen := map[string]bool{}
	for i, s := range l.f.Scales {
		at := fmt.Sprintf("/scales/%d", i)
		l.form(at+"/id", s.ID, wordForm, "Use a lower-case word such as answer.")
		l.unique(at+"/id", s.ID, seen, "scale")
		l.text(at+"/title", s.Title, TitleLimit)
		if len(s.Levels) < 2 {
			l.add(at+"/levels", "List at least two levels, lowest first.", "a scale needs two levels or more")
		}
		levels := map[string]bool{}
		for j, v := range s.Levels {
			l.level(fmt.Sprintf("%s/levels/%d", at, j), v, levels)
		}
	}
}

var colours = []string{"red", "amber", "green", "yellow", "orange", "blue", "black"}

func (l *linter) level(at string, v Level, seen map[string]bool) {
	l.form(at+"/id", v.ID, wordForm, "Use a lower-case word such as partly_met.")
	l.unique(at+"/id", v.ID, seen, "level")
	l.text(at+"/label", v.Label, 40)
	l.text(at+"/help", v.Help, 300)
	if v.ID == DontKnow || v.ID == NotApplicable {
		l.add(at+"/id", "Remove the level; every requirement has this answer already.", "%q is not a level", v.ID)
	}
	for _, w := range strings.Fields(strings.ToLower(v.Label)) {
		if slices.Contains(colours, w) {
			l.add(at+"/label", "Say what the level means; colour alone does not reach every reader.", "the label uses the colour %q", w)
		}
	}
}

func (l *linter) rollUp() {
	r := l.f.RollUp
	l.oneOf("/rollup/function", r.Function, rollUps())
	l.text("/rollup/note", r.Note, 600)
	if r.Function == RollUpConfidenceProfile && len(r.Bands) < 2 {
		l.add("/rollup/bands", "Name the bands, lowest first.", "a confidence profile needs two bands or more")
	}
	if r.Function != RollUpConfidenceProfile && len(r.Bands) > 0 {
		l.add("/rollup/bands", "Remove the bands.", "only a confidence profile has bands")
	}
}

// named checks the lists that other parts refer to.
func (l *linter) named() {
	seen := map[string]bool{}
	for i, s := range l.f.Sets {
		at := fmt.Sprintf("/sets/%d", i)
		l.form(at+"/id", s.ID, wordForm, "Use a lower-case word such as foundation.")
		l.unique(at+"/id", s.ID, seen, "set")
		l.text(at+"/title", s.Title, TitleLimit)
		l.text(at+"/summary", s.Summary, 600)
		l.words(at+"/applies_stages", s.AppliesStages, Stages())
	}
	seen = map[string]bool{}
	for i, r := range l.f.Roles {
		at := fmt.Sprintf("/roles/%d", i)
		l.form(at+"/id", r.ID, wordForm, "Use a lower-case word such as sro.")
		l.unique(at+"/id", r.ID, seen, "role")
		l.text(at+"/title", r.Title, TitleLimit)
		l.text(at+"/summary", r.Summary, 600)
	}
	seen = map[string]bool{}
	for i, t := range l.f.Triggers {
		at := fmt.Sprintf("/triggers/%d", i)
		l.form(at+"/id", t.ID, wordForm, "Use a lower-case word such as breach.")
		l.unique(at+"/id", t.ID, seen, "trigger")
		l.text(at+"/title", t.Title, TitleLimit)
		l.text(at+"/summary", t.Summary, 600)
	}
}
