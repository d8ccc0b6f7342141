package ground

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/touchstone-assurance/touchstone/internal/domain/check"
	"github.com/touchstone-assurance/touchstone/internal/domain/fact"
)

// Runs gives the runs of the kinds in a fixed order, those that ended well apart
// from those that did not: the silence of a failed run says nothing. A run without a
// list of results did not look for any and is in neither.
func Runs(f check.Facts, kinds ...fact.ScanKind) (sound, failed []check.Of[fact.Scan]) {
	for _, s := range Sorted(f.Scans) {
		switch {
		case !slices.Contains(kinds, s.Fact.Kind):
		case s.Fact.Failed:
			failed = append(failed, s)
		case s.Fact.Unscanned:
		default:
			sound = append(sound, s)
		}
	}
	return sound, failed
}

// unscanned names the first run of the kinds that has no list of results.
func unscanned(f check.Facts, kinds ...fact.ScanKind) string {
	for _, s := range Sorted(f.Scans) {
		if s.Fact.Unscanned && !s.Fact.Failed && slices.Contains(kinds, s.Fact.Kind) {
			return Tool(s.Fact)
		}
	}
	return ""
}

// noResults is the reason of a check that has nothing but a run without a list of
// results.
const noResults = "The run of %s has no list of results, which is how a run is written that looked for none. Push the SARIF log of a scan: one that found nothing has an empty list."

// Tool names the tool of a run.
func Tool(s fact.Scan) string {
	name := cmp.Or(Text(s.Tool), "a tool without a name")
	if s.ToolVersion != "" {
		name += " " + Text(s.ToolVersion)
	}
	return name
}

// Weakness is a class of weakness that scanners have rules for.
type Weakness struct {
	Name  string          // "SQL injection"
	CWEs  []string        // "CWE-89"
	Kinds []fact.ScanKind // of run that look for it
}

// Judge looks for open results of the class, in failed runs too, and for a run that
// ended well with a rule for the class switched on. Without such a rule nothing was
// looked for, so no result means nothing; nor does it in a run that has no list of
// results. A run of which nobody knows what it looks
// for can show that the weakness is there, and not that it is absent. Scanners of
// components report the weaknesses of other people's code, which are findings.
func (w Weakness) Judge(f check.Facts) check.Verdict {
	g := New(f)
	var found []string
	var by *check.Of[fact.Scan] // the newest run that looked for it
	total, cut, rule := 0, false, ""
	for _, s := range Sorted(f.Scans) {
		looks := slices.Contains(w.Kinds, s.Fact.Kind)
		if n := w.open(s.Fact); n > 0 && (looks || s.Fact.Kind == "") {
			total += n
			found = append(found, w.place(s.Fact))
			g.Beside(s.Document, "Open results", fmt.Sprintf("%d, %s", n, Tool(s.Fact)))
		}
		if s.Fact.Failed || s.Fact.Unscanned || !looks {
			continue
		}
		cut = cut || s.Fact.RulesTotal > len(s.Fact.Rules)
		if r := w.rule(s.Fact); r != "" {
			g.Beside(s.Document, "Rule that ran", Text(r)+", "+Tool(s.Fact))
			if by == nil {
				by, rule = &s, Text(r)+" of "+Tool(s.Fact)
			}
		}
	}
	slices.Sort(found)
	switch {
	case total > 0:
		return g.Fail("%s for %s: %s.", Count(total, "open result", "open results"), w.named(), found[0])
	case by != nil:
		g.Rests(by.Document)
		return g.Pass("No open result for %s; rule %s ran.", w.named(), rule)
	case cut:
		return g.Cannot("No rule for %s is among the rules that were kept of the scans, which declare more. Push a SARIF log with fewer rules in one run, or with the security rules first.", w.named())
	}
	if tool := unscanned(f, w.Kinds...); tool != "" {
		return g.Cannot(noResults, tool)
	}
	return g.Cannot("No scan that ended well declares a rule for %s. Push a SARIF log whose tool lists the rules that it ran, with their CWE.", w.named())
}

func (w Weakness) named() string { return w.Name + " (" + strings.Join(w.CWEs, ", ") + ")" }

func (w Weakness) holds(cwe string) bool { return slices.Contains(w.CWEs, CWE(cwe)) }

// CWE is the plain form of a CWE identifier: "cwe-089" is CWE-89.
func CWE(s string) string {
	digits, ok := strings.CutPrefix(strings.ToUpper(s), "CWE-")
	if !ok {
		return s
	}
	return "CWE-" + cmp.Or(strings.TrimLeft(digits, "0"), "0")
}

// rule is the first rule of the run, by name, that looks for the class.
func (w Weakness) rule(s fact.Scan) string {
	first := ""
	for _, r := range s.Rules {
		if !r.Disabled && slices.ContainsFunc(r.CWEs, w.holds) && (first == "" || r.ID < first) {
			first = r.ID
		}
	}
	return first
}

// open counts open results of the class. By CWE and by rule are two counts of the
// same results, so the larger one counts.
func (w Weakness) open(s fact.Scan) int {
	byCWE, byRule := 0, 0
	for cwe, n := range s.ByCWE {
		if w.holds(cwe) {
			byCWE += max(n, 0)
		}
	}
	for _, r := range s.Rules {
		if slices.ContainsFunc(r.CWEs, w.holds) {
			byRule += max(s.ByRule[r.ID], 0)
		}
	}
	return max(byCWE, byRule)
}

// place names one result of the class: its rule, its file and its line.
func (w Weakness) place(s fact.Scan) string {
	var places []string
	for _, r := range s.Rules {
		if !slices.ContainsFunc(r.CWEs, w.holds) {
			continue
		}
		for _, res := range s.First {
			if res.Rule == r.ID {
				places = append(places, Place(res))
			}
		}
	}
	if len(places) == 0 {
		return "found by " + Tool(s)
	}
	return slices.Min(places)
}

// Place names a result by rule, file and line.
func Place(r fact.Result) string {
	out := cmp.Or(Text(r.Rule), "a result without a rule")
	if r.File != "" {
		out += " in " + Text(r.File)
		if r.Line > 0 {
			out += fmt.Sprintf(" line %d", r.Line)
		}
	}
	return out
}

// ByPlace puts results in the order of their places.
func ByPlace(a, b fact.Result) int {
	return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
}

// Ran judges a check that asks whether a scan of a kind took place. With security a
// rule about security has to be among those that were switched on. It is as fresh
// as the newest run that will do.
func Ran(f check.Facts, kind fact.ScanKind, name string, security bool) check.Verdict {
	g := New(f)
	noun := map[bool][2]string{true: {"security rule", "security rules"}, false: {"rule", "rules"}}[security]
	sound, failed := Runs(f, kind)
	var by *check.Of[fact.Scan]
	rules, listed := 0, false
	for _, s := range sound {
		n := 0
		for _, r := range s.Fact.Rules {
			if !r.Disabled && (!security || r.Security || len(r.CWEs) > 0) {
				n++
			}
		}
		listed = listed || len(s.Fact.Rules) > 0
		g.Beside(s.Document, "Run", fmt.Sprintf("%s, %s", Tool(s.Fact), Count(n, noun[0], noun[1])))
		if n > 0 && by == nil {
			by, rules = &s, n
		}
	}
	for _, s := range failed {
		g.Beside(s.Document, "Run that did not end well", Tool(s.Fact))
	}
	switch {
	case by != nil:
		g.Rests(by.Document)
		return g.Pass("%s ran to its end with %s.", Tool(by.Fact), Count(rules, noun[0], noun[1]))
	case listed && security:
		return g.Fail("The %s ran without a rule about security.", name)
	case listed:
		return g.Fail("The %s ran with every rule switched off.", name)
	case len(sound) > 0:
		return g.Cannot("The %s does not say which rules it had, so it may have looked for nothing. Push a SARIF log whose tool lists its rules.", name)
	case len(failed) > 0:
		return g.Fail("The run of %s did not end well.", Tool(failed[0].Fact))
	}
	if tool := unscanned(f, kind); tool != "" {
		return g.Cannot(noResults, tool)
	}
	return g.Cannot("No %s is known for this release. Push its SARIF log.", name)
}

// Clean judges a check that asks for runs of some kinds without a severe open
// result. Results of runs that failed count, their silence does not.
func Clean(f check.Facts, name string, kinds ...fact.ScanKind) check.Verdict {
	g := New(f)
	sound, failed := Runs(f, kinds...)
	severe := 0
	var by *check.Of[fact.Scan]
	var places []string
	for _, s := range slices.Concat(sound, failed) {
		n := max(s.Fact.Severe, 0)
		severe += n
		g.Beside(s.Document, "Severe open results", fmt.Sprintf("%d, %s", n, Tool(s.Fact)))
		if n > 0 {
			places = append(places, worst(s.Fact))
		}
		if !s.Fact.Failed && enabled(s.Fact) && by == nil {
			by = &s
		}
	}
	slices.Sort(places)
	switch {
	case severe > 0:
		return g.Fail("%s open, %s.", Count(severe, "severe result is", "severe results are"), places[0])
	case by == nil && unscanned(f, kinds...) != "":
		return g.Cannot(noResults, unscanned(f, kinds...))
	case by == nil:
		return g.Cannot("There is no run of %s that ended well and says which rules it had. Push its SARIF log.", name)
	}
	g.Rests(by.Document)
	return g.Pass("No severe result is open; %s ran to its end.", Tool(by.Fact))
}

func enabled(s fact.Scan) bool {
	return slices.ContainsFunc(s.Rules, func(r fact.Rule) bool { return !r.Disabled })
}

func worst(s fact.Scan) string {
	if len(s.First) == 0 {
		return "found by " + Tool(s)
	}
	list := slices.SortedFunc(slices.Values(s.First), func(a, b fact.Result) int {
		return cmp.Or(cmp.Compare(errorFirst(a), errorFirst(b)), ByPlace(a, b))
	})
	return "one of them " + Place(list[0])
}

func errorFirst(r fact.Result) int {
	if r.Level == "error" {
		return 0
	}
	return 1
}
