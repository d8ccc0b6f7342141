package check

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/touchstone-assurance/touchstone/frameworks"
	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/framework"
)

func library(t testing.TB) *Library {
	t.Helper()
	l, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestEveryFolderIsInTheListOfChecks(t *testing.T) {
	library(t)
	source, err := os.ReadFile("entries.go")
	if err != nil {
		t.Fatal(err)
	}
	folders, err := filepath.Glob("*/check.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(folders) != len(entries()) {
		t.Errorf("%d folders have a check.yaml, %d checks are in the list", len(folders), len(entries()))
	}
	for _, f := range folders {
		name := filepath.Dir(f)
		if !strings.Contains(string(source), "{"+name+".Definition, "+name+".Evaluate},") {
			t.Errorf("%s is not in the list.\n\tRemedy: add it to entries in internal/check/entries.go.", name)
		}
		for _, file := range []string{"check.go", "check_test.go"} {
			if _, err := os.Stat(filepath.Join(name, file)); err != nil {
				t.Errorf("%s has no %s", name, file)
			}
		}
	}
}

// TestEveryDefinitionReadsWell looks for what a person would stumble over.
func TestEveryDefinitionReadsWell(t *testing.T) {
	titles, questions := map[string]string{}, map[string]string{}
	for _, c := range library(t).All() {
		if c.ID != strings.ToLower(c.ID) || strings.ContainsAny(c.ID, " _") {
			t.Errorf("%s: an id is lower-case words with hyphens", c.ID)
		}
		if !strings.HasSuffix(c.Question, "?") {
			t.Errorf("%s: %q is not a question", c.ID, c.Question)
		}
		if !strings.HasPrefix(c.Source, "https://") {
			t.Errorf("%s: %q is no address", c.ID, c.Source)
		}
		for name, text := range map[string]string{"pass": c.Definition.Pass, "fail": c.Fail, "cannot_assess": c.Cannot, "remedy": c.Remedy} {
			if !strings.HasSuffix(text, ".") || strings.Contains(text, "\n") || strings.Contains(text, "|") {
				t.Errorf("%s: %s is not made of sentences on one line: %q", c.ID, name, text)
			}
		}
		if len(c.Remedy) < 80 {
			t.Errorf("%s: the remedy does not say what to do: %q", c.ID, c.Remedy)
		}
		if len(c.Title) > 90 {
			t.Errorf("%s: the title has %d characters", c.ID, len(c.Title))
		}
		for seen, text := range map[*map[string]string]string{&titles: c.Title, &questions: c.Question} {
			if other := (*seen)[text]; other != "" {
				t.Errorf("%s and %s say the same: %q", other, c.ID, text)
			}
			(*seen)[text] = c.ID
		}
	}
}

// TestEveryBindingSpeaksToARequirement looks each binding up in the frameworks
// that ship. A binding names no version, so a requirement that means something
// else in another version cannot be bound.
func TestEveryBindingSpeaksToARequirement(t *testing.T) {
	all, err := frameworks.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range library(t).All() {
		for _, b := range c.Bindings {
			where := c.ID + " → " + b.Framework + " " + b.Requirement
			found := ""
			for _, f := range all {
				if f.ID != b.Framework {
					continue
				}
				r, ok := f.Requirement(b.Requirement)
				if !ok {
					continue
				}
				if found != "" && found != r.Title {
					t.Errorf("%s: it is %q in one version and %q in another", where, found, r.Title)
				}
				found = r.Title
				for _, problem := range levelProblems(f, r, b) {
					t.Errorf("%s: %s %s", where, f.Key(), problem)
				}
			}
			if found == "" {
				t.Errorf("%s: no shipped version has this requirement", where)
			}
		}
	}
}

func levelProblems(f *framework.Framework, r *framework.Requirement, b check.Binding) (out []string) {
	var levels []string
	for _, l := range f.LevelsOf(r) {
		levels = append(levels, l.ID)
	}
	rank := func(o assessment.Outcome) int { return slices.Index(levels, b.Permits[o]) }
	for o, level := range b.Permits {
		if !slices.Contains(levels, level) {
			out = append(out, "has no level "+level+" for it: "+string(o))
		}
	}
	if b.Permits[assessment.Fail] == "" {
		out = append(out, "is bound without saying what a failure permits")
	}
	if rank(assessment.Fail) == len(levels)-1 {
		out = append(out, "would permit everything after a failure")
	}
	if p := b.Permits[assessment.Pass]; p != "" && rank(assessment.Pass) <= rank(assessment.Fail) {
		out = append(out, "would permit no more after a pass than after a failure")
	}
	return out
}

func TestMistakesInDefinitionsAreAllReported(t *testing.T) {
	good := entries()[0]
	_, err := open([]entry{good, good, {yaml: "id: x\nbindings:\n  - {framework: mod-sbd, requirement: MOD-P1, decides: whole}\n"}, {yaml: "unknown: 1"}})
	if err == nil {
		t.Fatal("no mistake was found")
	}
	for _, want := range []string{"the id stands twice", "x: title is missing", "asks for judgement", "field unknown not found"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not reported in:\n%v", want, err)
		}
	}
}

const day = 24 * 3600 * 1_000_000

func TestACheckThatBreaksDownStopsNothing(t *testing.T) {
	good := entries()[0]
	l, err := open([]entry{{good.yaml, func(check.Facts) check.Verdict { panic("broken") }}})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range l.Judge(check.Facts{Now: 10 * day}) {
		if v.Outcome != assessment.CannotAssess || !strings.Contains(v.Reason, "broken") || v.At != 10*day {
			t.Errorf("%+v", v)
		}
	}
}

func TestFactsThatAreTooOldNoLongerPass(t *testing.T) {
	good := entries()[0]
	for _, c := range []struct {
		name    string
		verdict check.Verdict
		want    assessment.Outcome
	}{
		{"a week old", check.Passed(93*day, "p"), assessment.Pass},
		{"a month old", check.Passed(70*day, "p"), assessment.CannotAssess},
		{"an old fact beside a new one", check.Verdict{Outcome: assessment.Pass, At: 99 * day, FreshFrom: 70 * day}, assessment.CannotAssess},
		{"a failure does not age", check.Failed(10*day, "f"), assessment.Fail},
		{"facts of tomorrow", check.Passed(101*day, "p"), assessment.Pass},
	} {
		l, err := open([]entry{{strings.Replace(good.yaml, "fresh_days: 0", "fresh_days: 30", 1), func(check.Facts) check.Verdict { return c.verdict }}})
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range l.Judge(check.Facts{Now: 100 * day}) {
			if v.Outcome != c.want || v.At > 100*day {
				t.Errorf("%s: %+v", c.name, v)
			}
		}
	}
}

func TestTheLibraryIsFoundByIDAndByRequirement(t *testing.T) {
	l := library(t)
	c, ok := l.Get("sbom-present")
	if !ok || c.ID != "sbom-present" {
		t.Fatal("sbom-present is not found")
	}
	if _, ok := l.Get("painted"); ok {
		t.Error("a check that does not exist is found")
	}
	for _, b := range l.For("cisa-sbd", "CISA-TAC-8") {
		if b.Binding.Requirement != "CISA-TAC-8" || !slices.ContainsFunc(b.Check.Bindings, func(x check.Binding) bool { return reflect.DeepEqual(x, b.Binding) }) {
			t.Errorf("%s: %+v", b.Check.ID, b.Binding)
		}
	}
	if len(l.For("cisa-sbd", "CISA-TAC-8")) == 0 || len(l.For("cisa-sbd", "CISA-NO")) != 0 {
		t.Error("bindings are not found by requirement")
	}
}
