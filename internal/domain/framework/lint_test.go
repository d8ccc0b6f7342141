package framework

import (
	"strings"
	"testing"
)

func TestASoundFrameworkHasNoProblems(t *testing.T) {
	for _, f := range []*Framework{sound(), caf()} {
		if ps := Lint(f); len(ps) > 0 {
			t.Errorf("%s: %v", f.ID, ps)
		}
	}
}

func TestLintFindsTheFaultAndItsPlace(t *testing.T) {
	first := func(f *Framework) *Requirement { return &f.Groups[0].Groups[0].Requirements[0] }
	const at = "/groups/0/groups/0/requirements/0"
	tests := map[string]struct {
		spoil   func(f *Framework)
		pointer string
		says    string
	}{
		"an id with capitals":                 {func(f *Framework) { f.ID = "Example" }, "/id", "form"},
		"a version with a space":              {func(f *Framework) { f.Version = "1 2" }, "/version", "form"},
		"no publisher":                        {func(f *Framework) { f.Publisher = "" }, "/publisher", "missing"},
		"a short name that is too long":       {func(f *Framework) { f.Short = strings.Repeat("x", 31) }, "/short", "31 characters"},
		"an unknown status":                   {func(f *Framework) { f.Status = "final" }, "/status", "final"},
		"an unknown alignment":                {func(f *Framework) { f.Alignment = "certified" }, "/alignment", "certified"},
		"a source without https":              {func(f *Framework) { f.Source.URL = "http://x" }, "/source/url", "https"},
		"a day that cannot be":                {func(f *Framework) { f.Source.Read = "2026-13-01" }, "/source/read", "form"},
		"no subject":                          {func(f *Framework) { f.Subjects = nil }, "/subjects", "nothing"},
		"an unknown subject":                  {func(f *Framework) { f.Subjects = []string{"planet"} }, "/subjects/0", "planet"},
		"a cadence below zero":                {func(f *Framework) { f.Cadence.Months = -1 }, "/cadence/months", "-1"},
		"no scale":                            {func(f *Framework) { f.Scales = nil }, "/scales", "no scale"},
		"a scale of one level":                {func(f *Framework) { f.Scales[0].Levels = f.Scales[0].Levels[:1] }, "/scales/0/levels", "two levels"},
		"don't know as a level":               {func(f *Framework) { f.Scales[0].Levels[0].ID = DontKnow }, "/scales/0/levels/0/id", "not a level"},
		"not applicable as a level":           {func(f *Framework) { f.Scales[0].Levels[0].ID = NotApplicable }, "/scales/0/levels/0/id", "not a level"},
		"a colour for a label":                {func(f *Framework) { f.Scales[0].Levels[0].Label = "Red" }, "/scales/0/levels/0/label", "colour"},
		"an averaging roll-up":                {func(f *Framework) { f.RollUp.Function = "average" }, "/rollup/function", "average"},
		"bands without a profile":             {func(f *Framework) { f.RollUp.Bands = []string{"LOW", "HIGH"} }, "/rollup/bands", "only"},
		"a profile without bands":             {func(f *Framework) { f.RollUp.Function = RollUpConfidenceProfile }, "/rollup/bands", "two bands"},
		"an unknown stage":                    {func(f *Framework) { f.Sets[0].AppliesStages = []string{"alpha"} }, "/sets/0/applies_stages/0", "alpha"},
		"two roles with one id":               {func(f *Framework) { f.Roles = append(f.Roles, f.Roles[0]) }, "/roles/1/id", "twice"},
		"an empty group":                      {func(f *Framework) { f.Groups[1].Requirements = nil }, "/groups/1", "empty"},
		"a group and a requirement of one id": {func(f *Framework) { first(f).ID = "B" }, "/groups/1/id", "twice"},
		"a question without its mark":         {func(f *Framework) { first(f).Question = "Tell us." }, at + "/question", "question mark"},
		"two questions in one":                {func(f *Framework) { first(f).Question = "Is it? Or not?" }, at + "/question", "more than one"},
		"a question that is too long":         {func(f *Framework) { first(f).Question = strings.Repeat("a ", 100) + "b?" }, at + "/question", "202"},
		"guidance that is too long":           {func(f *Framework) { first(f).Guidance = strings.Repeat("x", 901) }, at + "/guidance", "901"},
		"no word on what good looks like":     {func(f *Framework) { first(f).Good = "" }, at + "/good", "missing"},
		"no evidence":                         {func(f *Framework) { first(f).Evidence = nil }, at + "/evidence", "no evidence"},
		"no clause":                           {func(f *Framework) { first(f).Clause = "" }, at + "/clause", "missing"},
		"an unknown provenance":               {func(f *Framework) { first(f).Provenance = "X" }, at + "/provenance", `"X"`},
		"a scale that is not there":           {func(f *Framework) { first(f).Scale = "other" }, at + "/scale", "other"},
		"a level that is not there":           {func(f *Framework) { first(f).Levels = []string{"met", "gold"} }, at + "/levels/1", "gold"},
		"a set that is not there":             {func(f *Framework) { first(f).Sets = []string{"late"} }, at + "/sets/0", "late"},
		"a role that is not there":            {func(f *Framework) { first(f).Roles = []string{"boss"} }, at + "/roles/0", "boss"},
		"a trigger that is not there":         {func(f *Framework) { first(f).Triggers = []string{"moon"} }, at + "/triggers/0", "moon"},
		"an unknown size":                     {func(f *Framework) { first(f).Sizes = []string{"huge"} }, at + "/sizes/0", "huge"},
		"the same question twice":             {func(f *Framework) { f.Groups[1].Requirements[0].Question = "Do you  KNOW the cat?" }, "/groups/1/requirements/0/question", "A1.a"},
		"the same guidance twice":             {func(f *Framework) { f.Groups[1].Requirements[0].Guidance = first(f).Guidance }, "/groups/1/requirements/0/guidance", "A1.a"},
		"the same good text twice":            {func(f *Framework) { f.Groups[1].Requirements[0].Good = first(f).Good }, "/groups/1/requirements/0/good", "A1.a"},
		"markup":                              {func(f *Framework) { first(f).Guidance = "See <b>this</b>." }, at + "/guidance", "markup"},
		"a character entity":                  {func(f *Framework) { first(f).Guidance = "This &lt; that." }, at + "/guidance", "markup"},
		"a text that turns right to left":     {func(f *Framework) { first(f).Title = "About \u202e it" }, at + "/title", "U+202E"},
		"a NUL":                               {func(f *Framework) { first(f).Evidence[0] = "a\x00b" }, at + "/evidence/0", "U+0000"},
		"a zero-width space in a note":        {func(f *Framework) { f.Note = "a\u200bb" }, "/note", "U+200B"},
		"invalid UTF-8":                       {func(f *Framework) { f.Note = "a\xff" }, "/note", "UTF-8"},
		"an activity for nothing": {func(f *Framework) {
			f.Activities = []Activity{{ID: "X", Title: "X", Summary: "X", Provenance: "P", Requirements: []string{"Z"}}}
		}, "/activities/0/requirements/0", "Z"},
		"a profile for nothing": {func(f *Framework) { f.Profiles = []Profile{{"base", "Base", "S", "S", map[string]string{"Z": "met"}}} }, "/profiles/0/targets/Z", "Z"},
		"a profile with a strange level": {func(f *Framework) {
			f.Profiles = []Profile{{"base", "Base", "S", "S", map[string]string{"B.1": "gold"}}}
		}, "/profiles/0/targets/B.1", "gold"},
		"a link from nothing": {func(f *Framework) {
			f.Crosswalks = []Crosswalk{{"other", "1", "S", "P", []Link{{"Z", "A", Equal, ""}}}}
		}, "/crosswalks/0/links/0/from", "Z"},
		"a link of unknown relation": {func(f *Framework) {
			f.Crosswalks = []Crosswalk{{"other", "1", "S", "P", []Link{{"A", "A", "same", ""}}}}
		}, "/crosswalks/0/links/0/relation", "same"},
		"a crosswalk to no version": {func(f *Framework) { f.Crosswalks = []Crosswalk{{"other", "", "S", "P", []Link{{"A", "A", Equal, ""}}}} }, "/crosswalks/0/version", "form"},
		"a crosswalk to itself": {func(f *Framework) {
			f.Crosswalks = []Crosswalk{{"example", "0", "S", "P", []Link{{"A", "A", Equal, ""}}}}
		}, "/crosswalks/0/to", "itself"},
		"a requirement dropped without a word": {func(f *Framework) { f.Migrates = &Migration{From: "0", Links: []Link{{From: "Z"}}} }, "/migrates/links/0/note", "missing"},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			f := sound()
			tc.spoil(f)
			for _, p := range Errors(Lint(f)) {
				if p.Pointer == tc.pointer && strings.Contains(p.What, tc.says) && p.Fix != "" {
					return
				}
			}
			t.Errorf("want %s: %s; got %v", tc.pointer, tc.says, Lint(f))
		})
	}
}

func TestARequirementKnownByTitleNeedsNoTexts(t *testing.T) {
	f := sound()
	f.Groups[1].Requirements[0] = Requirement{ID: "B.1", Title: "Known by title", Provenance: "M", Incomplete: "Only the title was seen."}
	if ps := Lint(f); len(ps) > 0 {
		t.Errorf("problems %v", ps)
	}
}

func TestAHardQuestionDrawsAWarningOnly(t *testing.T) {
	f := sound()
	f.Groups[1].Requirements[0].Question = "Does organisational accountability for authorisation responsibilities demonstrably materialise?"
	ps := Lint(f)
	if len(ps) != 1 || !ps[0].Warning || len(Errors(ps)) != 0 {
		t.Errorf("problems %v", ps)
	}
}

func TestTheGradeRisesWithLongWordsAndSentences(t *testing.T) {
	easy, middle, hard := Grade("Do you know who owns it?"), Grade("Has the owner of the system agreed to the list of controls?"),
		Grade("Does organisational accountability for authorisation responsibilities demonstrably materialise?")
	if !(easy < middle && middle < hard) || Grade("") != 0 {
		t.Errorf("grades %.1f, %.1f, %.1f", easy, middle, hard)
	}
}

// Trap 15 of CAF: "partially" has indicators of its own, and some outcomes have none.
func TestAnOutcomeWithoutPartialIndicatorsMayNotHaveThatLevel(t *testing.T) {
	f := caf()
	f.Groups[0].Groups[0].Requirements[1].Levels = nil
	ps := Errors(Lint(f))
	if len(ps) != 1 || !strings.Contains(ps[0].What, "partially_achieved") {
		t.Errorf("problems %v", ps)
	}
}

func TestLinksAreCheckedAgainstTheVersionTheyName(t *testing.T) {
	other := sound()
	other.ID, other.Version = "other", "2"
	link := func(version, to string) *Framework {
		f := sound()
		f.Crosswalks = []Crosswalk{{To: "other", Version: version, Source: "S", Provenance: "P", Links: []Link{{"A", to, Related, ""}}}}
		return f
	}
	if ps := LintSet([]*Framework{link("2", "A1.a"), other}); len(ps) > 0 {
		t.Errorf("a good link: %v", ps)
	}
	if ps := LintSet([]*Framework{link("2", "Z"), other})["example@1"]; len(ps) != 1 || ps[0].Pointer != "/crosswalks/0/links/0/to" {
		t.Errorf("a link to nothing: %v", ps)
	}
	if ps := LintSet([]*Framework{link("1", "A1.a"), other})["example@1"]; len(ps) != 1 || ps[0].Pointer != "/crosswalks/0/version" {
		t.Errorf("a link to another version: %v", ps)
	}
	if ps := LintSet([]*Framework{link("1", "A1.a")}); len(ps) > 0 {
		t.Errorf("a link to a framework that is not here: %v", ps)
	}
	if ps := LintSet([]*Framework{other, other})["other@2"]; len(ps) != 1 {
		t.Errorf("one version twice: %v", ps)
	}
}

func TestAMigrationSaysWhatBecameOfEveryRequirement(t *testing.T) {
	old, f := sound(), sound()
	f.Version = "2"
	f.Migrates = &Migration{From: "1", Links: []Link{{"A1.a", "A1.b", Equal, ""}, {"A1.b", "", "", "No longer asked."}}}
	ps := LintSet([]*Framework{old, f})["example@2"]
	if len(ps) != 1 || !strings.Contains(ps[0].What, "B.1") {
		t.Errorf("problems %v", ps)
	}
}
