// Package check is the library of automated checks: one folder for each, with its
// definition in check.yaml and its rule in a pure function. Checks is the explicit
// list; a folder that is not in it fails a test.
//
// What a check is, and what a verdict means, stands in internal/domain/check. A
// new check: docs/add-a-check.md.
package check

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/touchstone-assurance/touchstone/internal/domain/assessment"
	"github.com/touchstone-assurance/touchstone/internal/domain/check"
)

// Check is one check of the library.
type Check struct {
	check.Definition
	Evaluate func(check.Facts) check.Verdict
}

// entry is what a folder gives.
type entry struct {
	yaml     string
	evaluate func(check.Facts) check.Verdict
}

// Library is every check, by id, with its bindings by requirement.
type Library struct {
	checks  []Check
	byID    map[string]int
	binding map[string][]Bound
}

// Bound is a check with the binding by which it speaks to a requirement.
type Bound struct {
	Check   Check
	Binding check.Binding
}

// Open reads the definitions. It fails with every mistake in them.
func Open() (*Library, error) { return open(entries()) }

func open(list []entry) (*Library, error) {
	l := &Library{byID: map[string]int{}, binding: map[string][]Bound{}}
	var problems []string
	for n, e := range list {
		var d check.Definition
		dec := yaml.NewDecoder(strings.NewReader(e.yaml))
		dec.KnownFields(true)
		if err := dec.Decode(&d); err != nil {
			problems = append(problems, fmt.Sprintf("the definition of number %d in the list cannot be read: %v", n+1, err))
			continue
		}
		for _, p := range d.Problems() {
			problems = append(problems, d.ID+": "+p)
		}
		if _, twice := l.byID[d.ID]; twice {
			problems = append(problems, d.ID+": the id stands twice")
		}
		c := Check{Definition: d, Evaluate: e.evaluate}
		l.byID[d.ID] = len(l.checks)
		l.checks = append(l.checks, c)
		for _, b := range d.Bindings {
			k := b.Framework + " " + b.Requirement
			l.binding[k] = append(l.binding[k], Bound{Check: c, Binding: b})
		}
	}
	if len(problems) > 0 {
		return nil, fmt.Errorf("checks:\n\t%s", strings.Join(problems, "\n\t"))
	}
	return l, nil
}

// All lists every check in the order of the list.
func (l *Library) All() []Check { return slices.Clone(l.checks) }

// Get finds a check by its id.
func (l *Library) Get(id string) (Check, bool) {
	n, ok := l.byID[id]
	if !ok {
		return Check{}, false
	}
	return l.checks[n], true
}

// For lists the checks that are bound to a requirement.
func (l *Library) For(framework, requirement string) []Bound {
	return l.binding[framework+" "+requirement]
}

// Judge evaluates every check on the facts. A check whose facts are missing says
// so by itself; one that panics could not assess, and never stops the others.
func (l *Library) Judge(f check.Facts) map[string]check.Verdict {
	out := make(map[string]check.Verdict, len(l.checks))
	for _, c := range l.checks {
		out[c.ID] = evaluate(c, f)
	}
	return out
}

func evaluate(c Check, f check.Facts) (v check.Verdict) {
	defer func() {
		if r := recover(); r != nil {
			v = check.Undecided(f.Now, fmt.Sprintf("The check broke down on these facts: %v.", r))
		}
	}()
	v = c.Evaluate(f)
	if v.At == 0 || v.At > f.Now {
		v.At = f.Now
	}
	if until := c.FreshUntil(v); v.Outcome == assessment.Pass && until != 0 && until <= f.Now {
		return check.Undecided(f.Now, fmt.Sprintf("The facts are older than the %d days for which they are good. Deliver new ones.", c.FreshDays), v.Facts...)
	}
	return v
}
