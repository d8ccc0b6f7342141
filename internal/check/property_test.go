package check

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// TestAGoodReleasePassesEveryCheck is the other half of the properties below: a
// library in which nothing ever passes would keep them all.
func TestAGoodReleasePassesEveryCheck(t *testing.T) {
	for _, c := range library(t).All() {
		if v := evaluate(c, goodRelease()); v.Outcome != assessment.Pass {
			t.Errorf("%s: %s: %s", c.ID, v.Outcome, v.Reason)
		}
	}
}

func TestNoFactsPassNoCheck(t *testing.T) {
	for _, c := range library(t).All() {
		if v := evaluate(c, check.Facts{Now: goodNow}); v.Outcome != assessment.CannotAssess {
			t.Errorf("%s: %s without a single fact: %s", c.ID, v.Outcome, v.Reason)
		}
	}
}

// TestWithoutTheFactsThatItNeedsACheckDoesNotPass takes away everything of the
// kinds that a check says it needs, and leaves all others.
func TestWithoutTheFactsThatItNeedsACheckDoesNotPass(t *testing.T) {
	for _, c := range library(t).All() {
		f := goodRelease()
		for _, k := range c.Needs {
			withhold(&f, k)
		}
		if v := evaluate(c, f); v.Outcome == assessment.Pass {
			t.Errorf("%s passes without %v: %s", c.ID, c.Needs, v.Reason)
		}
	}
}

// TestACheckLooksAtNothingThatItDoesNotName takes away every other kind: the
// verdict stays.
func TestACheckLooksAtNothingThatItDoesNotName(t *testing.T) {
	for _, c := range library(t).All() {
		f := goodRelease()
		for _, k := range check.Kinds() {
			needed := false
			for _, n := range c.Needs {
				needed = needed || n == k
			}
			if !needed {
				withhold(&f, k)
			}
		}
		if v := evaluate(c, f); v.Outcome != assessment.Pass {
			t.Errorf("%s looks at something else than %v: %s", c.ID, c.Needs, v.Reason)
		}
	}
}

// TestVerdictsOnAnyFacts draws releases that are good but for a few changes
// anywhere in their facts, however senseless.
func TestVerdictsOnAnyFacts(t *testing.T) {
	all := library(t).All()
	rapid.Check(t, func(t *rapid.T) {
		f := goodRelease()
		for range rapid.IntRange(0, 12).Draw(t, "changes") {
			mutate(t, reflect.ValueOf(&f).Elem())
		}
		f.Now = goodNow
		before := printable(f)
		for _, c := range all {
			v := evaluate(c, f)
			if strings.Contains(v.Reason, "broke down") {
				t.Fatalf("%s: %s\n%s", c.ID, v.Reason, before)
			}
			if !strings.HasSuffix(v.Reason, ".") || strings.Contains(v.Reason, "%!") || v.At > f.Now {
				t.Fatalf("%s: %+v", c.ID, v)
			}
			turned := reversed(f)
			if w := evaluate(c, turned); !reflect.DeepEqual(v, w) {
				t.Fatalf("%s depends on the order:\n%+v\n%+v", c.ID, v, w)
			}
			if v.Outcome != assessment.Pass {
				supportNeverRaises(t, c, f)
				weakeningNeverRaises(t, c, f)
			}
		}
		if printable(f) != before {
			t.Fatal("a check changed the facts")
		}
	})
}

// supportNeverRaises takes away, one at a time, each document on which the check
// would pass if it were the only one of its kind. A verdict that is no pass stays
// none. What asks for more the more of it there is does not support: findings, and
// records each of which wants an advisory.
func supportNeverRaises(t *rapid.T, c Check, f check.Facts) {
	v := reflect.ValueOf(f)
	for n := range v.NumField() {
		list := v.Field(n)
		if list.Kind() != reflect.Slice || v.Type().Field(n).Name == "Findings" || c.ID == "flaws-have-advisories" && v.Type().Field(n).Name == "CVEs" {
			continue
		}
		for i := range list.Len() {
			alone, without := f, f
			reflect.ValueOf(&alone).Elem().Field(n).Set(list.Slice3(i, i+1, i+1))
			if evaluate(c, alone).Outcome != assessment.Pass {
				continue
			}
			rest := reflect.AppendSlice(reflect.MakeSlice(list.Type(), 0, list.Len()), list.Slice(0, i))
			reflect.ValueOf(&without).Elem().Field(n).Set(reflect.AppendSlice(rest, list.Slice(i+1, list.Len())))
			if w := evaluate(c, without); w.Outcome == assessment.Pass {
				t.Fatalf("%s: taking away a document of %s that supports it raises it to: %s", c.ID, v.Type().Field(n).Name, w.Reason)
			}
		}
	}
}

// weakeningNeverRaises lets the documents say less: a verdict that is no pass stays
// none.
func weakeningNeverRaises(t *rapid.T, c Check, f check.Facts) {
	name := rapid.SampledFrom(weakenings()).Draw(t, "weakening")
	weaker := clone(f)
	name.apply(&weaker)
	if w := evaluate(c, weaker); w.Outcome == assessment.Pass {
		t.Fatalf("%s: %s raises %s to a pass: %s\n%s", c.ID, name.name, evaluate(c, f).Reason, w.Reason, printable(f))
	}
}

type weakening struct {
	name  string
	apply func(*check.Facts)
}

func weakenings() []weakening {
	forget := func(b **bool) {
		if *b != nil && **b {
			*b = nil
		}
	}
	return []weakening{
		{"a run that failed", func(f *check.Facts) { each(f.Scans, func(i int) { f.Scans[i].Fact.Failed = true }) }},
		{"rules that are not declared", func(f *check.Facts) {
			each(f.Scans, func(i int) {
				if len(f.Scans[i].Fact.Rules) > 0 {
					s := &f.Scans[i].Fact
					s.Rules = s.Rules[:len(s.Rules)-1]
				}
			})
		}},
		{"rules that are switched off", func(f *check.Facts) {
			each(f.Scans, func(i int) {
				for r := range f.Scans[i].Fact.Rules {
					f.Scans[i].Fact.Rules[r].Disabled = true
				}
			})
		}},
		{"a scanner that nobody knows", func(f *check.Facts) {
			each(f.Scans, func(i int) {
				if s := &f.Scans[i].Fact; s.Severe == 0 && len(s.Open) == 0 { // what it found would be lost with its kind
					s.Kind = ""
				}
			})
		}},
		{"inconclusive ratings", func(f *check.Facts) {
			each(f.Scorecards, func(i int) {
				for name := range f.Scorecards[i].Fact.Checks {
					f.Scorecards[i].Fact.Checks[name] = fact.ScorecardCheck{Score: -1}
				}
			})
		}},
		{"settings that are not said", func(f *check.Facts) {
			each(f.Repositories, func(i int) {
				r := &f.Repositories[i].Fact
				for _, b := range []**bool{&r.CodeOwnersRequired, &r.ChecksRequired, &r.ForcePushBlocked, &r.DeletionBlocked, &r.AdminsBound, &r.SignedCommits, &r.MFARequired,
					&r.SecretScanning, &r.PushProtection, &r.PrivateReporting, &r.DependencyUpdates, &r.WorkflowTokenRead, &r.ActionsPinned} {
					forget(b)
				}
				if r.ReviewsRequired != nil && *r.ReviewsRequired > 0 {
					r.ReviewsRequired = nil
				}
			})
		}},
		{"files that are not there", func(f *check.Facts) { each(f.Repositories, func(i int) { f.Repositories[i].Fact.Files = nil }) }},
		{"components that cannot be identified", func(f *check.Facts) {
			each(f.Inventories, func(i int) {
				b := &f.Inventories[i]
				b.Identified, b.Versioned, b.Licensed, b.Hashed, b.Supplied, b.Authors, b.Dependencies, b.Tool = 0, 0, 0, 0, 0, 0, 0, ""
			})
		}},
		{"nothing compared with advisories", func(f *check.Facts) { f.Coverage.Verdicts = nil }},
		{"no advisories", func(f *check.Facts) { f.Coverage.FeedsAsOf = 0 }},
		{"advisories of last year", func(f *check.Facts) { f.Coverage.FeedsAsOf -= 365 * day }},
		{"components that could not be assessed", func(f *check.Facts) {
			if len(f.Coverage.Verdicts) > 0 {
				f.Coverage.Verdicts["cannot_assess"] = max(f.Coverage.Verdicts["cannot_assess"], 0) + 1
			}
		}},
		{"tests that were skipped", func(f *check.Facts) {
			each(f.Tests, func(i int) {
				x := &f.Tests[i].Fact
				x.Skipped = max(x.Tests, x.Skipped)
				for s := range x.Suites {
					x.Suites[s].Skipped = max(x.Suites[s].Tests, x.Suites[s].Skipped)
				}
			})
		}},
		{"statements that do not count", func(f *check.Facts) { each(f.Attestations, func(i int) { f.Attestations[i].Fact.Counts = false }) }},
		{"a contact file that expired", func(f *check.Facts) { each(f.SecurityTxts, func(i int) { f.SecurityTxts[i].Fact.ExpiresAt = 0 }) }},
		{"a contact file that says little", func(f *check.Facts) {
			each(f.SecurityTxts, func(i int) {
				s := &f.SecurityTxts[i].Fact
				s.Contacts, s.Policies, s.CSAF, s.Canonical, s.Signed = nil, nil, nil, nil, false
			})
		}},
		{"records that say little", func(f *check.Facts) {
			each(f.CVEs, func(i int) {
				c := &f.CVEs[i].Fact
				c.CWEs, c.CPE, c.PURL, c.Severity, c.Completeness = nil, false, false, false, 0
			})
		}},
		{"advisories that are drafts", func(f *check.Facts) { each(f.Publications, func(i int) { f.Publications[i].Fact.Status = "draft" }) }},
		{"statements without a reason", func(f *check.Facts) { each(f.Statements, func(i int) { f.Statements[i].Fact.Justified = 0 }) }},
		{"documents of last year", func(f *check.Facts) { age(reflect.ValueOf(f).Elem()) }},
	}
}

func each[T any](list []T, do func(int)) {
	for i := range list {
		do(i)
	}
}

// age makes every document a year older.
func age(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		if d, ok := v.Addr().Interface().(*check.Document); ok {
			d.ProducedAt, d.ReceivedAt = d.ProducedAt-365*day, d.ReceivedAt-365*day
			return
		}
		for i := range v.NumField() {
			age(v.Field(i))
		}
	case reflect.Slice:
		for i := range v.Len() {
			age(v.Index(i))
		}
	}
}

// mutate changes one leaf somewhere below v, or takes or doubles an element.
func mutate(t *rapid.T, v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		mutate(t, v.Field(rapid.IntRange(0, v.NumField()-1).Draw(t, v.Type().Name())))
	case reflect.Slice:
		if v.Len() == 0 {
			v.Set(reflect.Append(v, reflect.New(v.Type().Elem()).Elem()))
			return
		}
		i := rapid.IntRange(0, v.Len()-1).Draw(t, "element")
		switch rapid.IntRange(0, 5).Draw(t, "slice") {
		case 0:
			rest := reflect.AppendSlice(reflect.MakeSlice(v.Type(), 0, v.Len()), v.Slice(0, i))
			v.Set(reflect.AppendSlice(rest, v.Slice(i+1, v.Len())))
		case 1:
			v.Set(reflect.Append(v.Slice3(0, v.Len(), v.Len()), v.Index(i)))
		default:
			mutate(t, v.Index(i))
		}
	case reflect.Map:
		mutateMap(t, v)
	case reflect.Pointer:
		if v.IsNil() || rapid.Bool().Draw(t, "pointer") {
			p := reflect.New(v.Type().Elem())
			mutate(t, p.Elem())
			v.Set(p)
			return
		}
		v.SetZero()
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.OneOf(rapid.SampledFrom([]int64{-1, 0, 1, 7, 100, goodNow - 400*day, goodNow - 20*day, goodNow, goodNow + 400*day}), rapid.Int64Range(0, 12)).Draw(t, "number"))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(-1, 10).Draw(t, "float"))
	case reflect.String:
		v.SetString(rapid.SampledFrom(texts).Draw(t, "text"))
	}
}

func mutateMap(t *rapid.T, v reflect.Value) {
	keys := v.MapKeys()
	if len(keys) == 0 || rapid.IntRange(0, 3).Draw(t, "map") == 0 {
		k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		mutate(t, k)
		mutate(t, e)
		if v.IsNil() {
			v.Set(reflect.MakeMap(v.Type()))
		}
		v.SetMapIndex(k, e)
		return
	}
	byName := map[string]reflect.Value{}
	var names []string
	for _, k := range keys {
		names = append(names, k.String())
		byName[k.String()] = k
	}
	k := byName[rapid.SampledFrom(slices.Sorted(slices.Values(names))).Draw(t, "key")]
	if rapid.Bool().Draw(t, "take") {
		v.SetMapIndex(k, reflect.Value{})
		return
	}
	e := reflect.New(v.Type().Elem()).Elem()
	e.Set(v.MapIndex(k))
	mutate(t, e)
	v.SetMapIndex(k, e)
}

var texts = []string{"", "a", "CWE-89", "cwe-089", "affected", "not_affected", "fixed", "under_investigation", "cannot_assess", "critical", "high", "unrated", "static", "dynamic",
	"secrets", "infrastructure", "draft", "final", "interim", "github.com/example/shop", "https://github.com/example/other.git", "1.2.0", "%s%d", "a\u202eb\x00c\xff", "C", "C++", "Rust",
	"csaf_vex", "REJECTED", "public", strings.Repeat("long ", 100), "mailto:a@example.com", "http://example.com", "model.onnx", "go.mod", "https://slsa.dev/provenance/v1"}

// reversed turns every slice round, inner ones too.
func reversed(f check.Facts) check.Facts {
	out := clone(f)
	reverse(reflect.ValueOf(&out).Elem())
	return out
}

func reverse(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			reverse(v.Field(i))
		}
	case reflect.Slice:
		swap := reflect.Swapper(v.Interface())
		for i, j := 0, v.Len()-1; i < j; i, j = i+1, j-1 {
			swap(i, j)
		}
		for i := range v.Len() {
			reverse(v.Index(i))
		}
	}
}
